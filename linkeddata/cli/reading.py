"""`query`, `export` and `get`: what is published, without a server."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
import orjson

from linkeddata.catalogue import DUMP, Edition, QueryLimits
from linkeddata.cli.common import catalogue, written
from linkeddata.cli.invocation import Invocation, Stop
from linkeddata.errors import StoreError
from linkeddata.representations import represent
from linkeddata.representations.formats import by_extension
from linkeddata.vocabulary.ntriples import QUAD
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.vocabulary.uris import RECORD, Name
from linkeddata.web import create_app

_RESULTS: Final = ("table", "json", "csv", "tsv", "xml")
_GRAPHS: Final = {"turtle": "ttl", "nt": "nt", "jsonld": "jsonld"}
_CHUNK = 1 << 20


@click.command()
@click.argument("query")
@click.option("-f", "--format", "form", type=click.Choice([*_RESULTS, *_GRAPHS]), help="[default: table, or turtle]")
@click.pass_obj
def query(invocation: Invocation, query: str, form: str | None) -> None:
    """Ask what is published: QUERY is SPARQL, a file with it, or - for standard input."""
    settings = invocation.settings()
    text = _query_text(query)
    limits = QueryLimits(
        timeout_seconds=settings.number("sparql.timeout"),
        queue_seconds=settings.number("sparql.queue_seconds"),
        max_rows=settings.whole("sparql.max_rows"),
        memory_bytes=settings.whole("sparql.memory_mb") << 20,
    )
    with catalogue(settings).current().open_pool(workers=1, limits=limits, prefixes=PREFIXES) as pool:
        gives_graph = pool.examine(text).form.gives_graph
        wanted = form or ("turtle" if gives_graph else "table")
        if gives_graph != (wanted in _GRAPHS):
            raise click.UsageError(f"this query cannot be answered as {wanted}")
        media = _GRAPHS.get(wanted, "json" if wanted == "table" else wanted)
        answer = pool.answer(text, media=media, base=settings.base_uri)
    body = _table(answer.body) if wanted == "table" else answer.body
    output = sys.stdout.buffer
    output.write(body if body.endswith(b"\n") else body + b"\n")
    if answer.truncated:
        invocation.say(f"cut at {answer.rows} rows; there are more")


def _query_text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    # A query holds a bracket or a blank; the name of a file seldom does.
    if "{" in query or "\n" in query or not (Path(query).is_file() or len(query.split()) == 1):
        return query
    try:
        return Path(query).read_text("utf-8")
    except OSError as error:
        raise click.UsageError(f"{query}: no SPARQL, and no file that can be read: {error.strerror}") from error


def _table(body: bytes) -> bytes:
    """Results in JSON as columns of text."""
    found = orjson.loads(body)
    if "boolean" in found:
        return f"{str(found['boolean']).lower()}\n".encode()
    names = found["head"]["vars"]
    rows = [[row.get(name, {}).get("value", "") for name in names] for row in found["results"]["bindings"]]
    cells = [[" ".join(cell.split()) for cell in row] for row in (names, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return ("\n".join(lines) + "\n").encode()


@click.command()
@click.option("-f", "--format", "form", type=click.Choice(["nq", "nt", "ttl", "jsonld"]), default="nq")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True),
    default="-",
    help="Write here; compressed when it ends in .gz.",
)
@click.pass_obj
def export(invocation: Invocation, form: str, output: str) -> None:
    """Write out everything that is published.

    nq (the default) is the dump; nt its default graph; ttl and jsonld are the records' documents, JSON-LD one a line.
    Until everything is there, a file is called FILE.part.
    """
    edition = catalogue(invocation.settings()).current()
    with written(output) as file:
        for piece in _EXPORTS[form](edition):
            file.write(piece)


@contextmanager
def _dump(edition: Edition) -> Iterator[gzip.GzipFile]:
    """The dump, unpacked; StoreError where it is damaged. (An EOFError would be an interruption to `click`.)"""
    try:
        with gzip.open(edition.folder / DUMP) as file:
            yield file
    except (EOFError, gzip.BadGzipFile, zlib.error) as damage:
        raise StoreError(f"the dump of edition {edition.number} is damaged: {damage}") from damage


def _quads(edition: Edition) -> Iterator[bytes]:
    with _dump(edition) as file:
        while piece := file.read(_CHUNK):
            yield piece


def _triples(edition: Edition) -> Iterator[bytes]:
    """The lines of the dump that name no graph."""
    with _dump(edition) as file:
        yield from (line for line in file if (quad := QUAD.fullmatch(line)) and not quad[4])


def _turtle(edition: Edition) -> Iterator[bytes]:
    return _documents(edition, "ttl")


def _json_lines(edition: Edition) -> Iterator[bytes]:
    return _documents(edition, "jsonld")


def _documents(edition: Edition, extension: str) -> Iterator[bytes]:
    fmt, uris = by_extension(extension), edition.uris
    for identifier in edition.ids():
        description = edition.describe(Name(RECORD, identifier))
        if description is not None and fmt is not None:
            body = represent(description.statements, fmt, focus=description.uri, genid=uris.genid, base=uris.base)
            yield body.rstrip(b"\n") + b"\n"


_EXPORTS: Final = {"nq": _quads, "nt": _triples, "ttl": _turtle, "jsonld": _json_lines}


@click.command()
@click.argument("path")
@click.option("--accept", help="The Accept header to send.")
@click.option("--headers", is_flag=True, help="Print status and headers too.")
@click.pass_obj
def get(invocation: Invocation, path: str, accept: str | None, headers: bool) -> None:
    """Ask the site for PATH as a client would, without a server; exit 1 unless it is there."""
    app = create_app(invocation.settings())
    try:
        sent = {"Accept": accept} if accept else {}
        response = app.test_client().get(path, headers=sent)
    finally:
        app.extensions["current"].close()
    output = sys.stdout.buffer
    if headers:
        output.write(f"HTTP/1.1 {response.status}\r\n{response.headers}".encode("latin-1", "replace"))
    output.write(response.data)
    if response.status_code >= 400:
        raise Stop(1)


COMMANDS = (query, export, get)
