"""Metrics: what real processes count is summed, whichever answers, and is read by Prometheus' own parser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from loopback import free_port
from prometheus_client.parser import text_string_to_metric_families

from linkeddata.errors import ConfigurationError
from linkeddata.web.kinds import KINDS
from linkeddata.web.query_outcomes import OUTCOMES
from linkeddata.web.slots import Slots

RECORD = "doc/record/nottingham-40697.ttl"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_PATIENCE = 30
#: The labels of a sample, in order, by name: `name{a,b}` is ("name", "a", "b").
Sums: TypeAlias = dict[tuple[str, ...], float]


@dataclass
class Process:
    """A real server, and its address."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str) -> int:
        try:
            with urlopen(self.address + path, timeout=_PATIENCE) as answer:
                answer.read()
                return int(answer.status)
        except HTTPError as refused:
            return refused.code


@dataclass
class Site:
    """Processes that serve one data directory with the same settings."""

    data: Path
    folder: Path
    metrics: str

    def start(self, **more: str) -> Process:
        settings = more | {
            "METRICS_LISTEN": self.metrics, "METRICS_FOLDER": str(self.folder), "LOG_FORMAT": "json",
            "SPARQL_TIMEOUT": "2", "SPARQL_WORKERS": "1",
        }  # fmt: skip
        environment = {**os.environ, **{f"LINKEDDATA_{name}": value for name, value in settings.items()}}
        command = [sys.executable, "-m", "linkeddata", "--data", str(self.data), "serve", "--port", "0"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        said = next((line for line in process.stderr or () if "serving at " in line), "")
        return Process(process, said.partition("serving at ")[2].partition('"')[0])

    def text(self) -> str:
        with urlopen(f"http://{self.metrics}/metrics", timeout=_PATIENCE) as answer:
            return str(answer.read().decode())

    def sums(self) -> Sums:
        families = text_string_to_metric_families(self.text())
        return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def ended(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)
    process.wait(_PATIENCE)
    if process.stderr:
        process.stderr.close()


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something is so in the end; what cannot be asked is not so yet."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            if holds():
                return True
        except (URLError, ConnectionError):
            pass
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def site(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Where its processes count."""
    return Site(sample_data, tmp_path_factory.mktemp("counts"), f"127.0.0.1:{free_port()}")


@pytest.fixture(scope="module")
def pair(site: Site) -> Iterator[list[Process]]:
    """Two processes; a test that ends one starts another in its place."""
    running = [site.start(), site.start()]
    yield running
    for one in running:
        ended(one.process, signal.SIGKILL)


def test_all_processes_are_summed(site: Site, pair: list[Process]) -> None:
    """By kind and status; what was at hand counts as all others."""
    before = site.sums()
    statuses = [one.get(path) for one in pair for path in (RECORD, RECORD, "wp-login.php?x=1")]
    now = site.sums()
    assert statuses == [200, 200, 404] * 2 and now["linkeddata_processes",] == 2
    grown = {name: value - before.get(name, 0) for name, value in now.items() if value != before.get(name, 0)}
    assert grown["linkeddata_requests_total", "document-data", "200"] == 4
    assert grown["linkeddata_requests_total", "other", "404"] == 2
    assert grown["linkeddata_request_seconds_count", "document-data"] == 4
    assert grown["linkeddata_cache_hits_total",] == 2


def test_queries_are_counted_by_how_they_came_out(site: Site, pair: list[Process]) -> None:
    """One that was ended at its limit costs a process, which is replaced."""
    before = site.sums()
    for query in ("ASK {}", "nonsense", RUNAWAY, RUNAWAY):
        pair[0].get(f"sparql?query={quote(query)}")
    words = ("answered", "malformed", "ended-at-time-limit", "ended-a-moment-ago")
    assert [
        site.sums()["linkeddata_queries_total", word] - before["linkeddata_queries_total", word] for word in words
    ] == [1] * 4
    replaced = "linkeddata_query_processes_replaced_total", "ended"
    assert soon(lambda: site.sums()[replaced] == before[replaced] + 1)


def test_edition_records_and_cache_are_told(site: Site, pair: list[Process]) -> None:
    """State is that of what is served: not summed where processes serve the same."""
    pair[0].get(RECORD)
    sums = site.sums()
    assert sums["linkeddata_edition",] == 1 and sums["linkeddata_records",] == 28
    assert 0 <= time.time() - sums["linkeddata_edition_issued_timestamp_seconds",] < 86_400
    assert sums["linkeddata_cache_bytes",] > 0 and sums["linkeddata_queries_waiting",] == 0


def test_labels_come_from_tables(site: Site, pair: list[Process]) -> None:
    """However odd the paths, every kind and outcome is one of ours, and every metric says what it is."""
    for path in ("x/y", "doc/a.b.c", "%FF", "id/record/%0A", "search?q=a", "browse/none"):
        pair[1].get(path)
    families = list(text_string_to_metric_families(site.text()))
    labels = {(name, value) for family in families for one in family.samples for name, value in one.labels.items()}
    assert {value for name, value in labels if name == "kind"} <= set(KINDS)
    assert {value for name, value in labels if name == "outcome"} == set(OUTCOMES)
    assert all(family.documentation for family in families) and len({one.name for one in families}) == len(families)


def test_metrics_are_not_on_the_public_port(pair: list[Process]) -> None:
    """Whoever reaches the site does not reach them."""
    assert pair[0].get("metrics") == 404


def test_killed_process_leaves_its_counts_and_its_address_to_others(site: Site, pair: list[Process]) -> None:
    """Sums never fall while one lives, state of the dead is gone, and a process that comes takes its place."""
    for one in pair:
        one.get(RECORD)
    before = site.sums()["linkeddata_requests_total", "document-data", "200"]
    ended(pair[0].process, signal.SIGKILL)
    assert soon(lambda: site.sums()["linkeddata_processes",] == 1)
    alone = site.sums()
    pair[0] = site.start()
    pair[0].get(RECORD)
    now = site.sums()
    assert alone["linkeddata_requests_total", "document-data", "200"] == before
    assert now["linkeddata_requests_total", "document-data", "200"] == before + 1
    assert alone["linkeddata_query_processes",] == 2 and now["linkeddata_processes",] == 2
    assert {file.name for file in site.folder.glob("slot-*")} == {"slot-0", "slot-1"}


def test_processes_of_one_command_are_summed(site: Site, tmp_path: Path) -> None:
    """Whichever accepts a connection, and whichever is asked."""
    both = Site(site.data, tmp_path, f"127.0.0.1:{free_port()}")
    one = both.start(SERVER_PROCESSES="2")
    try:
        assert soon(lambda: both.sums()["linkeddata_processes",] == 2)
        assert {one.get(RECORD) for _ in range(20)} == {200}
        assert both.sums()["linkeddata_requests_total", "document-data", "200"] == 20
    finally:
        ended(one.process, signal.SIGTERM)


def test_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """One that others can write could hold anything."""
    tmp_path.chmod(0o777)
    with pytest.raises(ConfigurationError, match="somebody else"):
        Slots(tmp_path, forget=lambda _: None)


def test_first_process_of_all_begins_from_nothing(tmp_path: Path) -> None:
    """What those counted that all have ended is of no more use."""
    (tmp_path / "counter_0.db").write_bytes(b"old")
    first = Slots(tmp_path, forget=lambda _: None)
    second = Slots(tmp_path, forget=lambda _: None)
    assert (first.number, second.number, list(tmp_path.glob("*.db"))) == (0, 1, [])
    first.leave()
    assert Slots(tmp_path, forget=lambda _: None).number == 0
    second.leave()


def test_address_of_a_stranger_is_refused(site: Site, tmp_path: Path) -> None:
    """Else nobody would notice that nothing is counted."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        other = Site(site.data, tmp_path, f"127.0.0.1:{taken.getsockname()[1]}")
        refused = other.start()
    assert refused.address == "" and refused.process.wait(_PATIENCE) == 3
    ended(refused.process, signal.SIGKILL)
