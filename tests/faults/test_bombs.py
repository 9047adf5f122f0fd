"""What is made to break a loader: refused by name, within bounds, and the good records are published."""

from __future__ import annotations

import gzip
import json
import select
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from linkeddata.catalogue import Catalogue

from .killing import PATIENCE, environment

#: MiB of the largest of a run's processes.
BOUND = 512
GOOD = b'{"id": "good", "title": "Good"}\n'
# Runs the command and tells the most memory that one of its processes held.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "linkeddata", *sys.argv[1:]], stdin=sys.stdin.buffer)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(done.returncode)
"""
_MILLION = 1 << 20


def lines_of(*bad: bytes) -> bytes:
    return GOOD + b"\n".join(bad) + b"\n" + GOOD.replace(b"good", b"last")


def deep() -> bytes:
    return lines_of(b'{"id": "x", "title": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")


def a_million_fields() -> bytes:
    return lines_of(b'{"id": "x", "title": "T", %s}' % b", ".join(b'"f%d": "v"' % n for n in range(1_000_000)))


def many_fields() -> bytes:
    return lines_of(json.dumps({"id": "x", "title": "T", **{f"f{n}": "v" for n in range(200_000)}}).encode())


def many_values() -> bytes:
    return lines_of(json.dumps({"id": "x", "title": "T", "topic": [f"t{n}" for n in range(300_000)]}).encode())


def long_value() -> bytes:
    return lines_of(json.dumps({"id": "x", "title": "T", "description": "word " * (6 * _MILLION)}).encode())


def binary() -> bytes:
    return lines_of(b'{"id": "x", "title": "\xff\xfe"}', b"\0" * 10_000, b'{"id": "y\\u0000", "title": "NUL\\u0000"}')


@pytest.mark.parametrize(
    ("made", "reasons"),
    [
        (deep, ["in.jsonl:2: nested deeper"]),
        (a_million_fields, ["in.jsonl:2: more than 500,000 values"]),
        (many_fields, ["in.jsonl:2: more than 50,000 values"]),
        (many_values, ["in.jsonl:2: more than 50,000 values"]),
        (binary, ["in.jsonl:2: not UTF-8", "in.jsonl:3: not JSON"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_line_costs_itself_only(tmp_path: Path, made: Callable[[], bytes], reasons: list[str]) -> None:
    """Named with file and line; those before and behind it are published, in bounded memory, without a traceback."""
    (tmp_path / "in.jsonl").write_bytes(made())
    code, told = load(tmp_path, "in.jsonl")
    assert code == 4, told
    assert all(reason in told for reason in reasons)
    assert {"good", "last"} <= set(Catalogue(tmp_path / "data").current().ids())


def test_value_of_megabytes_is_left_out(tmp_path: Path) -> None:
    """The record is published without it, and the report says so."""
    (tmp_path / "in.jsonl").write_bytes(long_value())
    code, told = load(tmp_path, "in.jsonl")
    assert code == 0 and "description: longer than 1,000,000 bytes (1)" in told
    assert set(Catalogue(tmp_path / "data").current().ids()) == {"good", "x", "last"}


def test_many_heavy_records_are_not_held_at_once(tmp_path: Path) -> None:
    """Half a gigabyte in lines that are each within bounds: batches end where they grow heavy."""

    def pieces() -> Iterator[bytes]:
        for number in range(20):
            yield b'{"id": "%d", "title": "T", "fulltext": "' % number
            yield from (b"x" * _MILLION for _ in range(26))
            yield b'"}\n'

    code, told = load(tmp_path, "-", given=pieces())
    assert code == 0, told
    assert Catalogue(tmp_path / "data").current().counts["records"] == 20


def test_endless_line_is_passed_over(tmp_path: Path) -> None:
    """Half a gigabyte without a line break, on standard input."""

    def pieces() -> Iterator[bytes]:
        yield GOOD + b'{"id": "x", "title": "'
        yield from (b"x" * _MILLION for _ in range(512))
        yield b'"}\n' + GOOD.replace(b"good", b"last")

    code, told = load(tmp_path, "-", given=pieces())
    assert code == 4 and "-:2: longer than 32 MiB" in told
    assert set(Catalogue(tmp_path / "data").current().ids()) == {"good", "last"}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("filler", [b"\0", b"{", b"\n"], ids=["zeros", "braces", "lines"])
def test_packed_bomb_is_bounded(tmp_path: Path, pack: Callable[[bytes], bytes], filler: bytes) -> None:
    """More than may be held, from a small file: unpacked in pieces."""
    bomb = pack(filler * (64 * _MILLION))
    (tmp_path / "in.jsonl.gz").write_bytes(pack(GOOD) + bomb * 9 + pack(b"\n" + GOOD.replace(b"good", b"last")))
    code, told = load(tmp_path, "in.jsonl.gz")
    assert code == (0 if filler == b"\n" else 4), told
    assert set(Catalogue(tmp_path / "data").current().ids()) == {"good", "last"}


ENTITIES = """<?xml version="1.0"?>
<!DOCTYPE x SYSTEM "http://{canary}/x.dtd" [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "http://{canary}/c"><!ENTITY % d SYSTEM "http://{canary}/d"> %d;]>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>&b;&c;</ListRecords></OAI-PMH>"""


def test_entities_are_refused_and_nothing_is_fetched(tmp_path: Path) -> None:
    """A document type ends the file: exit 5, the line named, nothing changed, nobody called."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        host, port = canary.getsockname()
        (tmp_path / "in.xml").write_text(ENTITIES.replace("{canary}", f"{host}:{port}"))
        code, told = load(tmp_path, "in.xml")
        called, _, _ = select.select([canary], [], [], 0)
    assert (code, called) == (5, [])
    assert "in.xml:2: " in told and "DOCTYPE" in told


def test_one_bad_line_among_many_is_named(tmp_path: Path) -> None:
    """All the others are published."""
    count, bad = 6_000, 4_337
    with (tmp_path / "in.jsonl").open("w") as file:
        for number in range(1, count + 1):
            file.write('{"id": "broken\n' if number == bad else f'{{"id": "{number}", "title": "Title {number}"}}\n')
    code, told = load(tmp_path, "in.jsonl")
    assert code == 4 and f"in.jsonl:{bad}: " in told
    assert Catalogue(tmp_path / "data").current().counts["records"] == count - 1


def load(folder: Path, file: str, given: Iterator[bytes] | None = None) -> tuple[int, str]:
    """Exit code and words of a load, which must stay in bounds and give no traceback."""
    with subprocess.Popen(
        [sys.executable, "-c", MEASURED, "--verbose", "load", file], cwd=folder, env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            assert process.stdin is not None
            for piece in given or ():
                process.stdin.write(piece)
            out, told = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    words = told.decode("utf-8", "replace")
    assert int(out.split()[-1]) < BOUND, words[-2000:]
    if process.returncode in (0, 4):
        assert "Traceback" not in words
    return process.returncode, words
