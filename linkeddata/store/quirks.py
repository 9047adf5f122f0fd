"""What SPARQL servers do each in its own way: one table, so that no other file knows a server by its name.

What was seen of Virtuoso and Oxigraph, the tests see again; the other rows are by the standard and by the
makers' manuals, and have not been tried.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

AUTO: Final = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """One kind of server.

    `signs` are what a header of its answers, or its address, matches. `joined` says that its default graph is
    the union of all graphs (None: it depends on how it is set up). `most` statements go into one request.
    `time_parameter` is filled with the seconds that a query may take. `partial` is a header that tells of an
    answer that is not whole, `row_limit` one that says after how many rows it was cut. `again` is in the message
    of an error that is worth another try, `late` in that of a query that took too long. `own_words` are prefixes
    and schemes of its own functions, which strangers may not use.
    """

    name: str
    signs: re.Pattern[str]
    joined: bool | None = None
    most: int = 5_000
    time_parameter: tuple[str, str] | None = None
    digest: bool = False
    partial: str = ""
    row_limit: str = ""
    again: tuple[str, ...] = ()
    late: re.Pattern[str] = re.compile(
        r"(?i)time[d ]*-?out|timeout|took too long|exceed\w* the (?:time )?limit|has been cancelled"
    )
    own_words: frozenset[str] = frozenset()


def _signs(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ROWS: Final = (
    Quirks(
        name="virtuoso",
        signs=_signs(r"^Virtuoso/"),
        joined=True,
        # Its compiler runs out of memory at 5,000 lines, whatever their length.
        most=2_000,
        # A query that takes longer is answered with what was found until then, and says so in a header.
        time_parameter=("timeout", "{milliseconds}"),
        digest=True,
        partial="X-SQL-State",
        row_limit="X-SPARQL-MaxRows",
        again=("40001", "deadlock"),
        late=_signs(r"S1T00|estimated execution time|timeout"),
        own_words=frozenset({"bif", "sql", "virtrdf", "oplstpl"}),
    ),
    Quirks(name="oxigraph", signs=_signs(r"^oxigraph/"), joined=None, most=10_000),
    Quirks(name="graphdb", signs=_signs(r"GraphDB"), joined=True, time_parameter=("timeout", "{seconds}")),
    Quirks(name="fuseki", signs=_signs(r"Fuseki"), joined=None, time_parameter=("timeout", "{seconds}")),
    Quirks(
        name="blazegraph",
        signs=_signs(r"/(?:bigdata|blazegraph)/"),
        joined=True,
        time_parameter=("timeout", "{seconds}"),
    ),
    Quirks(name="neptune", signs=_signs(r"\.neptune\.amazonaws\.com"), joined=True, most=2_000),
    Quirks(name="qlever", signs=_signs(r"QLever"), joined=True, time_parameter=("timeout", "{seconds}s")),
    Quirks(name="other", signs=_signs(r"(?!)")),
)
SERVERS: Final[Mapping[str, Quirks]] = MappingProxyType({row.name: row for row in _ROWS})


def recognised(endpoint: str, headers: Mapping[str, str]) -> Quirks:
    """The kind of a server, from its address and the headers of an answer; `other` where nothing tells it.

    >>> recognised("http://localhost:8890/sparql", {"Server": "Virtuoso/07.20.3229 (Linux)"}).name
    'virtuoso'
    >>> recognised("https://db.cluster-1.eu.neptune.amazonaws.com:8182/sparql", {}).name
    'neptune'
    """
    parts = urlsplit(endpoint)
    told = (parts.hostname or "", parts.path, *(value for name, value in headers.items() if name.lower() == "server"))
    # Fuseki numbers its requests in a header of its own.
    named = (*told, *headers)
    return next((row for row in _ROWS for text in named if row.signs.search(text)), SERVERS["other"])
