"""An edition's search index, open for reading: connections, labels of terms, and the limit of time."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple

from linkeddata.catalogue.search_columns import Columns, read
from linkeddata.catalogue.search_row import KINDS
from linkeddata.errors import QueryError

#: Seconds after which a look-up is given up.
_PATIENCE: Final = 2.0
#: The engine asks about the time after so many of its steps.
_STEPS: Final = 20_000
#: Each thread's own; the system keeps the file in memory for all.
_CACHE_KIB: Final = 256
#: Of the beginning of the file, which pages of records read most. It saves such a page some
#: hundred and fifty calls to the system, and counts, once, as memory of all processes that read it.
_MAPPED: Final = 32 << 20
_AT_ONCE: Final = 500


class Counted(NamedTuple):
    """Something that records count under: kind, key, what it is called, and how many works."""

    kind: str
    key: str
    label: str
    works: int


class IndexFile:
    """The file; threads may share it, each has its own connection."""

    def __init__(self, file: Path) -> None:
        self._uri = f"{file.resolve().as_uri()}?immutable=1&mode=ro"
        self._mine = threading.local()
        self._opening = threading.Lock()
        self._columns: Columns | None = None

    def columns(self) -> Columns:
        """What the index has in columns, read when it is first asked for."""
        with self._opening:
            if self._columns is None:
                self._columns = read(self.connection)
            return self._columns

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._mine, "connection"):
            opened = sqlite3.connect(self._uri, uri=True)
            opened.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            opened.execute(f"PRAGMA mmap_size = {_MAPPED}")
            self._mine.connection = opened
        connection: sqlite3.Connection = self._mine.connection
        return connection

    def rows(self, query: str, *values: object) -> list[Any]:
        """The rows of a query; QueryError where that takes too long."""
        with self.patience() as connection:
            return connection.execute(query, values).fetchall()

    def docs(self, match: str) -> list[int]:
        """The numbers of all records that a match for the full-text index finds; as `rows`."""
        return self._listed("SELECT json_group_array(rowid) FROM word WHERE word MATCH ?", match)

    def docs_of(self, first: int, last: int) -> list[int]:
        """The numbers of all records of a span of years."""
        return self._listed("SELECT json_group_array(doc) FROM under WHERE year BETWEEN ? AND ?", first, last)

    def _listed(self, query: str, *values: object) -> list[int]:
        # Handed over in one text: as rows they would cost four times as much.
        ((listed,),) = self.rows(query, *values)
        found: list[int] = json.loads(listed)
        return found

    @contextmanager
    def patience(self) -> Iterator[sqlite3.Connection]:
        """The connection, for a while: whatever is looked up within is ended (QueryError) when time is over."""
        end, connection = monotonic() + _PATIENCE, self.connection
        connection.set_progress_handler(lambda: monotonic() > end, _STEPS)
        try:
            yield connection
        except sqlite3.OperationalError as problem:
            if "interrupted" not in str(problem):
                raise
            raise QueryError("that took too long to look up; rarer words are quicker to find") from problem
        finally:
            connection.set_progress_handler(None, 0)

    def works(self, terms: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Those of some terms that records count under, with the number of these."""
        left = iter(terms)
        while some := list(islice(left, _AT_ONCE)):
            marks = ",".join("?" * len(some))
            yield from self.rows(f"SELECT term, works FROM term WHERE term IN ({marks})", *some)  # noqa: S608

    def counted(self, terms: Iterable[tuple[int, int]]) -> list[Counted]:
        """Terms with a number of works each, as they are called, in the order given."""
        wanted = list(terms)
        known: dict[int, tuple[int, str, str]] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = [term for term, _ in wanted[start : start + _AT_ONCE]]
            marks = ",".join("?" * len(some))
            query = f"SELECT term, kind, key, label FROM term WHERE term IN ({marks})"  # noqa: S608
            known |= {row[0]: row[1:] for row in self.rows(query, *some)}
        told = ((known[term], works) for term, works in wanted if term in known)
        return [Counted(KINDS[kind], key, label, works) for (kind, key, label), works in told]
