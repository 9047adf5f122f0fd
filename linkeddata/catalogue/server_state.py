"""How it stands with the server that keeps the graph: what was found there, held against what was noted here."""

from __future__ import annotations

from dataclasses import dataclass

from linkeddata.store import Inspected


@dataclass(frozen=True, slots=True)
class ServerState:
    """What was `found` in the server; by the note beside the editions it `holds` one and may be on its way `towards`
    another, and held so many statements (`noted`) after the last run."""

    found: Inspected
    holds: int | None
    towards: int | None
    noted: int | None

    @property
    def fault(self) -> str:
        """What is wrong, in words; empty where nothing is, as far as can be seen."""
        found = self.found
        if found.problem:
            return found.problem
        if found.joined and not found.graph:
            return f"the default graph of this server ({found.kind}) is the union of all graphs"
        if self.towards is not None:
            return f"it is on its way from {_edition(self.holds)} to {_edition(self.towards)}"
        if None not in (found.statements, self.noted) and found.statements != self.noted:
            return f"it holds {found.statements:,} statements, and {self.noted:,} after the last run"
        return ""

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.found.problem:
            return "start it, or set store.endpoint to where it is"
        if self.found.joined and not self.found.graph:
            return "set store.graph"
        return "unless a run is under way: the next load, update or rollback mends it" if self.fault else ""

    @property
    def content(self) -> str:
        """What it holds, in words."""
        held = self.found.statements
        counted = "not counted, that took too long" if held is None else f"{held:,} statements"
        return f"{_edition(self.holds)}, {counted}"


def _edition(number: int | None) -> str:
    return "no edition" if number is None else f"edition {number}"
