"""`load` and `map`: records in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click
import orjson

from linkeddata.cli import explaining
from linkeddata.cli.common import Progress, brought, catalogue, means_here, readings, site
from linkeddata.cli.invocation import Invocation, Stop, printable, tell
from linkeddata.config import Settings
from linkeddata.crosswalk import Crosswalk, Mapping
from linkeddata.errors import RefusedForSafety, SourceError
from linkeddata.mapped import is_mapped
from linkeddata.publish import Site, preview, publish, publish_mapped, rehearse, remap
from linkeddata.record import Record, Refusal
from linkeddata.report import Report
from linkeddata.representations import represent
from linkeddata.representations.formats import by_extension
from linkeddata.sources.json_object import json_line
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris

SOME_REFUSED, INCOMPLETE, NOTHING_PUBLISHED = 4, 5, 7
#: Sources that counted for nothing, and the exit code; the first that fits.
_FAILURES: Final = ((SourceError, INCOMPLETE), (RefusedForSafety, 7))
_ONLY_HERE: Final = "every URI begins with {}, so for others it means nothing: set site.base_uri, then load --rebase"
_WRITERS: Final = {"turtle": "ttl", "jsonld": "jsonld", "nt": "nt"}


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--tolerate", type=int, default=0, metavar="N", help="Exit 0 although up to N records are refused.")
@click.option("--rebase", is_flag=True, help="Allow another base URI than that of what is published.")
@click.option("--dry-run", is_flag=True, help="Translate and report, write nothing.")
@click.option("--report", type=click.Path(dir_okay=False), help="Write the whole report to this file, as JSON.")
@click.option("--bulk-loaded", is_flag=True, help="The SPARQL server holds the folder's statements; send nothing.")
@click.pass_obj
def load(
    invocation: Invocation,
    files: tuple[str, ...],
    *,
    tolerate: int,
    rebase: bool,
    dry_run: bool,
    report: str | None,
    bulk_loaded: bool,
) -> None:
    """Publish a whole new edition from FILES.

    Solr documents as .json (one, a list, a select response) or .jsonl, EPrints and OAI-PMH as .xml, MARC as
    .mrc or .xml, a saved staff view as .txt, each also with .gz or .zst; - is standard input. NAME=FILE
    names the source, for the setting mapping.sources. One FILE may be a folder that map-on-spark made.
    """
    settings = invocation.settings()
    check_writable(report)
    progress = Progress(quiet=invocation.quiet)
    if any(map(is_mapped, files)) or bulk_loaded:
        folder = _folder(files, dry_run)
        done = _load_mapped(folder, settings, progress, rebase=rebase, bulk_loaded=bulk_loaded)
    elif dry_run:
        processes = settings.whole("mapping.processes") or None
        done = rehearse(brought(files), site(settings), processes=processes, progress=progress)
    else:
        done = _load(files, settings, progress, rebase=rebase)
    _end(progress, invocation, settings)
    finish(invocation, done, report, tolerate)


def _end(progress: Progress, invocation: Invocation, settings: Settings) -> None:
    progress.end()
    if means_here(settings.base_uri):
        invocation.say(_ONLY_HERE.format(settings.base_uri))


def _load(files: tuple[str, ...], settings: Settings, progress: Progress, *, rebase: bool) -> Report:
    return publish(
        brought(files),
        catalogue(settings),
        site(settings),
        processes=settings.whole("mapping.processes") or None,
        rebase=rebase,
        progress=progress,
        refused_share=settings.number("mapping.refused_share"),
    )


def _load_mapped(folder: Path, settings: Settings, progress: Progress, *, rebase: bool, bulk_loaded: bool) -> Report:
    if bulk_loaded and not settings.text("store.endpoint"):
        raise click.UsageError("--bulk-loaded is for a graph in a SPARQL server, and store.endpoint names none")
    where, share = (catalogue(settings), site(settings)), settings.number("mapping.refused_share")
    return publish_mapped(
        folder, *where, rebase=rebase, progress=progress, refused_share=share, bulk_loaded=bulk_loaded
    )


def _folder(files: tuple[str, ...], dry_run: bool) -> Path:
    """The one folder of mapped records that is to be loaded."""
    if len(files) > 1 or dry_run:
        raise click.UsageError("a folder of mapped records is loaded alone, and without --dry-run")
    if not Path(files[0]).is_dir():
        raise click.UsageError(f"--bulk-loaded: {files[0]} is no folder that map-on-spark made")
    return Path(files[0])


def check_writable(file: str | None) -> None:
    """A report that cannot be written is known before anything is published."""
    if file is None:
        return
    place = Path(file).absolute()
    if not place.parent.is_dir():
        raise click.UsageError(f"--report {file}: there is no such folder")
    if not os.access(place if place.exists() else place.parent, os.W_OK, effective_ids=True):
        raise click.UsageError(f"--report {file}: this user has no right to write there")


def finish(invocation: Invocation, report: Report, file: str | None, tolerate: int) -> None:
    """Tell the report, and leave with the exit code that it comes to."""
    for line in report.lines():
        invocation.say(line)
    if file:
        Path(file).write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2))
    for kind, code in _FAILURES:
        if any(isinstance(failure, kind) for failure in report.failures):
            raise Stop(code)
    if report.shortfalls:
        raise Stop(INCOMPLETE)
    if not report.published and not report.revised:
        raise Stop(NOTHING_PUBLISHED)
    if report.refusals > tolerate:
        raise Stop(SOME_REFUSED)


@click.command("map")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--to", "target", type=click.Choice([*_WRITERS, "nq"]), default="turtle", show_default=True, help="What is written."
)
@click.option(
    "--explain", is_flag=False, flag_value="text", type=click.Choice(["text", "json"]), help="Say what came from what."
)
@click.pass_obj
def translate(invocation: Invocation, files: tuple[str, ...], target: str, explain: str | None) -> None:
    """Translate FILES to standard output and store nothing.

    turtle, jsonld and nt are the documents as they are served, one a record (JSON-LD one a line); nq
    is what the store and the dump hold, where list cells have URIs. With --explain (or --explain json,
    one object a line) every statement is given with the field, value and line it came from, and every
    field with what became of it.
    """
    settings, refused = invocation.settings(), 0
    where, output = site(settings), sys.stdout.buffer
    for outcome in preview(readings(files), where):
        if isinstance(outcome, Refusal):
            refused += 1
            tell(f"refused: {outcome}")
        else:
            output.write(_explained(where, *outcome, explain) if explain else _translated(where, *outcome, target))
    output.flush()
    if refused:
        raise Stop(SOME_REFUSED)


def _explained(where: Site, record: Record, mapping: Mapping, form: str) -> bytes:
    fate = Crosswalk(where.uris).fate
    if form == "json":
        return json_line(explaining.as_json(record, mapping, fate))
    return "".join(f"{printable(line)}\n" for line in explaining.as_text(record, mapping, fate)).encode()


def _translated(where: Site, record: Record, mapping: Mapping, target: str) -> bytes:
    text = ntriples.text(mapping.statements).encode()
    if target != "nq":
        return _document(text, _WRITERS[target], where.uris, record.id)
    graph = where.uris.mined_graph(record.id)
    return text + "".join(ntriples.quad_line(statement, graph) for statement in mapping.mined).encode()


def _document(text: bytes, extension: str, uris: Uris, identifier: str) -> bytes:
    fmt = by_extension(extension)
    if fmt is None:
        raise LookupError(extension)
    body = represent(text, fmt, focus=str(uris.record(identifier)), genid=uris.genid, base=uris.base)
    return body if body.endswith(b"\n") else body + b"\n"


@click.command("remap")
@click.option("--tolerate", type=int, default=0, metavar="N", help="Exit 0 although up to N records are refused.")
@click.option("--dry-run", is_flag=True, help="Translate and report, write nothing.")
@click.option("--report", type=click.Path(dir_okay=False), help="Write the whole report to this file, as JSON.")
@click.pass_obj
def map_again(invocation: Invocation, *, tolerate: int, dry_run: bool, report: str | None) -> None:
    """Publish a new edition of the kept source documents by the mapping as it is now; nothing is fetched."""
    settings, progress = invocation.settings(), Progress(quiet=invocation.quiet)
    check_writable(report)
    processes, share = settings.whole("mapping.processes") or None, settings.number("mapping.refused_share")
    where = (catalogue(settings), site(settings))
    done = remap(*where, processes=processes, progress=progress, refused_share=share, dry_run=dry_run)
    progress.end()
    finish(invocation, done, report, tolerate)


COMMANDS = (load, translate, map_again)
