"""Whether the edition served now answers a look-up of ours, for those who send requests elsewhere if it does not.

It is looked into in a thread of its own, so that whoever asks is told in a bounded time, whatever a server does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from linkeddata.catalogue import Edition
from linkeddata.errors import NothingPublished, StoreError

_LOG = logging.getLogger(__name__)
#: An edition is not looked into more often than every so many seconds.
AGAIN: Final = 5
#: What has not answered after so many seconds does not answer: probes wait hardly longer.
_PATIENCE: Final = 2.0
_FIRST: Final = "the edition is being looked into"
_SILENT: Final = "the store of the graph does not answer; documents of records are served"


@dataclass(frozen=True, slots=True)
class _Look:
    """A look into an edition, and the reason that was told before it."""

    edition: Edition
    began: float
    before: str = _FIRST
    found: Future[str] = field(default_factory=Future)


class Readiness:
    """Whether the edition served now answers, looked up again every few seconds when somebody asks."""

    def __init__(
        self, edition: Callable[[], Edition], *, clock: Callable[[], float] = monotonic, patience: float = _PATIENCE
    ) -> None:
        self._edition, self._clock, self._patience = edition, clock, patience
        self._look: _Look | None = None
        self._lock = threading.Lock()

    def told(self) -> tuple[int | None, str]:
        """The number of the edition when it answers, else None and why it does not."""
        try:
            edition = self._edition()
        except NothingPublished:
            return None, "nothing is published yet"
        except StoreError as damage:
            _LOG.error("not ready: %s", damage)
            return None, "the edition cannot be opened"
        reason = self._reason(edition)
        return (None, reason) if reason else (edition.number, "")

    def _reason(self, edition: Edition) -> str:
        """Why it is not ready; empty where it is."""
        now = self._clock()
        with self._lock:
            begun = _due(self._look, edition, now)
            look = self._look = begun or self._look
        assert look is not None  # noqa: S101 - the first is always due
        if begun:
            threading.Thread(target=_look_into, args=(begun,), name="readiness", daemon=True).start()
        elif not look.found.done():
            # Others are told at once what was found last.
            return look.before if now < look.began + self._patience else _SILENT
        try:
            return look.found.result(self._patience)
        except TimeoutError:
            _LOG.error("not ready: no answer in %g seconds", self._patience)
            return _SILENT


def _due(last: _Look | None, edition: Edition, now: float) -> _Look | None:
    """A new look where it is time for one; one at a time, so that they do not pile up before a silent server."""
    if last is None or last.edition is not edition:
        return _Look(edition, now)
    if last.found.done() and now >= last.began + AGAIN:
        return _Look(edition, now, last.found.result())
    return None


def _look_into(look: _Look) -> None:
    try:
        look.edition.warm_up()
        look.found.set_result("")
    except StoreError as problem:
        # Words of a server are for the log alone.
        _LOG.error("not ready: %s", problem)
        look.found.set_result(_SILENT)
    except Exception:  # noqa: BLE001 - the thread's last door: nobody must wait for ever for what it finds
        _LOG.exception("not ready")
        look.found.set_result("the edition cannot be looked into")
