"""The pool that answers strangers' SPARQL in processes that can be ended.

`pyoxigraph` cannot cancel a query, and a few kilobytes of brackets or patterns end the process that
reads them; so the process is the unit: one query each, a deadline, and a new one for every one lost.
One process more than asked for is kept for look-ups, which stay quick while others burn.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from linkeddata.errors import QueryMalformed, QueryTooCostly, StoreError
from linkeddata.store.crew import Crew
from linkeddata.store.guard import Examined, examine
from linkeddata.store.limits import Limits
from linkeddata.store.worker import Abandoned, Ended, Greedy, OutOfTime, Worker

_LOG = logging.getLogger(__name__)
_REMEMBERED: Final = 1_000
_MEMORY_WORDS: Final = ("memory", "bad_alloc", "MemoryError")


@dataclass(frozen=True)
class Answer:
    """A whole answer; `truncated` says that it was cut at a bound, `rows` counts rows or statements (not for ASK)."""

    body: bytes
    truncated: bool
    rows: int | None
    seconds: float


def _never() -> bool:
    return False


def open_pool(
    store_folder: Path, *, workers: int = 2, limits: Limits | None = None, prefixes: Mapping[str, str] | None = None
) -> Pool:
    """A pool on a finished store, all its processes ready; StoreError where they cannot start.

    `prefixes` are those that Turtle answers use.
    """
    return Pool(store_folder, workers=workers, limits=limits or Limits(), prefixes=prefixes or {})


class Pool:
    """Query processes on one store folder; any number of threads may ask."""

    def __init__(self, folder: Path, *, workers: int, limits: Limits, prefixes: Mapping[str, str]) -> None:
        self.limits = limits
        self._crew = Crew(
            folder,
            {
                "memory_bytes": limits.memory_bytes,
                "max_answer_bytes": limits.max_answer_bytes,
                "prefixes": dict(prefixes),
            },
            size=workers,
        )
        self._stopped = Stopped(limits.remember_seconds)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def examine(self, text: str) -> Examined:
        """What a query asks for, without running it; raises what `guard.examine` does."""
        return examine(text, self.limits)

    def answer(
        self,
        text: str,
        *,
        media: str,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        max_rows: int | None = None,
        cancelled: Callable[[], bool] = _never,
    ) -> Answer:
        """Run a query and give its whole answer in a format named as in `query_process`.

        Raises QueryMalformed, QueryForbidden, QueryTooCostly or QueryQueueFull. `cancelled` is asked
        ten times a second whether anybody still waits; if not, the query is ended.
        """
        examined = self.examine(text)
        question = {
            "query": text,
            "media": media,
            "base": base,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
            "max_rows": min(max_rows or self.limits.max_rows, self.limits.max_rows),
        }
        self._stopped.refuse(text)
        with self._crew.one(look_up=examined.cheap, limits=self.limits, cancelled=cancelled) as worker:
            began = time.monotonic()
            head, body = self._ask(worker, question, cancelled)
            return Answer(body, head["truncated"], head["rows"], time.monotonic() - began)

    def close(self, *, wait: bool = True) -> None:
        """End all processes; with `wait`, running queries come to their end first (or to their deadline)."""
        self._crew.dismiss(patience=self.limits.timeout_seconds + 1 if wait else 0)

    @property
    def pids(self) -> list[int]:
        """The process ids, for those who watch memory."""
        return self._crew.pids()

    def _ask(
        self, worker: Worker, question: Mapping[str, Any], cancelled: Callable[[], bool]
    ) -> tuple[dict[str, Any], bytes]:
        def interrupt() -> Ended | None:
            if cancelled():
                return Abandoned()
            return Greedy() if self._crew.is_greediest(worker, self.limits.total_memory_bytes) else None

        try:
            head, body = worker.ask(question, seconds=self.limits.timeout_seconds, interrupt=interrupt)
        except Abandoned as error:
            raise QueryTooCostly("The query was ended because nobody waited for its answer.") from error
        except Ended as error:
            self._too_costly(question["query"], self._reason(error), error)
        if head["status"] == "memory":
            self._too_costly(question["query"], "memory limit", None)
        if head["status"] == "malformed":
            raise QueryMalformed(head["message"])
        if head["status"] == "failed":
            _LOG.warning("a query failed: %s", head["message"])
            raise StoreError("The query could not be run.")
        return head, body

    def _reason(self, how: Ended) -> str:
        if isinstance(how, OutOfTime):
            return f"time limit of {self.limits.timeout_seconds:g} seconds"
        if isinstance(how, Greedy) or any(word in str(how) for word in _MEMORY_WORDS):
            return "memory limit"
        _LOG.warning("a query process died: %s", str(how)[:500])
        return "limit of complexity"

    def _too_costly(self, text: str, reason: str, cause: Exception | None) -> NoReturn:
        message = (
            f"The query was ended at the {reason}. Fewer patterns, a smaller part of the data or no sorting may help."
        )
        self._stopped.remember(text, message)
        raise QueryTooCostly(message) from cause


class Stopped:
    """Queries that were ended a moment ago, so that asking again at once costs nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[bytes, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def refuse(self, text: str) -> None:
        """QueryTooCostly for a query that is remembered."""
        with self._lock:
            until, message = self._known.get(_digest(text), (0.0, ""))
        if time.monotonic() < until:
            raise QueryTooCostly(f"{message} It is not tried again within {self._seconds:g} seconds.")

    def remember(self, text: str, message: str) -> None:
        """Keep a query in mind, and forget the oldest when there are many."""
        with self._lock:
            self._known.pop(_digest(text), None)
            self._known[_digest(text)] = (time.monotonic() + self._seconds, message)
            while len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
