"""The page of a record: what it shows, in which order, and that nothing in a record can break it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import Graph, Literal, URIRef

import linkeddata
from linkeddata.representations.formats import DOCUMENT_FORMATS
from linkeddata.representations.page import RecordPage, record_page
from linkeddata.representations.parts import Text
from linkeddata.representations.schema_org import script_json
from linkeddata.vocabulary.terms import BIBO, COAR, DCTERMS, PREFIXES, RDF, XSD
from linkeddata.vocabulary.uris import Name
from linkeddata.web.tongues import phrases
from linkeddata.wording import ENGLISH

from .viewing import URIS, described

NAME = Name("record", "r1")
TEMPLATES = Path(linkeddata.__file__).parent / "web" / "templates"
JINJA = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
JINJA.globals.update(phrases(ENGLISH), carried=lambda: "")
SITE = SimpleNamespace(title="Example", contact="", language="en", license="", imprint="", links=(), logo="")
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>"""


def graph(turtle: str) -> Graph:
    """Statements in Turtle, with our prefixes and base; `<id/record/r1>` is the record."""
    prefixes = "".join(f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in PREFIXES.items())
    return Graph().parse(data=f"@base <{URIS.base}> .\n{prefixes}{turtle}", format="turtle")


def page_of(turtle: str | Graph) -> RecordPage:
    """The page of the record r1 that these statements describe."""
    triples = turtle if isinstance(turtle, Graph) else graph(turtle)
    return record_page(described(triples), NAME)


def printed(page: RecordPage, schema_org: str = "", *, site: SimpleNamespace = SITE, **more: object) -> str:
    template = JINJA.get_template("record.html")
    frame = {"site": site, "root": "/", "assets": {"site.css": "/site.css", "site.js": "/site.js"}, "footer": None}
    return template.render(page=page, schema_org=schema_org, tongue=ENGLISH, tongues=(), **frame, **more)


def with_authors(count: int) -> RecordPage:
    names = "".join(f'<id/agent/r1/a{n}> foaf:name "Author {n}" .\n' for n in range(count))
    cells = " ".join(f"<id/agent/r1/a{n}>" for n in range(count))
    return page_of(f'<id/record/r1> dcterms:title "T" ; bibo:authorList ( {cells} ) .\n{names}')


@pytest.fixture
def gold(shared: Path) -> RecordPage:
    """The page of the seed record, from the gold Turtle."""
    triples = Graph().parse(shared / "seed-record.ttl", format="turtle")
    return record_page(described(triples), Name("record", "nottingham-40697"))


def test_authors_stand_in_the_order_of_the_list() -> None:
    """The list decides, not the order of the flat statements; repeats are kept."""
    page = page_of(
        """<id/record/r1> dcterms:creator <id/agent/r1/a>, <id/agent/r1/b> ;
            bibo:authorList ( <id/agent/r1/b> <id/agent/r1/a> <id/agent/r1/b> ) .
        <id/agent/r1/a> foaf:name "Ann A" . <id/agent/r1/b> foaf:name "Bob B" ."""
    )
    assert [author.text.value for author in page.authors] == ["Bob B", "Ann A", "Bob B"]


def test_creators_outside_the_list_are_not_lost() -> None:
    """A body that is an author but stands in no list comes after those that do."""
    page = page_of(
        """<id/record/r1> dcterms:creator <id/agent/r1/a>, <id/agent/r1/b> ; bibo:authorList ( <id/agent/r1/b> ) .
        <id/agent/r1/a> foaf:name "Body A" . <id/agent/r1/b> foaf:name "Bob B" ."""
    )
    assert [author.text.value for author in page.authors] == ["Bob B", "Body A"]


def test_author_list_that_runs_in_a_circle_ends() -> None:
    """Broken data make a short page, not an endless one."""
    cell = URIRef(f"{URIS.genid}r1/authors/1")
    broken = graph('<id/agent/r1/a> foaf:name "Ann A" .')
    broken.add((URIRef(URIS.thing(NAME)), BIBO.authorList, cell))
    broken.add((cell, RDF.first, URIRef(f"{URIS.base}id/agent/r1/a")))
    broken.add((cell, RDF.rest, cell))
    assert [author.text.value for author in page_of(broken).authors] == ["Ann A"]


def test_author_leads_to_the_heading_of_the_same_spelling() -> None:
    """The author page is the name heading; the agent is linked only where no heading is stated."""
    page = page_of(
        """<id/record/r1> bibo:authorList ( <id/agent/r1/a> <id/agent/r1/b> ) .
        <id/agent/r1/a> foaf:name "Ann A" ; rdfs:label "A, Ann" . <id/agent/r1/b> foaf:name "Bob B" .
        <id/name/x-1> foaf:focus <id/agent/r1/a> ; skos:prefLabel "A., Ann" .
        <id/name/x-2> foaf:focus <id/agent/r1/a> ; skos:prefLabel "A, Ann" ."""
    )
    assert [author.text.href for author in page.authors] == ["/id/name/x-2", "/id/agent/r1/b"]


def test_contributors_are_named_once_with_all_their_parts() -> None:
    """An editor who also translated stands once; a creator is not repeated as a mere contributor."""
    page = page_of(
        """<id/record/r1> dcterms:contributor <id/agent/r1/e>, <id/agent/r1/a> ; dcterms:creator <id/agent/r1/a> ;
            bibo:editor <id/agent/r1/e> ; rel:ill <id/agent/r1/e> .
        <id/agent/r1/e> foaf:name "Eve E" . <id/agent/r1/a> foaf:name "Ann A" ."""
    )
    (contributor,) = page.contributors
    assert contributor.value == "Eve E"
    assert sorted(contributor.note.split(", ")) == ["editor", "illustrator"]


@pytest.mark.parametrize(("count", "shown", "folded"), [(2, 2, 0), (10, 10, 0), (11, 9, 2), (60, 9, 51)])
def test_more_than_ten_authors_are_folded_but_all_there(count: int, shown: int, folded: int) -> None:
    """The first nine are read at once, the rest opens in place, nobody is cut."""
    page = with_authors(count)
    html = printed(page)
    assert (len(page.first_authors), len(page.more_authors)) == (shown, folded)
    assert all(f">Author {n}</a>" in html for n in range(count))
    assert (f"and {folded} more" in html) is bool(folded)


def test_of_thousands_of_authors_the_first_hundred_are_named() -> None:
    """The page says how many there are, and that the data have them all."""
    page = with_authors(2000)
    html = printed(page)
    assert (len(page.first_authors), len(page.more_authors)) == (9, 91)
    assert "and 1,991 more" in html and "All 2,000 are in the data." in html
    assert len(html) < 66_000


def test_publisher_button_needs_a_doi() -> None:
    """Without a DOI there is no promise that the publisher's text can be read."""
    without = page_of('<id/record/r1> dcterms:title "T" ; foaf:page <https://repo.example.org/1> .')
    with_doi = page_of('<id/record/r1> dcterms:title "T" ; bibo:doi "10.1/a(b)" .')
    assert without.doi_href is None
    assert "Read at the publisher" not in printed(without)
    assert with_doi.doi_href == "https://doi.org/10.1/a(b)"


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "urn:isbn:9780000000002"])
def test_only_web_and_mail_addresses_become_links(uri: str) -> None:
    """Any other scheme is shown as text, wherever it stands."""
    page = page_of(f"<id/record/r1> foaf:page <{uri}> ; dcterms:relation <{uri}> ; dcterms:subject <{uri}> .")
    html = printed(page)
    assert page.repository is None
    assert f'href="{uri}' not in html
    assert uri in html


def test_hostile_text_is_escaped_everywhere() -> None:
    """No text of a record becomes markup, in any part of the page."""
    record = URIRef(URIS.thing(NAME))
    agent, concept, journal = (
        URIRef(URIS.base + path) for path in ("id/agent/r1/a", "id/concept/topic/c", "id/journal/j")
    )
    triples = graph("<id/record/r1> a bibo:AcademicArticle .")
    for subject, predicate in (
        (record, "dcterms:title"),
        (record, "dcterms:abstract"),
        (record, "dcterms:identifier"),
        (record, "dcterms:alternative"),
        (record, "bibo:doi"),
        (record, "bibo:volume"),
        (record, "dcterms:issued"),
        (agent, "foaf:name"),
        (concept, "skos:prefLabel"),
        (journal, "dcterms:title"),
        (journal, "bibo:issn"),
    ):
        prefix, _, local = predicate.partition(":")
        triples.add((subject, URIRef(PREFIXES[prefix] + local), Literal(HOSTILE)))
    for predicate, value in ((DCTERMS.creator, agent), (DCTERMS.subject, concept), (DCTERMS.isPartOf, journal)):
        triples.add((record, predicate, value))
    html = printed(page_of(triples), script_json({"name": HOSTILE}))
    assert html.count("<script") == 2
    assert html.count("</script>") == 2
    assert "<img" not in html


def test_record_of_which_nothing_is_known_has_a_page() -> None:
    """It says what is missing and shows no empty headings."""
    page = page_of("")
    html = printed(page)
    assert page.title.value == "Untitled record r1"
    assert page.missing == "The source gives no author, date or subject."
    assert page.badges == ("Document",)
    assert "<h2" in html
    assert not any(f">{heading}</h2>" in html for heading in ("Abstract", "Subjects", "Details", "Identifiers"))


@pytest.mark.parametrize(
    ("classes", "coar", "badges"),
    [
        ("bibo:AcademicArticle, schema:ScholarlyArticle", "c_6501", ("Academic article",)),
        ("bibo:AcademicArticle, schema:ScholarlyArticle", "c_5794", ("Academic article", "Conference paper")),
        ("bibo:Thesis, schema:Thesis", "c_db06", ("Doctoral thesis",)),
        ("bibo:Document, dcmitype:Dataset, schema:Dataset", "c_ddb1", ("Dataset",)),
        ("bibo:Document, schema:CreativeWork", "c_1843", ("Other",)),
        ("bibo:Document, dcmitype:PhysicalObject, schema:CreativeWork", None, ("Physical object",)),
        ("bibo:Document, schema:CreativeWork", None, ("Document",)),
        ("bibo:AudioVisualDocument, schema:VideoObject", "c_12ce", ("Film or video",)),
    ],
)
def test_badges_say_what_it_is_in_the_fewest_words(classes: str, coar: str | None, badges: tuple[str, ...]) -> None:
    """The narrower word wins, and nothing is said twice."""
    triples = graph(f"<id/record/r1> a {classes} .")
    if coar:
        triples.add((URIRef(URIS.thing(NAME)), DCTERMS.type, COAR[coar]))
    assert page_of(triples).badges == badges


def test_unknown_type_keeps_the_word_of_the_source() -> None:
    """A format we have no class for is a document, with the source's word in brackets."""
    page = page_of(
        """<id/record/r1> a bibo:Document ; dcterms:type <id/concept/format/realia-1> .
        <id/concept/format/realia-1> skos:prefLabel "Realia" ."""
    )
    assert page.badges == ("Document (Realia)",)


@pytest.mark.parametrize(("length", "folded"), [(6000, False), (6001, True)])
def test_only_a_very_long_abstract_is_folded(length: int, folded: bool) -> None:
    """The whole text is in the page either way."""
    triples = graph("")
    triples.add((URIRef(URIS.thing(NAME)), DCTERMS.abstract, Literal("x" * length)))
    html = printed(page_of(triples))
    assert ("Show the whole abstract" in html) is folded
    assert "x" * length in html


def test_literals_carry_language_and_direction() -> None:
    """A screen reader and a bidirectional title both depend on it."""
    html = printed(page_of('<id/record/r1> dcterms:title "كتاب"@ar .'))
    assert '<h1 id="t" lang="ar" dir="auto">كتاب</h1>' in html


@pytest.mark.parametrize(
    ("written", "datatype", "shown"),
    [
        ("2017", "gYear", '<time datetime="2017">2017</time>'),
        ("2017-06", "gYearMonth", '<time datetime="2017-06">June 2017</time>'),
        ("2017-06-21", "date", '<time datetime="2017-06-21">21 June 2017</time>'),
    ],
)
def test_dates_are_as_precise_as_the_source(written: str, datatype: str, shown: str) -> None:
    """A year stays a year."""
    triples = graph("")
    triples.add((URIRef(URIS.thing(NAME)), DCTERMS.issued, Literal(written, datatype=XSD[datatype], normalize=False)))
    assert shown in printed(page_of(triples))


def test_alternates_have_the_exact_content_types() -> None:
    """Signposting clients compare them to the letter with what they then get."""
    page = page_of("")
    expected = [(f"/doc/record/r1.{f.extension}", f.content_type) for f in DOCUMENT_FORMATS if f.name != "html"]
    assert [(offer.href, offer.content_type) for offer in page.data.offers] == expected
    assert page.data.canonical == "https://data.example.org/doc/record/r1"


def test_works_by_thousands_do_not_make_endless_tables() -> None:
    """The table is cut and says so; the formats have everything."""
    triples = graph("")
    for n in range(300):
        triples.add((URIRef(URIS.thing(NAME)), DCTERMS.subject, URIRef(f"{URIS.base}id/concept/topic/c{n}")))
    page = page_of(triples)
    (row,) = page.statements.rows
    assert (len(row.values), page.statements.shown, page.statements.own) == (200, 200, 300)
    assert "200 of 300 statements" in printed(page)


def test_gold_record_is_shown_as_its_turtle_says(gold: RecordPage) -> None:
    """The main facts of the seed record, each where a reader looks for it."""
    assert gold.badges == ("Academic article", "Peer reviewed")
    assert [author.text.value for author in gold.authors] == ["Justin Waring", "Amanda Crompton"]
    assert gold.seen.container is not None
    assert gold.seen.container.value == "Sociology of Health and Illness"
    assert gold.seen.numbers is not None
    assert (gold.seen.numbers.value, gold.seen.place, gold.seen.year) == ("39 (7)", "1083–1099", "2017")
    assert gold.doi_href == "https://doi.org/10.1111/1467-9566.12560"
    assert gold.repository is not None
    assert gold.repository.value == "Open in the repository"
    assert len(gold.subjects) == 5
    assert gold.statements.own == gold.statements.shown
    assert gold.statements.whole == 113


class _Counter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1


def test_gold_record_keeps_the_budget(gold: RecordPage) -> None:
    """At most 30 kB and 400 elements, so that it opens at once on a phone."""
    html = printed(gold, "{}" + " " * 4000)
    counter = _Counter()
    counter.feed(html)
    assert len(html.encode()) <= 30_000
    assert counter.elements <= 400


@pytest.mark.parametrize(("count", "shown", "folded"), [(20, 20, 0), (21, 19, 2), (40, 19, 21)])
def test_more_than_twenty_subjects_are_folded_but_all_there(count: int, shown: int, folded: int) -> None:
    """The rest is on the page, in a part that opens."""
    named = "".join(f'<id/concept/topic/s{n}> skos:prefLabel "Subject {n:02}" .\n' for n in range(count))
    stated = ", ".join(f"<id/concept/topic/s{n}>" for n in range(count))
    page = page_of(f'<id/record/r1> dcterms:title "T" ; dcterms:subject {stated} .\n{named}')
    assert (len(page.first_subjects), len(page.more_subjects)) == (shown, folded)
    assert all(f"Subject {n:02}" in printed(page) for n in range(count))


def test_issn_leads_to_where_it_can_be_looked_up() -> None:
    """The portal of the ISSN's own registry."""
    page = page_of(
        '<id/record/r1> dcterms:title "T" ; dcterms:isPartOf <id/journal/issn-0028-0836> .\n'
        '<id/journal/issn-0028-0836> dcterms:title "Nature" ; bibo:issn "0028-0836" .'
    )
    hrefs = [text.href for row in page.identifiers for text in row.values if text.value == "0028-0836"]
    assert hrefs == ["https://portal.issn.org/resource/ISSN/0028-0836"]


def test_record_can_be_asked_for_by_sparql() -> None:
    """A link that robots do not follow holds the query."""
    query = "DESCRIBE%20%3Chttps%3A//data.example.org/id/record/r1%3E"
    assert f'<a rel="nofollow" href="/sparql?query={query}">' in printed(page_of('<id/record/r1> dcterms:title "T" .'))


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("mailto:a@b.org", "mailto:a@b.org?subject=https%3A%2F%2Fdata.example.org%2Fid%2Frecord%2Fr1"),
        ("https://b.org/contact", "https://b.org/contact"),
    ],
)
def test_what_was_mined_wrongly_can_be_reported(href: str, expected: str) -> None:
    """By e-mail with the record's URI as its subject (RFC 6068, section 2), or where the site says."""
    site = SimpleNamespace(**{**vars(SITE), "contact": "us", "reach": Text("us", href=href)})
    card = SimpleNamespace(count=1, href="/def/mining-1", rule="eprints/1", pieces=[("39", "volume")])
    assert f'href="{expected}"' in printed(page_of('<id/record/r1> dcterms:title "T" .'), site=site, mined=card)


@pytest.mark.parametrize(("length", "folded"), [(6000, False), (6001, True)])
def test_long_descriptions_are_folded_and_whole(length: int, folded: bool) -> None:
    """What would push all else off the page opens in place."""
    html = printed(page_of(f'<id/record/r1> dcterms:title "T" ; dcterms:description "{"x" * length}" .'))
    assert (f"Show the whole text ({length:,} characters)" in html) is folded
    assert "x" * length in html
