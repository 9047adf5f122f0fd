"""Who is free: the query processes of a pool, their queue, and the thread that replaces the lost ones."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from linkeddata.errors import QueryQueueFull, QueryTooCostly, StoreError
from linkeddata.store.asking import Standing
from linkeddata.store.limits import Limits
from linkeddata.store.nursery import Nursery
from linkeddata.store.worker import Worker

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.1
_Bench = list[Worker]


@dataclass(frozen=True)
class _Vacancy:
    """A place for a process; `modest` where one was ended: who sends one runaway sends more, and neither they nor
    the start of ever new processes shall take the processors from pages and look-ups."""

    bench: _Bench
    modest: bool = False


class Crew:
    """`size` processes for any query, and one that only look-ups may have."""

    def __init__(self, folder: Path, setup: Mapping[str, Any], *, size: int) -> None:
        self._nursery, self._setup = Nursery(folder), setup
        self._general: _Bench = []
        self._reserved: _Bench = []
        self._busy: dict[Worker, _Bench] = {}
        self._waiting = 0
        self._ended = self._spent = 0
        self._closing = False
        self._lock = threading.Lock()
        self._for_any = threading.Condition(self._lock)
        self._for_look_up = threading.Condition(self._lock)
        self._vacancies: queue.SimpleQueue[_Vacancy | None] = queue.SimpleQueue()
        self._failure: queue.SimpleQueue[StoreError | None] = queue.SimpleQueue()
        self._keeper = threading.Thread(target=self._keep, args=(size,), name="query-processes", daemon=True)
        self._keeper.start()
        if failure := self._failure.get():
            raise failure

    @contextlib.contextmanager
    def one(self, *, look_up: bool, limits: Limits, cancelled: Callable[[], bool]) -> Iterator[Worker]:
        """A free process for the time of the block; QueryQueueFull when none is free soon."""
        worker = self._take(look_up, limits, cancelled)
        try:
            yield worker
        finally:
            self._give_back(worker)

    def pids(self) -> list[int]:
        with self._lock:
            return [worker.pid for worker in (*self._general, *self._reserved, *self._busy)]

    def standing(self) -> Standing:
        """How many processes there are, are busy and have been replaced, and how many queries wait."""
        with self._lock:
            running = len(self._busy)
            places = running + len(self._general) + len(self._reserved)
            return Standing(places, running, self._waiting, self._ended, self._spent)

    def is_greediest(self, worker: Worker, bound: int) -> bool:
        """Whether all processes together hold more memory than the bound, and this one the most."""
        with self._lock:
            held = {one: one.resident_bytes for one in (*self._general, *self._reserved, *self._busy)}
        return sum(held.values()) > bound and held.get(worker) == max(held.values())

    def dismiss(self, *, patience: float) -> None:
        """End every process, those at work after `patience` seconds at the latest."""
        with self._lock:
            self._closing = True
            self._for_look_up.notify_all()
            self._for_any.notify_all()
            self._for_any.wait_for(lambda: not self._busy, timeout=patience)
            idle = [*self._general, *self._reserved]
            self._general.clear()
            self._reserved.clear()
            for worker in self._busy:
                worker.kill()
        for worker in idle:
            worker.end()
        self._vacancies.put(None)
        self._keeper.join()

    def _take(self, look_up: bool, limits: Limits, cancelled: Callable[[], bool]) -> Worker:
        deadline = time.monotonic() + limits.queue_seconds
        freed = self._for_look_up if look_up else self._for_any
        with self._lock:
            # Look-ups move on at once; the others must not take up every thread of the web with waiting.
            if self._waiting >= limits.queue_length and not look_up:
                raise QueryQueueFull("Too many queries are waiting; try again in a moment.")
            self._waiting += not look_up
            try:
                while (worker := self._free(look_up)) is None:
                    left = deadline - time.monotonic()
                    if left <= 0 or self._closing:
                        raise QueryQueueFull("All query processes are busy; try again in a moment.")
                    if cancelled():
                        raise QueryTooCostly(
                            "The query was given up because nobody waited for its answer.", "abandoned"
                        )
                    freed.wait(min(left, _LOOK_SECONDS))
            finally:
                self._waiting -= not look_up
        return worker

    def _free(self, look_up: bool) -> Worker | None:
        if self._closing:
            return None
        for bench in (self._reserved, self._general) if look_up else (self._general,):
            while bench:
                worker = bench.pop()
                if worker.alive:
                    self._busy[worker] = bench
                    return worker
                self._replace(worker, bench)
        return None

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            bench = self._busy.pop(worker)
            if worker.alive and not worker.spent and not self._closing:
                self._seat(worker, bench)
            else:
                self._replace(worker, bench)
            if self._closing:
                self._for_any.notify_all()

    def _seat(self, worker: Worker, bench: _Bench) -> None:
        bench.append(worker)
        self._for_look_up.notify()
        if bench is self._general:
            self._for_any.notify()

    def _replace(self, worker: Worker, bench: _Bench) -> None:
        is_lost = not worker.alive
        modest = is_lost and bench is self._general
        worker.end()
        if not self._closing:
            self._ended += is_lost
            self._spent += not is_lost
            self._vacancies.put(_Vacancy(bench, modest))

    def _keep(self, size: int) -> None:
        try:
            self._start([*[self._general] * size, self._reserved])
        except StoreError as error:
            self._failure.put(error)
        except OSError as error:
            # No more files may be open, say. Whoever waits must hear of it.
            self._failure.put(StoreError(f"no query process can be started: {error}"))
        else:
            self._failure.put(None)
            while (vacancy := self._vacancies.get()) is not None:
                self._fill(vacancy)
        finally:
            self._nursery.close()

    def _start(self, benches: list[_Bench]) -> None:
        workers: list[Worker] = []
        try:
            workers.extend(Worker(self._nursery, self._setup) for _ in benches)
            for worker, bench in zip(workers, benches, strict=True):
                worker.wait_ready()
                bench.append(worker)
        except (StoreError, OSError):
            for worker in workers:
                worker.end()
            raise

    def _fill(self, vacancy: _Vacancy) -> None:
        try:
            worker = Worker(self._nursery, self._setup, modest=vacancy.modest)
            worker.wait_ready()
        except (StoreError, OSError):
            _LOG.exception("a query process could not be replaced")
            self._vacancies.put(vacancy)
            time.sleep(_RETRY_SECONDS)
            return
        with self._lock:
            if not self._closing:
                self._seat(worker, vacancy.bench)
                return
        worker.end()
