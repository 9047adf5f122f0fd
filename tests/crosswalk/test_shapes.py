"""The check finds what is wrong: every shape and rule is shown a graph that breaks it, and real records break none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal
from rdflib.namespace import SH

from linkeddata.crosswalk import Mapping, shapes
from linkeddata.crosswalk.shapes import BATCH, check_rules, check_shapes, check_statements
from linkeddata.errors import ConfigurationError
from linkeddata.record import Record
from linkeddata.vocabulary import ntriples, ontology
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.terms import PREFIXES, RDF, expand, shorten

BASE = "https://data.example.org/"
WHOLE = (Path(__file__).resolve().parents[1] / "data" / "whole.ttl").read_text("utf-8")
HEAD = f"@base <{BASE}> .\n@prefix geo: <http://www.opengis.net/ont/geosparql#> .\n" + "".join(
    f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in PREFIXES.items()
)
#: The node of the whole that each shape looks at.
NODES = {
    "Record": "id/record/r", "Document": "doc/record/r", "Source": "doc/record/r#source", "Mined": "doc/record/r#mined",
    "Person": "id/agent/r/waring", "Agent": "id/agent/r/plato", "Organisation": "id/org/wiley",
    "Name": "id/name/waring", "Cell": ".well-known/genid/r/authors/2", "Periodical": "id/journal/j",
    "Host": "id/host/h", "Series": "id/series/s", "Issue": "id/issue/i", "Concept": "id/concept/topic/care",
    "Scheme": "id/scheme/topic", "Place": "id/place/york", "Period": "id/concept/era/1900s",
    "Collection": "id/collection/c",
}  # fmt: skip
#: Values of which at least one is wrong wherever something is asked of a value.
BAD_VALUES = '<urn:bad> , "" , "true"^^xsd:boolean'


def statements(turtle: str) -> list[Statement]:
    """The statements of some Turtle as tokens."""
    parsed = ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return [(str(each.subject), str(each.predicate), str(each.object)) for each in parsed]


def broken(without: str = "", plus: str = "") -> list[Statement]:
    """The whole without the statements of a subject and property (`id/record/r dcterms:title`), and with others."""
    subject, _, curie = without.partition(" ")
    gone = (f"<{BASE}{subject}>", f"<{expand(curie)}>") if without else ()
    return [each for each in statements(WHOLE) if each[:2] != gone] + statements(plus)


def rules(found: Iterable[shapes.Fault]) -> set[str]:
    return {fault.rule for fault in found}


def parts() -> Iterator[tuple[str, str, str, Graph]]:
    """Each property shape: the name of its node shape, its path and its own name in the graph of shapes."""
    graph = Graph().parse(ontology.path("shapes.ttl"), format="turtle")
    for shape in graph.subjects(RDF.type, SH.NodeShape):
        for part in graph.objects(shape, SH.property):
            yield str(shape).rpartition("#")[2], shorten(str(graph.value(part, SH.path))) or "", str(part), graph


def asking(*constraints: str) -> list[tuple[str, str]]:
    """Shape and path of the property shapes that ask for something of the constraints named."""
    wanted = {SH[constraint] for constraint in constraints}
    found = {
        (name, path)
        for name, path, part, graph in parts()
        for subject, constraint, value in graph
        if name in NODES and str(subject) == part and constraint in wanted and value != Literal(0)
    }
    return sorted(found)


def test_whole_is_faultless() -> None:
    """What the tests break is in order before: one of every kind of thing."""
    assert check_statements([statements(WHOLE)]) == []


def test_every_shape_looks_at_something() -> None:
    """Each shape has a node in the whole (the first cell of a list is looked at by way of its record)."""
    assert {name for name, *_ in parts()} == {*NODES, "FirstCell"}


@pytest.mark.parametrize(("name", "path"), asking("nodeKind", "datatype", "minLength", "pattern", "or", "class"))
def test_wrong_value_breaks_its_shape(name: str, path: str) -> None:
    """Where a shape asks something of a value, a wrong one is found, with the node and the property."""
    found = check_shapes([broken(plus=f"<{NODES[name]}> {path} {BAD_VALUES} .")])
    mine = [fault for fault in found if fault.rule.startswith(f"{name} {path} ") and "Count" not in fault.rule]
    assert {(fault.focus, fault.path) for fault in mine} == {(BASE + NODES[name], str(expand(path)))}


@pytest.mark.parametrize(("name", "path"), asking("minCount"))
def test_missing_value_breaks_its_shape(name: str, path: str) -> None:
    """Also where a shape finds its nodes by that very statement: then it is missed from the other side."""
    found = rules(check_shapes([broken(f"{NODES[name]} {path}")]))
    assert found & {f"{name} {path} MinCount", f"{name} {path} QualifiedMinCount"}


@pytest.mark.parametrize(("name", "path"), asking("maxCount"))
def test_second_value_breaks_its_shape(name: str, path: str) -> None:
    more = broken(plus=f"<{NODES[name]}> {path} <urn:1> , <urn:2> .")
    assert f"{name} {path} MaxCount" in rules(check_shapes([more]))


def closed() -> list[str]:
    graph = Graph().parse(ontology.path("shapes.ttl"), format="turtle")
    return sorted(str(shape).rpartition("#")[2] for shape in graph.subjects(SH.closed, Literal(True)))


@pytest.mark.parametrize("name", closed())
def test_closed_shape_lets_nothing_else_in(name: str) -> None:
    """What belongs elsewhere, or nowhere, is found on a thing of which the profile says all that may be said."""
    found = check_shapes([broken(plus=f"<{NODES[name]}> rdfs:seeAlso <urn:x> .")])
    assert rules(found) == {f"{name} rdfs:seeAlso Closed"}


@pytest.mark.parametrize(
    "path", ["bibo:issue", "dcterms:created", "dcterms:modified", "prov:wasAttributedTo", "owl:sameAs"]
)
def test_what_is_said_elsewhere_is_not_said_of_a_record(path: str) -> None:
    assert f"Record {path} MaxCount" in rules(check_shapes([broken(plus=f'<id/record/r> {path} "7" .')]))


@pytest.mark.parametrize(
    ("rule", "without", "plus"),
    [
        ("Record rdf:type Not", "", "<id/record/r> a bibo:Performance ."),
        ("Record rdf:type QualifiedMinCount", "id/record/r rdf:type", "<id/record/r> a bibo:Document ."),
        ("Record rdf:type QualifiedMinCount", "id/record/r rdf:type", "<id/record/r> a schema:CreativeWork ."),
        ("Record bibo:authorList Node", "id/record/r bibo:authorList", "<id/record/r> bibo:authorList rdf:nil ."),
        ("Record dcterms:issued Or", "id/record/r dcterms:issued",
         '<id/record/r> dcterms:issued "2017-02-30"^^xsd:date .'),
        ("Record dcterms:creator Or", "id/agent/r/plato rdf:type", ""),
        ("Record foaf:isPrimaryTopicOf MaxCount", "", "<id/record/r> foaf:isPrimaryTopicOf <doc/record/s> ."),
        ("Document Class", "doc/record/r rdf:type", "<doc/record/r> a foaf:Document ."),
        ("Document dcterms:isPartOf Class", "id/collection/c rdf:type", ""),
        ("Source Class", "doc/record/r#source rdf:type", ""),
        ("Mined Class", "doc/record/r#mined rdf:type", ""),
        ("Name Class", "id/name/waring rdf:type", ""),
        ("Series Class", "id/series/s rdf:type", "<id/series/s> a bibo:Series ."),
        ("Issue Class", "id/issue/i rdf:type", "<id/issue/i> a bibo:Issue ."),
        ("Issue dcterms:isPartOf Or", "id/journal/j rdf:type", ""),
        ("Periodical Or", "id/journal/k bibo:issn", ""),
        ("Host Or", "", "<id/host/x> a bibo:Book ."),
        ("Place Or", "", "<id/place/x> a dcterms:Location ."),
        ("Cell Pattern", "", "<id/cell/1> rdf:first <id/agent/r/ed> ; rdf:rest rdf:nil ."),
        ("Scheme skos:prefLabel UniqueLang", "", '<id/scheme/topic> skos:prefLabel "topics"@en .'),
        ("Record NodeKind", "", "<doc/record/r> foaf:primaryTopic 'r' ."),
        ("Document NodeKind", "", "<id/record/r> foaf:isPrimaryTopicOf 'r' ."),
    ],
)  # fmt: skip
def test_broken_node_is_found(rule: str, without: str, plus: str) -> None:
    assert rule in rules(check_shapes([broken(without, plus)]))


def test_fault_tells_all_that_is_needed() -> None:
    """Node, property, value, words, how grave it is, and the rule."""
    [fault] = check_shapes([broken("id/journal/k bibo:issn", '<id/journal/k> bibo:issn "00280836" .')])
    assert fault == shapes.Fault(
        f"{BASE}id/journal/k", str(expand("bibo:issn")), "00280836",
        "An ISSN is four digits, a hyphen, three digits and a check digit.", "violation",
        "Periodical bibo:issn Pattern",
    )  # fmt: skip


def test_severity_is_that_of_the_shape(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(
        f"{HEAD}@prefix sh: <http://www.w3.org/ns/shacl#> .\n<#Mild> a sh:NodeShape ; sh:targetClass bibo:Journal ;"
        "sh:property [ sh:path dcterms:title ; sh:minCount 1 ; sh:severity sh:Warning ] ."
    )
    graph = Graph().parse(data=HEAD + WHOLE, format="turtle")
    [fault] = shapes.validate(graph, shapes.read_shapes(file))
    assert (fault.severity, fault.rule, fault.focus) == (
        "warning",
        "Mild dcterms:title MinCount",
        f"{BASE}id/journal/k",
    )


def test_spread_targets_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving the targets of node shapes to their property shapes changes how fast it is, and nothing else."""
    graph = Graph().parse(data=HEAD + WHOLE + "<id/record/r> dcterms:title 'B' . <id/org/x> a foaf:Organization ; "
                          "rdfs:seeAlso <urn:x> . <id/journal/k> bibo:issn 'x' .", format="turtle")  # fmt: skip
    spread = shapes.validate(graph, shapes.bundled_shapes())
    monkeypatch.setattr(shapes, "_spread", lambda graph, shape: None)
    assert spread == shapes.validate(graph, shapes.read_shapes(ontology.path("shapes.ttl")))
    assert len(spread) >= 4


@pytest.mark.parametrize(
    ("rule", "without", "plus"),
    [
        ("domain", "", '<id/record/r> bibo:issue "7" .'),
        ("domain", "", '<id/record/r> bibo:issn "1467-9566" .'),
        ("domain", "", '<id/journal/j> bibo:volume "39" .'),
        ("domain", "", '<id/record/r> foaf:familyName "Waring" .'),
        ("domain", "", "<id/record/r> bibo:director <id/agent/r/ed> ."),
        ("domain", "id/issue/i rdf:type", ""),
        ("range", "", "<id/record/r> bibo:editor <id/org/none> . <id/org/none> a skos:Concept ."),
        ("range-includes", "", "<id/record/r> dcterms:spatial <id/concept/topic/care> ."),
        ("value", "", '<id/record/r> dcterms:publisher "Wiley" .'),
        ("value", "", "<id/record/r> dcterms:alternative <urn:x> ."),
        ("value", "", '<id/record/r> bibo:pageStart "12"@en .'),
        ("value", "", '<id/record/r> dcterms:issued "2017" .'),
        ("value", "", '<doc/record/r> dcterms:created "2017"^^xsd:gYear .'),
        ("property", "", '<id/record/r> dcterms:isued "2017"^^xsd:gYear .'),
        ("class", "", "<id/record/r> a bibo:Jurnal ."),
        ("disjoint", "", "<id/agent/r/waring> a foaf:Organization ."),
        ("disjoint", "", "<id/scheme/topic> a skos:Concept ."),
        ("ill-typed", "", '<id/record/r> dcterms:date "2017-02-30"^^xsd:date .'),
        ("ill-typed", "", '<id/record/r> dcterms:date "2017-13"^^xsd:gYearMonth .'),
        ("ill-typed", "", '<id/record/r> dcterms:date "17"^^xsd:gYear .'),
        ("ill-typed", "", '<doc/record/r> dcterms:created "2017-06-21T25:00:00Z"^^xsd:dateTime .'),
        ("ill-typed", "", '<doc/record/r> dcterms:created "2017-06-21 10:00:00Z"^^xsd:dateTime .'),
        ("ill-typed", "", '<id/place/york> dcat:bbox "ENVELOPE"^^geo:wktLiteral .'),
        ("ill-typed", "", '<id/x> <urn:p> "x"^^xsd:integer .'),
        ("datatype", "", '<id/x> <urn:p> "x"^^<urn:datatype> .'),
        ("identifier", "", '<id/journal/j> bibo:issn "1467-9567" .'),
        ("identifier", "", '<id/host/h> bibo:isbn13 "9781558612748" .'),
        ("identifier", "", '<id/host/h> bibo:isbn10 "1558612743" .'),
        ("identifier", "", '<id/record/r> bibo:doi "10.1111/ABC" .'),
        ("identifier", "", '<id/record/r> bibo:doi "https://doi.org/10.1111/abc" .'),
        ("identifier", "", '<id/record/r> bibo:lccn "n 78-89035" .'),
        ("identifier", "", "<id/agent/r/waring> schema:sameAs <https://orcid.org/0000-0002-1825-0098> ."),
        ("blank-node", "", "<id/record/r> dcterms:relation [ rdfs:label 'x' ] ."),
        ("list", "", "<.well-known/genid/r/authors/9> rdf:first <id/agent/r/ed> ; rdf:rest rdf:nil ."),
        ("list", ".well-known/genid/r/authors/2 rdf:first", ""),
        ("list", ".well-known/genid/r/authors/2 rdf:rest", ""),
        ("list", ".well-known/genid/r/authors/2 rdf:rest",
         "<.well-known/genid/r/authors/2> rdf:rest <.well-known/genid/r/authors/1> ."),
        ("list-member", "id/record/r dcterms:creator", "<id/record/r> dcterms:creator <id/agent/r/waring> ."),
        ("list-member", "id/record/r bibo:editor", ""),
    ],
)  # fmt: skip
def test_broken_rule_is_found(rule: str, without: str, plus: str) -> None:
    """Without pyshacl, by tables alone."""
    assert rule in rules(check_rules(broken(without, plus)))


def test_language_tag_must_be_one() -> None:
    """No parser of Turtle lets such a tag in; the store's own text is not parsed."""
    wrong = (f"<{BASE}id/record/r>", f"<{expand('dcterms:alternative')}>", '"x"@en--gb')
    assert rules(check_rules([*statements(WHOLE), wrong])) == {"language-tag"}


def test_terms_of_others_are_not_judged() -> None:
    """An operator may publish in a vocabulary of their own."""
    assert check_rules(broken(plus='<id/record/r> <https://example.org/vocabulary/shelf> "A 7" .')) == []


def test_rules_look_at_each_record_alone() -> None:
    """What another record says of a journal does not mend one that says nothing of it."""
    alone = statements('<id/issue/i> bibo:issue "7" .')
    assert rules(check_statements([statements(WHOLE), alone], shapes=False)) == {"domain"}


def test_without_pyshacl_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are checked all the same, shapes are refused with what to install."""
    monkeypatch.setattr(shapes, "pyshacl", None)
    assert check_statements([statements(WHOLE)], shapes=False) == []
    with pytest.raises(ConfigurationError, match=r"linkeddata\[check\]"):
        check_statements([statements(WHOLE)])


def test_gold_is_faultless(shared: Path) -> None:
    """The seed as the profile wants it, mined statements too, once its list cells have URIs."""
    gold = (shared / "seed-record.ttl").read_text("utf-8").partition("\n\n<id/record")
    told = statements(gold[1] + gold[2])
    cells = sorted({token for statement in told for token in statement if token.startswith("_:")})
    uris = {cell: f"<{BASE}.well-known/genid/r/authors/{number}>" for number, cell in enumerate(cells, 1)}
    assert check_statements([[(uris.get(s, s), p, uris.get(o, o)) for s, p, o in told]]) == []


def test_real_and_nasty_records_are_faultless(translated: list[tuple[Record, Mapping]]) -> None:
    """All of them, by shapes and rules, in batches in which no id comes twice."""
    batches: list[dict[str, list[Statement]]] = [{}]
    for record, mapping in translated:
        if len(batches[-1]) == BATCH or record.id in batches[-1]:
            batches.append({})
        batches[-1][record.id] = mapping.statements
    assert [fault for batch in batches for fault in check_statements(list(batch.values()))] == []


def test_lines_are_read_back(translated: list[tuple[Record, Mapping]]) -> None:
    """What is kept as text is checked as what it was made of."""
    for _, mapping in translated:
        assert ntriples.read(ntriples.text(mapping.statements)) == mapping.statements
