"""`map-on-spark`: many records at once, on many machines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from linkeddata.cli.common import site
from linkeddata.cli.invocation import Invocation
from linkeddata.cli.loading import finish
from linkeddata.spark import Input, Job, map_on_spark, session

_NAMED: Final = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_-]*)=(?P<location>.+)", re.DOTALL)


@click.command("map-on-spark")
@click.argument("inputs", nargs=-1, required=True)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder that is made.")
@click.option(
    "--previous", type=click.Path(file_okay=False, path_type=Path), help="Earlier folder; tell the difference from it."
)
@click.option("--changes", is_flag=True, help="INPUTS are only what has changed since --previous.")
@click.option("--master", metavar="URL", help="Spark's master; without it local[*], or what spark-submit says.")
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="An option of Spark; may be given several times.")
@click.option("--parts", type=int, default=0, metavar="N", help="Files of statements; by their size if not said.")
@click.option("--tolerate", type=int, default=0, metavar="N", help="Exit 0 although up to N records are refused.")
@click.pass_obj
def map_many(  # noqa: PLR0913 - the options of a command
    invocation: Invocation,
    inputs: tuple[str, ...],
    out: Path,
    *,
    previous: Path | None,
    changes: bool,
    master: str | None,
    conf: tuple[str, ...],
    parts: int,
    tolerate: int,
) -> None:
    """Map INPUTS on Apache Spark into the folder OUT: sorted N-Quads, and what `linkeddata load OUT` needs.

    INPUTS are JSON lines, plain or as .gz or .zst: files, folders, patterns or addresses that Spark can read.
    NAME=INPUT names the source. Nothing is written over. Exit codes are those of load.
    """
    if changes and previous is None:
        raise click.UsageError("--changes needs --previous: all that has not changed is taken from there")
    wanted = Job(
        tuple(map(_input, inputs)), out.absolute(), site(invocation.settings()),
        previous and previous.absolute(), changes=changes, parts=parts,
    )  # fmt: skip
    with session(master, dict(map(_option, conf))) as spark:
        report = map_on_spark(spark, wanted)
    finish(invocation, report, None, tolerate)


def _input(text: str) -> Input:
    named = _NAMED.fullmatch(text) if not Path(text).exists() else None
    return Input(named["location"], named["name"]) if named else Input(text)


def _option(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--conf {text}: an option is written KEY=VALUE")
    return name, value


COMMANDS = (map_many,)
