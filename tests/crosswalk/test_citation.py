"""What is read from the text of an EPrints record: the shared cases, forms of citations, and hostile input."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linkeddata.crosswalk.citation import Mined, mine
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.sources.document import fields_of

_CASES = Path(__file__).resolve().parents[3] / "shared" / "mining-cases.jsonl"
CASES = [json.loads(line) for line in _CASES.read_text("utf-8").splitlines()] if _CASES.is_file() else []

TITLE, AUTHOR, ABSTRACT = "Honest title", "Weiss, Anna", "We count."
ISSN = {"issn": ["2999-0017"]}
PAGES = {"pages": "5-6", "page_start": "5", "page_end": "6"}
IN_ISSUE = {"container_title": "J", "volume": "2", "issue": "3"}
ST_ANDREWS = {"thesis_type": "PhD", "thesis_institution": "University of St. Andrews"}
#: Keys whose values stand in the text letter for letter.
VERBATIM = (
    "source_datestamp", "date", "citation", "container_title", "volume", "issue", "article_number", "thesis_type",
    "thesis_institution", "monograph_type", "event", "publication_status",
)  # fmt: skip


def record(rest: str, kind: str = "Article", **fields: Any) -> Record:
    """A record whose citation goes on behind its title with `rest`."""
    text = (
        f"r1 2019 {TITLE} {AUTHOR} {ABSTRACT} 2019-05 {kind} NonPeerReviewed {AUTHOR} (2019) {TITLE}. {rest}"
    ).replace("r1 2019 ", "r12021-03-04T05:06:07Z https://eprints.example.org/1/ ")
    whole = {
        "recordtype": "eprints", "title": TITLE, "author": AUTHOR, "description": ABSTRACT, "format": kind,
        "publishDate": "2019", "url": "https://eprints.example.org/1/", "spelling": text, **fields,
    }  # fmt: skip
    lists = {name: [value] if isinstance(value, str) else value for name, value in whole.items()}
    return Record("r1", {name: values for name, values in lists.items() if values})


def read(rest: str, kind: str = "Article", **fields: Any) -> dict[str, Any]:
    """What a rest yields beyond datestamp, date and the citation's beginning, which are the same for all."""
    values = mine(record(rest, kind, **fields)).values
    assert values.pop("source_datestamp") == "2021-03-04T05:06:07Z"
    assert values.pop("date") == "2019-05"
    if "citation" in values:
        values["citation"] = values["citation"].removeprefix(f"{AUTHOR} (2019) {TITLE}. ")
    return values


def test_there_are_63_cases(shared: Path) -> None:
    assert len((shared / "mining-cases.jsonl").read_text("utf-8").splitlines()) == len(CASES) == 63


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case_gives_exactly_what_it_should(case: dict[str, Any]) -> None:
    document = case["doc"]
    assert mine(Record(document["id"], fields_of(document))).values == case["expected"]


@pytest.mark.parametrize(
    ("rest", "values"),
    [
        ("J. pp. 1-9.", {"container_title": "J", "pages": "1-9", "page_start": "1", "page_end": "9"}),
        ("J, 2.", {"container_title": "J", "volume": "2"}),
        ("J, XIV (S1).", {"container_title": "J", "volume": "XIV", "issue": "S1"}),
        ("J, 2 (3): e12.5.", IN_ISSUE | {"article_number": "e12.5"}),
        ("J (12). ISSN 2999-0017", {"container_title": "J", "issue": "12", "issn": ["2999-0017"]}),
        ("J (12): 4. ISSN 29990017", {"container_title": "J", "issue": "12", "article_number": "4", **ISSN}),
        ("J. K. L. ISSN 2999-0017", {"container_title": "J. K. L", "issn": ["2999-0017"]}),
        ("J, Part 3, 4. pp. 5-6.", {"container_title": "J, Part 3", "volume": "4", **PAGES}),
        ("J, 2. e0012.", {"container_title": "J", "volume": "2"}),
        ("J.", {"container_title": "J"}),
        ("J. (Submitted)", {"container_title": "J", "publication_status": "Submitted"}),
        ("J, 2. (In Press)", {"container_title": "J", "volume": "2", "publication_status": "In Press"}),
        ("Elm. ISSN 2999-0017", {"issn": ["2999-0017"]}),
        ("J. Elm. ISSN 2999-0017", {"issn": ["2999-0017"]}),
        ("In: J. ISSN 2999-0017", {"issn": ["2999-0017"]}),
        ("ISSN 2999-0017", {"issn": ["2999-0017"]}),
        ("J, 2. ISSN 2999-0018", {"container_title": "J", "volume": "2"}),
        ("J, 2 Suppl 1 (3). ISSN 2999-0017", {"issn": ["2999-0017"]}),
        ("J, 2 (3 (a)). ISSN 2999-0017", {"issn": ["2999-0017"]}),
        ("2019. ISSN 2999-0017", {"issn": ["2999-0017"]}),
    ],
)  # fmt: skip
def test_article_stands_in_a_journal(rest: str, values: dict[str, Any]) -> None:
    """A journal's name is left out where it may be a publisher, a book, or nothing with a letter in it."""
    assert read(rest, publisher="Elm") == values | {"citation": rest}


@pytest.mark.parametrize(
    ("kind", "rest", "values"),
    [
        ("Book Section", "In: Host. Elm.", {"container_title": "Host"}),
        ("Book Section", "In: Who? Elm, Leeds.", {"container_title": "Who?"}),
        ("Book Section", "In: Host.", {"container_title": "Host"}),
        ("Book Section", "In: Host. pp. 5-6.", {"container_title": "Host", **PAGES}),
        ("Book Section", "In: Host. Oak, Leeds. ISBN 9780000001016", {"isbn": ["9780000001016"]}),
        ("Book Section", "In: Host. Series. Elm.", {}),
        ("Book Section", "Elm.", {}),
        ("Book", "Elm, Leeds. ISSN 2999-0017 ISBN 1558612742", {"issn": ["2999-0017"], "isbn": ["1558612742"]}),
        ("Book", "Elm. pp. 86.", {}),
        ("Monograph", "Elm. pp. 86.", {}),
        ("Monograph", "Technical Report. Elm.", {"monograph_type": "Technical Report"}),
        ("Monograph", "Manual.", {"monograph_type": "Manual"}),
        ("Thesis", "PhD thesis, University of St. Andrews.", ST_ANDREWS),
        ("Thesis", "Doctoral thesis, MIT.", {"thesis_type": "Doctoral", "thesis_institution": "MIT"}),
        ("Conference or Workshop Item", "In: Talks, Oslo. pp. 5--6.", {"event": "Talks, Oslo", **PAGES}),
        ("Conference or Workshop Item", "In: Talks. pp. 36.", {}),
        ("Image", "[Image]", {}),
        ("Show/Exhibition", "[Show/Exhibition] (Unpublished)", {"publication_status": "Unpublished"}),
    ],
)  # fmt: skip
def test_other_types_have_their_own_forms(kind: str, rest: str, values: dict[str, Any]) -> None:
    """Two sentences before a publisher are a book and its series: neither is taken for the host."""
    assert read(rest, kind, publisher="Elm") == values | {"citation": rest}


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("Article", "J. Free words"),
        ("Article", "J. Free words."),
        ("Article", "J. K. http://a.example/"),
        ("Thesis", "Engineering http://a.example/"),
        ("Conference or Workshop Item", "In: Talks. Free; words"),
        ("Dataset", "Free words"),
    ],
)
def test_citation_whose_end_is_unknown_is_none(kind: str, rest: str) -> None:
    assert read(rest, kind) == {}


@pytest.mark.parametrize(
    ("printed", "pages"),
    [
        ("pp. 1-9", ["1-9", "1", "9"]),
        ("pp. 1 – 9", ["1-9", "1", "9"]),
        ("pp. 300--303", ["300-303", "300", "303"]),
        ("pp. S12-S20", ["S12-S20", "S12", "S20"]),
        ("pp. S112-20", ["S112-20", "S112", None]),
        ("pp. S12-T20", ["S12-T20", None, None]),
        ("pp. 201-3", ["201-3", "201", None]),
        ("pp. 209-203", [None, None, None]),
        ("pp. xiv-ix", [None, None, None]),
        ("pp. iiii-vv", [None, None, None]),
        ("pp. ix-12", ["ix-12", None, None]),
        ("ix–xii", ["ix-xii", "ix", "xii"]),
        ("p. 7", ["7", "7", None]),
        ("pp. 1-2, 5, 7-9", ["1-2, 5, 7-9", None, None]),
        ("pp. 130923", [None, None, None]),
        ("pp. 12345678901-12345678902", [None, None, None]),
    ],
)
def test_pages_say_no_more_than_is_printed(printed: str, pages: list[str | None]) -> None:
    """`pp.` with one number is a count of pages or the number of an article, and no page."""
    values = read(f"J, 2. {printed}. ISSN 2999-0017")
    assert [values.get(key) for key in ("pages", "page_start", "page_end")] == pages
    assert (values["container_title"], values["volume"]) == ("J", "2")


@pytest.mark.parametrize(
    ("behind", "doi", "related"),
    [
        ("doi:10.5555/X.1", "10.5555/x.1", None),
        ("DOI:10.5555/x https://doi.org/10.5555/X", "10.5555/x", None),
        ("(doi:10.5555/x)", None, None),
        ("doi:10.5555/a(b)c). doi:10.5555/a(b)c", "10.5555/a(b)c", None),
        ("doi:10.5/x", None, None),
        ("http://a.example/ http://a.example/ HTTPS://EPRINTS.EXAMPLE.ORG/2/", None, ["http://a.example/"]),
        ("https://other.example/doi/10.5555/x 10.5555/y;", "10.5555/y", ["https://other.example/doi/10.5555/x"]),
        ("ftp://a.example/x", None, None),
    ],
)
def test_links_behind_the_citation_are_whole_words(behind: str, doi: str | None, related: list[str] | None) -> None:
    values = read(f"J, 2. {behind}")
    assert (values.get("doi"), values.get("related_urls")) == (doi, related)


@pytest.mark.parametrize(
    ("rest", "keywords"),
    [
        ("J, 2. Sleep; Work", ["Sleep", "Work"]),
        ("J, 2. Sleep ; ; Work; Sleep http://a.example/x;y", ["Sleep", "Work"]),
        ("J, 2. Sleep", None),
        ("J, 2. Sleep;", None),
        ("J, 2. Health (UK; US); Work", None),
        ("J, 2. pp. Art. No. 7. Sleep; Work", None),
        ("J. (In Press) Sleep; Work", ["Sleep", "Work"]),
    ],
)
def test_keywords_are_split_at_semicolons(rest: str, keywords: list[str] | None) -> None:
    """Not where a bracket is cut, nor where unreadable pages may run into them."""
    assert read(rest).get("keywords") == keywords


def test_known_topic_ends_a_citation() -> None:
    """Only behind a stop: a topic that is part of a journal's name ends nothing."""
    values = read("Annals of Sleep. Sleep; Work", topic=["Sleep; Work", "Sleep"])
    assert values == {"citation": "Annals of Sleep.", "container_title": "Annals of Sleep"}


@pytest.mark.parametrize(
    "names",
    [
        "A, B and C, D", "A, B, and C, D", "A, B & C, D", "A, B; C, D", "A, B, C, D",
        "A, B and C, D (ed.)", "A, B and C, D (eds.)",
    ],
)  # fmt: skip
def test_names_are_joined_in_several_ways(names: str) -> None:
    text = f"r1 T A, B C, D 2019 Book PeerReviewed {names} (2019) T. Elm."
    fields = {"author": ["A, B", "C, D"], "title": "T", "spelling": text, "description": None, "publisher": "Elm"}
    assert mine(record("", "Book", **fields)).values["citation"] == f"{names} (2019) T. Elm."


def test_editors_stand_in_for_authors() -> None:
    text = "r1 T 2019 Book PeerReviewed A, B (ed.) (2019) T. Elm."
    fields = {
        "author": None,
        "author2": "A, B",
        "title": "T",
        "spelling": text,
        "description": None,
        "publisher": "Elm",
    }
    assert mine(record("", "Book", **fields)).values["citation"] == "A, B (ed.) (2019) T. Elm."


@pytest.mark.parametrize(
    "change",
    [
        {"recordtype": "dspace"},
        {"recordtype": None, "record_format": "marc"},
        {"title": "Other"},
        {"author": ["Weiss, Anna", "Other, One"]},
        {"description": "We measure."},
        {"format": "Book"},
        {"spelling": None},
        {"spelling": "x" * 262_145},
        {"spelling": f"{TITLE} {AUTHOR} {ABSTRACT} 2019 Article PeerReviewed " + "ü" * 131_073},
        {"spelling": f"{TITLE} {AUTHOR} {ABSTRACT} 2019 Article PeerReviewed " + "a" * 8_000 + "\u0301" * 31},
        {"spelling": [f"{TITLE} {AUTHOR} {ABSTRACT} 2019 Article PeerReviewed"] * 2},
        {"spelling": f"{TITLE} {AUTHOR} {ABSTRACT} 2019 Article PeerReviewed Book PeerReviewed"},
        {"spelling": f"{TITLE} {AUTHOR} {ABSTRACT} {'x' * 301} Article PeerReviewed"},
        {"spelling": f"{'x' * 301} {TITLE} {AUTHOR} {ABSTRACT} 2019 Article PeerReviewed"},
        {"spelling": f"{TITLE} {AUTHOR} {'x' * 501} {ABSTRACT} 2019 Article PeerReviewed"},
        {"spelling": f"{TITLE} {AUTHOR} {ABSTRACT} 2019 Article PeerReviewedly"},
    ],
)
def test_nothing_is_read_where_text_and_fields_do_not_agree(change: dict[str, Any]) -> None:
    assert mine(record("J, 2.", **change)).values == {}


def test_older_name_of_the_record_type_counts() -> None:
    assert mine(record("J, 2.", recordtype=None, record_format="eprints")).values["volume"] == "2"


@pytest.mark.parametrize(
    "twice", ["J, 2. Weiss, Anna (2019) Honest title. J, 2.", "J, 2. Weiss, Anna (1999) Honest title."]
)
def test_citation_that_begins_twice_is_none(twice: str) -> None:
    assert read(twice) == {}


def test_everything_read_has_its_place(shared: Path) -> None:
    """On the real records: what stands at a place is the value, and pieces of the citation stand within it."""
    found = [mine(one) for one in open_source(str(shared / "data" / "dev.jsonl.gz")) if isinstance(one, Record)]
    assert sum(bool(mined.values) for mined in found) >= 930
    assert sum("citation" in mined.values for mined in found) >= 710
    for mined in found:
        assert_in_place(mined)


def assert_in_place(mined: Mined) -> None:
    assert mined.values.keys() == mined.spans.keys()
    for key, value in mined.values.items():
        start, end = mined.spans[key]
        there = mined.text[start:end]
        assert 0 <= start < end <= len(mined.text)
        if key in VERBATIM:
            assert there == value
        elif key in ("pages", "page_start", "page_end"):
            assert re.sub(r"\s?(--|[-\u2010-\u2014])\s?", "-", there) == value
        elif key in ("issn", "isbn"):
            assert all(one.replace("-", "") in there.replace("-", "").upper() for one in value)
        elif key == "doi":
            assert value in there.lower()
        elif key in ("keywords", "related_urls"):
            assert all(one in there for one in value)


_PIECES = st.sampled_from(
    [
        TITLE, AUTHOR, ABSTRACT, f"{AUTHOR} (2019) {TITLE}.", "(2019)", "2019-05-06", "Article", "PeerReviewed",
        "J, 2 (3).",        "pp. 1-2.", "pp.", "ix–xii.", "ISSN 2999-0017", "ISBN 9780000001016", "doi:10.5555/x)", "https://a.example/",
        "In: ", "PhD thesis, St. A.", "Working Paper.", "[Article]", "(In Press)", "a; b", "Elm,", ".", ",", "(", ")",
        "é", "e\u0301", "\u202e", "\ud800", "\x00", "  ",
    ]
)  # fmt: skip


@given(
    st.lists(_PIECES | st.text(max_size=5), max_size=12).map(" ".join), st.sampled_from(["Article", "Book", "Thesis"])
)
@example("J, 2. doi:10.5555/%ff", "Article")
def test_whatever_follows_nothing_fails_and_all_of_it_is_in_the_text(rest: str, kind: str) -> None:
    assert_in_place(mine(record(rest, kind, publisher="Elm")))


@given(
    st.dictionaries(
        st.sampled_from(["title", "author", "spelling", "description", "format", "url"]), st.lists(st.text())
    )
)
def test_no_field_makes_it_fail(fields: dict[str, list[str]]) -> None:
    assert_in_place(mine(Record("r1", {"recordtype": ["eprints"], **fields})))


def test_decomposed_text_is_read_like_a_composed_one() -> None:
    text = unicodedata.normalize("NFD", record("Über, 2.").fields["spelling"][0])
    assert mine(record("", spelling=text)).values["container_title"] == "Über"
