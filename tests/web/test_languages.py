"""The site in several languages: an address says which, a header never does, and nothing is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import write_po
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.representations.exports import EXPORT_FORMATS
from linkeddata.representations.formats import DOCUMENT_FORMATS, SEARCH_FORMATS, Format
from linkeddata.vocabulary import ontology
from linkeddata.web import create_app
from linkeddata.web.tongues import in_language
from linkeddata.wording.catalogues import continued, read_catalogue

from .conftest import settings_for

RECORD = "nottingham-40697"
#: Every kind of page, and refusals.
PAGES = (
    *(
        "/",
        "/about",
        "/data",
        "/search",
        "/search?q=movement",
        "/search?q=zzzz",
        "/search?q=movement&type=bibo:Article",
    ),
    *("/browse/record", "/browse/name?page=2", "/browse/journal?letter=s", "/year/1953", "/sparql/help"),
    *("/sparql", "/ontologies/", "/ontologies/terms", "/def/mining-1", f"/doc/record/{RECORD}.html"),
    *("/doc/name/waring-justin-6f2d327e", "/nothing", "/doc/record/nothing", "/search?page=101"),
)
HTML = {"Accept": "text/html"}
every_page = pytest.mark.parametrize("address", PAGES)


def spoken(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


@pytest.fixture(scope="module")
def pseudo(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The sample in a language that was begun by the command, each of its texts between brackets."""
    folder = tmp_path_factory.mktemp("catalogues")
    file, _ = continued("eo", folder)
    catalogue = read_catalogue(file, "eo")
    for message in catalogue:
        if message.id:
            plural = not isinstance(message.id, str)
            message.string = tuple(f"⟦{each}⟧" for each in message.id) if plural else f"⟦{message.id}⟧"
    with file.open("wb") as lines:
        write_po(lines, catalogue)
    app = create_app(settings_for(sample_data, site__languages="en de eo", site__translations=str(folder)))
    yield app
    app.extensions["current"].close()


class _Unmarked(HTMLParser):
    """The texts of a page that are neither between brackets, nor in code, nor said to be in a language, nor data."""

    APART = ("code", "pre", "script", "textarea", "blockquote", "title", "mark", "time")
    VOID = ("meta", "link", "br", "img", "input", "hr")
    SAID = ("aria-label", "placeholder", "alt")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in self.VOID:
            self.open.append(
                tag in self.APART or (tag != "html" and not told.keys().isdisjoint({"lang", "dir", "translate"}))
            )
        for name in self.SAID:
            self.text(told.get(name) or "")

    def handle_endtag(self, _: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        # A message may hold elements, so brackets are counted over all texts.
        if not any(self.open):
            self.text(data)
        elif "⟧" in data or "⟦" in data:
            self.text(re.sub(r"[^⟦⟧]", "", data))

    def text(self, data: str) -> None:
        for part in re.split(r"([⟦⟧])", BARE.sub("", data)):
            self.depth += {"⟦": 1, "⟧": -1}.get(part, 0)
            if not self.depth:
                self.found += re.findall(r"[^\W\d_]{3,}", part)


#: Addresses, prefixed names and names of files.
BARE = re.compile(r"\S+://\S+|\b[\w-]+[:.][\w-]+(?:\.\w+)*")
#: What is called the same in every language, or is no text of ours.
NAMES = {
    *("Turtle", "JSON", "Triples", "Quads", "RDF", "XML", "TriG", "SPARQL", "SHA", "DOI", "ISSN", "ISBN", "CSV", "TSV"),
    *("Atom", "BibTeX", "RIS", "CSL", "URI", "VoID", "gzip", "UTC", "Linked", "data", "Accept", "schema", "org"),
    *("Deutsch", "English", "Esperanto"),
}


@every_page
def test_no_text_is_left_outside_the_catalogues(pseudo: Flask, address: str) -> None:
    """In a language whose every text stands between brackets, nothing but names and data stands outside them."""
    page = _Unmarked()
    page.feed(pseudo.test_client().get(spoken(address, "eo"), headers=HTML).text)
    labels = {word for label in ontology.labels().values() for word in re.findall(r"\w+", label.lower())}
    assert [word for word in page.found if word not in NAMES and word.lower() not in labels] == []


@every_page
def test_page_says_which_language_it_speaks(client: FlaskClient, address: str) -> None:
    """In the header, in its root element, and by links to itself in the others."""
    answer = client.get(spoken(address, "de"), headers=HTML)
    assert answer.headers["Content-Language"] == "de"
    assert '<html lang="de" dir="ltr">' in answer.text
    others = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]*)">', answer.text)
    assert [language for language, _ in others] == ["en", "de"]
    assert all(href.startswith("?") and href.endswith(f"lang={language}") for language, href in others)


@every_page
def test_no_header_changes_the_words_of_an_address(client: FlaskClient, address: str) -> None:
    """A cache need not look at Accept-Language: the body is the same."""
    plain = client.get(address, headers=HTML)
    german = client.get(address, headers={**HTML, "Accept-Language": "de"})
    assert german.headers["Content-Language"] == "en"
    assert german.headers.get("ETag") == plain.headers.get("ETag")
    assert re.sub(r"\d+ ms", "", german.text) == re.sub(r"\d+ ms", "", plain.text)


@pytest.mark.parametrize(
    ("query", "header", "location"),
    [
        ("", None, ".html"),
        ("", "de", ".html?lang=de"),
        ("", "de-AT,de;q=0.9,en;q=0.5", ".html?lang=de"),
        ("", "fr,de;q=0.8", ".html?lang=de"),
        ("", "en-GB,de;q=0.8", ".html"),
        ("", "fr, *;q=0.1", ".html"),
        ("", "de;q=0, en", ".html"),
        ("?lang=de", "en", ".html?lang=de"),
        ("?lang=en", "de", ".html"),
        ("?lang=tlh", "de", ".html"),
    ],
)
def test_redirect_leads_to_the_language_wanted(
    client: FlaskClient, query: str, header: str | None, location: str
) -> None:
    """From a thing to its page Accept-Language chooses, unless the address says a language already."""
    headers = {**HTML, **({"Accept-Language": header} if header else {})}
    answer = client.get(f"/id/record/{RECORD}{query}", headers=headers)
    assert answer.headers["Location"] == f"/doc/record/{RECORD}{location}"
    assert "Accept-Language" in answer.headers["Vary"]


def test_data_have_no_language(client: FlaskClient) -> None:
    """Neither their address nor their bytes nor their tag."""
    answer = client.get(f"/id/record/{RECORD}", headers={"Accept": "text/turtle", "Accept-Language": "de"})
    assert answer.headers["Location"] == f"/doc/record/{RECORD}.ttl"
    plain, german = (client.get(f"/doc/record/{RECORD}.ttl{query}") for query in ("", "?lang=de"))
    assert plain.data == german.data
    assert "Content-Language" not in german.headers


def test_negotiated_page_names_its_own_address_with_the_language(client: FlaskClient) -> None:
    """Content-Location gives the same bytes."""
    answer = client.get(f"/doc/record/{RECORD}?lang=de", headers=HTML)
    assert answer.headers["Content-Location"] == f"/doc/record/{RECORD}.html?lang=de"
    assert client.get(answer.headers["Content-Location"]).data == answer.data


def test_each_language_has_a_tag_of_its_own(client: FlaskClient) -> None:
    """What a client knows in English it does not know in German."""
    english, german = (client.get(f"/doc/record/{RECORD}.html{query}") for query in ("", "?lang=de"))
    assert english.headers["ETag"] != german.headers["ETag"]
    known = {"If-None-Match": english.headers["ETag"]}
    assert client.get(f"/doc/record/{RECORD}.html?lang=de", headers=known).status_code == 200
    known = {"If-None-Match": german.headers["ETag"]}
    assert client.get(f"/doc/record/{RECORD}.html?lang=de", headers=known).status_code == 304


def test_unknown_language_is_the_usual_one(client: FlaskClient) -> None:
    """A link from elsewhere does not break; it is the very same page to any cache."""
    plain, strange = client.get("/about"), client.get("/about?lang=tlh")
    assert (strange.status_code, strange.headers["Content-Language"]) == (200, "en")
    assert strange.headers["ETag"] == plain.headers["ETag"]


@every_page
def test_links_of_a_page_keep_its_language(client: FlaskClient, address: str) -> None:
    """Every link to a page of ours leads to German; files, data and other sites stay as they are."""
    html = client.get(spoken(address, "de"), headers=HTML).text
    links = re.findall(r"<a\b[^>]*\shref=\"(/[^\"]*)\"[^>]*>", html)
    pages = [
        each
        for each in links
        if not re.search(r"\.(ttl|jsonld|json|nt|rdf|nq|trig|gz|sha256|atom|xml|csv|toml)\b", each)
    ]
    lost = [each for each in pages if "lang=de" not in each and not re.search("void|changes|format=|bib|ris", each)]
    assert lost == []
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)
    assert forms and all('name="lang" value="de"' in form for form in forms)


@pytest.mark.parametrize("fmt", [*DOCUMENT_FORMATS, *EXPORT_FORMATS, *SEARCH_FORMATS], ids=lambda fmt: fmt.extension)
def test_of_all_formats_only_pages_have_a_language(fmt: Format) -> None:
    """Whatever format is added, its address stays one for all languages."""
    address = f"/doc/record/x.{fmt.extension}"
    assert (in_language(address, "/", "de") != address) == (fmt.name == "html")


def test_numbers_and_dates_are_written_as_the_language_writes_them(client: FlaskClient) -> None:
    """Thousands and months of the site; what the machine reads stays."""
    english, german = (client.get(f"/{query}").text for query in ("", "?lang=de"))
    assert "<dd>2,164</dd>" in english and "<dd>2.164</dd>" in german
    moment = re.search(r'<time datetime="([^"]+)">([^<]+)</time>', german)
    assert moment is not None and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", moment[1])
    assert re.fullmatch(r"\d+\. [A-Z]\S+ \d{4}(?:, \d\d:\d\d UTC)?", moment[2])


def test_records_keep_their_own_language(client: FlaskClient) -> None:
    """A title is as the source has it, with its language and its direction."""
    english, german = (client.get(f"/doc/record/{RECORD}.html{query}").text for query in ("", "?lang=de"))
    heading = re.compile(r'<h1 id="t".*?</h1>')
    assert heading.search(english)[0] == heading.search(german)[0]  # type: ignore[index]
    assert "Zusammenfassung</h2>" in german and "Abstract</h2>" in english


def test_site_may_speak_another_language_first(sample_data: Path) -> None:
    """Then a plain address is German, and English has `?lang=en`."""
    app = create_app(settings_for(sample_data, site__language="de"))
    client = app.test_client()
    assert client.get("/about").headers["Content-Language"] == "de"
    assert client.get("/about?lang=en").headers["Content-Language"] == "en"
    assert 'href="/data?lang=en"' in client.get("/about?lang=en").text
    app.extensions["current"].close()
