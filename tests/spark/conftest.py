"""Jobs on a real Spark in this process: one Java machine for all of them, ended with the last test."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
import zstandard

from linkeddata.catalogue import Catalogue
from linkeddata.cli import run
from linkeddata.publish import Given, Run, Work, publish, update
from linkeddata.sources import open_source

from .jobs import SITE, Input, Single, arguments

try:
    from pyspark import SparkContext
except ImportError:
    SparkContext = None  # type: ignore[assignment, misc]


@pytest.fixture(scope="session")
def spark() -> Iterator[Callable[..., int]]:
    """Runs a job by the command, in this process; gives its exit code."""
    lacking = [name for name, there in (("pyspark", SparkContext), ("java", shutil.which("java"))) if not there]
    if lacking:
        reason = f"not installed: {', '.join(lacking)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    yield lambda out, *inputs, **options: run(arguments(out, *inputs, **options))
    _end_java()


def _end_java() -> None:
    gateway = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        try:
            gateway.proc.wait(timeout=30)
        finally:
            gateway.proc.kill()


@pytest.fixture(scope="session")
def records(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Input:
    """Some hundred real records, plain, as gzip and as zst, and all of the nasty ones."""
    folder = tmp_path_factory.mktemp("records")
    with gzip.open(shared / "data" / "dev.jsonl.gz") as lines:
        some = list(islice(lines, 260))
    taken_out = b'{"delete": {"id": "%b", "successor": "nasty-001"}}\n' % json.loads(some[-1])["id"].encode()
    (folder / "a.jsonl").write_bytes(b"".join(some[:120]))
    with gzip.open(folder / "b c.jsonl.gz", "wb") as packed:
        packed.writelines(map(_older, some[100:200]))
    (folder / "d.jsonl.zst").write_bytes(zstandard.compress(b"".join([*some[180:], taken_out])))
    for name in ("nasty.jsonl", "nasty_broken.jsonl"):
        shutil.copyfile(shared / "data" / name, folder / name)
    changes = folder.with_name("changes.jsonl")
    changes.write_bytes(b"".join(_changed(some)))
    return Input(tuple(map(str, sorted(folder.iterdir()))), str(changes))


def _older(line: bytes) -> bytes:
    """An earlier version of every second of them, another of the rest."""
    record = json.loads(line)
    number = int.from_bytes(record["id"].encode()[-1:], "big")
    return json.dumps(record | {"title": f"{record['title']} again", "_version_": number % 2}).encode() + b"\n"


def _changed(lines: list[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(lines[:60]):
        record = json.loads(line)
        if number % 4 == 0:
            yield json.dumps({"delete": {"id": record["id"]}}).encode() + b"\n"
        elif number % 4 == 1:
            yield json.dumps({"id": record["id"], "author": ["Without a Title"]}).encode() + b"\n"
        else:
            yield json.dumps(record | {"title": "Revised", "_version_": "1"}).encode() + b"\n"


@pytest.fixture(scope="session")
def single(records: Input, tmp_path_factory: pytest.TempPathFactory) -> Single:
    """Loaded as ever."""
    catalogue = Catalogue(tmp_path_factory.mktemp("single") / "data")
    report = publish(records.readings(), catalogue, SITE, processes=1)
    return Single(catalogue.current(), report.as_json())


@pytest.fixture(scope="session")
def changed(single: Single, records: Input) -> Single:
    """Updated afterwards."""
    catalogue = Catalogue(single.edition.folder.parents[1])
    runs = [Run(lambda _: Given(open_source(records.changes)))]
    report = update(runs, catalogue, Work(SITE, processes=1))
    return Single(catalogue.current(), report.as_json())


@pytest.fixture(scope="session")
def mapped(spark: Callable[..., int], records: Input, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a job makes of them, with a few of the records refused."""
    out = tmp_path_factory.mktemp("mapped") / "out"
    assert spark(out, *records.files) == 4
    return out
