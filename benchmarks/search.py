"""How long `/search` takes: whole pages and documents as the server makes them, nothing kept from one to the next.

    python benchmarks/search.py DATA [--queries N]

DATA is a data directory. The queries are made of what its records hold, the same ones each time: a word, two
words and a phrase of a title, the beginning of a word, a name, an identifier, Chinese or Japanese where there is some,
a value chosen beside the results, a span of years, another order, a later page, results as JSON, a subject without
words; one in twenty is one of the commonest words there are. Some of what may be typed to do harm is timed apart.
`memory` is what the process has for itself alone, less what it had before the first search.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.catalogue.search import Hit, Search, Wish
from linkeddata.catalogue.search_lists import Lists
from linkeddata.config import read_settings
from linkeddata.vocabulary.folding import fold, is_spaceless
from linkeddata.web import create_app

Asked = dict[str, str]
_SAMPLE = 600
_WORST = {
    "500 letters": {"q": "z" * 500},
    "beginnings of many words": {"q": "com* con* int* pro* res* the* ana* mod* dat* inf* sys* str*"},
    "20 common words": {"q": "of and the a in for to is this with we on that by from an as are which at"},
    "phrase of common words": {"q": '"of the"'},
    "mistyped words": {"q": "muzicq langageq analisysx educatoin internatoinal performanse developmnt evalutaion"},
    "all years": {"year": "1-9999"},
    "a common word, deepest page": {"q": "the", "page": "100"},
    "a common word, by title": {"q": "the", "sort": "title"},
}


class Material:
    """What queries are made of: records taken by chance, names, subjects and the commonest words of titles."""

    def __init__(self, search: Search, lists: Lists) -> None:
        self.chance = random.Random(7)  # noqa: S311 - nothing secret
        everything = search.find(Wish(first=10**9))
        places = self.chance.sample(range(everything.total), min(_SAMPLE, everything.total))
        self.hits = [hit for place in places for hit in search.page(everything, place, 1)]
        self.names, self.subjects = lists.values("name", 5000), lists.values("concept", 3000)
        self.common = [
            word for word, _ in Counter(w for hit in self.hits for w in fold(hit.title).split()).most_common(40)
        ]
        self.spaceless = [word for hit in self.hits for word in fold(hit.title).split() if is_spaceless(word)]

    def hit(self) -> Hit:
        return self.chance.choice(self.hits)

    def words(self, number: int = 1) -> str:
        words = [word for word in self.hit().title.split() if len(word) > 3] or ["music"]
        return " ".join(self.chance.sample(words, min(number, len(words))))

    def phrase(self) -> str:
        words = self.hit().title.replace('"', "").split()
        start = self.chance.randrange(max(1, len(words) - 2))
        return f'"{" ".join(words[start : start + 3])}"'


KINDS: dict[str, Callable[[Material], Asked]] = {
    "one word": lambda m: {"q": m.words()},
    "two words": lambda m: {"q": m.words(2)},
    "three words": lambda m: {"q": m.words(3)},
    "phrase": lambda m: {"q": m.phrase()},
    "beginning": lambda m: {"q": f"{m.words()[:4]}*"},
    "name": lambda m: {"q": m.chance.choice(m.names).label},
    "identifier": lambda m: {"q": m.hit().id},
    "Chinese, Japanese": lambda m: {"q": m.chance.choice(m.spaceless or m.common)},
    "type chosen": lambda m: {"q": m.words(), "type": m.hit().type.partition(":")[2]},
    "subject and years": lambda m: {"q": m.chance.choice(m.subjects).label, "year": "2010-2019"},
    "newest first": lambda m: {"q": m.words(), "sort": "newest"},
    "page 2": lambda m: {"q": m.words(), "page": "2"},
    "JSON": lambda m: {"q": m.words(), "format": "json"},
    "subject alone": lambda m: {"subject": m.chance.choice(m.subjects).key},
    "commonest words": lambda m: {"q": m.chance.choice(m.common)},
}
_RARE = "commonest words"


def queries(material: Material, number: int) -> list[tuple[str, Asked]]:
    """Queries of all kinds, no two the same."""
    usual = [kind for kind in KINDS if kind != _RARE]
    kinds = [usual[turn % len(usual)] if turn % 20 else _RARE for turn in range(number)]
    found = {urlencode(asked): (kind, asked) for kind in kinds for asked in [KINDS[kind](material)]}
    return list(found.values())


def timed(client: FlaskClient, edition: Edition, asked: Asked) -> tuple[float, float]:
    """Milliseconds for one, and of the processor's; the results of the one before are forgotten."""
    if edition.search is not None:
        edition.search.forget()
    start, busy = time.perf_counter(), time.process_time()
    answer = client.get("/search", query_string=asked)
    spent = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - busy)
    if answer.status_code not in (200, 303, 404):
        raise SystemExit(f"{asked}: {answer.status}")
    return spent


def own_memory() -> float:
    """MiB that this process shares with nobody."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("RssAnon"))


def late(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--queries", type=int, default=400)
    asked = options.parse_args()
    data = asked.data.resolve()
    edition = Catalogue(data).current()
    if edition.search is None or edition.lists is None:
        raise SystemExit("this edition has no search index of this version")
    material = Material(edition.search, edition.lists)
    app = create_app(
        read_settings(
            {"store.path": str(data), "site.base_uri": edition.uris.base, "server.cache_mb": 0}, {}, here=data
        )
    )
    served, client = app.extensions["current"].edition(), app.test_client()
    client.get("/")
    before = own_memory()
    first = timed(client, served, {"q": "first"})
    spent = defaultdict[str, list[tuple[float, float]]](list)
    for kind, query in queries(material, asked.queries):
        spent[kind].append(timed(client, served, query))
    everything, busy = zip(*(each for times in spent.values() for each in times), strict=True)
    total = edition.search.find(Wish(first=1)).total
    print(f"{total} records, {len(everything)} queries; load of the machine {os.getloadavg()[0]:.1f}")
    middle, most = statistics.median(everything), max(everything)
    print(f"median {middle:.1f} ms, p95 {late(everything):.1f} ms, slowest {most:.1f} ms")
    print(f"processor time: median {statistics.median(busy):.1f} ms, p95 {late(busy):.1f} ms")
    print(f"first search {first[0]:.0f} ms, memory {own_memory() - before:.0f} MiB")
    for kind, pairs in spent.items():
        times = [each[0] for each in pairs]
        print(f"  {kind:28} {len(times):4}  median {statistics.median(times):6.1f}  p95 {late(times):6.1f} ms")
    for kind, query in _WORST.items():
        print(f"  worst: {kind:28} {min(timed(client, served, query)[0] for _ in range(3)):6.1f} ms")


if __name__ == "__main__":
    main()
