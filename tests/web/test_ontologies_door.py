"""Terms, rules and tables: every format, every way of asking, and what is not there."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import DCTERMS, FOAF, PREFIXES, PROV, RDF, RDFS, expand, shorten
from linkeddata.web import create_app

from .conftest import BASE, settings_for

# rdflib's own JSON-LD parser makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DOCUMENTS = ("ontologies/terms", "def/profile-1", "def/mining-1")
TYPES = {
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "json": "application/json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "nq": "application/n-quads",
    "trig": "application/trig",
}
#: How the answer of each RDF format is read back; these documents have no named graphs.
PARSERS = {
    "ttl": "turtle",
    "nt": "nt",
    "rdf": "xml",
    "jsonld": "json-ld",
    "json": "json-ld",
    "nq": "nt",
    "trig": "turtle",
}
FILES = [file.name for file in ontology.files()]
every_document = pytest.mark.parametrize("path", DOCUMENTS)


def graph(client: FlaskClient, path: str, variant: str) -> Graph:
    """One variant of a document, read by another parser than wrote it."""
    return Graph().parse(data=client.get(f"/{path}.{variant}").data, format=PARSERS[variant])


@every_document
@pytest.mark.parametrize("variant", TYPES)
def test_suffix_gives_its_format(client: FlaskClient, path: str, variant: str) -> None:
    """An address with a suffix is never negotiated, and may be kept by anybody."""
    answer = client.get(f"/{path}.{variant}", headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[variant])
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"].startswith("public")


@every_document
@pytest.mark.parametrize(
    ("accept", "variant"),
    [
        (None, "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "json"),
        ("application/n-triples, text/html;q=0.5", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/pdf", None),
    ],
)
def test_document_is_negotiated_in_place(
    client: FlaskClient, path: str, accept: str | None, variant: str | None
) -> None:
    """The document gives the variant that is wanted and says which; 406 lists what there is."""
    answer = client.get(f"/{path}", headers={} if accept is None else {"Accept": accept})
    assert answer.headers["Vary"] == "Accept, Accept-Profile, Accept-Language, Accept-Encoding"
    if variant is None:
        assert answer.status_code == 406
        assert {each["href"] for each in orjson.loads(answer.data)["variants"]} == {f"/{path}.{name}" for name in TYPES}
    else:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[variant])
        assert answer.headers["Content-Location"] == f"/{path}.{variant}"


@every_document
def test_format_can_be_asked_for_in_the_address(client: FlaskClient, path: str) -> None:
    """`?format=` wins over Accept, as for things."""
    answer = client.get(f"/{path}?format=ttl", headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == TYPES["ttl"]


@every_document
@pytest.mark.parametrize("variant", [name for name in PARSERS if name != "ttl"])
def test_every_format_says_the_same(client: FlaskClient, path: str, variant: str) -> None:
    assert isomorphic(graph(client, path, variant), graph(client, path, "ttl"))


@every_document
@pytest.mark.parametrize("variant", TYPES)
def test_links_lead_to_the_other_formats(client: FlaskClient, path: str, variant: str) -> None:
    """Canonical address and alternates, but in JSON-LD, where they stop a common reader."""
    links = client.get(f"/{path}.{variant}").headers["Link"]
    assert f'</{path}>; rel="canonical"' in links
    others = [name for name in TYPES if f"</{path}.{name}>" in links]
    assert others == ([] if variant == "jsonld" else [name for name in TYPES if name != variant])


@pytest.mark.parametrize("path", [*DOCUMENTS, *(f"{path}.ttl" for path in DOCUMENTS), "ontologies/", "context.jsonld"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/pdf"])
def test_head_equals_get_without_the_body(client: FlaskClient, path: str, accept: str) -> None:
    got, head = (client.open(f"/{path}", method=method, headers={"Accept": accept}) for method in ("GET", "HEAD"))
    assert head.status_code == got.status_code
    assert sorted(head.headers) == sorted(got.headers)
    assert head.data == b""


@pytest.mark.parametrize(
    "path", [*DOCUMENTS, *(f"{p}.{v}" for p in DOCUMENTS for v in TYPES), "ontologies/", "ontologies/roles.toml"]
)
def test_known_bytes_are_not_sent_again(client: FlaskClient, path: str) -> None:
    """If-None-Match with the tag gives 304 with the tag and what it varies by."""
    first = client.get(f"/{path}")
    again = client.get(f"/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["ETag"], again.headers["Vary"]) == (first.headers["ETag"], first.headers["Vary"])


@every_document
def test_each_format_has_a_tag_of_its_own(client: FlaskClient, path: str) -> None:
    assert len({client.get(f"/{path}.{variant}").headers["ETag"] for variant in TYPES}) == len(TYPES)


@pytest.mark.parametrize(
    "path",
    [
        "def/profile-0",
        "def/profile-2",
        "def/profile-",
        "def/profile-1.pdf",
        "def/profile-1.ttl.ttl",
        "def/mining-0",
        "def/none",
        "ontologies/none",
        "ontologies/terms.pdf",
        "ontologies/terms.toml",
        "ontologies/terms/x",
        "ontologies/.hidden.toml",
        "ontologies/..%2Fpyproject.toml",
    ],
)
@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("text/turtle", "application/problem+json")])
def test_what_is_not_there_is_404(client: FlaskClient, path: str, accept: str, kind: str) -> None:
    """Other versions, other formats and other files are not found, in the kind the client reads."""
    answer = client.get(f"/{path}", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize("name", FILES)
def test_every_file_can_be_had_as_it_is(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/ontologies/{name}")
    assert answer.status_code == 200
    assert answer.data == ontology.path(name).read_bytes()


def test_context_stands_at_both_addresses(client: FlaskClient) -> None:
    """The one that JSON-LD links to, and the one beside the other files."""
    at_root, beside = client.get("/context.jsonld"), client.get("/ontologies/context.jsonld")
    assert at_root.data == beside.data
    assert at_root.headers["Content-Type"] == "application/ld+json"
    assert "@context" in json.loads(at_root.data)


@pytest.mark.parametrize("path", ["/ontologies", "/ontologies/"])
def test_index_lists_everything(client: FlaskClient, path: str) -> None:
    """With and without the slash, and without a redirect that would repeat the Host header."""
    answer = client.get(path, headers={"Host": "evil.example"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "evil" not in page
    for linked in (*DOCUMENTS, *(f"ontologies/{name}" for name in FILES)):
        assert f'href="/{linked}"' in page


def test_terms_are_described_in_two_languages(client: FlaskClient) -> None:
    """Each with its labels, its comment, its vocabulary, and the document that says so."""
    told = graph(client, "ontologies/terms", "nt")
    title = expand("dcterms:title")
    assert set(told.objects(title, RDFS.label)) == {Literal("title", lang="en"), Literal("Titel", lang="de")}
    assert [comment.language for comment in told.objects(title, RDFS.comment) if isinstance(comment, Literal)] == ["en"]
    assert told.value(title, RDFS.isDefinedBy) == URIRef(PREFIXES["dcterms"])
    assert (URIRef(f"{BASE}ontologies/terms"), RDF.type, FOAF.Document) in told


@pytest.mark.parametrize("curie", [name for name in ontology.labels() if name.partition(":")[0] in PREFIXES])
def test_every_term_stands_on_the_page(terms_page: str, curie: str) -> None:
    """With an anchor of its own, to which rules and readers can link."""
    assert terms_page.count(f'<tr id="{curie}">') == 1


@pytest.fixture(scope="module")
def terms_page(sample_app: Any) -> str:
    return str(sample_app.test_client().get("/ontologies/terms").get_data(as_text=True))


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("def/profile-1", {f"{BASE}ontologies/{name}.toml" for name in ("crosswalk", "formats", "roles", "languages")}),
        (
            "def/mining-1",
            {f"{BASE}ontologies/mining.toml"}
            | {f"{BASE}def/mining-1#{key}" for key in ontology.table("mining.toml")["keys"]},
        ),
    ],
)
def test_rules_are_plans_with_parts(client: FlaskClient, path: str, parts: set[str]) -> None:
    """A document of rules says what it is, and of what files and rules it consists; the files are there."""
    told, document = graph(client, path, "ttl"), URIRef(f"{BASE}{path}")
    assert set(told.objects(document, RDF.type)) == {FOAF.Document, PROV.Plan}
    assert {str(part) for part in told.objects(document, DCTERMS.hasPart)} == parts
    for part in parts:
        assert client.get(part.partition("#")[0].removeprefix(BASE.rstrip("/"))).status_code == 200


def test_profile_page_shows_every_field_of_the_table(client: FlaskClient) -> None:
    """Each field that is read or left out stands there, with every reason."""
    table = ontology.table("crosswalk.toml")
    page = client.get("/def/profile-1").get_data(as_text=True)
    rows = [row for rows in table.values() if isinstance(rows, list) for row in rows if isinstance(row, dict)]
    read = {name for row in rows for name in ([row["from"]] if isinstance(row["from"], str) else row["from"])}
    left_out = {name for names in table["ignored"].values() for name in names}
    assert {name for name in read | left_out if f"<code>{name}</code>" not in page} == set()
    assert {reason for reason in table["ignored"] if f"<dt>{reason}</dt>" not in page} == set()


def test_conformance_of_the_data_leads_to_the_rules(client: FlaskClient) -> None:
    """What VoID says the data conform to is there, and so is the link on every record's page."""
    told = graph(client, "doc/dataset/catalogue", "nt")
    dataset = URIRef(f"{BASE}id/dataset/catalogue")
    assert [str(rules) for rules in told.objects(dataset, DCTERMS.conformsTo)] == [f"{BASE}def/profile-1"]
    assert 'href="/def/profile-1"' in client.get("/doc/record/nottingham-40697.html").get_data(as_text=True)


@pytest.mark.parametrize("path", [*DOCUMENTS, "doc/dataset/catalogue"])
def test_terms_of_the_documents_are_terms_we_explain(client: FlaskClient, path: str) -> None:
    """What describes the whole speaks in words that stand in the list too."""
    told = graph(client, path, "nt")
    used = {
        *told.predicates(),
        *told.objects(None, RDF.type),
        *(each.datatype for each in told.objects() if isinstance(each, Literal) and each.datatype),
    }
    assert {shorten(str(term)) for term in used} - ontology.labels().keys() == set()


OWN = """
record = [{ from = "shelf_str", property = "bibo:locator", as = "text" }]
remove = [{ from = "edition", property = "bibo:edition" }]
[formats]
"Zine" = { types = ["bibo:Magazine"] }
[roles]
edt = { also = ["gathered by"] }
[ignored]
"of no use to anybody" = ["colour_str"]
"""


@pytest.fixture
def own_mapping(tmp_path: Path) -> Path:
    """A data directory published with a mapping of its own, which lies beside it."""
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    records = [Record("a", {"id": ["a"], "title": ["A"]})]
    publish(records, Catalogue(tmp_path), Site(BASE, overrides=str(tmp_path / "own.toml")), processes=1)
    return tmp_path


def test_lines_of_the_site_itself_are_shown(own_mapping: Path) -> None:
    """Under the version that has their fingerprint, added and removed ones alike; the plain version is not this one."""
    client = create_app(settings_for(own_mapping, mapping__overrides="own.toml")).test_client()
    path = f"/def/profile-1+{ontology.own_mark(OWN)}"
    page = client.get(path).get_data(as_text=True)
    for words in ("shelf_str", "Lines taken out", "Zine", "gathered by", "of no use to anybody", "colour_str"):
        assert words in page
    assert client.get(f"{path}.ttl").status_code == 200
    assert client.get("/def/profile-1").status_code == 404


@pytest.mark.parametrize("setting", ["", "other.toml", "changed.toml"])
def test_page_says_so_when_the_lines_of_the_site_are_not_at_hand(own_mapping: Path, setting: str) -> None:
    """Lines the data were not mapped with are never shown as if they were."""
    (own_mapping / "changed.toml").write_text(OWN.replace("shelf_str", "other_str"), "utf-8")
    client = create_app(settings_for(own_mapping, mapping__overrides=setting)).test_client()
    page = client.get(f"/def/profile-1+{ontology.own_mark(OWN)}").get_data(as_text=True)
    assert "Those are not listed here" in page
    assert "shelf_str" not in page and "other_str" not in page


def test_words_and_rules_are_there_before_the_first_load(tmp_path: Path) -> None:
    """They come from the tables, not from the data."""
    client = create_app(settings_for(tmp_path)).test_client()
    for path in (*DOCUMENTS, "ontologies/", "context.jsonld"):
        assert client.get(f"/{path}").status_code == 200


def test_site_under_a_path_keeps_it(tmp_path: Path) -> None:
    """Suffixes, canonical addresses and links on pages begin with the path of the site."""
    client = create_app(settings_for(tmp_path, site__base_uri="https://example.org/data/")).test_client()
    answer = client.get("/def/profile-1")
    page = answer.get_data(as_text=True)
    assert answer.headers["Content-Location"] == "/data/def/profile-1.html"
    assert 'href="/data/ontologies/terms#dcterms:title"' in page
    assert 'href="/ontologies' not in page


def test_mined_keys_are_those_of_the_cases(shared: Path) -> None:
    """Whatever the cases expect to be read has its rule, its level and an example."""
    keys = tomllib.loads(ontology.path("mining.toml").read_text("utf-8"))["keys"]
    cases = [json.loads(line) for line in (shared / "mining-cases.jsonl").read_text("utf-8").splitlines()]
    assert {key for case in cases for key in case["expected"]} - keys.keys() == set()
    assert {row["level"] for row in keys.values()} == {"A", "B"}
    assert all(row.keys() == {"name", "level", "statement", "rule", "example", "gives"} for row in keys.values())
