"""`check`: what is wrong with records, or with what is published."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import click
import orjson

from linkeddata.check import CheckReport, Told, check, published, translated
from linkeddata.cli.common import Progress, catalogue, readings, site
from linkeddata.cli.invocation import Invocation, Stop, printable
from linkeddata.cli.loading import SOME_REFUSED, check_writable
from linkeddata.publish import preview
from linkeddata.record import Refusal

FAULTS_FOUND = 8


@click.command("check")
@click.argument("files", nargs=-1)
@click.option("--store", is_flag=True, help="Check what is published (the default without FILES).")
@click.option("--report", type=click.Path(dir_okay=False), help="Write the report to this file, as JSON.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Check only the first N records.")
@click.option("--no-shapes", is_flag=True, help="Check without the shapes, which need the extra `check`.")
@click.pass_obj
def examine(
    invocation: Invocation, files: tuple[str, ...], store: bool, report: str | None, limit: int | None, no_shapes: bool
) -> None:
    """Check FILES, or what is published, against shapes and ontologies; store nothing.

    The shapes of the profile; domains and ranges of BIBO and Dublin Core; literals that are none of
    their datatype; identifiers; lists. Exit 8 when there are faults.
    """
    if files and store:
        raise click.UsageError("either FILES or --store")
    check_writable(report)
    progress = Progress(quiet=invocation.quiet)
    done = check(_told(invocation, files, limit), shapes=not no_shapes, progress=progress)
    progress.end()
    _tell(done, report)
    if done.rules:
        raise Stop(FAULTS_FOUND)
    if done.refused:
        raise Stop(SOME_REFUSED)


def _told(invocation: Invocation, files: tuple[str, ...], limit: int | None) -> Iterable[Told | Refusal]:
    settings = invocation.settings()
    if not files:
        return published(catalogue(settings).current(), limit)
    return islice(translated(preview(readings(files), site(settings))), limit)


def _tell(report: CheckReport, file: str | None) -> None:
    for line in report.lines():
        click.echo(printable(line))
    if file:
        Path(file).write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2))


COMMANDS = (examine,)
