"""A look at a SPARQL server from outside, which changes nothing there: is it there, what is it, what does it hold."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from linkeddata.errors import StoreError
from linkeddata.store.remote import RemoteWriter, Server, kind_of


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found. `problem` says why it does not answer, and then nothing else is known.

    `plain` statements are in the place of the graph, `named` in the named graphs that are ours; None where the
    server took too long to count. `joined` says that its default graph is the union of all graphs, None where
    that cannot be told yet.
    """

    endpoint: str
    graph: str
    kind: str = ""
    problem: str = ""
    plain: int | None = None
    named: int | None = None
    joined: bool | None = None

    @property
    def statements(self) -> int | None:
        """All that is ours."""
        return None if self.plain is None or self.named is None else self.plain + self.named


def inspect(server: Server, base: str, vocabulary_graph: str) -> Inspected:
    """Look at a server once, without trying again; `base` is what names of ours begin with, `vocabulary_graph` a
    named graph whose statements stand nowhere else."""
    endpoint = shown(server.endpoint)
    writer = RemoteWriter(server, base, attempts=1)
    try:
        writer.greet()
        kind = kind_of(server)
    except StoreError as problem:
        return Inspected(endpoint, server.graph, problem=str(problem))
    counted = _counted(writer)
    return Inspected(
        endpoint, server.graph, kind.name, "", *counted, joined=_joined(writer, kind.joined, vocabulary_graph)
    )


def _counted(writer: RemoteWriter) -> tuple[int | None, int | None]:
    try:
        return writer.counts()
    except StoreError:
        return None, None


def _joined(writer: RemoteWriter, known: bool | None, graph: str) -> bool | None:
    try:
        return known if known is not None else writer.sees_through(graph)
    except StoreError:
        return None


def shown(endpoint: str) -> str:
    """An address as it may be shown: without credentials, and without parameters, which may hold a key.

    >>> shown("https://library:secret@sparql.example.org:8890/sparql?key=secret")
    'https://sparql.example.org:8890/sparql'
    """
    parts = urlsplit(endpoint)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
