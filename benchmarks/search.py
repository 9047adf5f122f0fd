"""How long searching takes: the middle and the slowest twentieth of many queries, nothing kept from one to the next.

    python benchmarks/search.py DATA [--queries N]

DATA is a data directory. The queries are made of what its records hold: one word, two, three words of a title, a
name, a subject narrowed by a year, the beginning of a word; one in twenty is a very common word.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.search import Search, Wish
from linkeddata.catalogue.search_lists import Lists


def wishes(search: Search, lists: Lists, number: int) -> list[Wish]:
    """Queries of many kinds, the same each time."""
    chance = random.Random(7)  # noqa: S311 - nothing secret
    everything = search.find(Wish())
    names, subjects = lists.values("name", 5000), lists.values("concept", 3000)
    found = []
    for turn in range(number):
        (hit,) = search.page(everything, chance.randrange(everything.total), 1)
        words = [word for word in hit.title.split() if len(word) > 3] or ["music"]
        found.append(
            (
                Wish(chance.choice(words)),
                Wish(" ".join(chance.sample(words, min(2, len(words))))),
                Wish(" ".join(chance.sample(words, min(3, len(words))))),
                Wish(chance.choice(names).label),
                Wish(chance.choice(subjects).label, years=(2010, 2019)),
                Wish(chance.choice(words)[:4] + "*"),
            )[turn % 6]
            if turn % 20
            else Wish(chance.choice(("study", "analysis", "music", "data", "using")))
        )
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--queries", type=int, default=300)
    asked = options.parse_args()
    edition = Catalogue(asked.data).current()
    if edition.search is None or edition.lists is None:
        raise SystemExit("this edition has no search index of this version")
    spent: list[tuple[float, int, str]] = []
    for wish in wishes(edition.search, edition.lists, asked.queries):
        # A search of its own, which has kept no results.
        fresh = Search(edition.folder / "search.sqlite")
        start = time.perf_counter()
        result = fresh.find(wish)
        fresh.page(result, 0, 20)
        spent.append((1000 * (time.perf_counter() - start), result.total, wish.text))
    times = sorted(each[0] for each in spent)
    print(f"{edition.counts['records']} records, {len(times)} queries")
    middle, late = statistics.median(times), times[int(len(times) * 0.95)]
    print(f"median {middle:.1f} ms, p95 {late:.1f} ms, slowest {times[-1]:.1f} ms")
    for each in sorted(spent, reverse=True)[:5]:
        print(f"  {each[0]:.1f} ms, {each[1]} found: {each[2]}")


if __name__ == "__main__":
    main()
