"""What it costs to count a request and to write a line about it: an answer at hand, asked for again and again.

python benchmarks/watching.py DATA
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from werkzeug.test import EnvironBuilder

from linkeddata.catalogue import Catalogue
from linkeddata.cli.logs import JsonFormatter
from linkeddata.config import Value, read_settings
from linkeddata.web import create_app
from linkeddata.web.watching import watched

TIMES, ROUNDS = 5_000, 7
WAYS: Mapping[str, Mapping[str, Value]] = {
    "neither": {},
    "counted": {"metrics.listen": "127.0.0.1:0"},
    "written as JSON": {"log.requests": "all", "log.format": "json"},
    "both": {"metrics.listen": "127.0.0.1:0", "log.requests": "all", "log.format": "json"},
}


def microseconds(call: Callable[[], object]) -> float:
    """The least of some rounds, for a call."""
    found = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for _ in range(TIMES):
            call()
        found.append((perf_counter() - began) / TIMES * 1e6)
    return min(found)


def measured(data: Path, way: Mapping[str, Value]) -> float:
    """Microseconds for a record's Turtle, kept, when it is seen in this way."""
    edition = Catalogue(data).current()
    base = edition.uris.base
    settings = read_settings({"store.path": str(data), "site.base_uri": base, **way}, {}, here=data)
    app = create_app(settings)
    name = edition.uris.name(edition.facts["example"])
    assert name  # noqa: S101 - an edition has at least one record
    path = f"{edition.uris.local(edition.uris.document(name))}.ttl"
    environ: dict[str, Any] = EnvironBuilder(path).get_environ()
    environ["REMOTE_ADDR"] = "192.0.2.7"
    with watched(app, settings) as application:

        def ask() -> None:
            b"".join(application({**environ}, lambda *_: print))  # type: ignore[arg-type,return-value]

        ask()
        return microseconds(ask)


def main() -> None:
    """Print a line for each way."""
    with Path("/dev/null").open("w") as nowhere:
        handler = logging.StreamHandler(nowhere)
        handler.setFormatter(JsonFormatter())
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        before = 0.0
        for name, way in WAYS.items():
            cost = measured(Path(sys.argv[1]), way)
            before = before or cost
            print(f"{name:16} {cost:6.1f} µs a request, {cost - before:+5.1f}")


if __name__ == "__main__":
    main()
