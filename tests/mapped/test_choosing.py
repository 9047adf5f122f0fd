"""Which version is published is decided without a register as with one."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from linkeddata.catalogue.kept import Pieces
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.register_writer import RegisterWriter
from linkeddata.mapped import Settled, Version
from linkeddata.record import Deletion

_SOURCES = st.sampled_from(["", "eprints", "catalogue"])
_PUTS = st.tuples(_SOURCES, st.integers(0, 3), st.integers(0, 3)).map(
    # Documents of two sources differ, for the source is part of them.
    lambda it: Version(("file", 0, 0), it[0], f"{it[1]}", f"{it[2]} {it[0]}".encode(), "", b"")
)
_EVENTS = st.lists(_PUTS | _SOURCES.map(lambda source: Deletion("id", source=source)), max_size=8)


def entry_of(version: Version) -> Entry:
    pieces = Pieces(1, 0, 0, 0, 0, 0)
    return Entry(
        None, "id", version.source, version.age, version.source_hash, b"", pieces, 0, b"", "", None, version.place
    )


def placed(events: list[Version | Deletion]) -> list[Version | Deletion]:
    """Each at a place of its own, by which equal ones are told apart."""
    return [replace(event, place=str(number)) for number, event in enumerate(events)]


def registered(register: RegisterWriter, events: list[Version | Deletion]) -> list[str]:
    """What the register says of events: the place of what is served, if anything is, and of what lost."""
    losers = []
    for event in events:
        if isinstance(event, Deletion):
            register.withdraw("id", event.source or None)
        elif loser := register.put(entry_of(event)).loser:
            losers.append(loser.place)
    served = register.served("id")
    return [*([served.place] if served else []), *losers]


@given(_EVENTS.map(placed))
def test_the_register_would_choose_the_same(events: list[Version | Deletion]) -> None:
    """And report the same losers in the same order, whatever comes and goes of one id from several sources."""
    settled = Settled.of(events)
    chosen = [*([settled.served.place] if settled.served else []), *(lost.place for _, lost in settled.losers)]
    with tempfile.TemporaryDirectory() as folder:
        register = RegisterWriter(Path(folder, "register"), None, fresh=True)
        assert registered(register, events) == chosen
        register.close()
