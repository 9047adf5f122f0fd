"""How long a page of a long list from A to Z takes to look up: any page, each letter, the last.

    python benchmarks/browse.py [--names N]

The list is made for it, in a folder that goes again: names of all letters, some of them of other alphabets and scripts.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from linkeddata.catalogue.search_lists import Lists, Place
from linkeddata.catalogue.search_writer import SearchWriter

PAGE = 50
BASE = "https://data.example.org/"
#: The first letters of surnames, about as often as they are.
STARTS = "AABBBBCCCDDDEFFGGGHHHHIJJKKKLLLMMMMNOPPPQRRRSSSSSSTTUVWWWXYZØЖИ李王さ3"


def things(number: int) -> Iterator[tuple[str, str]]:
    """URI and label of each, in no order."""
    chance = random.Random(7)  # noqa: S311 - nothing secret
    for place in range(number):
        name = "".join(chance.choices("aeiounrstl", k=6))
        yield f"{BASE}id/name/n{place}", f"{chance.choice(STARTS)}{name}, {name[:3].capitalize()}"


def slowest(looked_up: Iterator[Callable[[], object]]) -> str:
    spent = list[float]()
    for look_up in looked_up:
        start = time.perf_counter()
        look_up()
        spent.append(1000 * (time.perf_counter() - start))
    return f"middle {sorted(spent)[len(spent) // 2]:6.2f} ms, slowest {max(spent):6.2f} ms of {len(spent)}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--names", type=int, default=200_000)
    number = options.parse_args().names
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "search.sqlite"
        writer = SearchWriter(file, None)
        for _ in writer.entering("name", things(number), BASE):
            pass
        writer.finish()
        lists, last = Lists(file), -(-number // PAGE)
        some = [1, last, *range(2, last, max(1, last // 200))]
        ends = [(each, page) for each, count in lists.letters("name") for page in (1, -(-count // PAGE))]
        print(f"{number} names, {last} pages; load of the machine {os.getloadavg()[0]:.1f}")
        numbered = (lambda page=page: lists.numbered("name", page, size=PAGE) for page in some)
        print("pages by number      ", slowest(numbered))
        of_letters = (lambda e=e, p=p: lists.numbered("name", p, size=PAGE, letter=e) for e, p in ends)
        print("ends of every letter ", slowest(of_letters))
        behind = (lambda e=e: lists.shelf("name", size=PAGE, start=Place(e)) for e, _ in ends)
        print("from a place on      ", slowest(behind))
        print("letters with counts  ", slowest((lambda: lists.letters("name")) for _ in range(20)))


if __name__ == "__main__":
    main()
