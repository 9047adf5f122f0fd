"""`editions`, `rollback` and `status`: what there is, what is served, and how it came to be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click
import orjson

from linkeddata.catalogue import Catalogue, Edition, Mark
from linkeddata.cli.common import amount, catalogue
from linkeddata.cli.invocation import Invocation, printable
from linkeddata.config import Settings
from linkeddata.errors import NothingPublished, StoreError

_COUNTED = ("read", "new", "changed", "unchanged", "withdrawn", "published")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def editions(invocation: Invocation, as_json: bool) -> None:
    """List the editions that are kept, the one that is served marked with *."""
    kept = catalogue(invocation.settings())
    current = _number(kept)
    told = [_told_of(kept, number, served=number == current) for number in kept.numbers()]
    if as_json:
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        return
    if not told:
        raise NothingPublished(f"nothing is published in {kept.directory} yet; run: linkeddata load FILE")
    for each in told:
        click.echo(f"{'*' if each['served'] else ' '} {each['edition']:>6}  {_facts(each)}")


def _facts(told: Mapping[str, object]) -> str:
    if "damage" in told:
        return str(told["damage"])
    return (
        f"{told['issued']}  {told['records']:>10,} records  "
        f"{told['statements']:>12,} statements  {amount(int(str(told['bytes'])))}"
    )


@click.command()
@click.argument("number", type=int, required=False, metavar="[N]")
@click.option("--dry-run", is_flag=True, help="Tell which edition it would be, and whether it can be opened.")
@click.pass_obj
def rollback(invocation: Invocation, number: int | None, dry_run: bool) -> None:
    """Serve edition N again, or the one before the one that is served; the next update follows on it.

    Sources are then asked for what has changed since that edition.
    """
    kept = catalogue(invocation.settings())
    if dry_run:
        edition = kept.edition_to_roll_back_to(number)
        invocation.say(f"would serve edition {edition.number} of {edition.issued}; nothing was changed")
    else:
        invocation.say(f"serving edition {kept.roll_back(number)}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def status(invocation: Invocation, as_json: bool) -> None:
    """Tell what is served, how far each source was harvested, how the last run went, and the space on disk."""
    settings = invocation.settings()
    kept = catalogue(settings)
    told = _status(kept, settings)
    if as_json:
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        return
    for line in _lines(kept, settings):
        click.echo(printable(line))


def _number(kept: Catalogue) -> int | None:
    folder = kept.current_folder()
    return int(folder.name) if folder else None


def _told_of(kept: Catalogue, number: int, *, served: bool) -> dict[str, object]:
    """What there is to tell of an edition; of one that cannot be opened, why not."""
    try:
        return _edition(kept.edition(number), served=served)
    except StoreError as damage:
        return {"edition": number, "served": served, "damage": str(damage)}


def _edition(edition: Edition, *, served: bool) -> dict[str, object]:
    return {
        "edition": edition.number, "served": served, "issued": edition.issued,
        "records": edition.counts["records"], "statements": edition.counts["statements"], "bytes": edition.disk(),
    }  # fmt: skip


def _status(kept: Catalogue, settings: Settings) -> dict[str, object]:
    edition, disk, origin = kept.current(), shutil.disk_usage(kept.directory), kept.origin()
    return {
        **_edition(edition, served=True),
        "base_uri": edition.uris.base,
        "editions": kept.numbers(),
        "sources": [_source(name, kept.marks().get(name), edition) for name in _sources(kept, settings)],
        "report": _report(edition),
        "writer": kept.writer(),
        "disk": {"free": disk.free, "total": disk.total},
        "server": _server(kept, settings),
        "replica_of": asdict(origin) if origin else None,
    }


def _report(edition: Edition) -> dict[str, Any] | None:
    """The report of the run that issued an edition; None where it is lost or damaged, which costs nothing else."""
    try:
        report: dict[str, Any] = orjson.loads(edition.report())
    except (OSError, ValueError):
        return None
    return report


def _server(kept: Catalogue, settings: Settings) -> dict[str, object] | None:
    """How it stands with the SPARQL server, for programs; None where the graph is in the data directory."""
    state = kept.server(settings.base_uri)
    return {**asdict(state), "fault": state.fault, "advice": state.advice} if state else None


def _server_lines(kept: Catalogue, settings: Settings) -> Iterator[str]:
    state = kept.server(settings.base_uri)
    if state is None:
        return
    found = state.found
    yield f"server      {found.endpoint}{f', {found.kind}' if found.kind else ''}, {graph_words(found.graph)}"
    if not found.problem:
        yield f"            {state.content}"
    if state.fault:
        yield f"            {state.fault}; {state.advice}"


def graph_words(graph: str) -> str:
    """Where in a server the graph is."""
    return f"graph {graph}" if graph else "its default graph"


def _sources(kept: Catalogue, settings: Settings) -> list[str]:
    """Sources that are configured, and others of which there are records or marks."""
    configured = [source.name for source in settings.sources]
    return list(dict.fromkeys([*configured, *kept.current().sizes(), *kept.marks()]))


def _source(name: str, mark: Mark | None, edition: Edition) -> dict[str, object]:
    return {
        "name": name, "records": edition.sizes().get(name, 0),
        "since": mark.since if mark else None, "finished": mark.finished if mark else None,
    }  # fmt: skip


def _lines(kept: Catalogue, settings: Settings) -> Iterator[str]:
    edition, disk = kept.current(), shutil.disk_usage(kept.directory)
    yield f"served      edition {edition.number} of {edition.issued}, under {edition.uris.base}"
    yield f"holds       {edition.counts['records']:,} records, {edition.counts['statements']:,} statements"
    yield from _server_lines(kept, settings)
    if origin := kept.origin():
        yield f"replica of  {origin.location}, edition {origin.edition} pulled {origin.pulled}"
    yield f"editions    {', '.join(map(str, kept.numbers()))} in {kept.directory}"
    for name in _sources(kept, settings):
        yield _told(name, kept.marks().get(name), edition, configured=name in {each.name for each in settings.sources})
    report = _report(edition)
    counted = ", ".join(f"{name} {report[name]:,}" for name in _COUNTED) if report else "its report is damaged"
    yield f"last run    {counted}"
    yield from _missed(report or {})
    if report and report["refused"]:
        count = report.get("refusals", len(report["refused"]))
        yield f"            refused {count}, the first: {report['refused'][0]['reason']}"
    yield f"disk        this edition {amount(edition.disk())}, free {amount(disk.free)} of {amount(disk.total)}"
    if writer := kept.writer():
        yield f"writing now process {writer}"


def _missed(report: Mapping[str, Any]) -> Iterator[str]:
    """What a run did not get, though it was published without that; reports of earlier versions tell less."""
    for heading, kind in (("left out as a whole", "failures"), ("not all was given", "shortfalls")):
        yield from (f"            {heading}: {each}" for each in report.get(kind, ()))


def _told(name: str, mark: Mark | None, edition: Edition, *, configured: bool) -> str:
    called = name or "(files without a name)"
    held = f"{edition.sizes().get(name, 0):,} records"
    if mark is not None:
        held += f", harvested {mark.finished}, next since {mark.since or 'the beginning'}"
    elif configured:
        held += ", not harvested yet"
    elif configured is False and name:
        held += ", not configured"
    return f"source      {called}: {held}"


COMMANDS = (editions, rollback, status)
