"""What a check found: fine, worth a thought, or wrong, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report."""

    level: Level
    check: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.level:<8}{self.check}: {self.found}" + (f"; {self.advice}" if self.advice else "")


def ok(check: str, found: str) -> Finding:
    return Finding("ok", check, found)


def warning(check: str, found: str, advice: str) -> Finding:
    return Finding("warning", check, found, advice)


def fault(check: str, found: str, advice: str) -> Finding:
    return Finding("fault", check, found, advice)
