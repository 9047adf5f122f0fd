"""Records published and changed, as the tests of this room need it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Reading, Record
from linkeddata.sources import open_source

SITE = Site("https://data.example.org/", "Example")


def some_records(shared: Path, number: int) -> list[Record]:
    """Development records of several sources."""
    readings = open_source(str(shared / "data" / "dev.jsonl.gz"))
    return [one for one in islice(readings, 900, 900 + number) if isinstance(one, Record)]


def load(data: Path, records: list[Record]) -> None:
    publish(records, Catalogue(data), SITE, processes=1)


def change(data: Path, *readings: Reading) -> None:
    update([Run(lambda _: Given(readings))], Catalogue(data), Work(SITE, processes=1))
