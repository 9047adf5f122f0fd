"""The edition served now: notices a new one, and starts its query processes before it is used."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from linkeddata.catalogue import Catalogue, Edition, QueryLimits, QueryPool, Standing
from linkeddata.errors import StoreError
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.web.cache import Cache

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 10
#: Whether a newer edition is being made is looked up no more often than every so many seconds.
_LOOK_SECONDS = 5
#: What is expected, and should have been here by now.
SOON = "soon"


class Current:
    """What is served: one edition and its query processes. Threads share it.

    Every request asks for the edition anew; one that has an old one in hand may finish with it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        workers: int,
        limits: QueryLimits,
        prefixes: Mapping[str, str] = PREFIXES,
        kept_bytes: int = 0,
    ) -> None:
        """`kept_bytes` bounds the finished answers that `answers` keeps of the edition."""
        self.limits = limits
        self.answers = Cache(kept_bytes, catalogue.is_settled)
        #: Whether what is served now is of one edition, so that others may keep it; see `Catalogue.is_settled`.
        self.is_settled = catalogue.is_settled
        self._catalogue = catalogue
        self._open_pool: Callable[[Edition], QueryPool] = lambda edition: edition.open_pool(
            workers=workers, limits=limits, prefixes=prefixes
        )
        self._lock = threading.Lock()
        self._mark: str | None = None
        self._broken: tuple[str | None, float] = None, 0.0
        self._edition: Edition | None = None
        self._pool: QueryPool | None = None
        self._before = Standing()
        self._coming, self._look_again = "", 0.0

    def edition(self) -> Edition:
        """The edition served now; NothingPublished where there is none."""
        return self.settled() or self._noticed()

    def settled(self) -> Edition | None:
        """The edition served now, where it is open already; None where that needs work first."""
        mark, edition = self._catalogue.current_mark(), self._edition
        return edition if mark == self._mark or self._is_broken(mark) else None

    def pool(self) -> QueryPool:
        """The query processes of the edition served now, started at the first call."""
        edition = self.edition()
        with self._lock:
            if self._pool is None:
                self._pool = self._open_pool(edition)
            return self._pool

    def coming(self) -> str:
        """When the edition that is being made now can be expected (ISO 8601), or `SOON`; empty where none is."""
        if monotonic() >= self._look_again:
            expected = self._catalogue.coming()
            moment = expected.strftime("%Y-%m-%dT%H:%M:00Z") if expected else ""
            self._coming = SOON if expected and expected < datetime.now(UTC) else moment
            self._look_again = monotonic() + _LOOK_SECONDS
        return self._coming

    def standing(self) -> Standing:
        """How it stands with the queries; processes of earlier editions count among those replaced."""
        with self._lock:
            return _added(self._before, self._pool)

    def close(self) -> None:
        """End the query processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.close(wait=False)
                self._pool = None

    def _noticed(self) -> Edition:
        with self._lock:
            return self.settled() or self._notice(self._catalogue.current_mark())

    def _notice(self, mark: str | None) -> Edition:
        try:
            edition = self._catalogue.current()
        except StoreError as damage:
            if self._edition is None:
                raise
            # What is open can be served still.
            _LOG.error("still serving edition %d: %s", self._edition.number, damage)
            self._broken = mark, monotonic() + _RETRY_SECONDS
            return self._edition
        fresh = self._open_pool(edition) if self._pool is not None else None
        now = _added(self._before, self._pool)
        self._before = Standing(ended=now.ended, spent=now.spent)
        self._retire(self._pool)
        self.answers.begin(edition.number)
        self._mark, self._edition, self._pool = mark, edition, fresh
        _LOG.info("serving edition %d", edition.number)
        if edition.search is None:
            _LOG.warning(
                "edition %d has no search index, so there is no search: linkeddata remap makes one", edition.number
            )
        return edition

    def _is_broken(self, mark: str | None) -> bool:
        """Whether this could not be opened a moment ago. It is tried again later: perhaps only files or memory
        were short then."""
        broken, until = self._broken
        return mark == broken and monotonic() < until

    def _retire(self, pool: QueryPool | None) -> None:
        """Running queries come to their end; nobody waits for that here."""
        if pool is not None:
            threading.Thread(target=pool.close, name="retiring queries", daemon=True).start()


def _added(before: Standing, pool: QueryPool | None) -> Standing:
    now = pool.standing() if pool else Standing()
    return replace(now, ended=before.ended + now.ended, spent=before.spent + now.spent)
