"""The pool that answers strangers' SPARQL in processes that can be ended.

`pyoxigraph` cannot cancel a query, and a few kilobytes of brackets or patterns end the process that
reads them; so the process is the unit: one query each, a deadline, and a new one for every one lost.
One process more than asked for is kept for look-ups, which stay quick while others burn.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn

from linkeddata.errors import QueryMalformed, QueryQueueFull, QueryTooCostly, StoreError, marked
from linkeddata.store.admission import AS_ASKED, CROWDED, LATE, LongPlaces, Stopped
from linkeddata.store.asking import NO_WISH, SOMEBODY, Answer, Asker, Standing, Wish
from linkeddata.store.crew import Crew
from linkeddata.store.guard import Examined, examine
from linkeddata.store.limits import Limits
from linkeddata.store.worker import Abandoned, Crowded, Ended, Greedy, OutOfTime, Worker

_LOG = logging.getLogger(__name__)
#: Queries of which it is remembered what they ask for, each of some kilobytes.
_EXAMINED: Final = 64
_FAIR_SHARE: Final = 0.75
_MEMORY: Final = marked(
    "The query was ended at the memory limit. Fewer patterns, a smaller part of the data or no sorting may help."
)
_COMPLEX: Final = marked(
    "The query was ended at the limit of complexity. Fewer patterns, a smaller part of the data or no sorting may help."
)
#: From what is said to what `QueryTooCostly` calls the limit.
_LIMITS: Final = {LATE: "time", _MEMORY: "memory", _COMPLEX: "complexity"}
_MEMORY_WORDS: Final = ("memory", "bad_alloc", "MemoryError")


@dataclass(frozen=True)
class _Run:
    """One query in its process: the seconds that it may take from when it was asked, and those that it has left after
    waiting for the process; whether anybody waits, and whether it may go on."""

    worker: Worker
    seconds: float
    left: float
    cancelled: Callable[[], bool]
    may_run_long: Callable[[], bool]


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
        # The same query is examined by who negotiates and by who asks, and often asked again.
        self._examined = lru_cache(_EXAMINED)(lambda text: examine(text, limits))
        self._stopped = Stopped(limits.remember_seconds)
        self._long = LongPlaces(limits)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def examine(self, text: str) -> Examined:
        """What a query asks for, without running it; raises what `guard.examine` does."""
        return self._examined(text)

    def answer(
        self,
        text: str,
        *,
        media: str,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        wish: Wish = NO_WISH,
        asker: Asker = SOMEBODY,
    ) -> Answer:
        """Run a query and give its whole answer in a format named as in `query_process`.

        The graphs named take the place of FROM; none named is the store as it is. Raises QueryMalformed,
        QueryForbidden, QueryTooCostly or QueryQueueFull.
        """
        examined = self.examine(text)
        self._stopped.refuse(text)
        question = {
            "query": text,
            "media": media,
            "base": base,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
            "max_rows": min(wish.rows or self.limits.max_rows, self.limits.max_rows),
            "notice": wish.notice,
        }
        return self._answered(question, examined.cheap, wish, asker)

    def _answered(self, question: Mapping[str, Any], look_up: bool, wish: Wish, asker: Asker) -> Answer:
        asked = time.monotonic()
        with (
            self._long.one(question["query"], asker.cancelled) as may_run_long,
            self._crew.one(look_up=look_up, limits=self.limits, cancelled=asker.cancelled) as worker,
        ):
            began = time.monotonic()
            seconds = min(wish.seconds or math.inf, self.limits.timeout_seconds)
            try:
                run = _Run(worker, seconds, asked + seconds - began, asker.cancelled, may_run_long)
                if run.left <= 0:
                    raise QueryQueueFull("All query processes were busy; try again in a moment.")
                head, body = self._ask(run, question)
            finally:
                asker.charged(time.monotonic() - began)
            return Answer(body, head["truncated"], head["rows"], time.monotonic() - began)

    def close(self, *, wait: bool = True) -> None:
        """End all processes; with `wait`, running queries come to their end first (or to their deadline)."""
        self._crew.dismiss(patience=self.limits.timeout_seconds + 1 if wait else 0)

    def standing(self) -> Standing:
        """How it stands with the processes now."""
        return self._crew.standing()

    @property
    def pids(self) -> list[int]:
        """The process ids, for those who watch memory."""
        return self._crew.pids()

    def _ask(self, run: _Run, question: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        def interrupt() -> Ended | None:
            if run.cancelled():
                return Abandoned()
            return Greedy() if self._crew.is_greediest(run.worker, self.limits.total_memory_bytes) else None

        try:
            head, body = run.worker.ask(question, seconds=run.left, interrupt=interrupt, may_run_long=run.may_run_long)
        except Abandoned as error:
            raise QueryTooCostly("The query was ended because nobody waited for its answer.", "abandoned") from error
        except Crowded as error:
            raise QueryQueueFull(CROWDED) from error
        except OutOfTime as error:
            self._out_of_time(question["query"], run, error)
        except Ended as error:
            self._too_costly(question["query"], self._reason(error), error)
        return self._checked(head, question["query"]), body

    def _checked(self, head: dict[str, Any], text: str) -> dict[str, Any]:
        if head["status"] == "memory":
            self._too_costly(text, _MEMORY, None)
        if head["status"] == "malformed":
            said = head["message"]
            raise QueryMalformed(said)
        if head["status"] == "failed":
            _LOG.warning("a query failed: %s", head["message"])
            raise StoreError("The query could not be run.")
        return head

    def _out_of_time(self, text: str, run: _Run, cause: Exception) -> NoReturn:
        seconds = run.seconds
        if seconds < self.limits.timeout_seconds:
            # The asker's own limit says nothing about the query to others.
            raise QueryTooCostly(AS_ASKED, "time", seconds=f"{seconds:g}") from cause
        self._too_costly(text, LATE, cause, fairly=run.left > _FAIR_SHARE * seconds)

    def _reason(self, how: Ended) -> str:
        if isinstance(how, Greedy) or any(word in str(how) for word in _MEMORY_WORDS):
            return _MEMORY
        _LOG.warning("a query process died: %s", str(how)[:500])
        return _COMPLEX

    def _too_costly(self, text: str, reason: str, cause: Exception | None, *, fairly: bool = True) -> NoReturn:
        """`fairly` is a query that had its chance, and has not spent its time with waiting; others may try again."""
        seconds = f"{self.limits.timeout_seconds:g}"
        if fairly:
            self._stopped.remember(text, QueryTooCostly(reason, _LIMITS[reason], seconds=seconds))
        raise QueryTooCostly(reason, _LIMITS[reason], seconds=seconds) from cause
