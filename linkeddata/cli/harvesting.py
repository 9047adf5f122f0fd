"""`harvest`: fetch from a source on the network into a file that `load` reads; nothing is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import click

from linkeddata.cli.common import Progress, part_of, written
from linkeddata.cli.invocation import Invocation, Stop, tell
from linkeddata.cli.loading import SOME_REFUSED
from linkeddata.config import Settings
from linkeddata.errors import ConfigurationError, SourceError
from linkeddata.record import Deletion, Record, Refusal
from linkeddata.source_settings import SourceSettings, nearest
from linkeddata.sources.address import shown
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.harvested import harvested_line
from linkeddata.sources.harvesting import HARVESTED, kind_of, open_harvest

_ENDINGS: Final = tuple(f"{ending}{packed}" for ending in (".jsonl", ".ndjson") for packed in ("", ".gz"))


@click.command()
@click.argument("source", metavar="NAME|URL")
@click.option("--kind", type=click.Choice(list(HARVESTED)), help="Kind of the source; guessed for a URL.")
@click.option("--since", metavar="D", help="Only what has changed since, as 2026-01-31 or 2026-01-31T12:00:00Z.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="End after N records and deletions.")
@click.option("--out", default="-", metavar="FILE", help="A .jsonl or .jsonl.gz file; - is standard output (default).")
@click.pass_obj
def harvest(
    invocation: Invocation, source: str, kind: str | None, since: str | None, limit: int | None, out: str
) -> None:
    """Fetch the records of a configured source, or of a URL, as JSON lines; nothing is published.

    `linkeddata load NAME=FILE` reads them back as they came. Until everything is there, the file is called
    FILE.part, and keeps that name if the source breaks off or did not give all that it has (exit code 5).
    """
    if out != "-" and not out.endswith(_ENDINGS):
        raise click.UsageError(f"--out {out}: should end in one of {', '.join(_ENDINGS)}, or be -")
    endpoint = _endpoint(invocation.settings(), source, kind)
    try:
        run = open_harvest(endpoint, since, presence=False)
    except SourceError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    tally = _Tally(invocation, run)
    with written(out) as stream:
        for line in tally.lines(limit):
            stream.write(line)
        tally.end(endpoint.name)
        if not (since or limit or run.complete):
            raise SourceError(f"{endpoint.name}: not everything that there is was given; kept as it is: {part_of(out)}")
    if tally.refused:
        raise Stop(SOME_REFUSED)


class _Tally:
    """Counts what comes, and tells of it."""

    def __init__(self, invocation: Invocation, run: Harvest) -> None:
        self._invocation = invocation
        self._run = run
        self._progress = Progress(quiet=invocation.quiet)
        self._records = self._deletions = self.refused = 0

    def lines(self, limit: int | None) -> Iterator[bytes]:
        """A line for each record and deletion, up to the limit; refusals are told."""
        for reading in self._run:
            if isinstance(reading, Refusal):
                self.refused += 1
                self._progress.end()
                tell(f"refused: {reading}")
            elif isinstance(reading, Record | Deletion):
                self._records += isinstance(reading, Record)
                self._deletions += isinstance(reading, Deletion)
                yield harvested_line(reading)
            given = self._records + self._deletions
            self._progress(given, min(limit, self._run.total or limit) if limit else self._run.total)
            if given == limit:
                return

    def end(self, name: str) -> None:
        """Say what came, and where the next run may begin."""
        self._progress.end()
        mark = f"; what changes from now on: --since {self._run.mark}" if self._run.mark else ""
        self._invocation.say(
            f"{name}: {self._records:,} records, {self._deletions:,} deletions, {self.refused:,} refused{mark}"
        )


def _endpoint(settings: Settings, source: str, kind: str | None) -> Endpoint:
    """The configured source of that name, or the one at that address."""
    known = {each.name: each for each in settings.sources}
    if source in known:
        found = as_endpoint(known[source])
        return replace(found, kind=kind) if kind else found
    if not source.startswith(("http://", "https://")):
        names = f"{nearest(source, known)}; configured are: {', '.join(known) or 'none'}"
        raise ConfigurationError(f"{source!r} is neither a source in {settings.file.name} nor a URL{names}")
    guessed = kind or kind_of(source)
    if guessed is None:
        raise click.UsageError(f"of what kind is {shown(source)}? Say it by --kind")
    return Endpoint(urlsplit(source).hostname or source, guessed, _without_question(source, guessed))


def as_endpoint(source: SourceSettings) -> Endpoint:
    """A configured source as the harvesters take it, its password with it."""
    same = {each.name: getattr(source, each.name) for each in fields(Endpoint)}
    return Endpoint(**{**same, "password": source.secret()})


def _without_question(url: str, kind: str) -> str:
    """The address alone. OAI-PMH's question is ours to ask; any other says what is wanted, so it is not dropped."""
    parts = urlsplit(url)
    if parts.query and kind != "oai-pmh":
        said = shown(url)
        question = urlsplit(said).query
        raise click.UsageError(f"{said}: give the address without its question (?{question}), or configure a source")
    return urlunsplit(parts._replace(query="" if "verb=" in parts.query else parts.query))


COMMANDS = (harvest,)
