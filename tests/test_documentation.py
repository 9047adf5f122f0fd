"""README and docs tell the truth: commands, options, settings and exit codes are there, and links lead somewhere."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from linkeddata import cli
from linkeddata.cli import EXIT_CODES, INTERRUPTED, command
from linkeddata.cli.checking import FAULTS_FOUND
from linkeddata.config import SETTINGS, Setting
from linkeddata.representations.formats import DOCUMENT_FORMATS
from linkeddata.source_settings import SOURCE_KEYS, SourceSettings
from linkeddata.vocabulary.uris import KINDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def page(name: str) -> str:
    """A page of the documentation."""
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


COMMANDS_PAGE, SETTINGS_PAGE, SOURCES_PAGE = page("commands"), page("settings"), page("harvesting")

_CONTEXT = click.Context(command)
COMMANDS = {name: one for name in command.list_commands(_CONTEXT) if (one := command.get_command(_CONTEXT, name))}


def commands() -> list[str]:
    """Every command with the words that call it."""
    found = []
    for name, one in COMMANDS.items():
        found += [f"{name} {inner}" for inner in one.commands] if isinstance(one, click.Group) else [name]
    return found


@pytest.mark.parametrize("name", commands())
def test_command_is_documented(name: str) -> None:
    """The table of commands has a row for it."""
    assert f"`linkeddata {name}" in COMMANDS_PAGE


def test_every_command_of_every_module_can_be_called() -> None:
    """The table of commands misses none that a module offers, and calls each by its own name."""
    folder = Path(cli.__file__).parent
    modules = [import_module(f"linkeddata.cli.{file.stem}") for file in folder.glob("*.py") if file.stem != "__init__"]
    offered = {one.name: one for module in modules for one in getattr(module, "COMMANDS", ())}
    assert offered == COMMANDS


@pytest.mark.parametrize("option", ["--config", "--data", "--base-uri", "--quiet", "--verbose"])
def test_general_option_is_documented(option: str) -> None:
    """Each option before the command is named, and there are no others."""
    assert f"`{option}" in COMMANDS_PAGE
    named = {one.opts[-1] for one in command.params} - {"--version"}
    assert option in named and len(named) == 5


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (name, option.opts[-1])
        for name, one in COMMANDS.items()
        for option in one.params
        if isinstance(option, click.Option) and option.opts[-1] not in ("--format", "--output")
    ],
)
def test_option_is_documented(name: str, option: str) -> None:
    """The row of a command names its options."""
    row = next(line for line in COMMANDS_PAGE.splitlines() if line.startswith(f"| `linkeddata {name}"))
    assert option in row


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_setting_is_documented_with_its_default(setting: Setting) -> None:
    """The table of settings has a row with the default in force."""
    row = next(line for line in SETTINGS_PAGE.splitlines() if line.startswith(f"| `{setting.name}` |"))
    assert (f"{setting.default:g}" if isinstance(setting.default, float) else str(setting.default)) in row


@pytest.mark.parametrize("key", SOURCE_KEYS)
def test_key_of_a_source_is_documented_with_its_default(key: str) -> None:
    """Its table has a row with the default in force."""
    default = getattr(SourceSettings("", "", ""), key)
    row = next(line for line in SOURCES_PAGE.splitlines() if line.startswith(f"| `{key}` |"))
    shown = "[]" if default == () else f"{default:g}" if isinstance(default, float) else str(default)
    assert shown in row.split("|")[2]


def test_exit_codes_are_documented() -> None:
    """Every exit code the command knows has its row."""
    rows = {int(code) for code in re.findall(r"^\| (\d+) \| ", COMMANDS_PAGE, re.MULTILINE)}
    assert rows == {0, 1, 2, 4, FAULTS_FOUND, INTERRUPTED, *(code for _, code in EXIT_CODES)}


def test_kinds_and_formats_are_documented() -> None:
    """The addresses name every kind of thing and every format."""
    assert all(f"`{kind}`" in page("addresses") for kind in KINDS)
    assert f".{{{','.join(fmt.extension for fmt in DOCUMENT_FORMATS)}}}" in page("addresses")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> list[tuple[Path, str]]:
    """Every link of a page to another file of the project, or to a heading."""
    found = ((each, link) for each in PAGES for link in re.findall(r"\]\(([^)\s]+)\)", each.read_text("utf-8")))
    return [(each, link) for each, link in found if "://" not in link]


@pytest.mark.parametrize(("source", "link"), links(), ids=lambda part: part if isinstance(part, str) else part.stem)
def test_link_leads_somewhere(source: Path, link: str) -> None:
    """The file is there, and so is the heading."""
    name, _, anchor = link.partition("#")
    target = source.parent / name if name else source
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.stem)
def test_readme_leads_to_page(path: Path) -> None:
    """No page of the documentation is lost."""
    assert f"](docs/{path.name})" in (ROOT / "README.md").read_text("utf-8")
