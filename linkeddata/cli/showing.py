"""`config`: the settings in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from linkeddata.cli.invocation import Invocation
from linkeddata.config import FILE_NAME, SETTINGS
from linkeddata.source_settings import SOURCE_KEYS, SourceSettings

_ABOUT_SOURCES = (
    "# Sources on the network, each with a section of its own. Their order is their rank: of records with one id,",
    "# that of the first is published, unless mapping.sources says otherwise. Only name, kind and url are needed.",
    "# A password is set by the environment: LINKEDDATA_SOURCE_EPRINTS_PASSWORD, or …_PASSWORD_FILE for a file.",
    "#[[source]]",
)


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
    if settings.store_password:
        click.echo("store.password = '***'   (environment)")
    for source in settings.sources:
        for key, value, origin in source.shown():
            said = list(value) if isinstance(value, tuple) else value
            click.echo(f"source.{source.name}.{key} = {said!r}   ({origin})")


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
    return "\n".join([*lines, "", *_source()]) + "\n"


def _source() -> Iterator[str]:
    """An example of a source with every key. Its # stand without a blank: this is nobody's default."""
    yield from _ABOUT_SOURCES
    example = SourceSettings("eprints", "solr", "https://library.example.org/solr/biblio")
    for key, value, _ in example.shown():
        said = list(value) if isinstance(value, tuple) else value
        yield f"#{key} = {json.dumps(said)}    # {SOURCE_KEYS[key]}"


COMMANDS = (config, init)
