"""Quads in, answers out: a graph on our own disk or in a SPARQL server, for our own look-ups and strangers' queries."""

from __future__ import annotations

from linkeddata.store.asking import Answer, Asker, Standing, Wish
from linkeddata.store.embedded import Reader, Writer, backup, build
from linkeddata.store.graph_store import GraphReader, GraphWriter, QueryPool
from linkeddata.store.guard import Examined, Form
from linkeddata.store.inspection import Inspected, inspect
from linkeddata.store.limits import Limits
from linkeddata.store.quirks import SERVERS
from linkeddata.store.relay import RemotePool
from linkeddata.store.remote import RemoteReader, RemoteWriter, Server
from linkeddata.store.workers import Pool, open_pool

__all__ = [
    "SERVERS",
    "Answer",
    "Asker",
    "Examined",
    "Form",
    "GraphReader",
    "GraphWriter",
    "Inspected",
    "Limits",
    "Pool",
    "QueryPool",
    "Reader",
    "RemotePool",
    "RemoteReader",
    "RemoteWriter",
    "Server",
    "Standing",
    "Wish",
    "Writer",
    "backup",
    "build",
    "inspect",
    "open_pool",
]
