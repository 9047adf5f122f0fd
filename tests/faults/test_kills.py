"""Killed at any moment, a load or an update has changed everything or nothing, and the next run finishes the work."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from linkeddata.catalogue import Catalogue

from . import killing
from .killing import Rounds, changes, command, digest, environment, finish, whole

_KILLS = 3


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, float, float]:
    """Digests after the load and after the update, and the seconds each takes when it is left alone."""
    folder = tmp_path_factory.mktemp("undisturbed")
    data = folder / "data"
    loading = finish(data, "load", str(whole(folder)))
    loaded = digest(Catalogue(data).current())
    updating = finish(data, "update", "--from", str(changes(folder)))
    return loaded, digest(Catalogue(data).current()), loading, updating


def test_update_is_what_a_load_would_be(tmp_path: Path, undisturbed: tuple[str, str, float, float]) -> None:
    """The digests that the kills are held against are themselves right."""
    left = {number: killing.document(number) for number in range(killing.RECORDS + 100)}
    for number in range(0, killing.RECORDS, 3):
        left[number] = killing.document(number, 1)
        if number % 5 == 0:
            del left[number]
    file = killing.write(tmp_path / "left.jsonl", iter(left.values()))
    finish(tmp_path / "data", "load", str(file))
    assert digest(Catalogue(tmp_path / "data").current()) == undisturbed[1]


def test_first_load_is_killed(tmp_path: Path, undisturbed: tuple[str, str, float, float]) -> None:
    loaded, _, seconds, _ = undisturbed
    rounds = Rounds(tmp_path / "data", ("load", str(whole(tmp_path))), None, loaded, seconds)
    assert any([rounds.kill_once(number) for number in range(_KILLS)])
    rounds.resume()


def test_update_with_deletions_is_killed_while_the_site_answers(
    tmp_path: Path, undisturbed: tuple[str, str, float, float]
) -> None:
    """The reader sees the old or the new edition, never a fault and never anything between."""
    loaded, updated, _, seconds = undisturbed
    data = tmp_path / "data"
    finish(data, "load", str(whole(tmp_path)))
    rounds = Rounds(data, ("update", "--from", str(changes(tmp_path))), loaded, updated, seconds)
    with serving(data) as address, asked_all_the_while(address) as answers:
        assert any([rounds.kill_once(number) for number in range(_KILLS)])
        rounds.resume()
        time.sleep(0.5)
    assert set(answers) == {"Study 1", "Study 3", "Study 3 revised"}
    assert answers.index("Study 3 revised") > answers.index("Study 3")


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The site of a data directory, in a process of its own."""
    with subprocess.Popen(
        command(data, "serve", "--port", "0"),
        cwd=data.parent,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+:\d+/", line)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield address
        finally:
            process.terminate()


@contextmanager
def asked_all_the_while(address: str) -> Iterator[list[str]]:
    """Titles of two records, asked for again and again; an answer that is not 200 is a fault."""
    titles: list[str] = []
    faults: list[Exception] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            for number in (1, 3):
                try:
                    with urlopen(f"{address}doc/record/r%2F{number}.nt", timeout=20) as answer:
                        titles.append(re.findall(r'terms/title> "(Study [^"]*)"', answer.read().decode())[0])
                except Exception as fault:  # noqa: BLE001 - every fault counts
                    faults.append(fault)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield titles
    finally:
        over.set()
        thread.join()
    assert not faults
