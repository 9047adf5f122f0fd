"""What mining costs: per record of a file, and on hostile texts of two sizes.

    python benchmarks/mining.py DOCUMENTS.jsonl.gz

The hostile texts fit their record up to the citation, so that every reader gets to see them. Where
the work is linear, the ratio of a text four times as long is about four.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

from linkeddata.crosswalk.citation import mine
from linkeddata.record import Record
from linkeddata.sources import open_source

_SMALL, _LARGE = 50_000, 200_000
_RUNS = 5
_TITLE, _AUTHOR = "Honest title", "Weiss, Anna"
_MARK = f"{_TITLE} {_AUTHOR} 2019 %s PeerReviewed "
_OPENED = f"{_MARK}{_AUTHOR} (2019) {_TITLE}. "
#: What a text repeats behind its beginning, by what it imitates.
HOSTILE: dict[str, tuple[str, str, str]] = {
    "marks that are none": (f"{_TITLE} {_AUTHOR} ", "2019 Article Peer (2019) ", ""),
    "marks": (f"{_TITLE} {_AUTHOR} ", "2019 Article XPeerReviewed ", ""),
    "years": (_MARK, "(2017) ", ""),
    "titles": (_MARK, f"({_TITLE}) {_TITLE}. ", ""),
    "years and titles": (_MARK, f"(2019) {_TITLE}. ", ""),
    "openings that are none": (_MARK, f"{_AUTHOR} (2019) {_TITLE} ", ""),
    "names": (_MARK, f"{_AUTHOR} and ", f"(2019) {_TITLE}. "),
    "ISSNs": (f"{_OPENED}J. ISSN ", "2999-0017, ", "x"),
    "labels of ISSNs": (f"{_OPENED}J.", " ISSN 2999-0017x.", ""),
    "labels of ISBNs": (f"{_OPENED}J.", " ISBN 978-0-00-000202-", ""),
    "digits": (f"{_OPENED}J. ISBN ", "9", "x"),
    "brackets": (f"{_OPENED}J (", "(", ""),
    "status": (f"{_OPENED}J.", " (In Pres)", ""),
    "volumes": (_OPENED, "J, 1 (2", ""),
    "volumes without an end": (_OPENED, ", 1 (2): 3", ""),
    "pages": (f"{_OPENED}J. pp. ", "1-2, ", ""),
    "labels of pages": (_OPENED, "J. pp. ", ""),
    "bare ranges": (_OPENED, ". 1-2", ""),
    "Roman numerals": (f"{_OPENED}J, ", "X", "a"),
    "Roman pages": (f"{_OPENED}J. pp. ", "x", "-"),
    "semicolons": (f"{_OPENED}J, 1. ", "a; ", ""),
    "open keywords": (f"{_OPENED}J, 1. ", "(; ", ""),
    "publishers": (_OPENED, "J. Elm Press, ", ""),
    "topics": (_OPENED, "J. Populatio", ""),
    "sentences": (_OPENED, "Proc. ", ""),
    "theses": (_OPENED, "PhD thesis, ", ""),
    "abbreviations": (f"{_OPENED}PhD thesis, ", "St. ", ""),
    "links": (f"{_OPENED}J, 1.", " http://a.example/%d", ""),
    "DOIs": (f"{_OPENED}J, 1.", " doi:10.5555/%d", ""),
    "closing brackets": (f"{_OPENED}J, 1. doi:10.5555/x", ")", ""),
    "blanks": (f"{_OPENED}J, 1. ", " ", "x"),
}


def hostile(name: str, kind: str, length: int) -> Record:
    """A record whose text is of a length and repeats what a reader might stumble over."""
    start, part, end = HOSTILE[name]
    start = start.replace("%s", kind)
    count = (length - len(start) - len(end)) // len(part % 10_000 if "%d" in part else part)
    text = start + ("".join(part % i for i in range(count)) if "%d" in part else part * count) + end
    lists = {"recordtype": "eprints", "title": _TITLE, "author": _AUTHOR, "format": kind, "publishDate": "2019"}
    fields = {key: [value] for key, value in lists.items()} | {"publisher": ["Elm Press"], "spelling": [text]}
    return Record("example-1", fields if name != "topics" else fields | {"topic": ["Population"]})


def seconds(records: Iterable[Record]) -> float:
    """The least time of several runs over the records."""
    records, least = list(records), float("inf")
    for _ in range(_RUNS):
        start = time.process_time()
        for record in records:
            mine(record)
        least = min(least, time.process_time() - start)
    return least


def report_records(documents: Path) -> None:
    groups: dict[bool, list[Record]] = {True: [], False: []}
    for record in open_source(str(documents)):
        if isinstance(record, Record):
            groups["eprints" in record.fields.get("recordtype", ())].append(record)
    for name, records in (("eprints", groups[True]), ("other", groups[False])):
        if records:
            print(f"{name}: {seconds(records) / len(records) * 1e6:.1f} µs a record of {len(records)}", flush=True)
    mined = [mine(record).values for record in groups[True]]
    print(f"something from {sum(map(bool, mined))}, a citation from {sum('citation' in one for one in mined)}")


def report_hostile() -> None:
    worst, steepest = 0.0, 0.0
    for kind in ("Article", "Book Section", "Thesis", "Monograph", "Dataset"):
        for name in HOSTILE:
            small, large = (seconds([hostile(name, kind, length)]) for length in (_SMALL, _LARGE))
            worst, steepest = max(worst, large), max(steepest, large / small)
            print(f"{kind}, {name}: {small * 1e3:.1f} ms, {large * 1e3:.1f} ms, ratio {large / small:.1f}", flush=True)
    print(f"worst {worst * 1e3:.0f} ms, steepest ratio {steepest:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    report_records(parser.parse_args().documents)
    report_hostile()


if __name__ == "__main__":
    main()
