"""`load` and `map`: records in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click
import orjson

from linkeddata.cli.common import Invocation, Progress, Stop, catalogue, readings, site
from linkeddata.publish import Report, preview, publish, rehearse
from linkeddata.record import Refusal
from linkeddata.representations import represent
from linkeddata.representations.formats import by_extension
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris

SOME_REFUSED, NOTHING_PUBLISHED = 4, 7
_WRITERS: Final = {"turtle": "ttl", "jsonld": "jsonld", "nt": "nt"}


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--tolerate", type=int, default=0, metavar="N", help="Exit 0 although up to N records are refused.")
@click.option("--rebase", is_flag=True, help="Allow another base URI than that of what is published.")
@click.option("--dry-run", is_flag=True, help="Translate and report, write nothing.")
@click.option("--report", type=click.Path(dir_okay=False), help="Write the whole report to this file, as JSON.")
@click.pass_obj
def load(
    invocation: Invocation, files: tuple[str, ...], tolerate: int, rebase: bool, dry_run: bool, report: str | None
) -> None:
    """Publish a whole new edition from FILES.

    Solr documents as .json (one, a list, a select response) or .jsonl, a saved staff view as .txt,
    each also with .gz; - is standard input.
    """
    settings = invocation.settings()
    progress = Progress(quiet=invocation.quiet)
    processes = settings.whole("mapping.processes") or None
    if dry_run:
        done = rehearse(readings(files), site(settings), processes=processes, progress=progress)
    else:
        done = publish(
            readings(files), catalogue(settings), site(settings), processes=processes, rebase=rebase, progress=progress
        )
    progress.end()
    _tell(invocation, done, report)
    if not done.published:
        raise Stop(NOTHING_PUBLISHED)
    if len(done.refused) > tolerate:
        raise Stop(SOME_REFUSED)


def _tell(invocation: Invocation, report: Report, file: str | None) -> None:
    for line in report.lines():
        invocation.say(line)
    if file:
        Path(file).write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2))


@click.command("map")
@click.argument("files", nargs=-1, required=True)
@click.option("--to", "target", type=click.Choice([*_WRITERS, "nq"]), default="turtle", show_default=True)
@click.pass_obj
def translate(invocation: Invocation, files: tuple[str, ...], target: str) -> None:
    """Translate FILES to standard output and store nothing.

    turtle, jsonld and nt are the documents as they are served, one a record (JSON-LD one a line); nq
    is what the store and the dump hold, where list cells have URIs.
    """
    settings, refused = invocation.settings(), 0
    uris, output = Uris(settings.base_uri), sys.stdout.buffer
    for outcome in preview(readings(files), site(settings)):
        if isinstance(outcome, Refusal):
            refused += 1
            click.echo(f"refused: {outcome}", err=True)
            continue
        record, mapping = outcome
        text = ntriples.text(mapping.statements).encode()
        output.write(text if target == "nq" else _document(text, _WRITERS[target], uris, record.id))
    output.flush()
    if refused:
        raise Stop(SOME_REFUSED)


def _document(text: bytes, extension: str, uris: Uris, identifier: str) -> bytes:
    fmt = by_extension(extension)
    if fmt is None:
        raise LookupError(extension)
    body = represent(text, fmt, focus=str(uris.record(identifier)), genid=uris.genid, base=uris.base)
    return body if body.endswith(b"\n") else body + b"\n"


COMMANDS = (load, translate)
