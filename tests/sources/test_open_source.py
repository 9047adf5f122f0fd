"""The door: any location to readings."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import subprocess
import sys
import tracemalloc
import zlib
from functools import partial
from pathlib import Path

import pytest
import zstandard

from linkeddata.errors import SourceError
from linkeddata.record import Deletion, Record, Refusal, readings_of
from linkeddata.sources import open_source, open_unread
from linkeddata.sources.unpacking import PIECE

JSON_LINES = b'{"id":"a"}\n{"id":"b"}\n'
STAFF_VIEW = b"Staff View\nid\ta\ntitle\tT\n"
XML = b'<eprints xmlns="http://eprints.org/ep2/data/2.0"><eprint><eprintid>1</eprintid></eprint></eprints>'
gzipped = partial(gzip.compress, mtime=0)  # the time of packing would give each process other names of tests
MARC = b"00040nam a2200037 a 4500001000200000\x1e1\x1e\x1d"


def ids(location: Path | str, **options: object) -> list[str | None]:
    return [each.id for each in open_source(str(location), **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("seed-record.json", 1),
        ("data/dev.jsonl.gz", 2005),
        ("data/dev_extended.jsonl.gz", 247),
        ("data/solr/vufind_select.json", 40),
        ("data/solr/vufind_select_old_schema.json", 1),
    ],
)
def test_real_files_are_read_whole(shared: Path, file: str, count: int) -> None:
    """Every document is a record, none is refused."""
    readings = list(open_source(str(shared / file)))
    assert [type(each) for each in readings] == [Record] * count


@pytest.mark.parametrize("file", ["solr/vufind_select.json", "solr/vufind_select_old_schema.json", "nasty.jsonl"])
def test_packed_file_gives_what_the_plain_one_gives(shared: Path, tmp_path: Path, file: str) -> None:
    """gzip is only a wrapping."""
    plain = shared / "data" / file
    packed = tmp_path / f"{plain.name}.gz"
    packed.write_bytes(gzipped(plain.read_bytes()))
    assert list(open_source(str(packed))) == list(open_source(str(plain)))


@pytest.mark.parametrize("file", ["solr/vufind_select.json", "nasty.jsonl", "solr/vufind_api_search.json"])
def test_document_unread_says_the_same_in_another_process(shared: Path, file: str) -> None:
    """It is handed over as it is, with its place, and read there."""
    location = str(shared / "data" / file)
    handed = pickle.loads(pickle.dumps(list(open_unread(location))))  # noqa: S301 - of this line
    read, expected = list(readings_of(handed)), list(open_source(location))
    assert read == expected and not set(map(type, handed)) & set(map(type, expected))
    assert [getattr(each, "place", None) for each in read] == [getattr(each, "place", None) for each in expected]


def test_odd_documents_are_records_all_the_same(shared: Path) -> None:
    """76 records and a tombstone: oddities of content are not the source's business."""
    readings = list(open_source(str(shared / "data/nasty.jsonl")))
    assert [type(each) for each in readings] == [Record] * 76 + [Deletion]


def test_odd_ids_are_verbatim(shared: Path) -> None:
    """Every id is what the standard library reads on that line."""
    path = shared / "data/nasty.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n")
    assert ids(path) == [str(json.loads(line)["id"]) for line in lines if line]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", JSON_LINES),
        ("x.jsonl", JSON_LINES),
        ("x.ndjson", JSON_LINES),
        ("X.JSONL", JSON_LINES),
        ("x.jsonl.gz", gzipped(JSON_LINES)),
        ("X.JSON.GZ", gzipped(JSON_LINES)),
        ("x.jsonl.gz", JSON_LINES),  # said to be packed, but is not
        ("x.jsonl", gzipped(JSON_LINES)),  # packed, but does not say so
        ("x.txt", STAFF_VIEW),
        ("x.txt.gz", gzipped(STAFF_VIEW)),
        ("x.jsonl.zst", zstandard.compress(JSON_LINES)),
        ("X.JSON.ZST", zstandard.compress(JSON_LINES)),
        ("x.jsonl.zst", JSON_LINES),
        ("x.jsonl.gz", zstandard.compress(JSON_LINES)),
        ("x.txt.zst", zstandard.compress(STAFF_VIEW)),
    ],
)
def test_ending_names_the_kind_and_content_the_wrapping(tmp_path: Path, name: str, content: bytes) -> None:
    """What a file holds is told by its name, whether it is packed by its bytes."""
    path = tmp_path / name
    path.write_bytes(content)
    assert ids(path) == (["a"] if "txt" in name else ["a", "b"])


def test_kind_that_is_given_wins_over_the_ending(tmp_path: Path) -> None:
    """Any name will do when the kind is said."""
    path = tmp_path / "export.dat"
    path.write_bytes(JSON_LINES)
    assert ids(path, kind="solr") == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (JSON_LINES, ["a", "b"]),
        (b"\xef\xbb\xbf \n" + JSON_LINES, ["a", "b"]),
        (b'[{"id":"a"}]', ["a"]),
        (gzipped(JSON_LINES), ["a", "b"]),
        (STAFF_VIEW, ["a"]),
        (gzipped(STAFF_VIEW), ["a"]),
        (zstandard.compress(JSON_LINES), ["a", "b"]),
        (XML, ["eprints-1"]),
        (b"\xef\xbb\xbf" + XML, ["eprints-1"]),
        (XML.decode().encode("utf-16"), ["eprints-1"]),
        (zstandard.compress(XML), ["eprints-1"]),
        (MARC, ["1"]),
        (gzipped(MARC), ["1"]),
        (b"", []),
    ],
)
def test_standard_input_is_known_by_its_first_bytes(content: bytes, expected: list[str]) -> None:
    """A brace or bracket is JSON, `<` XML, a leader MARC, else it is a staff view; packed or not."""
    assert ids("-", stdin=io.BytesIO(content)) == expected


def test_place_on_standard_input_is_a_dash_and_the_line() -> None:
    """Messages say where it was read."""
    assert [each.place for each in open_source("-", stdin=io.BytesIO(JSON_LINES))] == ["-:1", "-:2"]


def test_standard_input_of_the_process_is_read_by_default() -> None:
    """A pipe needs no further word."""
    program = "from linkeddata.sources import open_source; print([each.id for each in open_source('-')])"
    asked = subprocess.run([sys.executable, "-c", program], input=JSON_LINES, capture_output=True, check=True)
    assert asked.stdout.split() == [b"['a',", b"'b']"]


def test_standard_input_stays_open() -> None:
    """Who opened it closes it."""
    stdin = io.BytesIO(JSON_LINES)
    ids("-", stdin=stdin)
    assert not stdin.closed


@pytest.mark.parametrize(
    ("location", "kind", "reason"),
    [
        (
            "x.xlsx",
            None,
            "the ending '.xlsx' names no kind of source; known are .json, .jsonl, .ndjson, .txt, .xml, .mrc",
        ),
        ("x", None, "the ending '' names no kind of source"),
        ("x.json", "mods", "unknown kind of source 'mods'; known are solr, staff-view, xml, marc"),
    ],
)
def test_unknown_kind_is_refused_before_anything_is_opened(location: str, kind: str | None, reason: str) -> None:
    """The call itself fails, not the first reading, and the message names the file."""
    with pytest.raises(SourceError, match=f"^{location}: {reason}"):
        open_source(location, kind=kind)


def test_missing_file_is_named() -> None:
    """The message names the file and the system's reason."""
    with pytest.raises(SourceError, match=r"^nowhere/x\.json: cannot be opened: No such file or directory$"):
        ids("nowhere/x.json")


def test_name_with_nul_is_refused() -> None:
    """What the system cannot even look for is a source error too."""
    with pytest.raises(SourceError, match=r"cannot be opened: embedded null"):
        ids("x\0.json")


def test_directory_is_refused(tmp_path: Path) -> None:
    """A folder is no file, whatever it is called."""
    folder = tmp_path / "x.json"
    folder.mkdir()
    with pytest.raises(SourceError, match=r"x\.json: cannot be opened: Is a directory"):
        ids(folder)


def read_until_it_breaks(packed: bytes) -> tuple[list[str | None], str]:
    """The ids that came out, and the error at the end."""
    found: list[str | None] = []
    with pytest.raises(SourceError) as broke:
        for each in open_source("-", kind="solr", stdin=io.BytesIO(packed)):
            found.append(each.id)
    return found, str(broke.value)


def many_lines(count: int) -> bytes:
    """JSON lines that do not pack too well."""
    return b"".join(b'{"id":"%d","x":"%x"}\n' % (each, each**9) for each in range(count))


def test_packed_file_cut_short_gives_what_came_before_and_then_breaks() -> None:
    """Exactly the whole lines that can be unpacked come out; half a line is not passed off as a record."""
    packed = gzipped(many_lines(20_000))
    cut = packed[: len(packed) * 2 // 3]
    whole_lines = zlib.decompressobj(31).decompress(cut).count(b"\n")
    assert read_until_it_breaks(cut) == ([str(each) for each in range(whole_lines)], "-: the gzip file is cut short")


@pytest.mark.parametrize(
    ("packed", "expected", "reason"),
    [
        (gzipped(JSON_LINES)[:-3], ["a", "b"], "-: the gzip file is cut short"),
        (gzipped(JSON_LINES)[:5], [], "-: the gzip file is cut short"),
        (gzipped(b'{"id":"a"}\n{"id":')[:-3], ["a"], "-: the gzip file is cut short"),
        (gzipped(b'[{"id":"a"},{"id":')[:-3], ["a"], "-: the gzip file is cut short"),
        (gzipped(JSON_LINES) + b"garbage", ["a", "b"], "-: the gzip file is corrupt: Error -3"),
        (gzipped(JSON_LINES)[:-8] + b"\0" * 8, [], "-: the gzip file is corrupt: Error -3"),
        (b"\x1f\x8b but no gzip", [], "-: the gzip file is corrupt: Error -3"),
    ],
)
def test_damaged_gzip_gives_what_came_before_and_then_breaks(packed: bytes, expected: list[str], reason: str) -> None:
    """Damage is never taken for the end of the file."""
    found, broke = read_until_it_breaks(packed)
    assert (found, broke.startswith(reason)) == (expected, True)


@pytest.mark.parametrize(
    ("packed", "expected", "reason"),
    [
        (zstandard.compress(JSON_LINES)[:-3], ["a"], "-: the zst file is cut short"),
        (zstandard.compress(JSON_LINES)[:6], [], "-: the zst file is cut short"),
        (zstandard.compress(JSON_LINES) * 2 + b"\x28\xb5\x2f\xfd", ["a", "b"] * 2, "-: the zst file is cut short"),
        (zstandard.compress(JSON_LINES) + b"garbage", ["a", "b"], "-: the zst file is corrupt"),
        (b"\x28\xb5\x2f\xfd but no zst", [], "-: the zst file "),
    ],
)
def test_damaged_zst_gives_what_came_before_and_then_breaks(packed: bytes, expected: list[str], reason: str) -> None:
    """A frame that does not end is no end of the file."""
    found, broke = read_until_it_breaks(packed)
    assert (found, broke.startswith(reason)) == (expected, True)


def test_zst_cut_short_gives_the_whole_lines_before() -> None:
    """Half a line is not passed off as a record."""
    packed = zstandard.compress(many_lines(200_000))
    found, broke = read_until_it_breaks(packed[: len(packed) * 2 // 3])
    assert found == [str(each) for each in range(len(found))] and 0 < len(found) < 200_000
    assert broke == "-: the zst file is cut short"


def test_zst_of_several_frames_is_one_file() -> None:
    """Frames may be joined end to end, with frames to be skipped before and between (pzstd writes such)."""
    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    packed = skipped + zstandard.compress(b'{"id":"a"}\n') + skipped + zstandard.compress(b'{"id":"b"}\n')
    assert ids("-", stdin=io.BytesIO(packed)) == ["a", "b"]


def test_zst_that_asks_for_too_much_memory_is_refused() -> None:
    """A window of 1 GiB is more than zstd itself takes unasked."""
    parameters = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    found, broke = read_until_it_breaks(packer.compress(JSON_LINES) + packer.flush())
    assert (found, "too much memory" in broke) == ([], True)


def test_zst_bomb_costs_a_refusal_and_no_memory() -> None:
    """400 MB of nothing behind 12 kB: refused as one long line, the next line is read."""
    packer = zstandard.ZstdCompressor().compressobj()
    bomb = b"".join([*(packer.compress(b"x" * (1 << 20)) for _ in range(400)), packer.compress(b"\n" + JSON_LINES)])
    tracemalloc.start()
    long_line, *rest = open_source("-", kind="solr", stdin=io.BytesIO(bomb + packer.flush()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert long_line == Refusal("-:1", "longer than 32 MiB")
    assert [each.id for each in rest] == ["a", "b"]
    assert peak < 100 << 20


@pytest.mark.parametrize("between", [b"", b"\0" * 512])
def test_gzip_of_several_members_is_one_file(between: bytes) -> None:
    """Packed files may be joined end to end, and padded with zeros."""
    packed = gzipped(b'{"id":"a"}\n') + between + gzipped(b'{"id":"b"}\n') + between
    assert ids("-", stdin=io.BytesIO(packed)) == ["a", "b"]


def test_gzip_bomb_costs_a_refusal_and_no_memory() -> None:
    """200 MB of nothing behind 200 kB: refused as one long line, the next line is read."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(b"x" * (1 << 20)) for _ in range(200)), packer.compress(b"\n" + JSON_LINES)])
    tracemalloc.start()
    long_line, *rest = open_source("-", kind="solr", stdin=io.BytesIO(bomb + packer.flush()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert long_line == Refusal("-:1", "longer than 32 MiB")
    assert [each.id for each in rest] == ["a", "b"]
    assert peak < 80 << 20


class Counting(io.BytesIO):
    """Bytes that remember how much was asked for at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.most = max(self.most, size if size is not None and size >= 0 else sys.maxsize)
        return super().read(size)


def test_no_more_than_a_piece_is_asked_for_at_once() -> None:
    """A reader that asked for everything would hold everything."""
    stdin = Counting(many_lines(50_000))
    assert len(ids("-", stdin=stdin)) == 50_000
    assert stdin.most == PIECE


class Failing(io.BytesIO):
    """A disk that gives up after its first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_read_error_breaks_with_its_reason() -> None:
    """What came before is read, then the error names the source."""
    readings = open_source("-", stdin=Failing(JSON_LINES))
    assert next(readings).id == "a"
    with pytest.raises(SourceError, match=r"^-: cannot be read: Input/output error$"):
        list(readings)


def test_file_is_closed_when_the_reader_stops_early(tmp_path: Path) -> None:
    """No file stays open behind a reader that has seen enough (an open one would warn, and warnings fail)."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(JSON_LINES)
    readings = open_source(str(path))
    assert next(readings).id == "a"
    readings.close()  # type: ignore[attr-defined]
