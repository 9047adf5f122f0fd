"""How to ask the endpoint from scripts, programs and spreadsheets: recipes that run as they stand.

Those for curl and Python are run by a test from the text of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import Template
from typing import Final
from urllib.parse import urlencode

from linkeddata.representations.sparql_service import Bound, service_address
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import ENGLISH, Wording, marked


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to ask: `language` is `shell`, `python`, `r` or `text`; `needs` is what must be installed first."""

    key: str
    heading: str
    language: str
    needs: str
    code: str


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The page: the endpoint's address, its limits in words, and the recipes."""

    address: str
    limits: tuple[str, ...]
    recipes: tuple[Recipe, ...]


_QUERY: Final = """PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?work ?title WHERE { ?work dcterms:title ?title } LIMIT 10"""
_RECIPES: Final = (
    Recipe("curl-table", marked("A table with curl"), "shell", "", """\
curl -sS -H 'Accept: text/csv' $address --data-urlencode 'query=
$query'"""),
    Recipe("curl-file", marked("A query in a file, with curl"), "shell", "", """\
cat > works.rq <<'END'
$query
END
curl -sS -H 'Content-Type: application/sparql-query' \\
  -H 'Accept: text/tab-separated-values' --data-binary @works.rq $address"""),
    Recipe("curl-graph", marked("A graph with curl"), "shell", "", """\
curl -sS -H 'Accept: text/turtle' -G $address --data-urlencode 'query=
CONSTRUCT { ?work ?property ?value }
WHERE { { SELECT ?work { ?work <http://purl.org/dc/terms/title> ?title } LIMIT 5 } ?work ?property ?value }'"""),
    Recipe("sparqlwrapper", marked("A table in Python, with SPARQLWrapper"), "python", "pip install sparqlwrapper", '''\
from SPARQLWrapper import JSON, SPARQLWrapper

endpoint = SPARQLWrapper("$address", agent="my-script/1.0 (me@example.org)")
endpoint.setReturnFormat(JSON)
endpoint.setQuery("""
$query
""")
for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print(row["work"]["value"], row["title"]["value"])'''),
    Recipe("rdflib", marked("A graph in Python, with rdflib"), "python", "pip install rdflib", '''\
from urllib.parse import urlencode

from rdflib import DCTERMS, Graph

query = """CONSTRUCT { ?work <http://purl.org/dc/terms/title> ?title }
WHERE { ?work <http://purl.org/dc/terms/title> ?title } LIMIT 10"""
graph = Graph().parse("$address?" + urlencode({"query": query}), format="turtle")
for work, title in graph.subject_objects(DCTERMS.title):
    print(work, title)'''),
    Recipe("rdflib-store", marked("The endpoint as a store of rdflib"), "python",
           "pip install rdflib sparqlwrapper", '''\
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore

graph = Graph(SPARQLStore("$address"))
for row in graph.query("""
$query
"""):
    print(row.work, row.title)'''),
    Recipe("oxrdflib", marked("Everything on your own machine, without limits"), "python", "pip install oxrdflib", '''\
import gzip
from urllib.request import urlopen

from rdflib import Dataset

data = Dataset(store="Oxigraph")  # in memory; data.open("a folder") keeps it on disk
with urlopen("${base}dump/latest.nq.gz") as packed, gzip.open(packed) as dump:
    data.parse(dump, format="ox-nquads")
for row in data.query("""
$query
"""):
    print(row.work, row.title)'''),
    Recipe("r", marked("A table in R"), "r", "", """query <- "$query"
answer <- read.csv(url(paste0("$address?format=csv&query=", URLencode(query, reserved = TRUE)),
                       encoding = "UTF-8"))
head(answer)"""),
    Recipe("spreadsheet", marked("A spreadsheet"), "text", "", """$link"""),
)  # fmt: skip


def help_page(uris: Uris, bounds: Iterable[Bound], words: Wording = ENGLISH) -> HelpPage:
    """The page of an endpoint with these limits."""
    address = service_address(uris)
    link = f"{address}?{urlencode({'format': 'csv', 'query': _QUERY})}"
    known = {"address": address, "base": uris.base, "query": _QUERY, "link": link}
    made = (
        Recipe(each.key, words.say(each.heading), each.language, each.needs, Template(each.code).substitute(known))
        for each in _RECIPES
    )
    return HelpPage(
        address, tuple(f"{_figure(bound.value, words)} {words.say(bound.unit)}" for bound in bounds), tuple(made)
    )


def _figure(value: float, words: Wording) -> str:
    return words.number(value, 0 if value == int(value) else 1)
