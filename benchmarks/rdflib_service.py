"""The plain way to do it, as a peer: Flask and an rdflib graph in memory, on the same server as ours.

    python benchmarks/rdflib_service.py STATEMENTS.nt BASE

`/doc/record/ID.ttl` (or `.jsonld`) gives the statements about the record, its document, its agents
and its lists: the same that our document has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response
from rdflib import Graph, URIRef

from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.web.server import Server, listen, serve

_TYPES = {"ttl": ("turtle", "text/turtle; charset=utf-8"), "jsonld": ("json-ld", "application/ld+json")}


def create_app(everything: Graph, base: str) -> Flask:
    app = Flask("peer")

    @app.get("/doc/record/<path:address>")
    def document(address: str) -> Response:
        name, _, extension = address.rpartition(".")
        found = Graph()
        for prefix, namespace in PREFIXES.items():
            found.bind(prefix, namespace)
        for subject in _own(everything, base, quote(name, safe="")):
            for triple in everything.triples((subject, None, None)):
                found.add(triple)
        fmt, content_type = _TYPES[extension]
        return Response(found.serialize(format=fmt), content_type=content_type)

    return app


def _own(everything: Graph, base: str, code: str) -> Iterator[URIRef]:
    """The record and its document, and what they lead to that is the record's own."""
    waiting = [URIRef(f"{base}id/record/{code}"), URIRef(f"{base}doc/record/{code}")]
    inner = (f"{base}id/agent/{code}/", f"{base}.well-known/genid/{code}/", f"{base}doc/record/{code}#")
    seen = set(waiting)
    while waiting:
        subject = waiting.pop()
        yield subject
        for value in everything.objects(subject):
            if isinstance(value, URIRef) and str(value).startswith(inner) and value not in seen:
                seen.add(value)
                waiting.append(value)


def main() -> None:
    statements, base = sys.argv[1:]
    everything = Graph().parse(Path(statements), format="nt")
    serve(
        Server(create_app(everything, base), listen("127.0.0.1", 0)),
        on_ready=lambda address: print(address, flush=True),
    )


if __name__ == "__main__":
    main()
