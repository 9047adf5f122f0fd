"""What one stranger's query may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds of the SPARQL endpoint; those of the first group are settings, the rest are measured.

    Oxigraph overflows its stack at about a thousand nested brackets, and its planner needs half a
    minute for two hundred joined patterns, which the deadline ends.
    """

    timeout_seconds: float = 30.0
    max_rows: int = 100_000
    max_query_bytes: int = 65_536
    queue_seconds: float = 1.5

    max_answer_bytes: int = 64 << 20
    memory_bytes: int = 1 << 30  # of address space, each process
    total_memory_bytes: int = 1536 << 20  # resident, all processes together
    long_queries: int = 2  # at the same time; see `worker` for what is long
    queue_length: int = 8
    remember_seconds: float = 60.0
    max_depth: int = 100
    max_operators: int = 1_000
    max_unions: int = 200
