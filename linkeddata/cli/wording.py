"""The command that begins or continues the catalogue of a language."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from linkeddata.errors import ConfigurationError
from linkeddata.wording.catalogues import continued


@click.command()
@click.argument("tag")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
def language(tag: str, folder: Path) -> None:
    """Write the catalogue of a language (TAG: de, fr, pt-BR) into FOLDER, with every text of the pages.

    What was translated stays. Set site.translations to the folder, and add the tag to site.languages.
    """
    try:
        file, left = continued(tag, folder)
    except OSError as problem:
        raise ConfigurationError(f"{folder}: {problem.strerror}") from problem
    click.echo(str(file))
    click.echo(f"{left} texts are to be translated", err=True)


COMMANDS: Final = (language,)
