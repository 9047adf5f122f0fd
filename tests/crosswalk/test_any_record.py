"""What must hold of any record whatever, not only of those there are: laws, tried on composed records."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from linkeddata.crosswalk import Crosswalk
from linkeddata.crosswalk.mapper import bundled_profile
from linkeddata.record import Record
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris

CROSSWALK = Crosswalk(Uris("https://data.example.org/"))
ALIGNED = ["author_role", "author2_role", "author_fuller", "author2_fuller", "long_lat_label"]
NUMBERED = ["container_volume", "container_issue", "issn", "isbn"]
#: Names that JSON lets fields have.
STRANGE = ["", "\ud800", "\x1b[2J"]
FIELDS = sorted(bundled_profile().known_fields() - {"id", "title"}) + ALIGNED + NUMBERED + STRANGE
# Pieces from which oddities are put together: separators, placeholders, quotes, markup, and what identifiers hold.
PIECES = st.sampled_from([
    "", " ", "; ", ",", ".", " - ", "/", '"', "\\", "\n", "<p>", "&amp;", "\x00", "\ud800", "\u202e", "é", "李", "(",
    "]", "Waring, Justin", "Jr.", "edt", "unknown", "[s.n.]", "2017", "-06", "c", "10.5555/", "https://",
    "example.org", "%", "1467-9566", "1558612742", "0000-0002-1825-0097", "ENVELOPE(1,2,4,3)", "170 p.", "Book",
    "Article", "Journal", "eng",
])  # fmt: skip
VALUES = st.lists(PIECES, min_size=1, max_size=6).map("".join)
RECORDS = st.dictionaries(st.sampled_from(FIELDS), st.lists(VALUES, min_size=1, max_size=3), max_size=12)
IDS = VALUES.filter(lambda text: text != "" and "\ud800" not in text)


@given(IDS, RECORDS)
@settings(max_examples=200)
def test_any_record_makes_lines_that_parse(identifier: str, fields: Mapping[str, list[str]]) -> None:
    """Each read back as it was meant, without a blank node or a character that no XML may hold."""
    mapping = CROSSWALK(Record(identifier, {"title": ["T"], **fields}))
    quads = list(parse(ntriples.text(mapping.statements).encode(), format=RdfFormat.N_TRIPLES))
    assert [quad.object.value for quad in quads] == [str(value) for *_, value in mapping.triples]
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", quad.object.value) for quad in quads)


@given(RECORDS, st.randoms(use_true_random=False))
def test_order_of_fields_never_matters(fields: Mapping[str, list[str]], random: object) -> None:
    """Statements and notes are the same, in the same order."""
    names = ["title", *fields]
    whole = {"title": ["T"], **fields}
    random.shuffle(names)  # type: ignore[attr-defined]
    one, two = (CROSSWALK(Record("r1", each)) for each in (whole, {name: whole[name] for name in names}))
    assert (one.statements, one.notes) == (two.statements, two.notes)


@given(IDS, RECORDS)
def test_every_name_of_ours_reads_back(identifier: str, fields: Mapping[str, list[str]]) -> None:
    """Whatever is said of a thing under /id/, its name leads to a kind and key, and from there to the same URI."""
    mapping, uris = CROSSWALK(Record(identifier, {"title": ["T"], **fields})), CROSSWALK.uris
    subjects = {subject[1:-1] for subject, *_ in mapping.statements if subject.startswith(f"<{uris.base}id/")}
    for subject in subjects:
        name = uris.name(subject)
        assert name is not None
        assert uris.thing(name) == subject


@given(IDS, IDS, RECORDS)
def test_two_records_share_nothing_of_their_own(one: str, other: str, fields: Mapping[str, list[str]]) -> None:
    """However alike their ids and equal their fields, none speaks of the other's own things."""
    if one != other:
        first, second = (CROSSWALK(Record(each, {"title": ["T"], **fields})) for each in (one, other))
        owned = [{subject for subject, *_ in each.statements[: each.owned]} for each in (first, second)]
        assert owned[0].isdisjoint(owned[1])
