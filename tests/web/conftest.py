"""A site with the bundled sample: as an application to call, and as a real server to ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from linkeddata.catalogue import Catalogue
from linkeddata.config import Settings, read_settings
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.web import create_app

from .running import address_of, end
from .well_filled import BASE, fill

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: The title of a record that would end a script.
SCRIPT = "</script><script>alert(1)</script><!--"


def settings_for(data: Path, **flags: str | int | float) -> Settings:
    """The settings of a site whose data lie in a folder; further ones by name with `__` for the dot."""
    named = {name.replace("__", "."): value for name, value in flags.items()}
    return read_settings({"store.path": str(data), **named}, {}, here=data)


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the bundled sample published in it."""
    data = tmp_path_factory.mktemp("sample")
    sample = str(files("linkeddata") / "sample" / "records.jsonl")
    publish(open_source(sample), Catalogue(data), Site(BASE, "Sample"), processes=1)
    return data


@pytest.fixture(scope="session")
def sample_app(sample_data: Path) -> Iterator[Flask]:
    """The application over the sample."""
    app = create_app(settings_for(sample_data))
    yield app
    app.extensions["current"].close()


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Flask]:
    """The application over a site that has every kind of page in every state."""
    data = tmp_path_factory.mktemp("full")
    fill(data, shared)
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


@pytest.fixture(scope="session")
def nasty(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with hostile records: those of the file, and one whose title is a script."""
    data = tmp_path_factory.mktemp("nasty")
    script = Record("script", {"id": ["script"], "title": [SCRIPT], "author": [SCRIPT]})
    splitting = Record("a\r\nSet-Cookie: b", {"id": ["a\r\nSet-Cookie: b"], "title": ["Lines\r\nin a title"]})
    records = [*open_source(str(shared / "data" / "nasty.jsonl")), script, splitting]
    publish(records, Catalogue(data), Site(BASE), processes=1)
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


@pytest.fixture
def client(sample_app: Flask) -> FlaskClient:
    """A client of the application over the sample."""
    return sample_app.test_client()


@pytest.fixture(scope="session")
def live_site(sample_data: Path) -> Iterator[str]:
    """The address of a real server over the sample, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "linkeddata",
        "--data",
        str(sample_data),
        "serve",
        "--host",
        "localhost",
        "--port",
        "0",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINKEDDATA_")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        try:
            yield address_of(server)
        finally:
            end(server)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; without it the test is skipped, but in continuous integration it fails."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()
