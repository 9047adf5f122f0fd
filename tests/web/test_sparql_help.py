"""What helps those who ask: recipes that run as they stand, examples of what is there, results on a phone."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from rdflib import RDF, Graph, URIRef

from linkeddata.representations.example_queries import Thing, examples
from linkeddata.representations.recipes import Recipe, help_page
from linkeddata.vocabulary.terms import PREFIXES, RDFS, SD, SH, VOID
from linkeddata.vocabulary.uris import Uris

from .conftest import BASE

RECIPES = [recipe for recipe in help_page(Uris(BASE), ()).recipes if recipe.language in ("shell", "python")]
RECIPE = re.compile(
    r'<h2 id="([\w-]+)">[^<]*</h2>(?:(?!<h2).)*?<pre data-recipe="(\w+)"><code>(.*?)</code></pre>', re.DOTALL
)


@pytest.fixture(scope="module")
def recipes(live_site: str) -> dict[str, str]:
    """The recipes as the page has them, by their key, for the address at which it is served here."""
    with urlopen(f"{live_site}sparql/help") as page:
        found = RECIPE.findall(page.read().decode())
    return {key: html.unescape(code).replace(BASE, live_site) for key, _, code in found}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.key)
def test_recipe_runs_as_it_stands(recipes: dict[str, str], recipe: Recipe, tmp_path: Path) -> None:
    """Copied from the page into a shell or Python, it prints what it promises, and nothing goes wrong."""
    code, language = recipes[recipe.key], recipe.language
    command = ["sh", "-ec", code] if language == "shell" else [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 10


def test_every_recipe_is_on_the_page(recipes: dict[str, str]) -> None:
    """None is lost between table and page."""
    assert [*recipes] == [recipe.key for recipe in help_page(Uris(BASE), ()).recipes]


def test_limits_are_told_with_their_numbers(client: FlaskClient) -> None:
    """Those in force, without an exponent, written as the language of the page writes them."""
    english, german = (client.get(f"/sparql/help{query}").get_data(as_text=True) for query in ("", "?lang=de"))
    for limit in ("30 seconds for a query", "67,108,864 bytes of an answer", "60 seconds of query time for a client"):
        assert limit in english
    for limit in ("30 Sekunden für eine Abfrage", "67.108.864 Byte für eine Antwort", "60 Sekunden Rechenzeit je"):
        assert limit in german


@pytest.fixture
def shown(client: FlaskClient) -> Graph:
    answer = client.get("/sparql/examples.ttl")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    return Graph().parse(data=answer.data, format="turtle")


def test_examples_are_shacl_that_runs(client: FlaskClient, shown: Graph) -> None:
    """Each has a label and one query, of the form of its class, which finds something here."""
    found = list(shown.subjects(RDF.type, SH.SPARQLExecutable))
    for example in found:
        (query,) = [*shown.objects(example, SH.select), *shown.objects(example, SH.construct)]
        answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv, application/n-triples"})
        assert (answer.status_code, len(answer.data.splitlines()) > 1) == (200, True), query
        assert shown.value(example, RDFS.label)
    assert len(found) == 10


def test_examples_declare_the_prefixes(shown: Graph) -> None:
    """As SHACL does, so that editors can complete names."""
    declared = {
        str(shown.value(each, SH.prefix)): str(shown.value(each, SH.namespace))
        for each in shown.objects(None, SH.declare)
    }
    assert declared == PREFIXES


def test_examples_are_about_what_is_there(client: FlaskClient) -> None:
    """The page names an author, a journal and a subject of this store, each with a link that runs."""
    page = client.get("/sparql", headers={"Accept": "text/html"}).get_data(as_text=True)
    for words in ("Works of ", "What appeared in ", "Works about "):
        assert re.search(rf'<a href="/sparql\?query=[^"]*{re.escape(urlencode({"": BASE})[1:])}[^"]*">{words}\w', page)


def test_labels_with_signs_of_templates_are_just_labels() -> None:
    """A name may hold a dollar or braces."""
    (_, works, *_) = examples({"author": Thing(f"{BASE}id/name/x", "A$AP {label} $thing")})
    assert works.words == "Works of A$AP {label} $thing, by date"


@pytest.mark.parametrize("extension", ["html", "xyz"])
def test_examples_in_another_format_are_unknown(client: FlaskClient, extension: str) -> None:
    """They come as RDF."""
    assert client.get(f"/sparql/examples.{extension}").status_code == 404


def test_examples_are_found_from_the_descriptions(client: FlaskClient) -> None:
    """Those of the service and of the dataset both lead to them."""
    service = Graph().parse(data=client.get("/sparql?format=ttl").data, format="turtle")
    dataset = Graph().parse(data=client.get("/doc/dataset/catalogue.ttl").data, format="turtle")
    address = URIRef(f"{BASE}sparql/examples.ttl")
    assert (service.value(predicate=RDF.type, object=SD.Service), RDFS.seeAlso, address) in service
    assert (dataset.value(predicate=RDF.type, object=VOID.Dataset), RDFS.seeAlso, address) in dataset


WORDS = """() => [...document.querySelectorAll('.result td, .result th')].map(cell => {
  const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
  if (!text) return 0;
  const range = document.createRange();
  return Math.max(...[...text.data.matchAll(/[^\\s\\/:#-]+/g)].map(word => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length;
  }));
})"""


@pytest.mark.browser
def test_table_on_a_phone_keeps_words_whole_and_the_page_still(browser: Browser, live_site: str) -> None:
    """At 390 px no word of a result stands on two lines, and only the table's own region scrolls sideways."""
    dcterms = PREFIXES["dcterms"]
    query = f"SELECT ?work ?title ?date {{ ?work <{dcterms}title> ?title ; <{dcterms}issued> ?date }}"
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{live_site}sparql?{urlencode({'query': query})}")
    lines = page.evaluate(WORDS)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert len(lines) > 20 and max(lines) == 1
    assert overflow <= 0


@pytest.mark.browser
def test_query_page_works_without_script(browser: Browser, live_site: str) -> None:
    """Typing a query and pressing the button gives a table; a mistake gives the line with a mark below the place."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_site}sparql")
    page.get_by_role("button", name="Run query").click()
    assert page.locator(".result tbody tr").count() == 20
    page.get_by_role("textbox", name="Query").fill("SELECT *\nWHERE { ?s ?p }")
    page.get_by_role("button", name="Run query").click()
    alert = page.get_by_role("alert").inner_text()
    context.close()
    assert "Line 2, column" in alert and "2 | WHERE" in alert
