"""`update` and `withdraw`: what has changed since the edition served now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import click

from linkeddata.cli.common import Progress, catalogue, readings, site
from linkeddata.cli.harvesting import as_endpoint
from linkeddata.cli.invocation import Invocation
from linkeddata.cli.loading import check_writable, finish
from linkeddata.config import Settings
from linkeddata.errors import ConfigurationError
from linkeddata.publish import Given, Run, Work
from linkeddata.publish import update as publish_update
from linkeddata.record import Deletion, Reading
from linkeddata.report import Report
from linkeddata.source_settings import SourceSettings, nearest
from linkeddata.sources.harvest import Harvest
from linkeddata.sources.harvesting import open_harvest

#: What does not change which records are asked for.
_MANNERS = {"page_size", "delay", "timeout", "retries", "user", "password", "password_file", "shrink_limit", "origins"}


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--from", "files", multiple=True, metavar="FILE", help="Take changes from FILE, - or NAME=FILE; repeatable."
)
@click.option(
    "--all", "everything", is_flag=True, help="Ask the sources for everything, not only for what has changed."
)
@click.option("--allow-shrink", is_flag=True, help="Withdraw what the sources lost, however much it is.")
@click.option("--tolerate", type=int, default=0, metavar="N", help="Exit 0 although up to N records are refused.")
@click.option("--dry-run", is_flag=True, help="Fetch, translate and report, write nothing.")
@click.option("--report", type=click.Path(dir_okay=False), help="Write the whole report to this file, as JSON.")
@click.pass_obj
def update(  # noqa: PLR0913, PLR0917 - one parameter for each option, as click gives them
    invocation: Invocation,
    names: tuple[str, ...],
    files: tuple[str, ...],
    everything: bool,
    allow_shrink: bool,
    tolerate: int,
    dry_run: bool,
    report: str | None,
) -> None:
    """Publish what has changed: in the configured sources (all, or those named), or in files (--from).

    Of a source only what has changed since its last run is fetched where it can tell; what it does not hold any
    more is withdrawn. Lines {"delete": {"id": …}} of a file withdraw records. Where nothing has changed, no
    edition is issued. A source that breaks off counts for nothing this time, the others are published.
    """
    settings = invocation.settings()
    check_writable(report)
    if files and names:
        raise click.UsageError("give names of sources, or files by --from, not both")
    runs = [_file_run(files)] if files else [_run(source, everything=everything) for source in _chosen(settings, names)]
    done = _updated(invocation, settings, runs, allow_shrink=allow_shrink, dry_run=dry_run)
    finish(invocation, done, report, tolerate)


def _chosen(settings: Settings, names: tuple[str, ...]) -> list[SourceSettings]:
    known = {source.name: source for source in settings.sources}
    if not known:
        raise ConfigurationError(
            f"{settings.file.name} configures no [[source]]; for files: linkeddata update --from FILE"
        )
    for name in names:
        if name not in known:
            told = ", ".join(known)
            raise ConfigurationError(f"{name!r} is no configured source{nearest(name, known)}; there are: {told}")
    return [known[name] for name in names or known]


def _run(source: SourceSettings, *, everything: bool) -> Run:
    asked = {each.name: getattr(source, each.name) for each in fields(source) if each.name not in _MANNERS}
    return Run(_opener(source, everything=everything), source.name, repr(sorted(asked.items())), source.shrink_limit)


def _opener(source: SourceSettings, *, everything: bool) -> Callable[[str | None], Harvest]:
    return lambda since: open_harvest(as_endpoint(source), None if everything else since)


def _file_run(files: tuple[str, ...]) -> Run:
    return Run(lambda _: Given(readings(files)))


def _updated(
    invocation: Invocation, settings: Settings, runs: list[Run], *, allow_shrink: bool = False, dry_run: bool = False
) -> Report:
    progress = Progress(quiet=invocation.quiet)
    processes, share = settings.whole("mapping.processes") or None, settings.number("mapping.refused_share")
    work = Work(site(settings), processes, progress, allow_shrink=allow_shrink, refused_share=share)
    try:
        return publish_update(runs, catalogue(settings), work, dry_run=dry_run)
    finally:
        progress.end()


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--successor", metavar="ID", help="The record that took its place: addresses lead there (308).")
@click.option("--dry-run", is_flag=True, help="Report, write nothing.")
@click.pass_obj
def withdraw(invocation: Invocation, ids: tuple[str, ...], successor: str | None, dry_run: bool) -> None:
    """Withdraw the records of these IDs, of whatever source: their addresses answer 410 from then on.

    With --successor they lead to another record, also those of an ID that was never published here; withdrawn once
    more without it, they answer 410 again. A source
    that still holds a record brings it back when it is asked for everything.
    """
    settings = invocation.settings()
    published = catalogue(settings).current()
    unknown = [each for each in ids if not published.knew(each) and successor is None]
    if unknown:
        raise click.UsageError(
            f"never published: {', '.join(unknown)} (an ID is what follows /id/record/ in a record's URI)"
        )
    if successor in ids:
        raise click.UsageError(f"--successor {successor}: no record takes its own place")
    if successor is not None and not published.knew(successor):
        raise click.UsageError(f"--successor {successor}: there is no such record")
    deletions: list[Reading] = [Deletion(each, successor=successor or "", place="command line") for each in ids]
    done = _updated(invocation, settings, [Run(lambda _: Given(deletions))], dry_run=dry_run)
    finish(invocation, done, None, 0)


COMMANDS = (update, withdraw)
