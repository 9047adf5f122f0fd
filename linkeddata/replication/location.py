"""What a place must be able to do so that editions can be copied from it, or to it.

Names are paths with `/`. Whatever goes wrong is a SourceError that names the place without secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

#: Told how many further bytes have gone through.
Passed = Callable[[int], None]


class Source(Protocol):
    """A location that can be read."""

    #: The location as it may be shown and noted, without secrets.
    shown: str

    def read(self, name: str) -> bytes | None:
        """A small file, None where there is none of this name."""

    def fetch(self, name: str, into: Path, size: int, passed: Passed) -> None:
        """Append to a file what it lacks of another that has this size. It may turn out to be longer or another one:
        whoever asks compares. When the line breaks, what came stays."""


class Target(Source, Protocol):
    """A location that can be written, too."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the location for writing, where it can be held."""

    def sizes(self, under: str) -> Mapping[str, int]:
        """The files under a folder, by name, with their sizes."""

    def write(self, name: str, text: bytes) -> None:
        """Put a small file there, at once or not at all."""

    def send(self, name: str, file: Path) -> None:
        """Put a file there, at once or not at all."""

    def remove(self, names: Iterable[str]) -> None:
        """Take files away."""
