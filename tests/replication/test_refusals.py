"""What is not copied, or not believed: said in one line with its exit code, and what was served is served still."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.lock import locked
from linkeddata.catalogue.manifest import read_manifest
from linkeddata.errors import SourceError
from linkeddata.replication import in_bucket
from linkeddata.replication.in_folder import InFolder
from linkeddata.replication.index import read_index

from .conftest import Copied, ld, web, write


def one_line(capfd: pytest.CaptureFixture[str]) -> str:
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 1, said
    return said[0]


@pytest.fixture
def replica(copied: Copied, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """A data directory that has edition 1."""
    assert ld(tmp_path / "data", "pull", str(copied.first)) == 0
    capfd.readouterr()
    return tmp_path / "data"


@pytest.mark.parametrize(
    "arguments",
    [("load", "FILE"), ("load", "--rebase", "FILE"), ("update", "--from", "FILE"), ("withdraw", "r/1"), ("remap",)],
    ids=" ".join,
)
def test_replica_is_not_written(
    replica: Path, tmp_path: Path, arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """The next pull would undo it: exit 7, and it says how to make it the one that is written."""
    file = write(tmp_path / "a.jsonl", range(2))
    assert ld(replica, *(file if each == "FILE" else each for each in arguments)) == 7
    assert "replica.json" in one_line(capfd)
    assert Catalogue(replica).numbers() == [1]


@pytest.mark.parametrize("written", ["{", "[]", '{"location": 1}'])
def test_damaged_note_of_a_replica_is_named(replica: Path, written: str, capfd: pytest.CaptureFixture[str]) -> None:
    """With its file and what to do; nobody takes the directory for one that may be written."""
    (replica / "replica.json").write_text(written)
    assert ld(replica, "remap") != 0
    assert f"{replica / 'replica.json'} is damaged" in one_line(capfd)
    assert Catalogue(replica).numbers() == [1]


def test_locked_replica_is_exit_6(replica: Path, copied: Copied, capfd: pytest.CaptureFixture[str]) -> None:
    """While another process writes it; the pid is named."""
    with locked(replica):
        assert ld(replica, "pull", str(copied.both)) == 6
    assert "is being written by process" in one_line(capfd)


def test_locked_location_is_exit_6(copied: Copied, location: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """While another process pushes there."""
    with locked(location):
        assert ld(copied.origin, "push", str(location)) == 6
    assert "is being written by process" in one_line(capfd)


def test_other_base_uri_is_exit_7(copied: Copied, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A copy under other names than are configured would answer nobody."""
    assert ld(tmp_path / "data", "pull", str(copied.both), base="http://other.example.org/") == 7
    assert "http://data.example.org/" in one_line(capfd) and not (tmp_path / "data").exists()


def test_data_directory_that_is_written_is_not_pulled_into(copied: Copied, capfd: pytest.CaptureFixture[str]) -> None:
    """Exit 7: its own editions would have to give way."""
    assert ld(copied.origin, "pull", str(copied.first)) == 7
    assert "no replica" in one_line(capfd)
    assert Catalogue(copied.origin).current().number == 2


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another data directory whose edition 1 is another one, as after it was lost and loaded again."""
    assert ld(tmp_path / "other", "--quiet", "load", write(tmp_path / "o.jsonl", range(3))) == 0
    return tmp_path / "other"


def test_other_edition_of_the_same_number_is_exit_7(
    replica: Path, other: Path, copied: Copied, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two of one number would share addresses and ETags: neither pushed over another, nor pulled over it."""
    capfd.readouterr()
    assert ld(other, "push", str(copied.first)) == 7
    assert "another edition 1" in one_line(capfd)
    assert ld(other, "--quiet", "push", str(tmp_path / "elsewhere")) == 0
    assert ld(replica, "pull", str(tmp_path / "elsewhere")) == 7
    assert "another edition 1" in one_line(capfd)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("pull", "EMPTY"), 3, "nothing was pushed"),
        (("push", "https://data.example.org/copies"), 3, "over HTTP"),
        (("push", "ftp://data.example.org/copies"), 3, "no location"),
        (("pull", "s3:///prefix"), 3, "no location"),
        (("pull", "http://"), 5, "not an address"),
        (("pull", "http://127.0.0.1:9/"), 5, "127.0.0.1:9"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_location_that_cannot_be_used(
    copied: Copied, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str,
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Says what is wrong with it, and changes nothing."""
    monkeypatch.setattr("linkeddata.replication.over_http._LONGEST_PAUSE", 0.0)
    given = [str(tmp_path / "none") if each == "EMPTY" else each for each in arguments]
    assert ld(copied.origin if given[0] == "push" else tmp_path / "data", *given) == code
    assert words in one_line(capfd)


def test_bucket_needs_its_extra(
    copied: Copied, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where it is not installed, exit 3 says its name."""
    monkeypatch.setattr(in_bucket, "obstore", None)
    assert ld(copied.origin, "push", "s3://bucket/prefix") == 3
    assert "linkeddata[s3]" in one_line(capfd)


def test_graph_in_a_server_is_not_pulled(
    copied: Copied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit 3: what is asked of the server would be of another edition than the copy."""
    monkeypatch.setenv("LINKEDDATA_STORE_ENDPOINT", "http://127.0.0.1:9/sparql")
    assert ld(tmp_path / "data", "pull", str(copied.both)) == 3
    assert "store.endpoint" in one_line(capfd)


def largest(location: Path) -> Path:
    """The largest file that edition 2 has and edition 1 has not."""
    index = read_index(InFolder(location))
    texts = [(location / "manifests" / f"{digest}.json").read_bytes() for digest in index.manifests.values()]
    first, second = (read_manifest(text, "").pieces for text in texts)
    old = {piece.sha256 for piece in first}
    return location / "objects" / max((p for p in second if p.sha256 not in old), key=lambda p: p.size).sha256


def flip(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    file.write_bytes(body)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit flipped": flip,
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-100]),
    "longer": lambda file: file.write_bytes(b"x" + file.read_bytes()),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("way", ["folder", "http"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_named_and_refused(
    replica: Path, location: Path, damage: str, way: str, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Exit 5, and the edition before is served still; when the file is whole again, the next run takes the rest."""
    monkeypatch.setattr("linkeddata.replication.over_http._LONGEST_PAUSE", 0.0)
    file, kept = largest(location), location.with_name("kept")
    shutil.copy(file, kept)
    DAMAGES[damage](file)
    with web(location) as site:
        place = str(location) if way == "folder" else site.address
        assert ld(replica, "pull", place) == 5
        assert file.name in one_line(capfd) and Catalogue(replica).current().number == 1
        shutil.copy(kept, file)
        assert ld(replica, "pull", place) == 0
    assert Catalogue(replica).current().number == 2


def test_file_of_another_size_is_sent_again(copied: Copied, location: Path, replica: Path) -> None:
    """A cut file at a folder is mended by the next push."""
    DAMAGES["cut"](largest(location))
    assert ld(copied.origin, "push", str(location)) == ld(replica, "pull", str(location)) == 0


def test_edition_that_cannot_be_opened_is_not_served(
    replica: Path, location: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Although all checksums hold: whoever made it has a fault, or another version."""
    index = json.loads((location / "editions.json").read_text())
    digest = index["editions"][1]["manifest"]
    told = json.loads((location / "manifests" / f"{digest}.json").read_text())
    told["files"] = [each for each in told["files"] if not each["path"].startswith("kept/")]
    republish(location, told)
    assert ld(replica, "pull", str(location)) == 1
    assert "edition 2 is damaged" in one_line(capfd)
    assert Catalogue(replica).current().number == 1 and Catalogue(replica).numbers() == [1]


def republish(location: Path, told: dict[str, object]) -> None:
    """Have a manifest of edition 2 served that somebody has written by hand."""
    text = json.dumps(told, indent=2, ensure_ascii=False).encode() + b"\n"
    digest = hashlib.sha256(text).hexdigest()
    (location / "manifests" / f"{digest}.json").write_bytes(text)
    index = json.loads((location / "editions.json").read_text())
    index["editions"][1]["manifest"] = digest
    (location / "editions.json").write_text(json.dumps(index))


def test_edition_too_large_for_the_disk_is_not_begun(
    replica: Path, location: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Said at once, and not when the disk is full: exit 1."""
    index = json.loads((location / "editions.json").read_text())
    told = json.loads((location / "manifests" / f"{index['editions'][1]['manifest']}.json").read_text())
    told["files"].append({"path": "store/999999.sst", "size": 1 << 60, "sha256": "0" * 64})
    republish(location, told)
    assert ld(replica, "pull", str(location)) == 1
    assert "there is no room left on the disk" in one_line(capfd)


MANIFEST = {
    "format": 1, "edition": 2, "base_uri": "http://data.example.org/", "issued": "2026-01-01T00:00:00Z",
    "files": [{"path": "register.sqlite", "size": 1, "sha256": "0" * 64}],
}  # fmt: skip


def with_file(**changed: object) -> dict[str, object]:
    return {**MANIFEST, "files": [*MANIFEST["files"], {"path": "a", "size": 1, "sha256": "1" * 64, **changed}]}  # type: ignore[misc]


@pytest.mark.parametrize("path", ["a", "store/000012.sst", "store/OPTIONS-000007", "dump.nq.gz.sha256"])
def test_manifest_of_an_edition_is_read(path: str) -> None:
    """As it was written."""
    text = json.dumps(with_file(path=path), indent=2).encode() + b"\n"
    assert read_manifest(text, "place").pieces[1].path == path


@pytest.mark.parametrize(
    "told",
    [
        *(with_file(path=path) for path in ("../a", "/etc/a", "a/../../b", "./a", "a//b", ".hidden", "", "a\n", 7, [])),
        *(with_file(size=size) for size in (-1, "1", None)),
        *(with_file(sha256=digest) for digest in ("../../etc", "A" * 64, "0" * 63, 0)),
        with_file(path="register.sqlite"),
        *({**MANIFEST, "edition": number} for number in (0, -1, True, "../1", 10**12)),
        {**MANIFEST, "files": []},
        {**MANIFEST, "format": 2},
        {"format": 1},
        {},
        [],
        "text",
    ],
    ids=lambda told: json.dumps(told)[-60:],
)
def test_manifest_that_no_edition_has_is_refused(told: object) -> None:
    """Whoever can write to a location cannot have files put anywhere else."""
    with pytest.raises(SourceError, match=r"^place: "):
        read_manifest(json.dumps(told, indent=2).encode() + b"\n", "place")


@pytest.mark.parametrize(
    "text",
    [
        b"<html>", b"{}", b'{"format": 1}', b'{"format": 1, "current": 3, "base_uri": "x", "editions": []}',
        b'{"format": 1, "current": 1, "base_uri": "x", "editions": [{"edition": 1, "manifest": "../x"}]}',
        b'{"format": 1, "current": [], "base_uri": "x", "editions": []}',
        b'{"format": 1, "current": 1, "base_uri": "x", "editions": [{"edition": [], "manifest": "x"}]}',
    ],
)  # fmt: skip
def test_table_that_push_did_not_write_is_refused(tmp_path: Path, text: bytes) -> None:
    """A folder of something else, or an error page, is said to be that."""
    (tmp_path / "editions.json").write_bytes(text)
    with pytest.raises(SourceError, match=r"editions\.json"):
        read_index(InFolder(tmp_path))


def test_answer_that_breaks_off_is_continued(copied: Copied, replica: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one run, from the byte where it ended."""
    monkeypatch.setattr("linkeddata.replication.over_http._LONGEST_PAUSE", 0.0)
    file = largest(copied.both)
    half = file.stat().st_size // 2
    with web(copied.both) as site:
        site.breaks[f"/objects/{file.name}"] = half
        assert ld(replica, "pull", site.address) == 0
    assert [start for path, start in site.asked if path.endswith(file.name)] == [0, half]
