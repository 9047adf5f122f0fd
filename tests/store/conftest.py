"""A small real store, built once, and a pool of real query processes on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from linkeddata.store import Limits, Pool, build, open_pool

EX = "http://example.org/"
#: Commas, quotes, line breaks and braces: what a results format must quote.
VALUES = (
    "plain",
    "with, comma",
    'with \\"quotes\\"',
    "two\\nlines",
    "{}",
    '}},{\\"x',
    "]}}",
    "<result/>",
    "Ünïcode 李",
)


def statements(count: int) -> Iterator[bytes]:
    """So many subjects with a title and a link each, and one statement in a named graph."""
    for number in range(count):
        value = VALUES[number % len(VALUES)]
        yield f'<{EX}s{number}> <{EX}title> "{value}" .\n'.encode()
        yield f"<{EX}s{number}> <{EX}next> <{EX}s{(number + 1) % count}> .\n".encode()
    yield f'<{EX}s0> <{EX}title> "in a graph" <{EX}graph> .\n'.encode()


LIMITS = Limits(timeout_seconds=20, memory_bytes=512 << 20, max_rows=500, queue_seconds=15)


@pytest.fixture(scope="session")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph") / "store"
    build(folder, statements(2000))
    return folder


@pytest.fixture(scope="session")
def pool(store_folder: Path) -> Iterator[Pool]:
    with open_pool(store_folder, limits=LIMITS, prefixes={"ex": EX}) as opened:
        yield opened


@pytest.fixture(scope="session")
def hurried(store_folder: Path) -> Iterator[Pool]:
    """One that ends queries soon, for those that never end by themselves."""
    with open_pool(store_folder, limits=replace(LIMITS, timeout_seconds=1), prefixes={"ex": EX}) as opened:
        yield opened
