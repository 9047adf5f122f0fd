"""What is pushed and pulled: the same files by any way, no more of them than needed, and the edition pushed last."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue, Manifest
from linkeddata.catalogue.manifest import checksum
from linkeddata.replication import open_target
from linkeddata.replication.over_http import OverHttp

from .conftest import BASE, COUNT, Copied, ld, web, write


def files(edition: Path) -> dict[str, str]:
    """The files of an edition by path, less those by which the store locks and logs, and the manifest of a copy."""
    found = {file.relative_to(edition).as_posix(): file for file in edition.rglob("*") if file.is_file()}
    return {path: checksum(file) for path, file in found.items() if not path.startswith(("store/LO", "manifest.json"))}


class Plain(SimpleHTTPRequestHandler):
    """Python's own server, which knows no Range."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(params=["path", "file", "http", "http without Range"])
def place(request: pytest.FixtureRequest, copied: Copied) -> Iterator[str]:
    """The location with both editions, by each way to name it."""
    if request.param.startswith("http"):
        with web(copied.both, **({"handler": Plain} if "without" in request.param else {})) as site:
            yield f"{site.address}/"
    else:
        yield str(copied.both) if request.param == "path" else copied.both.as_uri()


def test_copy_is_the_edition_that_was_pushed_last(copied: Copied, place: str, tmp_path: Path) -> None:
    """File by file, in the place of its number, and served."""
    assert ld(tmp_path / "data", "pull", place) == 0
    assert files(tmp_path / "data" / "current") == files(copied.origin / "editions" / "000002")
    assert Catalogue(tmp_path / "data").current().number == 2


def test_bucket_is_a_location_like_others(copied: Copied, bucket: str, tmp_path: Path) -> None:
    """Pushed twice, the second time nothing is sent; with --keep 1 an older edition goes with its files."""
    place, data = f"{bucket}/under/a/prefix", tmp_path / "data"
    assert ld(copied.origin, "push", place) == ld(data, "pull", place) == 0
    assert files(data / "current") == files(copied.origin / "current")


def test_bucket_keeps_what_is_asked_for(copied: Copied, bucket: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is sent twice, and what no edition needs goes."""
    place = f"{bucket}/kept"
    ld(copied.origin, "rollback", "1")
    ld(copied.origin, "push", place)
    ld(copied.origin, "rollback", "2")
    assert ld(copied.origin, "push", place, "--keep", "1") == ld(copied.origin, "push", place) == 0
    said = capfd.readouterr().err.splitlines()
    assert said[-2].endswith("there now: 2") and "sent 0 files" in said[-1]


def test_file_that_two_editions_have_is_copied_once(copied: Copied, tmp_path: Path) -> None:
    """In the location it has one place; on its way to a replica that has it, it is not asked for."""
    shared = {each.sha256 for each in copied.manifest(1).pieces} & {each.sha256 for each in copied.manifest(2).pieces}
    assert ld(tmp_path / "data", "pull", str(copied.first)) == 0
    with web(copied.both) as site:
        assert ld(tmp_path / "data", "pull", site.address) == 0
    asked = {path.rpartition("/")[2] for path, _ in site.asked}
    assert any(each.path.endswith(".sst") for each in copied.manifest(1).pieces if each.sha256 in shared)
    assert asked >= {each.sha256 for each in copied.manifest(2).pieces} - shared and not asked & shared


def test_rehearsed_copies_say_what_the_real_ones_do(
    copied: Copied, location: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """With --dry-run nothing is written, not even a lock, and the same files are counted."""
    data, new = tmp_path / "data", tmp_path / "new"
    (location / "objects" / f"{'0' * 64}.unfinished").write_text("half")
    ld(data, "pull", str(copied.first))
    before = {place: files(place) for place in (copied.origin, location, data)}
    for place in (location, new):
        assert ld(copied.origin, "push", str(place), "--dry-run") == 0
    assert ld(data, "pull", str(copied.both), "--dry-run") == ld(new, "pull", str(copied.both), "--dry-run") == 0
    assert before == {place: files(place) for place in before} and not new.exists()
    rehearsed = capfd.readouterr().err.splitlines()[-3:-1]
    assert ld(copied.origin, "push", str(new)) == ld(data, "pull", str(copied.both)) == 0
    real = capfd.readouterr().err.splitlines()
    assert [re.findall(r"\d+ files, .*B", line) for line in rehearsed] == [
        re.findall(r"\d+ files, .*B", line) for line in real
    ]


def test_kept_editions_share_their_disk(copied: Copied, tmp_path: Path) -> None:
    """A file of two editions is one file on the disk of a replica."""
    for place in (copied.first, copied.both):
        ld(tmp_path / "data", "pull", str(place))
    kept = [tmp_path / "data" / "editions" / number / "kept" / "000001.bin" for number in ("000001", "000002")]
    assert kept[0].samefile(kept[1])
    assert not (tmp_path / "data" / "pulled").exists()


def test_unchanged_location_is_asked_for_its_tables_only(copied: Copied, tmp_path: Path) -> None:
    """A pull that finds what is served fetches nothing else."""
    ld(tmp_path / "data", "pull", str(copied.both))
    with web(copied.both) as site:
        assert ld(tmp_path / "data", "pull", site.address) == 0
    assert [path.split("/")[1] for path, _ in site.asked] == ["editions.json", "manifests"]


def test_replica_follows_back_and_forth(copied: Copied, location: Path, tmp_path: Path) -> None:
    """After a rollback and a push it serves the older edition again, whose files it has."""
    data = tmp_path / "data"
    for place in (copied.first, location):
        ld(data, "pull", str(place))
    index = json.loads((location / "editions.json").read_text())
    (location / "editions.json").write_text(json.dumps({**index, "current": 1}))
    shutil.rmtree(location / "objects")
    assert ld(data, "pull", str(location)) == 0
    assert Catalogue(data).current().number == 1 and Catalogue(data).numbers() == [1, 2]


def test_replica_keeps_so_many_editions(copied: Copied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the setting store.keep, as where they are made."""
    monkeypatch.setenv("LINKEDDATA_STORE_KEEP", "1")
    for place in (copied.first, copied.both):
        ld(tmp_path / "data", "pull", str(place))
    assert Catalogue(tmp_path / "data").numbers() == [2]


def test_location_keeps_so_many_editions(copied: Copied, location: Path) -> None:
    """With --keep 1 there is one manifest, and the files that it names; halves of a run that broke off go, too."""
    (location / "objects" / f"{'0' * 64}.unfinished").write_text("half")
    (location / "objects" / f"{'0' * 64}").write_text("of a run that broke off")
    assert ld(copied.origin, "push", str(location), "--keep", "1") == 0
    assert len(list((location / "manifests").iterdir())) == 1
    assert {file.name for file in (location / "objects").iterdir()} == {
        each.sha256 for each in copied.manifest(2).pieces
    }


def test_what_others_keep_at_a_location_stays(copied: Copied, location: Path) -> None:
    """A folder of that name may be a repository's of Git, or anybody's: only what push has written goes."""
    theirs = [location / "objects" / name for name in ("info", "photo.jpg", "thesis.unfinished", "ab/cdef")]
    theirs.append(location / "manifests" / "ship.json")
    for file in theirs:
        file.parent.mkdir(exist_ok=True)
        file.write_text("theirs")
    assert ld(copied.origin, "push", str(location), "--keep", "1") == 0
    assert [file.read_text() for file in theirs] == ["theirs"] * len(theirs)


def test_server_without_range_gives_everything_anew(tmp_path: Path) -> None:
    """What was there of the file goes, however little was lacking."""
    (tmp_path / "site").mkdir()
    whole, part, told = os.urandom(5_000), tmp_path / "part", list[int]()
    (tmp_path / "site" / "a").write_bytes(whole)
    part.write_bytes(whole[:4_900])
    with web(tmp_path / "site", Plain) as site:
        OverHttp(site.address).fetch("a", part, len(whole), told.append)
    assert part.read_bytes() == whole
    assert sum(told) == 100


def test_object_that_is_longer_than_it_should_be_fills_no_disk(bucket: str, tmp_path: Path) -> None:
    """Whoever can write to the bucket: no more is taken than the manifest says."""
    location, file = open_target(f"{bucket}/long", os.environ), tmp_path / "part"
    location.write("objects/a", bytes(5_000_000))
    location.fetch("objects/a", file, 1_500_000, lambda _: None)
    assert file.stat().st_size == 1_500_000


def test_what_others_keep_in_a_bucket_stays(copied: Copied, bucket: str) -> None:
    """As in a folder."""
    location = open_target(f"{bucket}/theirs", os.environ)
    location.write("objects/pack/a.idx", b"theirs")
    assert ld(copied.origin, "push", f"{bucket}/theirs") == 0
    assert location.read("objects/pack/a.idx") == b"theirs"


def test_status_tells_where_a_replica_comes_from(
    copied: Copied, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The location, without the password that was given with it."""
    with web(copied.both) as site:
        ld(tmp_path / "data", "pull", site.address.replace("//", "//me:secret@"))
    ld(tmp_path / "data", "status")
    ld(tmp_path / "data", "status", "--json")
    told = capsys.readouterr().out
    assert f"replica of  {site.address}, edition 2" in told and '"replica_of": {' in told and "secret" not in told


def test_replica_can_become_the_one_that_is_written(copied: Copied, tmp_path: Path) -> None:
    """Without its note it is a data directory like others: an update follows on what was copied."""
    data = tmp_path / "data"
    ld(data, "pull", str(copied.both))
    (data / "replica.json").unlink()
    assert ld(data, "--quiet", "update", "--from", write(tmp_path / "c.jsonl", range(COUNT, COUNT + 1))) == 0
    assert Catalogue(data).current().counts["records"] == COUNT + 1


def test_manifest_is_the_same_wherever_the_edition_is(copied: Copied, tmp_path: Path) -> None:
    """A replica can be pushed on to another location, and is the same edition there."""
    ld(tmp_path / "data", "pull", str(copied.both))
    assert ld(tmp_path / "data", "push", str(tmp_path / "further")) == 0
    assert [file.name for file in (tmp_path / "further" / "manifests").iterdir()] == [
        f"{copied.manifest(2).digest}.json"
    ]


def test_manifest_says_what_it_is() -> None:
    """Its checksum is that of its text, which is JSON."""
    manifest = Manifest(1, BASE, "2026-01-01T00:00:00Z", ())
    assert json.loads(manifest.written)["edition"] == 1 and len(manifest.digest) == 64
