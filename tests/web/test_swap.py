"""A new edition takes over while the endpoint is asked all the time: no request fails, and the new data are served."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.web import create_app
from linkeddata.web.server import Server, listen

from .conftest import BASE, settings_for
from .running import in_thread

COUNT = "SELECT (COUNT(*) AS ?n) { ?work <http://purl.org/dc/terms/title> ?title }"
#: Seconds in which anything that is not stuck has come.
PATIENCE = 70
QUERIES = (COUNT, "ASK {}", "SELECT ?s { ?s ?p ?o } LIMIT 5")


def records(more: int) -> list[Record]:
    """The bundled sample, and so many further ones."""
    sample = [each for each in open_source(str(files("linkeddata") / "sample" / "records.jsonl"))]
    new = (Record(f"new-{number}", {"id": [f"new-{number}"], "title": [f"New {number}"]}) for number in range(more))
    return [*sample, *new]  # type: ignore[list-item]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(records(0), Catalogue(tmp_path), Site(BASE), processes=1)
    return tmp_path


@pytest.fixture
def address(data: Path) -> Iterator[str]:
    patient = {"sparql__client_seconds": 0, "sparql__workers": 4, "sparql__queue_seconds": 60}
    app = create_app(settings_for(data, **patient))
    server = Server(app.wsgi_app, listen("127.0.0.1", 0))
    with in_thread(server) as running:
        yield f"{running}sparql"
    app.extensions["current"].close()


class Load:
    """Four clients that ask without a pause until the block ends; `failed` is what went wrong."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(4)]
        self.failed: list[str] = []
        self.answered = 0

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def goes_on(self, answers: int) -> bool:
        """Whether so many more are answered, and soon."""
        reached, deadline = self.answered + answers, time.monotonic() + PATIENCE
        while self.answered < reached and not self.failed and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.answered >= reached

    def _ask(self, number: int) -> None:
        while not self._stop.is_set():
            number += 1
            try:
                asked(self._address, QUERIES[number % len(QUERIES)])
                self.answered += 1
            except Exception as error:  # noqa: BLE001 - every fault counts; a broken answer is no OSError
                self.failed.append(repr(error))


def asked(address: str, query: str) -> bytes:
    with urlopen(f"{address}?{urlencode({'query': query, 'format': 'csv'})}", timeout=60) as answer:
        body: bytes = answer.read()
        return body


def test_no_request_fails_while_editions_change(data: Path, address: str) -> None:
    """Three editions in a row under load; afterwards the count is that of the last."""
    before = int(asked(address, COUNT).split()[1])
    with Load(address) as load:
        for more in (1, 2, 3):
            publish(records(more), Catalogue(data), Site(BASE), processes=1)
            assert load.goes_on(10)
    assert load.failed == []
    assert int(asked(address, COUNT).split()[1]) == before + 3
