"""One call of the command: what every command is given, and how it ends early."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from linkeddata.config import Settings, Value, read_settings


class Stop(Exception):
    """A command is over, with this exit code; everything has been said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of the command: the options before the command's name."""

    config: str | None
    flags: Mapping[str, Value | None]
    quiet: bool = False

    def settings(self, **flags: Value | None) -> Settings:
        """The settings in force; further flags by name with `__` for the dot (`server__listen`)."""
        more = {name.replace("__", "."): value for name, value in flags.items()}
        file = Path(self.config) if self.config else None
        return read_settings({**self.flags, **more}, os.environ, file=file, here=Path.cwd())

    def say(self, line: str) -> None:
        """A line for the person at the terminal."""
        if not self.quiet:
            tell(line)


def tell(line: str) -> None:
    """Write a line to standard error, nothing in it that a terminal would obey: it may quote what a source sent."""
    click.echo(printable(line), err=True)


def printable(text: str) -> str:
    r"""A text with what is no letter, sign or blank written as Python escapes it.

    >>> print(printable("Çağrı\x1b[2J\n"))
    Çağrı\x1b[2J\n
    """
    return text if text.isprintable() else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def begin_log(level: int) -> None:
    """Write what this process logs from a level on to standard error."""
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
