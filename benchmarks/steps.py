"""What each step of an answer costs, in microseconds of processor time.

    python benchmarks/steps.py DATA [--records N] [--rounds N]

DATA is a data directory with something published; it is only read. The parts that make an answer are called one
by one, as the service calls them, for the same records chosen by chance; then the whole application is, and then
a real server with one connection. Of several rounds the quickest counts. Needs Linux.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from documents import measured, row
from growth import Published, published
from peers import Contender, path_of, requests_for, serving
from werkzeug.test import EnvironBuilder

from linkeddata.catalogue import Description, Edition
from linkeddata.config import Settings, read_settings
from linkeddata.representations.graph import Graph
from linkeddata.representations.rdf import tokens
from linkeddata.representations.variants import SUFFIXES
from linkeddata.web import create_app, documents, encoding, typed_links

KINDS = {"turtle": "Turtle", "jsonld": "JSON-LD", "html": "HTML"}
_VARIANTS = {"turtle": SUFFIXES["ttl"], "jsonld": SUFFIXES["jsonld"], "html": SUFFIXES["html"]}
_OFTEN = 10
_T = TypeVar("_T")


class Steps:
    """The parts of an answer, each over all records."""

    def __init__(self, app: Any, chosen: list[str], rounds: int) -> None:
        self.app, self.rounds = app, rounds
        self.edition: Edition = app.extensions["current"].edition()
        self.chosen = chosen

    def spent(self, step: Callable[[_T], object], over: Iterable[_T]) -> float:
        """Microseconds of one call, of the quickest round."""
        each, found = list(over), []
        for _ in range(self.rounds):
            begun = time.thread_time_ns()
            for one in each:
                step(one)
            found.append((time.thread_time_ns() - begun) / 1000 / len(each))
        return min(found)

    def shared(self) -> tuple[dict[str, float], list[Description]]:
        """What every document costs before it is written, and what was found."""
        entries = [self.edition.looked_up([each])[each] for each in self.chosen]
        told = [self.edition.describe_entry(each) for each in entries if each]
        genid = self.edition.uris.genid
        steps = {
            "look-up of the record and its addresses": self.spent(
                lambda each: documents.addresses_among(
                    self.edition, told[0].name, self.edition.looked_up(documents.suffixed(each))
                ),
                self.chosen,
            ),
            "statements, read and unpacked": self.spent(self.edition.describe_entry, filter(None, entries)),
            "statements to look things up in (HTML)": self.spent(
                lambda each: Graph(tokens(each.statements, genid=genid)), told
            ),
        }
        return steps, told

    def written(self, kind: str, told: list[Description]) -> tuple[dict[str, float], list[bytes]]:
        """Writing in one format, its links, and compressing that."""
        variant, edition = _VARIANTS[kind], self.edition
        ready = [(each, documents.addresses(edition, each.name), documents.view_of(edition, each)) for each in told]
        for _, _, view in ready:
            view()

        def body(one: tuple[Description, documents.Addresses, documents.View]) -> bytes:
            description, places, view = one
            return documents.body(edition, description, variant, places=places, view=view)

        def links(one: tuple[Description, documents.Addresses, documents.View]) -> object:
            description, places, view = one
            if kind == "html":
                return typed_links.links(edition, description, variant, places, view=view)
            return typed_links.record_links(edition, description.name, variant, places)

        with self.app.test_request_context("/"):
            made = [body(each) for each in ready]
            steps = {"links of its header": self.spent(links, ready), "writing it": self.spent(body, ready)}
        for name in encoding.CODINGS:
            packed = partial(encoding.encoded, coding=encoding.Coding(name))
            steps[f"compressing by {name}"] = self.spent(packed, made)
        return steps, made

    def whole(self, kind: str) -> float:
        """The application, asked without a server."""
        asked = [EnvironBuilder(path_of(each, kind)).get_environ for each in self.chosen]
        ready = [[make() for make in asked] for _ in range(self.rounds)]
        # A request's environment may be used once.
        return self.spent(
            lambda turns: _answer(self.app, turns.pop()), [list(each) for each in zip(*ready, strict=True)]
        )


def _answer(app: Any, environ: dict[str, Any]) -> None:
    answer = app.wsgi_app(environ, lambda *_: None)
    b"".join(answer)
    getattr(answer, "close", lambda: None)()


def application(data: Published, cache_mb: int) -> Any:
    settings: Settings = read_settings(
        {"store.path": str(data.folder.resolve()), "site.base_uri": data.base, "server.cache_mb": cache_mb},
        {},
        here=Path.cwd(),
    )
    return create_app(settings)


def served(data: Published, cache_mb: int, kind: str, rounds: int) -> float:
    """The same by a real server."""
    with serving(data.folder, data.base, cache_mb=cache_mb) as (address, process):
        measured(Contender(address, process, requests_for(data.chosen, (kind,))), kind, 1)
        # The system counts processor time in hundredths of a second.
        often = Contender(address, process, requests_for(data.chosen * (_OFTEN if cache_mb else 1), (kind,)))
        return min(1000 * measured(often, kind, 1)[1] for _ in range(rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    data = published(given.data, given.records)
    steps = Steps(application(data, 0), data.chosen, given.rounds)
    shared, told = steps.shared()
    columns = {kind: steps.written(kind, told)[0] for kind in KINDS}
    row(["CPU µs for an answer", *KINDS.values()], head=True)
    for step, spent in shared.items():
        row([step, *(f"{spent:.0f}" if "HTML" not in step or kind == "html" else "" for kind in KINDS)])
    for step in columns["html"]:
        row([step, *(f"{columns[kind][step]:.0f}" for kind in KINDS)])
    row(["**the application, made**, not compressed", *(f"{steps.whole(kind):.0f}" for kind in KINDS)])
    row(["… by a server", *(f"{served(data, 0, kind, given.rounds):.0f}" for kind in KINDS)])
    kept = Steps(application(data, 1024), data.chosen, given.rounds + 1)
    row(["**the application, kept**", *(f"{kept.whole(kind):.0f}" for kind in KINDS)])
    row(["… by a server", *(f"{served(data, 1024, kind, given.rounds):.0f}" for kind in KINDS)])


if __name__ == "__main__":
    main()
