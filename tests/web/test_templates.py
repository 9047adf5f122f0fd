"""All templates: they print with nothing missing, keep to the policy, and every term has its words."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import Graph

import linkeddata
from linkeddata.representations import listing_page, page, schema_org, site_pages, tombstone
from linkeddata.representations.about_page import Bounds, about_page
from linkeddata.representations.described import Described
from linkeddata.representations.made_documents import Made, made_documents
from linkeddata.representations.ontology_files import ontology_page
from linkeddata.representations.parts import Text
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import uri_token
from linkeddata.vocabulary.terms import shorten
from linkeddata.vocabulary.tokens import DCTERMS
from linkeddata.vocabulary.uris import Name, Uris
from linkeddata.web.tongues import Tongue, phrases
from linkeddata.wording import ENGLISH

WEB = Path(linkeddata.__file__).parent / "web"
JINJA = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined)
JINJA.globals.update(phrases(ENGLISH), carried=lambda: "")
URIS = Uris("https://example.org/data/")
RECENT = [("https://example.org/data/id/record/r1", "A title", "2017")]
ISSUED = "2026-11-22T10:11:12Z"
SITE = SimpleNamespace(
    title="Ex",
    contact="a@example.org",
    reach=Text("a@example.org", href="mailto:a@example.org"),
    language="de",
    license="https://example.org/licence",
    imprint="https://example.org/imprint",
    links=(Text("Our library", href="https://example.org/"),),
    logo="",
)
TONGUE = {"tongue": ENGLISH, "tongues": (Tongue("en", "English", "?lang=en"), Tongue("de", "Deutsch", "?lang=de"))}
ASSETS = {name: f"/data/static/{name}" for name in ("site.css", "site.js")}
VOID_ELEMENTS = {"meta", "link", "br", "img", "input", "hr"}


def contexts() -> dict[str, dict[str, Any]]:
    """What each template is given, in a site that lives under a path."""
    labels = ontology.labels()
    work, journal = (uri_token(f"{URIS.base}id/{path}") for path in ("record/r1", "journal/j"))
    said = [(work, DCTERMS.title, '"T"'), (work, DCTERMS.isPartOf, journal), (journal, DCTERMS.title, '"J"')]
    record = Described(said, uris=URIS, labels=labels)
    counts = {"records": 1234}
    return {
        "record.html": {
            "page": page.record_page(record, Name("record", "r1")),
            "schema_org": schema_org.script_json({"name": "</script>"}),
        },
        "thing.html": {
            "page": listing_page.thing_page(record, Name("journal", "j"), page=2, more=True),
        },
        "browse.html": {"page": listing_page.browse_page("record", RECENT, uris=URIS, labels=labels, more=True)},
        "home.html": {"page": site_pages.home_page(counts, ISSUED, RECENT, uris=URIS)},
        "data.html": {
            "page": site_pages.data_page(counts, ISSUED, example=None, dumps=[("all", "nq.gz", 1234)], uris=URIS)
        },
        **{f"{made.kind}.html": _made(made) for made in made_documents("1+ab12", uris=URIS)},
        "ontologies.html": {"page": ontology_page([(URIS.ontology("terms"), "T")], [("roles.toml", 9)], uris=URIS)},
        "error.html": {"error": site_pages.error_page(406, links=[Text("Turtle", href="/data/x.ttl")], reference="r")},
        "tombstone.html": {
            "page": tombstone.tombstone_page(
                tombstone.Departure("r1", "T", ISSUED, "r2"),
                Name("agent", "r1/a"),
                uris=URIS,
                data=page.data_links(Name("agent", "r1/a"), uris=URIS),
            )
        },
        "about.html": {"page": about_page("1+ab12", Bounds(30, 100_000, 65_536, 60), uris=URIS)},
        "empty.html": {"command": "linkeddata load FILE"},
    }


def _made(made: Made) -> dict[str, Any]:
    """What the page of a document made from tables is given."""
    return {"page": made.page(page.document_links(made.uri, uris=URIS), ENGLISH), "title": made.title}


def printed(template: str) -> str:
    footer = site_pages.footer(3, ISSUED)
    frame = {"site": SITE, "root": "/data/", "assets": ASSETS, "footer": footer, **TONGUE}
    return JINJA.get_template(template).render(**contexts()[template], **frame)


class _Outline(HTMLParser):
    """Every start tag with its attributes, and whether the tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]}")


def outline(template: str) -> _Outline:
    parsed = _Outline()
    parsed.feed(printed(template))
    return parsed


EVERY = pytest.mark.parametrize("template", sorted(contexts()))


@EVERY
def test_page_is_well_formed(template: str) -> None:
    """Every element is closed where it was opened; there is one h1; ids are unique."""
    parsed = outline(template)
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert parsed.faults == []
    assert parsed.open == []
    assert sum(tag == "h1" for tag, _ in parsed.tags) == 1
    assert len(ids) == len(set(ids))


@EVERY
def test_page_keeps_to_the_content_policy(template: str) -> None:
    """No inline style, no inline script but data, no handler, nothing from another host."""
    for tag, attributes in outline(template).tags:
        assert tag != "style"
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        if tag == "script":
            assert "src" in attributes or attributes.get("type") == "application/ld+json"
        assert (attributes.get("src") or "/data/").startswith("/data/")


@EVERY
def test_links_stay_under_the_path_of_the_site(template: str) -> None:
    """A site at /data/ never leads to the root of its host."""
    hrefs = [attributes.get("href") or "" for _, attributes in outline(template).tags]
    assert [href for href in hrefs if href.startswith("/") and not href.startswith("/data/")] == []


@EVERY
def test_skip_link_comes_first(template: str) -> None:
    """Before anything else a keyboard can jump to the content."""
    links = [attributes for tag, attributes in outline(template).tags if tag == "a"]
    assert links[0]["href"] == "#main"


def test_page_without_an_edition_still_has_its_frame() -> None:
    """Before the first load there is nothing to say about an edition."""
    frame = {"site": SITE, "root": "/", "assets": ASSETS, "footer": None, **TONGUE}
    html = JINJA.get_template("empty.html").render(command="linkeddata load FILE", **frame)
    assert "linkeddata load FILE" in html
    assert "Nothing has been published yet" in html


def test_counts_of_the_home_page_lead_to_their_lists() -> None:
    """Each number is grouped and is the way to what it counts."""
    html = printed("home.html")
    assert '<dt><a href="/data/browse/record">records</a></dt><dd>1,234</dd>' in html


def test_script_is_at_most_two_kilobytes() -> None:
    """It only adds comfort."""
    assert (WEB / "static" / "site.js").stat().st_size <= 2048


def _named_by_tables() -> set[str]:
    """Every class, type and relator that the crosswalk's tables name."""
    formats = tomllib.loads(ontology.path("formats.toml").read_text("utf-8"))
    roles = tomllib.loads(ontology.path("roles.toml").read_text("utf-8"))
    properties = re.findall(r'property = "([^"]+)"', ontology.path("crosswalk.toml").read_text("utf-8"))
    classes = {term for line in formats.values() for key in ("types", "scholarly") for term in line.get(key, [])}
    edited = {line["edited"] for line in formats.values() if "edited" in line}
    coar = {f"coar:{line['coar']}" for line in formats.values() if "coar" in line}
    return classes | edited | coar | {f"rel:{code}" for code in roles} | set(properties)


def test_every_term_of_the_tables_has_a_label() -> None:
    """Pages speak in words; a new line in a table needs its word."""
    assert _named_by_tables() - set(ontology.labels()) == set()


def test_every_term_of_the_gold_record_has_a_label(shared: Path) -> None:
    """So does every term the seed record's statements use."""
    triples = Graph().parse(shared / "seed-record.ttl", format="turtle")
    terms = {shorten(str(term)) for _, predicate, value in triples for term in (predicate, value)} - {None}
    assert terms - set(ontology.labels()) == set()
