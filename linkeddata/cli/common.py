"""What all commands share: the settings in force, and where to speak."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import IO, Final, cast
from urllib.parse import urlsplit

import click

from linkeddata.catalogue import Catalogue
from linkeddata.config import MINING_RULE, Settings
from linkeddata.configured import catalogue_of
from linkeddata.publish import Site
from linkeddata.record import Brought, Reading, of_source, readings_of
from linkeddata.sources import open_unread

#: Hosts that mean whatever machine they are named on.
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - named, not listened on
_EVERY_SECONDS = 1.0
#: What a run does when all is read, which takes minutes where there is much.
STEPS: Final = {
    "store": "filling the store",
    "register": "dating the records",
    "search": "finishing the search index, listing people and subjects",
    "order": "putting the store in order",
    "dump": "writing the dump",
    "documents": "writing the dump of documents and the description",
    "switch": "switching to the new edition",
}
_NAMED = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_-]*)=(?P<file>.+)", re.DOTALL)


def site(settings: Settings) -> Site:
    mines = MINING_RULE in settings.text("mapping.mine").split()
    return Site(
        settings.base_uri,
        settings.text("site.title"),
        settings.text("site.license"),
        mines=mines,
        overrides=settings.overrides,
        sources=settings.rank,
        publisher=settings.text("site.publisher"),
        contact=settings.text("site.contact"),
        dumps=tuple(settings.text("store.dumps").split()),
    )


def catalogue(settings: Settings) -> Catalogue:
    return catalogue_of(settings)


def means_here(uri: str) -> bool:
    """Whether a URI means whatever machine it is read on."""
    return urlsplit(uri).hostname in LOCAL


def readings(files: Iterable[str]) -> Iterator[Reading]:
    """What all files yield, one after the other; `-` is standard input, `NAME=FILE` names the source."""
    return readings_of(brought(files))


def brought(files: Iterable[str]) -> Iterator[Brought]:
    """The same, of which some is still to be read."""
    return chain.from_iterable(map(_brought, files))


def _brought(file: str) -> Iterator[Brought]:
    named = _NAMED.fullmatch(file) if not Path(file).exists() else None
    name, location = (named["name"], named["file"]) if named else ("", file)
    for each in open_unread(location, stdin=sys.stdin.buffer if location == "-" else None):
        yield of_source(each, name) if name else each


def part_of(out: str) -> str:
    """What a file is called until it is whole."""
    return f"{out}.part" if out != "-" else "standard output"


@contextmanager
def written(out: str) -> Iterator[IO[bytes]]:
    """Where to write; - is standard output, what ends in .gz is packed. A file has its name only once the block has
    ended well; what is there already and no file, a pipe or a device, is written as it is.

    ClickException where it cannot be written.
    """
    if out == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(out)
    part = target if target.exists() and not target.is_file() else Path(part_of(out))
    try:
        with part.open("wb") as raw:
            if out.endswith(".gz"):
                # Without its name and time in it, so equal contents are equal files.
                with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
    except OSError as problem:
        raise click.ClickException(f"{problem.filename or part}: {problem.strerror or problem}") from problem
    part.replace(target)


class Progress:
    """Says on standard error how many are done and how fast, at most once a second and only at a terminal."""

    def __init__(self, *, quiet: bool, words: Callable[[int, float], str] | None = None) -> None:
        """`words` say how many are done, and how many a second; without them they are records that were read."""
        self._shown = not quiet and sys.stderr.isatty()
        self._words = words or _records
        self.begin_again()

    def begin_again(self) -> None:
        """Count from nothing: another part of the work begins."""
        self._start = self._last = monotonic()

    def __call__(self, done: int, total: int | None = None) -> None:
        """With a `total`, the share of it that is done and the time that is left, too."""
        now = monotonic()
        if self._shown and now - self._last > _EVERY_SECONDS:
            self._last = now
            click.echo(f"\r\033[K{_progress(self._words, done, total, now - self._start)} ", err=True, nl=False)

    def begin(self, step: str) -> None:
        """Say what is done from now on; nothing is counted meanwhile."""
        if self._shown:
            click.echo(f"\r\033[K{STEPS.get(step, step)} … ", err=True, nl=False)

    def end(self) -> None:
        """Leave the line free."""
        if self._shown:
            click.echo("\r\033[K", err=True, nl=False)


def _progress(words: Callable[[int, float], str], done: int, total: int | None, seconds: float) -> str:
    said = words(done, done / seconds)
    if not total or not 0 < done <= total:
        return said
    minutes, rest = divmod(round(seconds * (total - done) / done), 60)
    return f"{said}, {done / total:.0%}, {minutes}:{rest:02} left"


def _records(done: int, rate: float) -> str:
    return f"{done:,} read, {rate:,.0f} a second"


def copied(done: int, rate: float) -> str:
    """Words for bytes that are copied."""
    return f"{amount(done)}, {amount(round(rate))} a second"


def amount(size: int) -> str:
    """A size for people.

    >>> amount(900), amount(12_345_678)
    ('900 B', '12.3 MB')
    """
    left, units = float(size), iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while left >= 1000 and unit != "TB":
        left, unit = left / 1000, next(units)
    return f"{size} B" if unit == "B" else f"{left:.1f} {unit}"
