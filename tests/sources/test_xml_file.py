"""XML files: strict, streaming, told apart by their root element."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkeddata.errors import SourceError
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources import open_source
from linkeddata.sources.xml_file import read_xml

EPRINTS = '<eprints xmlns="http://eprints.org/ep2/data/2.0">{}</eprints>'
OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{}</ListRecords></OAI-PMH>'
ONE = "<eprint>\n<eprintid>{}</eprintid>\n<title>T</title></eprint>\n"
TWO = EPRINTS.format("\n" + ONE.format(1) + ONE.format(2))


def read(text: str | bytes, size: int = 1 << 20, limit: int = 1 << 20) -> list[Reading]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_xml((content[at : at + size] for at in range(0, len(content), size)), "f", limit))


def until_broken(text: str | bytes, size: int = 1 << 20, limit: int = 1 << 20) -> tuple[list[str], str]:
    """The ids of the records before a fault, and the words of the fault."""
    content = text.encode() if isinstance(text, str) else text
    ids: list[str] = []
    with pytest.raises(SourceError) as broken:
        for reading in read_xml((content[at : at + size] for at in range(0, len(content), size)), "f", limit):
            assert isinstance(reading, Record)
            ids.append(reading.id)
    return ids, str(broken.value)


def brief(readings: list[Reading]) -> list[tuple[str, str | None]]:
    """Place and id of records, place and reason of refusals."""
    return [(each.place, each.reason if isinstance(each, Refusal) else each.id) for each in readings]


@pytest.mark.parametrize(
    ("file", "records", "deletions", "refusals"),
    [
        ("eprints/caltech_105.xml", 1, 0, 0),
        ("eprints/caltech_import_24.xml", 10, 0, 0),
        ("oai/listrecords_doaj_2017_token.xml", 100, 0, 0),
        ("oai/listrecords_dspace_2003.xml", 16, 0, 0),
        ("oai/listrecords_dspace_2004_deleted.xml", 79, 2, 0),
        ("oai/listrecords_page1_deleted_token.xml", 1, 1, 0),
        ("oai/listrecords_page2.xml", 1, 1, 0),
        ("oai/listrecords_page3.xml", 1, 1, 0),
        ("oai/listrecords_page4.xml", 1, 0, 1),  # a deleted header with an empty identifier
    ],
)
def test_real_files_are_read_whole(shared: Path, file: str, records: int, deletions: int, refusals: int) -> None:
    """Every record is a reading."""
    kinds = [type(each) for each in open_source(str(shared / "data" / file))]
    assert [kinds.count(kind) for kind in (Record, Deletion, Refusal)] == [records, deletions, refusals]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_readings_do_not_depend_on_how_the_bytes_arrive(size: int) -> None:
    """Pieces may end anywhere; the place of a record is the line of its element."""
    assert brief(read(TWO, size)) == [("f:2", "eprints-1"), ("f:5", "eprints-2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1"])
def test_encodings_are_told_from_mark_or_declaration(encoding: str) -> None:
    """What XML 1.0 (4.3.3) asks for is read."""
    declared = encoding if encoding == "iso-8859-1" else "utf-16" if "16" in encoding else "utf-8"
    text = f'<?xml version="1.0" encoding="{declared}"?>' + EPRINTS.format(ONE.format("é"))
    assert [each.id for each in read(text.encode(encoding))] == ["eprints-é"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TWO[:-10], "Premature end of data in tag eprints"),
        (TWO.replace("</eprints>", "</x>"), "Opening and ending tag mismatch"),
        (TWO.replace("</eprints>", "&nbsp;</eprints>"), "Entity 'nbsp' not defined"),
        (TWO.replace("</eprints>", "\x01</eprints>"), "invalid Char value 1"),
        (TWO + "<more/>", "Extra content at the end of the document"),
        (TWO.encode().replace(b"</eprints>", b"\xff</eprints>"), "encoding"),
    ],
)
def test_fault_at_the_end_loses_the_rest_and_nothing_before(text: str | bytes, reason: str) -> None:
    """The whole records come out, then an error that names line and column."""
    ids, broken = until_broken(text)
    assert ids == ["eprints-1", "eprints-2"]
    assert broken.startswith("f:8: from here on the file cannot be read: ") and "(column " in broken
    assert reason in broken


def test_fault_within_the_second_record_leaves_the_first() -> None:
    """Half a record is not passed off as one."""
    assert until_broken(TWO[: TWO.index("<eprintid>2") + 9])[0] == ["eprints-1"]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + EPRINTS.format(ONE.format("&b;"))
THEFT = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + EPRINTS.format(ONE.format("&a;"))


@pytest.mark.parametrize("text", [BOMB, THEFT, f'<?xml version="1.0"?>\n<!-- x -->\n<?x y?>{BOMB}'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_document_type_is_refused_before_anything_is_parsed(text: str, encoding: str) -> None:
    """So there is no entity to expand and nothing to fetch, in any encoding."""
    with pytest.raises(
        SourceError, match=r"^f:[13]: from here on the file cannot be read: a document type \(DOCTYPE\)"
    ):
        read(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_document_type_cannot_hide_behind_a_comment(encoding: str) -> None:
    """One of letters that in UTF-16 are written in the bytes of hyphens, so that it seems to end before it does."""
    with pytest.raises(SourceError, match="DOCTYPE"):
        read(f'<?xml version="1.0"?><!--\u2d2d><a -->{BOMB}'.encode(encoding))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "no root element"),
        (b"  \n", "no root element"),
        (b"junk", "no root element"),
        (b"<a", "no root element|Couldn't find end"),
        (b'<?xml version="1.0" encoding="UTF-7"?><x>+ADwAIQ-</x>', "the encoding 'UTF-7' is not accepted"),
        ('<?xml version="1.0" encoding="cp037"?><eprints/>'.encode("cp037"), "not XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><eprints/>', "the encoding 'nonsense' is not accepted"),
        (b"<!--" + b"x" * 300_000, "no root element"),
    ],
)
def test_what_cannot_be_begun_is_a_source_error(text: bytes, reason: str) -> None:
    """Where nothing could be read, the source as a whole is at fault."""
    with pytest.raises(SourceError, match=reason):
        read(text)


@pytest.mark.parametrize("root", ["<html/>", '<mods xmlns="http://www.loc.gov/mods/v3"/>', "<eprints/>"])
def test_unknown_root_is_named(root: str) -> None:
    """With its namespace, which is what makes it another."""
    with pytest.raises(SourceError, match=r"^f: the root element \S+ is none of those that are read: "):
        read(root)


@pytest.mark.parametrize(
    "costly",
    [
        "<a>" * 300,  # depth
        "x" * 11_000_000,  # one text
        "<a/>" * 600_000,  # elements
        "<a " + " ".join(f'a{number}=""' for number in range(510_000)),  # attributes
    ],
    ids=["depth", "text", "elements", "attributes"],
)
def test_costly_record_ends_the_file_and_is_not_held(costly: str) -> None:
    """What one record may cost is bounded; those before it come out."""
    pieces = [EPRINTS[:-12].format(), ONE.format(1), f"<eprint>{costly}"]
    content = "".join(pieces).replace("{}", "").encode()
    ids, broken = until_broken(content, size=1 << 18, limit=32 << 20)
    assert ids == ["eprints-1"]
    assert "XML_PARSE_HUGE" not in broken


def test_record_over_the_limit_ends_the_file() -> None:
    """Many small texts are one long record."""
    content = EPRINTS.format(ONE.format(1) + "<eprint>" + "<a>x</a>" * 40_000 + "</eprint>")
    ids, broken = until_broken(content, size=100, limit=100_000)
    assert ids == ["eprints-1"]
    assert broken.endswith("a record longer than 100000 bytes")


def test_long_file_costs_no_memory() -> None:
    """A hundred megabytes of records leave nothing behind."""

    def pieces() -> Iterator[bytes]:
        yield OAI.partition("{")[0].encode()
        record = f"<record><header><identifier>x</identifier></header><about>{'x' * 20_000}</about></record>"
        for _ in range(5000):
            yield record.encode()
        yield b"</ListRecords></OAI-PMH>"

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in read_xml(pieces(), "f")) == 5000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000
