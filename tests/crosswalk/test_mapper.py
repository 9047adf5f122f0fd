"""The crosswalk as a whole: the gold record, determinism, titles, dates, the entry, and hostile input."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from linkeddata.crosswalk import Crosswalk, Mapping
from linkeddata.errors import RecordRefused
from linkeddata.record import Record
from linkeddata.sources.document import fields_of
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.terms import DCTERMS
from linkeddata.vocabulary.uris import Uris

Translated = list[tuple[Record, Mapping]]

BASE = "https://data.example.org/"


def canonical(triples: bytes, rdf_format: RdfFormat) -> Dataset:
    """Statements with their blank nodes named alike."""
    dataset = Dataset(parse(triples, format=rdf_format, base_iri=BASE))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def with_blank_cells(text: str) -> bytes:
    return re.sub(rf"<{BASE}\.well-known/genid/[^>]+/authors/(\d+)>", r"_:c\1", text).encode()


def record_with(document: dict[str, Any]) -> Record:
    return Record(str(document["id"]), fields_of(document))


def test_seed_record_gives_the_gold_statements(shared: Path, seed: dict[str, Any], crosswalk: Crosswalk) -> None:
    """All statements are those of the gold file; those mined are the ones below its mark."""
    gold = (shared / "seed-record.ttl").read_text("utf-8")
    mapping = crosswalk(record_with(seed))
    found = canonical(with_blank_cells(ntriples.text(mapping.statements)), RdfFormat.N_TRIPLES)
    assert found == canonical(gold.encode(), RdfFormat.TURTLE)
    assert len(found) == len(mapping.statements) == 113
    assert len(mapping.mined) == 113 - 87


def test_without_mining_only_fields_speak(shared: Path, seed: dict[str, Any]) -> None:
    """A crosswalk that mines nothing gives what stands above the mark."""
    gold = (shared / "seed-record.ttl").read_text("utf-8").partition("\n# @graph ")[0]
    mapping = Crosswalk(Uris("https://data.example.org/"), mines=False)(record_with(seed))
    found = canonical(with_blank_cells(ntriples.text(mapping.statements)), RdfFormat.N_TRIPLES)
    assert found == canonical(gold.encode(), RdfFormat.TURTLE)
    assert mapping.mined == [] and mapping.pieces == []


@pytest.mark.parametrize("turn", range(10))
def test_order_of_fields_does_not_matter(seed: dict[str, Any], crosswalk: Crosswalk, turn: int) -> None:
    """The same record gives the same statements in the same order, however its fields are ordered."""
    extended = seed | {"author2": ["A, B", "C"], "author2_role": ["edt", "ths"], "issn": ["1467-9566"], "isbn": ["x"]}
    names = list(extended)
    random.Random(turn).shuffle(names)  # noqa: S311
    shuffled = crosswalk(record_with({name: extended[name] for name in names}))
    assert ntriples.text(shuffled.statements) == ntriples.text(crosswalk(record_with(extended)).statements)


def test_two_translations_are_equal(translated: Translated, crosswalk: Crosswalk) -> None:
    """A second run says the same, whatever was translated in between."""
    for record, mapping in translated[::25]:
        again = Crosswalk(crosswalk.uris)(record)
        assert ntriples.text(again.statements) == ntriples.text(mapping.statements)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None},
        {"title": ""},
        {"title": "            "},
        {"title": "\x00" * 20},
        {"title": "&nbsp;" * 5},
        {"title": "(:unav)", "title_full": "[S.l.]", "title_short": "n/a"},
    ],
)
def test_record_without_title_is_refused(tell: Callable[..., Any], fields: dict[str, str]) -> None:
    with pytest.raises(RecordRefused, match="no title"):
        tell(**fields)


@pytest.mark.parametrize(
    ("fields", "title", "short"),
    [
        ({"title": "A", "title_full": "A / by B", "title_short": "A"}, ["A"], []),
        ({"title": "A : b", "title_short": "A"}, ["A : b"], ["A"]),
        ({"title": None, "title_full": "F", "title_short": "S"}, ["F"], ["S"]),
        ({"title": None, "title_full": "F", "title_short": "F"}, ["F"], []),
        ({"title": None, "title_short": "S"}, ["S"], []),
        ({"title": ["  " * 20, "Real"]}, ["Real"], []),
        ({"title": ["One", "Two"]}, ["One"], []),
        ({"title": "  Two\n lines "}, ["Two lines"], []),
        ({"title": "!!!"}, ["!!!"], []),
        ({"title": "A", "title_short": "B", "format": "Journal"}, ["A"], []),
        ({"title": "A", "title_short": "B", "language": "English"}, ["A@en"], ["B@en"]),
        ({"title": "A", "title_short": "A", "language": "English"}, ["A@en"], []),
    ],
)
def test_title_is_the_first_that_says_anything(
    tell: Callable[..., Any], fields: dict[str, Any], title: list[str], short: list[str]
) -> None:
    """The short title stands only where it differs, and never on a collection."""
    told = tell(**fields)
    assert told("dcterms:title") == title
    assert told("bibo:shortTitle") == short


@pytest.mark.parametrize(
    ("languages", "tag", "uris"),
    [
        (["English"], "@en", ["eng"]),
        (["eng", "English", "en_GB"], "@en", ["eng"]),
        (["eng", "klingonese"], "@en", ["eng"]),
        (["eng", "ger"], "", ["eng", "ger"]),
        (["ang"], "@ang", ["ang"]),
        (["ga"], "@ga", ["gle"]),
        (["und"], "", ["und"]),
        (["zxx"], "", ["zxx"]),
        (["mul"], "", ["mul"]),
        (["zh-Hans"], "@zh", ["chi"]),
        ([], "", []),
    ],
)
def test_only_language_tags_titles_and_abstracts(
    tell: Callable[..., Any], languages: list[str], tag: str, uris: list[str]
) -> None:
    told = tell(language=languages, description="D", contents="C", topic="X", recordtype="eprints")
    assert told("dcterms:title") == [f"T{tag}"]
    assert told("dcterms:abstract") == [f"D{tag}"]
    assert told("dcterms:tableOfContents") == [f"C{tag}"]
    assert told("dcterms:language") == [f"http://id.loc.gov/vocabulary/iso639-2/{code}" for code in uris]
    assert {value for _, value in told.all_of("skos:prefLabel")} == {"eprints", "X"}


@pytest.mark.parametrize("kind", ["eprints", "DSpace", "ojs", "doaj", "ndltd"])
@pytest.mark.parametrize("name", ["recordtype", "record_format"])
def test_description_is_an_abstract_in_repositories(tell: Callable[..., Any], kind: str, name: str) -> None:
    told = tell(description="D", **{name: kind})
    assert (told("dcterms:abstract"), told("dcterms:description")) == (["D"], [])
    assert told.of_source("dcterms:type")[0].startswith("id/concept/recordtype/")


def test_description_elsewhere_is_a_description(tell: Callable[..., Any]) -> None:
    told = tell(description="D", recordtype="marc")
    assert (told("dcterms:abstract"), told("dcterms:description")) == ([], ["D"])


@pytest.mark.parametrize(
    ("dates", "issued", "words"),
    [
        (["2017", "2015"], ["2015^^xsd:gYear"], []),
        (["n.d.", "2016-05"], ["2016-05^^xsd:gYearMonth"], ["n.d."]),
        (["[1998?]"], ["1998^^xsd:gYear"], ["[1998?]"]),
        (["n.d."], [], ["n.d."]),
        (["unknown", ""], [], []),
    ],
)
def test_earliest_date_is_stated(
    tell: Callable[..., Any], dates: list[str], issued: list[str], words: list[str]
) -> None:
    told = tell(publishDate=dates)
    assert (told("dcterms:issued"), told("rdau:P60333")) == (issued, words)


def test_sort_date_stands_in_for_a_missing_date(tell: Callable[..., Any]) -> None:
    assert tell(publishDateSort="2001")("dcterms:issued") == ["2001^^xsd:gYear"]
    assert tell(publishDate="n.d.", publishDateSort="2001")("dcterms:issued") == []


@pytest.mark.parametrize(
    ("fields", "subjects"),
    [
        ({"topic": ["A; B", "B; C."]}, ["a", "b", "c"]),
        ({"topic": "One, two/three -- four"}, ["one-two-three-four"]),
        ({"topic_facet": "A"}, ["a"]),
        ({"topic": "A", "topic_facet": "B"}, ["a"]),
        ({"topic": "unknown; n/a; -; "}, []),
        ({"topic": "C; c"}, ["c", "c"]),
    ],
)
def test_subjects_are_concepts_of_their_exact_text(
    tell: Callable[..., Any], fields: dict[str, Any], subjects: list[str]
) -> None:
    found = tell(**fields)("dcterms:subject")
    assert [re.fullmatch(r"id/concept/topic/(.+)-[0-9a-f]{8}", uri)[1] for uri in found] == subjects  # type: ignore[index]
    assert len(set(found)) == len(found)


def test_no_subject_is_stated_from_copies(tell: Callable[..., Any]) -> None:
    """Copies, search helpers and the raw record come to nothing, and are not called unknown."""
    plain = tell()
    assert tell(title_sort="x", spelling="y", fullrecord="z", author_facet="A, B").triples == plain.triples


@pytest.mark.parametrize(
    ("institutions", "on_document"),
    [(["University of X"], False), (["University of X", "University of Y"], True), ([], True)],
)
def test_category_is_said_of_the_one_institution(
    tell: Callable[..., Any], institutions: list[str], on_document: bool
) -> None:
    """With two institutions, or none, it is said of the entry."""
    told = tell(institution=institutions, institution_category="Local University")
    subjects = {by for by, value in told.all_of("dcterms:type") if value.startswith("id/concept/institution-category/")}
    assert len(told.of_document("prov:wasAttributedTo")) == len(institutions)
    assert subjects == ({"doc/record/r1"} if on_document else set(told.of_document("prov:wasAttributedTo")))


@pytest.mark.parametrize(("buildings", "on_document"), [(["0/Main/"], False), (["0/Main/", "1/Main/Annex/"], True)])
def test_repository_type_is_said_of_the_one_building(
    tell: Callable[..., Any], buildings: list[str], on_document: bool
) -> None:
    told = tell(building=buildings, collection="Online", repository_type="Digital")
    subjects = [by for by, value in told.all_of("dcterms:type") if value.startswith("id/concept/repository-type/")]
    assert (subjects == ["doc/record/r1"]) is on_document
    assert len(told.of_document("dcterms:isPartOf")) == len(buildings) + 1


def test_licence_is_stated_only_where_one_is_configured(crosswalk: Crosswalk, tell: Callable[..., Any]) -> None:
    assert tell().of_document("dcterms:license") == []
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    mapping = Crosswalk(crosswalk.uris, licence=licence)(Record("r1", {"title": ["T"]}))
    assert [str(value) for _, what, value in mapping.triples if what == DCTERMS.license] == [licence]


def test_primary_source_is_the_first_address_that_is_one(tell: Callable[..., Any]) -> None:
    told = tell(url=["URL", "https://example.org/1", "https://example.org/2", "https://example.org/1"])
    assert told.of_source("prov:hadPrimarySource") == ["https://example.org/1"]
    assert told("foaf:page") == ["https://example.org/1", "https://example.org/2"]
    assert told.notes == [("url", "URL")]


def test_index_times_are_those_of_the_entry(tell: Callable[..., Any]) -> None:
    """A time that is none is left out and reported; of several the first that can be stated counts."""
    told = tell(first_indexed="2025-11-14 19:42:54", last_indexed=["2025-11-14T20:42:54+01:00", "2025-11-15T00:00:00Z"])
    assert told.of_document("dcterms:created") == []
    assert told.of_document("dcterms:modified") == ["2025-11-14T19:42:54Z^^xsd:dateTime"]
    assert [field for field, _ in told.notes] == ["first_indexed", "last_indexed"]


def test_own_statements_come_first(crosswalk: Crosswalk) -> None:
    """What a record says of its own things stands before what it says of shared ones; `owned` counts the former."""
    mapping = crosswalk(record_with({"id": "r1", "title": "T", "author": "A, B", "publisher": "P", "topic": "X"}))
    own, shared = mapping.triples[: mapping.owned], mapping.triples[mapping.owned :]
    kinds = [{re.sub(r"[^/]*$", "", triple[0].removeprefix(BASE)) for triple in part} for part in (own, shared)]
    assert kinds[0] == {"id/record/", "doc/record/", "id/agent/r1/", ".well-known/genid/r1/authors/"}
    assert kinds[1] == {"id/name/", "id/org/", "id/concept/topic/"}


def test_unknown_fields_are_named_and_harmless(crosswalk: Crosswalk) -> None:
    fields = {"title": ["T"], "@context": ["evil"], "x_str_mv": ["v"], "strange": ["\ud800"], "spelling": ["s"]}
    record = Record("r1", fields)
    assert [name for name in fields if crosswalk.fate(name) == "unknown"] == ["@context", "strange"]
    assert crosswalk(record) == crosswalk(Record("r1", {"title": ["T"]}))


HOSTILE_IDS = [
    "a/b",
    "a%2Fb",
    "a#b",
    "a?b",
    'a"b',
    "a b",
    "a\nb",
    " a",
    "../..",
    "<a>",
    "a\\b",
    "a\x00b",
    "李",
    "𝔸",
    "a.ttl",
]


@pytest.mark.parametrize("identifier", HOSTILE_IDS)
def test_hostile_id_stays_what_it_is(tell: Callable[..., Any], identifier: str) -> None:
    """The URIs of a record with such an id are valid and lead back to it."""
    told = tell(id=identifier, author="Waring, Justin", publisher="P")
    text = ntriples.text(told.statements)
    assert len(list(parse(text.encode(), format=RdfFormat.N_TRIPLES))) == len(told.triples)
    assert Uris(BASE).name(str(told.subject)).key == identifier  # type: ignore[union-attr]
    assert told("dcterms:identifier") == [identifier.replace("\x00", "")]


@pytest.mark.parametrize(
    "value",
    [
        "lone \ud800 surrogate \udfff",
        "".join(map(chr, range(0x20))) + "x" + "".join(map(chr, range(0x7F, 0xA0))),
        "\ufeffmark\ufffe\uffff",
        "</script><script>alert(1)</script>",
        "quotes \" \\ ' and \\u0041 escapes } . <a> <b> <c>",
        "line\r\nline\rline\n\u2028line\u0085line",
        "e\u0301" * 1000,
        "&#xD800; &#0; &#1; &#x110000; &amp;amp;",
        "x" * 1_000_000,
        "&" * 100_000,
        "<p " * 100_000,
        "(" * 100_000 + ";",
    ],
    ids=lambda value: repr(value[:12]),
)
def test_hostile_text_is_carried_safely(tell: Callable[..., Any], crosswalk: Crosswalk, value: str) -> None:
    """In any field, such a text makes neither a failure nor a line that cannot be read back as it was meant."""
    names = crosswalk.profile.known_fields() - {"id"}
    told = tell(**dict.fromkeys(names, value) | {"recordtype": "eprints"})
    read = list(parse(ntriples.text(told.statements).encode(), format=RdfFormat.N_TRIPLES))
    assert [quad.object.value for quad in read] == [str(triple[2]) for triple in told.triples]
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", quad.object.value) for quad in read)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,<b>", "file:///etc/passwd", "vbscript:x"])
def test_active_addresses_are_refused(tell: Callable[..., Any], address: str) -> None:
    told = tell(url=address)
    assert told("foaf:page") == told.of_source("prov:hadPrimarySource") == []
    assert told.notes == [("url", address)]
