"""Those who watch a site are told soon, whatever the store of its graph does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from linkeddata.catalogue import Edition
from linkeddata.web import create_app
from linkeddata.web.readiness import Readiness

from ..living import soon
from .conftest import settings_for

SILENT = (None, "the store of the graph does not answer; documents of records are served")
_PATIENCE = 60.0


class Looks:
    """Counts the looks into the sample's edition, does something before each, and has a clock of its own."""

    def __init__(self, edition: Callable[[], Edition], patch: pytest.MonkeyPatch) -> None:
        self.edition, self.ready = edition, (edition().number, "")
        self.count, self.now, self.begun = 0, 0.0, threading.Event()
        self.before: Callable[[], object] = lambda: None
        look_up = Edition.warm_up
        patch.setattr(Edition, "warm_up", lambda edition: (self._begin(), look_up(edition)))

    def _begin(self) -> None:
        self.count += 1
        self.begun.set()
        self.before()

    def readiness(self, patience: float = _PATIENCE) -> Readiness:
        return Readiness(self.edition, clock=lambda: self.now, patience=patience)


@pytest.fixture
def looks(sample_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(sample_app.extensions["current"].edition, monkeypatch)


def test_ready_only_after_a_first_look_up(looks: Looks) -> None:
    """While an edition is looked into for the first time, others who ask are told so."""
    readiness, seen = looks.readiness(), list[tuple[int | None, str]]()
    looks.before = lambda: seen.append(readiness.told())
    assert [readiness.told(), readiness.told()] == [looks.ready, looks.ready]
    assert seen == [(None, "the edition is being looked into")]


def test_edition_is_looked_into_again_but_not_at_every_request(looks: Looks) -> None:
    """No more often than every five seconds; others are told meanwhile what was found last."""
    readiness, counts, seen = looks.readiness(), [], list[tuple[int | None, str]]()
    for looks.now in (0.0, 4.9, 5.0, 5.1, 9.9, 10.0):
        readiness.told()
        counts.append(looks.count)
        looks.before = lambda: seen.append(readiness.told())
    assert counts == [1, 1, 2, 2, 2, 3]
    assert seen == [looks.ready, looks.ready]


def test_silence_is_told_in_time_and_asked_once(looks: Looks) -> None:
    """Nobody waits for a store longer than patience lasts, and no looks pile up before it; an answer ends it."""
    readiness, answer = looks.readiness(patience=0.01), threading.Event()
    looks.before = lambda: answer.wait(_PATIENCE)
    assert readiness.told() == SILENT
    looks.now = 30.0
    assert looks.begun.wait(_PATIENCE)
    assert (readiness.told(), looks.count) == (SILENT, 1)
    answer.set()
    assert soon(lambda: readiness.told() == looks.ready)


def test_unforeseen_fault_leaves_nobody_waiting(looks: Looks) -> None:
    """It is for the log, and the site is not ready."""
    looks.before = lambda: 1 // 0
    assert looks.readiness().told() == (None, "the edition cannot be looked into")


def test_site_without_an_edition_says_why_it_is_not_ready(tmp_path: Path) -> None:
    answer = create_app(settings_for(tmp_path)).test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "reason": "nothing is published yet"})
