"""Killed at any moment, a load or an update has changed everything or nothing, and the next run finishes the work."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from linkeddata.catalogue import Catalogue

from . import killing
from .killing import KILLS, Rounds, changes, digest, finish, serving, timed, whole


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, float, float]:
    """Digests after the load and after the update, and the seconds each takes when it is left alone."""
    folder = tmp_path_factory.mktemp("undisturbed")
    data = folder / "data"
    loading = timed(data, "load", str(whole(folder)))
    loaded = digest(Catalogue(data).current())
    updating = timed(data, "update", "--from", str(changes(folder)))
    return loaded, digest(Catalogue(data).current()), loading, updating


def left_over(folder: Path) -> Path:
    """The records that there are after the update, in one file."""
    left = {number: killing.document(number) for number in range(killing.RECORDS + 100)}
    for number in range(0, killing.RECORDS, 3):
        left[number] = killing.document(number, 1)
        if number % 5 == 0:
            del left[number]
    return killing.write(folder / "left.jsonl", iter(left.values()))


def test_first_load_is_killed(tmp_path: Path, undisturbed: tuple[str, str, float, float]) -> None:
    """Nothing is served before everything is."""
    loaded, _, seconds, _ = undisturbed
    rounds = Rounds(tmp_path / "data", ("load", str(whole(tmp_path))), None, loaded, seconds)
    told(rounds, [rounds.kill_once(number) for number in range(KILLS)])


@pytest.mark.parametrize("way", ["update", "load"])
def test_site_answers_while_what_changes_it_is_killed(
    tmp_path: Path, undisturbed: tuple[str, str, float, float], way: str
) -> None:
    """The reader sees the old or the new edition, never a fault and never anything between. An update with
    deletions comes to what a load of the same records does."""
    loaded, updated, loading, updating = undisturbed
    data = tmp_path / "data"
    finish(data, "load", str(whole(tmp_path)))
    work = ("load", str(left_over(tmp_path))) if way == "load" else ("update", "--from", str(changes(tmp_path)))
    rounds = Rounds(data, work, loaded, updated, loading if way == "load" else updating)
    with serving(data) as address, asked_all_the_while(address) as answers:
        told(rounds, [rounds.kill_once(number) for number in range(KILLS)])
        time.sleep(0.5)
    assert set(answers) == {"Study 1", "Study 3", "Study 3 revised"}
    assert answers.index("Study 3 revised") > answers.index("Study 3")


def told(rounds: Rounds, hits: list[bool]) -> None:
    """The work is finished after the kills; how it went is told for whoever asks for it (`pytest -s`)."""
    rounds.resume()
    assert any(hits)
    slowest = f", slowest restart {max(rounds.restarts):.2f} s" if rounds.restarts else ""
    print(f"{rounds.arguments[0]}: {sum(hits)} of {len(hits)} kills hit the run of {rounds.seconds:.1f} s{slowest}")


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
        thread.join(60)
    assert not faults
