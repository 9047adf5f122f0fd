"""`config`: the settings in force."""

from __future__ import annotations

from pathlib import Path

import click

from linkeddata.cli.common import Invocation
from linkeddata.config import FILE_NAME, SETTINGS


@click.group()
def config() -> None:
    """Look at the settings."""


@config.command()
@click.pass_obj
def show(invocation: Invocation) -> None:
    """Print every setting, its value, and where that came from."""
    settings = invocation.settings()
    for setting in SETTINGS:
        click.echo(f"{setting.name} = {settings.values[setting.name]!r}   ({settings.origins[setting.name]})")


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False))
@click.pass_obj
def init(invocation: Invocation, folder: str) -> None:
    """Write a commented linkeddata.toml into FOLDER; an existing one is left alone."""
    file = Path(folder) / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as fresh:
            fresh.write(commented())
    except FileExistsError as there:
        raise click.ClickException(f"{file} exists already") from there
    invocation.say(f"wrote {file}")


def commented() -> str:
    """A configuration file with every setting at its default, explained, the defaults commented out."""
    lines, section = ["# Settings of linkeddata; a line is in force once its # is taken away."], ""
    for setting in SETTINGS:
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        value = f'"{setting.default}"' if isinstance(setting.default, str) else setting.default
        lines.append(f"# {setting.key} = {value}    # {setting.meaning}")
    return "\n".join(lines) + "\n"


COMMANDS = (config, init)
