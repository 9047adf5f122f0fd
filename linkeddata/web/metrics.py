"""What is counted, in the words of Prometheus, and summed over all processes that count in one folder.

Every process writes its counts to files of the folder (the multi-process mode of prometheus-client), and whichever is
asked adds all of them up. Labels come from tables, never from what is asked for, so their number is bounded.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from wsgiref.simple_server import WSGIServer

try:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, start_http_server, values
    from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
except ImportError:
    values = None  # type: ignore[assignment]

from linkeddata.catalogue import Standing
from linkeddata.errors import ConfigurationError
from linkeddata.web.query_outcomes import OUTCOMES
from linkeddata.web.slots import Slots
from linkeddata.web.watch import Seen

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
#: An answer at hand takes less than the first, a query at most what the last allows.
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class State:
    """How it stands in a process: the edition served (0: none), when it was issued (ISO 8601), what it holds, the bytes
    of finished answers that are kept, and its queries."""

    edition: int
    issued: str
    records: int
    statements: int
    kept_bytes: int
    queries: Standing


class Metrics:
    """The counts of this process, and the sums of all; threads share them."""

    def __init__(self, folder: Path, state: Callable[[], State]) -> None:
        """Count in a folder. ConfigurationError where the extra is not installed, or the folder is not ours alone."""
        if values is None:
            raise ConfigurationError("metrics.listen needs the extra: pip install 'linkeddata[metrics]'")
        self._slots, self._state = Slots(folder, forget=lambda slot: mark_process_dead(slot, str(folder))), state
        self._registry = CollectorRegistry()
        with self._slots.quiet():
            _count_in(folder, self._slots.number)
            self._make_counters()
            self._make_gauges()
        self._queries = Standing()
        self._requests_of: dict[tuple[str, int], Counter] = {}
        self._seconds_of: dict[str, Histogram] = {}
        self.refresh()

    def count(self, seen: Seen) -> None:
        """One request and its answer. Two threads that meet something first make the same of it."""
        requests = self._requests_of.get((seen.kind, seen.status))
        if requests is None:
            requests = self._requests_of[seen.kind, seen.status] = self._requests.labels(seen.kind, str(seen.status))
        requests.inc()
        seconds = self._seconds_of.get(seen.kind)
        if seconds is None:
            seconds = self._seconds_of[seen.kind] = self._seconds.labels(seen.kind)
        seconds.observe(seen.seconds)
        if seen.kept:
            self._hits.inc()
        if seen.outcome is not None:
            self._outcomes.labels(seen.outcome).inc()

    def refresh(self) -> None:
        """Note how it stands in this process now."""
        state = self._state()
        queries, before = state.queries, self._queries
        self._edition.set(state.edition)
        self._issued.set(datetime.fromisoformat(state.issued).timestamp() if state.issued else 0)
        self._records.set(state.records)
        self._statements.set(state.statements)
        self._kept.set(state.kept_bytes)
        self._places.set(queries.places)
        self._running.set(queries.running)
        self._waiting.set(queries.waiting)
        self._replaced.labels("ended").inc(max(0, queries.ended - before.ended))
        self._replaced.labels("spent").inc(max(0, queries.spent - before.spent))
        self._queries = queries

    def collect(self) -> list[Metric]:
        """The sums of all processes; the state of the others is that of a second ago."""
        self.refresh()
        with self._slots.quiet():
            self._processes.set(self._slots.others() + 1)
            return list(MultiProcessCollector(None, str(self._slots.folder)).collect())

    def listen(self, host: str, port: int) -> WSGIServer:
        """A server that answers with them, in a thread of its own; OSError where the address is taken."""
        sums = CollectorRegistry()
        sums.register(self)
        return start_http_server(port, host, sums)[0]

    def others(self) -> int:
        """How many other processes count in this folder now."""
        with self._slots.quiet():
            return self._slots.others()

    def close(self) -> None:
        """Count no more; what was counted stays for the next process."""
        self._slots.leave()

    def _make_counters(self) -> None:
        self._requests = self._counter(
            "linkeddata_requests", "Requests answered, by kind of door and status.", "kind", "status"
        )
        self._seconds = Histogram(
            "linkeddata_request_seconds",
            "Seconds until an answer was made, waiting for a thread included, by kind of door.",
            ("kind",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._hits = self._counter("linkeddata_cache_hits", "Requests answered again with what was answered before.")
        self._outcomes = self._counter("linkeddata_queries", "SPARQL queries, by how they came out.", "outcome")
        self._replaced = self._counter(
            "linkeddata_query_processes_replaced",
            "Query processes replaced: ended at a limit or dead by themselves, or spent in good order.",
            "reason",
        )
        for outcome in OUTCOMES:
            self._outcomes.labels(outcome)

    def _make_gauges(self) -> None:
        self._edition = self._gauge(
            "linkeddata_edition", "Number of the edition served; 0 where there is none.", "livemin"
        )
        self._issued = self._gauge(
            "linkeddata_edition_issued_timestamp_seconds",
            "When the edition served was issued, in seconds since 1970; its age is time() less that.",
            "livemin",
        )
        self._records = self._gauge("linkeddata_records", "Records in the edition served.", "livemin")
        self._statements = self._gauge("linkeddata_statements", "Statements in the edition served.", "livemin")
        self._kept = self._gauge("linkeddata_cache_bytes", "Bytes of finished answers kept in memory.", "livesum")
        self._places = self._gauge("linkeddata_query_processes", "Query processes there are.", "livesum")
        self._running = self._gauge("linkeddata_queries_running", "Queries that run.", "livesum")
        self._waiting = self._gauge("linkeddata_queries_waiting", "Queries that wait for a process.", "livesum")
        self._processes = self._gauge("linkeddata_processes", "Web processes whose counts are summed here.", "livemax")

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self._registry)

    def _gauge(self, name: str, meaning: str, mode: Any) -> Gauge:
        return Gauge(name, meaning, registry=self._registry, multiprocess_mode=mode)


def _count_in(folder: Path, slot: int) -> None:
    """Make the library keep all values to come in files of a folder.

    It decides that when it is imported, by the environment, and names the files by process ids, so that each restart
    would leave some. Here the place in the folder is what names them. There is one such folder in a process.
    """
    os.environ[_FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: slot)
