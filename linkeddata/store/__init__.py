"""Quads in, answers out: an embedded graph for our own look-ups, and processes for strangers' queries."""

from __future__ import annotations

from linkeddata.store.embedded import Reader, Writer, backup, build
from linkeddata.store.graph_store import GraphReader, GraphWriter
from linkeddata.store.guard import Examined, Form
from linkeddata.store.limits import Limits
from linkeddata.store.workers import Answer, Asker, Pool, Wish, open_pool

__all__ = [
    "Answer",
    "Asker",
    "Examined",
    "Form",
    "GraphReader",
    "GraphWriter",
    "Limits",
    "Pool",
    "Reader",
    "Wish",
    "Writer",
    "backup",
    "build",
    "open_pool",
]
