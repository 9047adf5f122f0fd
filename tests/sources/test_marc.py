"""MARC, binary and XML, to VuFind's fields."""

from __future__ import annotations

from pathlib import Path

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.errors import ConfigurationError
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources import marc, open_source
from linkeddata.sources.marc import read_marc_file
from linkeddata.sources.marc_fields import read_marc
from linkeddata.sources.marc_format import formats
from linkeddata.sources.marc_record import MarcField, MarcRecord
from linkeddata.sources.marc_text import name_unpunctuated, unpunctuated
from linkeddata.sources.xml_file import read_xml

LEADER = "00000nam a2200000 a 4500"


def field(line: str) -> MarcField:
    """`245 10 $aTitle /$cby` as a field."""
    tag, indicators, rest = line[:3], line[4:6], line[7:]
    return MarcField(tag, indicators[0], indicators[1], [(part[0], part[1:]) for part in rest.split("$")[1:]])


def marc_record(*lines: str, leader: str = LEADER, control: tuple[tuple[str, str], ...] = ()) -> MarcRecord:
    return MarcRecord(leader, [("001", "1"), *control], [field(line) for line in lines])


def fields(*lines: str, control: tuple[tuple[str, str], ...] = ()) -> dict[str, list[str]]:
    reading = read_marc(marc_record(*lines, control=control), "f")
    assert isinstance(reading, Record)
    return {name: list(values) for name, values in reading.fields.items()}


def binary(own_id: str = "1", title: str = "T") -> bytes:
    record = pymarc.Record(leader=LEADER)
    record.add_field(pymarc.Field(tag="001", data=own_id))
    record.add_field(pymarc.Field("245", pymarc.Indicators("0", "0"), [pymarc.Subfield("a", title)]))
    return bytes(record.as_marc())


def read(content: bytes, size: int = 1 << 20, limit: int = 1 << 20) -> list[Reading]:
    return list(read_marc_file((content[at : at + size] for at in range(0, len(content), size)), "f", limit))


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        ("880_arabic_french", ["8480396"]),
        ("880_japanese", ["3835178"]),
        ("heb", ["testbug1"]),
        ("journals", [f"testsample{number}" for number in range(1, 11)]),
        (
            "weird_ids",
            [
                '|||pipe|||"quote',
                "dot.dash-underscore__3.colon:18",
                "dot.dash-underscore__3.space suffix",
                "dollar$ign/slashcombo",
                "all'kinds\"of'quotes\"",
                "<angle>brackets&ampersands",
                "hashes#coming@ya",
                "wehave?sand%stospare",
                "theplus+andtheminus-",
            ],
        ),
    ],
)
def test_real_files_are_read_whole_and_ids_are_verbatim(shared: Path, file: str, ids: list[str]) -> None:
    """Every record is one, by its control number as it stands."""
    readings = list(open_source(str(shared / f"data/marc/{file}.mrc")))
    assert [each.id for each in readings] == ids
    assert all(isinstance(each, Record) for each in readings)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("245 10 $aThe test /$cby X.", {"title": ["The test"], "title_full": ["The test / by X."]}),
        (
            "245 10 $aMain :$bthe rest.",
            {"title": ["Main : the rest"], "title_short": ["Main"], "title_sub": ["the rest"]},
        ),
        ("245 00 $aActa.$nB,$pMaths /$cX", {"title": ["Acta. B, Maths"]}),
        ("246 3_ $aOther title.", {"title_alt": ["Other title"]}),
        ("880 10 $6245-01/$1$a日本 の 茶書 /$cX", {"title_alt": ["日本 の 茶書"]}),
        ("880 1_ $6700-02/$1$a横井 清.", {"title_alt": None, "author2": None}),
        ("100 1_ $aWaring, Justin,$d1970-$eauthor.", {"author": ["Waring, Justin, 1970-"], "author_role": ["author"]}),
        ("700 1_ $aKing, M.,$eeditor.", {"author2": ["King, M."], "author2_role": ["editor"]}),
        ("700 1_ $aLee, Bo.$4http://id.loc.gov/vocabulary/relators/trl", {"author2_role": ["trl"]}),
        ("700 1_ $aTwo, Author.$4aut", {"author": ["Two, Author"], "author2": None}),
        ("700 12 $aDumas, A.$tOther work.", {"author2": None, "title_alt": None}),
        ("710 2_ $aUniversity.$bLibrary.", {"author_corporate": ["University. Library"]}),
        ("111 2_ $aConf$d(1999 :$cRome)$jspeaker", {"author_corporate": ["Conf (1999 : Rome)"]}),
        ("260 __ $aLondon :$bPenguin,$cc2007.", {"publisher": ["Penguin"], "publishDate": ["c2007"]}),
        ("264 _1 $bPenguin,$c[2007]", {"publisher": ["Penguin"], "publishDate": ["[2007]"]}),
        ("264 _2 $bDistributor,$c2008", {"publisher": None, "publishDate": None}),
        ("264 _4 $c©2006", {"publishDate": ["©2006"]}),
        ("260 __ $cShōwa 46-47 [1971-1972]", {"publishDate": ["1971"]}),
        ("250 __ $a1st Feminist Press ed.", {"edition": ["1st Feminist Press ed."]}),
        ("300 __ $a170 p. ;$c22 cm.", {"physical": ["170 p. ; 22 cm."]}),
        ("362 0_ $aVol. 1 (1970)-", {"dateSpan": ["Vol. 1 (1970)-"]}),
        ("490 1_ $aTōyō bunko ;$v201", {"series2": ["Tōyō bunko"]}),
        ("830 _0 $aTōyō bunko ;$v201.", {"series": ["Tōyō bunko"]}),
        ("505 00 $gv. 1.$tOne --$tTwo.", {"contents": ["v. 1. One -- Two."]}),
        ("520 __ $aAbout it.", {"description": ["About it."]}),
        ("020 __ $a1558612742 (pbk.)", {"isbn": ["1558612742 (pbk.)"]}),
        ("022 0_ $a0748-1985", {"issn": ["0748-1985"]}),
        ("490 1_ $aS$x0748-1985", {"issn": None}),
        ("780 00 $tRational living$x0034-0049", {"title_old": ["Rational living"], "issn": None}),
        ("785 00 $tNext.$x0034-0049", {"title_new": ["Next"]}),
        ("010 __ $a   84643014 //r88", {"lccn": ["84643014 //r88"]}),
        ("035 __ $a(OCoLC)ocm00269113 ", {"oclc_num": ["269113"], "ctrlnum": ["(OCoLC)ocm00269113"]}),
        ("035 __ $a(NNC)848", {"oclc_num": None, "ctrlnum": ["(NNC)848"]}),
        ("024 7_ $a10.5555/x$2doi", {"doi_str_mv": ["10.5555/x"]}),
        ("050 00 $aPS3552.R878$bT47", {"callnumber-raw": ["PS3552.R878 T47"], "callnumber-label": ["PS3552"]}),
        ("082 00 $a813/.54", {"dewey-full": ["813/.54"]}),
        ("650 _0 $aBanks$zItaly$xHistory.$0http://x", {"topic": ["Banks--Italy--History"]}),
        ("600 10 $aKing, M.$q(Martin),$d1929-", {"topic": ["King, M. (Martin), 1929-"]}),
        ("651 _0 $aMorocco$xHistory.", {"geographic": ["Morocco"], "topic": ["Morocco--History"]}),
        ("651 _0 $aMorocco.", {"geographic": ["Morocco"], "topic": None}),
        ("648 _7 $a1900-1999$2fast", {"era": ["1900-1999"]}),
        ("655 _7 $aLetters.$2lcgft", {"genre": ["Letters"]}),
        ("856 40 $uhttp://x/$zFull text", {"url": ["http://x/"]}),
        ("856 42 $uhttp://x/", {"url": None}),
        ("041 1_ $aengfre$hger", {"language": ["eng", "fre"]}),
    ],
)
def test_field_goes_where_vufind_puts_it(line: str, expected: dict[str, list[str] | None]) -> None:
    """Without the punctuation of catalogue cards."""
    found = fields(line)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "773 0_ $tJournal.$gVol. 12, no. 3 (May 1990), p. 23-45$x0043-1354",
            ["Journal.", "12", "3", "23", "45", None],
        ),
        ("773 0_ $tJournal$q12:3<23", ["Journal", "12", "3", "23", None, None]),
        ("773 0_ $tBook$gS. 5-9$z9780596520687", ["Book", None, None, "5", "9", None]),
        ("773 0_ $tBox$gfolder blue", ["Box", None, None, None, None, "folder blue"]),
    ],
)
def test_host_item(line: str, expected: list[str | None]) -> None:
    """Title, volume, issue and pages of what a record is part of."""
    found = fields(line)
    names = ("title", "volume", "issue", "start_page", "end_page", "reference")
    values = [found.get(f"container_{name}", [None])[0] for name in names]
    assert [value and value.rstrip(".") for value in values] == [value and value.rstrip(".") for value in expected]


@pytest.mark.parametrize(
    ("leader", "control", "lines", "expected"),
    [
        ("am", {}, [], ["Book"]),
        ("am", {"008": " " * 23 + "o"}, [], ["eBook"]),
        ("as", {"008": " " * 21 + "p"}, [], ["Journal"]),
        ("as", {"008": " " * 21 + "n"}, [], ["Newspaper"]),
        ("as", {}, [], ["Serial"]),
        ("as", {"008": " " * 21 + "p", "007": "hd"}, [], ["Microfilm", "Journal"]),
        ("ab", {}, [], ["Article"]),
        ("aa", {}, ["773 0_ $tX$gvol. 1"], ["Article"]),
        ("aa", {}, ["773 0_ $tX"], ["Book Chapter"]),
        ("em", {}, [], ["Map"]),
        ("em", {"008": " " * 25 + "e"}, [], ["Atlas"]),
        ("cm", {}, [], ["Musical Score"]),
        ("jm", {"007": "sd f"}, [], ["Audio"]),
        ("gm", {"007": "vd c"}, [], ["DVD", "Video"]),
        ("tm", {}, [], ["Manuscript"]),
        ("am", {}, ["502 __ $aThesis"], ["Thesis"]),
        ("mm", {"008": " " * 26 + "a"}, [], ["Electronic", "Data Set"]),
        ("am", {}, ["711 2_ $aConf"], ["Conference Proceeding", "Book"]),
        ("ai", {"008": " " * 21 + "w"}, [], ["Website"]),
        ("ac", {}, [], ["Kit"]),
        ("a ", {}, [], ["Text"]),
        ("  ", {}, [], ["Unknown"]),
    ],
)
def test_format_is_told_by_leader_and_codes(
    leader: str, control: dict[str, str], lines: list[str], expected: list[str]
) -> None:
    """By VuFind's names."""
    record = marc_record(*lines, leader=f"00000n{leader} a2200000 a 4500", control=tuple(control.items()))
    assert formats(record) == expected


def test_date_of_008_stands_in_where_the_record_prints_none() -> None:
    """As the field that is asked when publishDate is absent."""
    found = fields(control=(("008", "751101d19661983nyu"),))
    assert (found["publishDateSort"], found.get("publishDate")) == (["1966"], None)


def test_deleted_leader_is_a_deletion() -> None:
    """Leader, position 5."""
    record = marc_record(leader="00000dam a2200000 a 4500", control=(("005", "20221201063657.0"),))
    assert read_marc(record, "f") == Deletion("1", "2022-12-01T06:36:57")


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_broken_record_is_refused_with_its_number_and_the_rest_goes_on(size: int) -> None:
    """Records are cut at their end marks, so one costs itself only."""
    broken = b"00100nam a22000x7 a 4500no directory\x1e\x1d"
    content = binary("a") + b"\n" + broken + b"\r\n" + binary("b", "日本") + binary("cut")[:-10]
    first, refused, second, cut = read(content, size)
    assert (first.id, second.id) == ("a", "b")
    assert isinstance(refused, Refusal) and refused.place == "f:record 2"
    assert cut == Refusal("f:record 4", "the file ends within the record")


def test_record_without_control_number_is_refused() -> None:
    """It could not be named."""
    record = pymarc.Record(leader=LEADER)
    record.add_field(pymarc.Field("245", pymarc.Indicators("0", "0"), [pymarc.Subfield("a", "T")]))
    [refused] = read(record.as_marc())
    assert isinstance(refused, Refusal) and refused.reason.startswith("no control number (001)")


def test_blanks_of_an_id_are_kept() -> None:
    """Two ids that differ in a blank are two records."""
    assert [each.id for each in read(binary("  2008305903 "))] == ["  2008305903 "]


def test_length_in_the_leader_is_not_believed() -> None:
    """It is wrong where a record was edited by hand, or cannot be written where it is too long."""
    content = b"99999" + binary("a")[5:] + b"00010" + binary("b")[5:]
    assert [each.id for each in read(content)] == ["a", "b"]


def test_utf8_is_read_as_such_whatever_the_leader_says() -> None:
    """Position 9 is left blank by many who write UTF-8."""
    [found] = read(binary("a", "café").replace(b" a22", b"  22", 1))
    assert isinstance(found, Record) and found.fields["title"] == ["café"]


def test_marc_8_is_translated() -> None:
    """The mark stands before its letter (ANSEL)."""
    content = binary("a", "cafXX").replace(b"cafXX", b"caf\xe2e").replace(b" a22", b"  22", 1)
    [found] = read(content)
    assert isinstance(found, Record) and found.fields["title"] == ["café"]


def test_false_utf8_is_refused() -> None:
    """A leader that says UTF-8 of other bytes is not guessed at."""
    [found] = read(binary("a", "cafXX").replace(b"cafXX", b"caf\xe2e"))
    assert found == Refusal("f:record 1", "not UTF-8, though its leader says so")


def test_long_record_is_not_held() -> None:
    """A file without end marks is one long record."""
    assert read(b"x" * 5000 + b"\x1d" + binary("a"), limit=2000)[0] == Refusal("f:record 1", "longer than 2000 bytes")


@given(st.binary(max_size=300))
def test_any_bytes_are_records_or_refusals(content: bytes) -> None:
    """Nothing that stands in a file makes the reader fall over."""
    whole = b"00000nam a2200049 a 4500245000400000\x1e" + content + b"\x1d"
    for text in (content, content + b"\x1d", whole):
        assert all(isinstance(each, Record | Refusal | Deletion) for each in read(text))


def test_xml_and_binary_are_one_record(shared: Path) -> None:
    """MARCXML says what the binary says."""
    path = shared / "data/marc/880_arabic_french.mrc"
    with path.open("rb") as file:
        xml = b"".join(pymarc.record_to_xml(record, namespace=True) for record in pymarc.MARCReader(file))
    [from_binary], [from_xml] = list(open_source(str(path))), list(read_xml(iter([xml]), "f"))
    assert from_binary == from_xml


def test_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only binary MARC needs it."""
    monkeypatch.setattr(marc, "pymarc", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'linkeddata\[marc\]'"):
        read(binary())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A /", "A"), ("A :", "A"), ("Sales, inc.", "Sales, inc."), ("Fiction.", "Fiction"), ("[et al.].", "[et al.]")],
)
def test_punctuation(text: str, expected: str) -> None:
    """A full stop of an abbreviation stays."""
    assert unpunctuated(text) == expected


@pytest.mark.parametrize("name", ["Rhine, J. B.", "King, M., Jr.", "Smith & Co.", "Nixon, Rob, 1932-"])
def test_full_stop_of_initials_and_abbreviations_stays(name: str) -> None:
    """It is part of the name."""
    assert name_unpunctuated(name) == name
