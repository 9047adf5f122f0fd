"""Work that is done beside other work: it ends before anybody goes on from it, and its faults are told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from linkeddata.catalogue.ahead import Beside
from linkeddata.catalogue.filling import Filling, mined_quads
from linkeddata.errors import StoreError
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris

OWN = b'<http://e/a> <http://e/p> "own" .\n'
#: A literal that holds separators at which Python cuts lines; N-Triples does not.
SHARED = '<http://e/b> <http://e/p> "one\u2028two\x85three" .\n'.encode()
#: More lines than are remembered of those met last.
MANY = 300_001
FOCUS = b"<http://e/b> <http://xmlns.com/foaf/0.1/focus> <http://e/c> .\n"


def fail() -> None:
    raise StoreError("no room")


@pytest.mark.parametrize("leave", [Beside.end, Beside.abandon], ids=["end", "abandon"])
def test_work_beside_is_done_when_it_is_left(leave: Callable[[Beside], None]) -> None:
    """Neither who wants it nor who does not goes on while it is still being done."""
    go_on, done = threading.Event(), list[int]()

    def work() -> None:
        go_on.wait(10)
        done.append(1)

    beside = Beside(work)
    assert not done
    go_on.set()
    leave(beside)
    assert done == [1]


def test_a_fault_of_work_beside_is_told_to_who_waits_for_it() -> None:
    """It is raised where the work is wanted, and nowhere else."""
    Beside(fail).abandon()
    with pytest.raises(StoreError, match="no room"):
        Beside(fail).end()


def test_a_line_about_a_shared_thing_is_given_once_and_whole() -> None:
    """What the second record says of the same thing is not given again; no literal is cut."""
    filling = Filling(Uris("http://e/"))
    for identifier in ("1", "2"):
        filling.add(identifier, OWN + SHARED, len(OWN), b"")
    assert filling.size == len(OWN) * 2 + len(SHARED)
    assert filling.take() == OWN + SHARED + OWN
    assert filling.take() == b""


def test_statements_fill_a_store_as_their_lines_do() -> None:
    """Whether records are translated or read back; what was mined is in its own graph, too, each line of it."""
    uris, mined = Uris("http://e/"), OWN + OWN.replace(b"own", b'a \\"b\\" .')
    filling, read_back = Filling(uris), Filling(uris)
    for identifier in ("1", "2"):
        read_back.add(identifier, OWN + SHARED + FOCUS, len(OWN), mined)
        shared = ntriples.read((SHARED + FOCUS).decode())
        filling.add_statements(identifier, OWN, shared, ntriples.lines(shared), mined)
    taken, again = filling.take(), read_back.take()
    # What a heading stands for is not remembered: nobody else says it.
    assert (taken.count(FOCUS), again.count(FOCUS)) == (2, 1)
    assert taken.replace(FOCUS, b"") == again.replace(FOCUS, b"")
    filling.add_statements("1", b"", [], [], mined)
    graph = f" <{uris.mined_graph('1')}> .\n".encode()
    expected = [line.removesuffix(b" .\n") + graph for line in mined.splitlines(keepends=True)]
    assert filling.take() == b"".join(expected)
    assert mined_quads(uris, "1", mined) == expected


def test_lines_that_nobody_said_for_long_are_forgotten() -> None:
    """Memory stays bounded; what is said again meanwhile is remembered on."""
    filling = Filling(Uris("http://e/"))
    filling.add("1", SHARED + FOCUS, 0, b"")
    for start in (0, MANY):
        filling.add(
            "2",
            b"".join(b"<http://e/%d> <http://e/p> <http://e/c> .\n" % n for n in range(start, start + MANY)),
            0,
            b"",
        )
        filling.take()
        filling.add("3", SHARED, 0, b"")
        assert filling.take() == b""
    filling.add("4", SHARED + FOCUS, 0, b"")
    assert filling.take() == FOCUS
