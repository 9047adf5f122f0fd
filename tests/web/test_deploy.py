"""The files of `deploy/`: each is held against its own tool, and what they say of us against ourselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from linkeddata.cli import command
from linkeddata.config import SETTINGS, read_settings
from linkeddata.web.kinds import KINDS
from linkeddata.web.query_outcomes import OUTCOMES

from .containers import CHECKOUT, DEPLOY, Container, container

UNITS = sorted(file.name for file in (DEPLOY / "systemd").iterdir())
TEXTS = sorted(file.relative_to(DEPLOY).as_posix() for file in DEPLOY.rglob("*") if file.is_file())


def tool(name: str) -> str:
    """A program; where it is missing the test is skipped, but in continuous integration it fails."""
    beside = Path(sys.executable).with_name(name)
    path = str(beside) if beside.exists() else shutil.which(name)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{name} is not installed")
    assert path is not None
    return path


def said(*command_line: str) -> str:
    """All that a program says, which must be content."""
    done = subprocess.run(command_line, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Container:
    """What the Containerfile makes."""
    return container(tmp_path_factory.mktemp("container"))


def test_containerfile_passes_hadolint() -> None:
    """With every rule in force."""
    assert said(tool("hadolint"), str(DEPLOY / "Containerfile")) == ""


def test_compose_file_is_one_by_the_compose_specification() -> None:
    """Its JSON schema, with anchors merged."""
    said(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml"))


def test_files_that_are_mounted_and_copied_are_there(made: Container) -> None:
    """And all that is copied is let through to the build."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    mounts = [one.split(":")[0] for each in services.values() for one in each["volumes"] if one.startswith(".")]
    copied = [name for line in made.all("COPY") if "--from" not in line for name in line.split()[:-1]]
    ignored = (CHECKOUT / ".dockerignore").read_text("utf-8")
    assert all((DEPLOY / mount).is_file() for mount in mounts) and mounts
    assert all((CHECKOUT / name).exists() and f"!{name}\n" in ignored for name in copied) and copied


def test_container_is_not_root_and_writes_nothing(made: Container) -> None:
    """Two web processes that may read the data, and one command that may write them."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    ours = {name: each for name, each in services.items() if each["image"] == "linkeddata"}
    assert made.all("USER") == ["10001:10001"] and set(ours) == {"web1", "web2", "publish"}
    assert all(each["read_only"] and each["cap_drop"] == ["ALL"] for each in ours.values())
    assert [name for name, each in ours.items() if "data:/data" in each["volumes"]] == ["publish"]


def test_settings_and_extras_of_the_container_are_ours(made: Container, tmp_path: Path) -> None:
    """Nothing is misspelt, as an unknown variable would end it."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    variables = made.environment | compose["x-site"]["environment"]
    usual = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in variables.items()}
    ours = {name: value for name, value in usual.items() if name.startswith("LINKEDDATA_")}
    settings = read_settings({}, ours, file=DEPLOY / "linkeddata.toml", here=tmp_path)
    extras = re.findall(r'"\.\[(.+)\]"', " ".join(made.all("RUN")))[0].split(",")
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    assert settings.data == Path("/data") and settings.text("log.format") == "json"
    assert set(extras) <= set(project["optional-dependencies"]) and "metrics" in extras


@pytest.mark.parametrize("unit", UNITS)
def test_unit_passes_systemds_own_check(unit: str, tmp_path: Path) -> None:
    """Where our command is: systemd looks whether it can be run."""
    tool("systemd-analyze")
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/opt/linkeddata/bin/linkeddata", sys.executable), "utf-8")
    analyse = ("systemd-analyze", "verify", "--recursive-errors=no", "--man=no")
    assert said(*analyse, str(tmp_path / unit.replace("@.", "@8081."))) == ""


def test_units_start_commands_of_ours_with_settings_of_ours() -> None:
    """And end them no sooner than a query may take."""
    texts = [(DEPLOY / "systemd" / name).read_text("utf-8") for name in UNITS]
    started = re.findall(r"^ExecStart=\S+ (?:--\w+ )*(\w+)", "\n".join(texts), re.MULTILINE)
    named = set(
        re.findall(r"\b(LINKEDDATA_[A-Z_]+)=", "\n".join(re.findall(r"^Environment=.*", "\n".join(texts), re.M)))
    )
    assert sorted(started) == ["pull", "serve", "update"] and set(started) <= set(
        command.list_commands(click.Context(command))
    )
    assert named <= {setting.variable for setting in SETTINGS}


def test_alerts_ask_for_metrics_and_labels_that_there_are() -> None:
    """Their names are those that are counted, their words those of the tables."""
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    asked = " ".join(rule["expr"] for rule in rules)
    source = (CHECKOUT / "linkeddata/web/metrics.py").read_text("utf-8")
    names = {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"\blinkeddata_\w+", asked)}
    assert all(f'"{name}"' in source for name in names) and len(names) > 4
    words = {word for text in re.findall(r'(?:outcome|kind)=~?"([^"]+)"', asked) for word in text.split("|")}
    assert all(any(re.fullmatch(word, one) for one in (*KINDS, *OUTCOMES)) for word in words)


@pytest.mark.parametrize("name", TEXTS)
def test_file_is_told_of_in_the_operators_page(name: str) -> None:
    """Whoever reads it finds every file."""
    assert Path(name).name in (CHECKOUT / "docs" / "operations.md").read_text("utf-8")
