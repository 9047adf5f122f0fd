"""The embedded store: built whole or not at all, and read by our own queries."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from linkeddata.errors import SourceError, StoreError
from linkeddata.store import GraphReader, GraphWriter, Reader, Writer, backup, build, embedded

GOOD = b'<http://a/s> <http://a/p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
IN_GRAPH = b'<http://a/s> <http://a/p> "copy" <http://a/g> .\n'


@pytest.fixture
def small(tmp_path: Path) -> Reader:
    build(tmp_path / "store", [GOOD, GOOD, IN_GRAPH])
    return Reader(tmp_path / "store")


def test_the_embedded_store_has_both_faces(small: Reader, tmp_path: Path) -> None:
    """The type checker agrees that the protocols are met."""
    reader: GraphReader = small
    writer: GraphWriter = Writer(tmp_path / "other")
    assert reader and writer


def test_a_copy_is_changed_and_the_original_is_not(small: Reader, tmp_path: Path) -> None:
    """Lines are taken out and put in, in any graph; what is not there is not missed, what is there stays once."""
    backup(tmp_path / "store", tmp_path / "copy")
    writer = Writer(tmp_path / "copy")
    writer.change(GOOD + b"<http://a/none> <http://a/p> <http://a/o> .\n", IN_GRAPH + GOOD.replace(b"1.50", b"2"))
    writer.optimize()
    writer.close()
    assert Reader(tmp_path / "copy").rows("SELECT ?o { ?s ?p ?o }") == [("2",)]
    assert (Reader(tmp_path / "copy").count(), small.count()) == (2, 2)
    assert small.rows("SELECT ?o { ?s ?p ?o }") == [("1.5",)]


def test_a_store_in_the_making_can_be_asked(tmp_path: Path) -> None:
    """What is in already is told, also while the store is put in order and when it is closed but not let go of."""
    build(tmp_path / "store", [GOOD, IN_GRAPH])
    writer = Writer(tmp_path / "store")
    reader = writer.reader()
    with ThreadPoolExecutor(1) as beside:
        ordering = beside.submit(writer.optimize)
        assert reader.rows("SELECT ?o { ?s ?p ?o }") == [("1.5",)]
        ordering.result(timeout=60)
    writer.close()
    assert reader.count() == 2


def test_a_closed_store_takes_no_more(tmp_path: Path) -> None:
    """What comes after the end is an error and not lost."""
    writer = Writer(tmp_path / "store")
    writer.close()
    with pytest.raises(StoreError, match="closed"):
        writer.change(b"", GOOD)


def test_pieces_may_be_cut_anywhere(tmp_path: Path) -> None:
    """A line that goes over several pieces is one line, and empty pieces are nothing."""
    text = GOOD + IN_GRAPH
    build(tmp_path / "store", (text[place : place + 7] for place in range(-0, len(text), 7)))
    build(tmp_path / "other", [b"", text, b""])
    assert Reader(tmp_path / "store").count() == Reader(tmp_path / "other").count() == 2


def test_nothing_at_all_is_an_empty_store(tmp_path: Path) -> None:
    """A catalogue without records has a store too."""
    build(tmp_path / "store", [])
    assert Reader(tmp_path / "store").count() == 0


def test_a_broken_line_refuses_the_whole_and_leaves_nothing(tmp_path: Path) -> None:
    """The error names the line, no folder stays behind, and a second try is free to succeed."""
    with pytest.raises(StoreError, match="2"):
        build(tmp_path / "store", [GOOD, b"<http://a/s> <http://a p> .\n", GOOD])
    assert list(tmp_path.iterdir()) == []
    build(tmp_path / "store", [GOOD])


def test_an_error_of_the_source_passes_through_and_leaves_nothing(tmp_path: Path) -> None:
    """What broke is the source, and the caller hears so."""

    def pieces() -> Iterator[bytes]:
        yield GOOD
        raise SourceError("the harvest broke off")

    with pytest.raises(SourceError, match="broke off"):
        build(tmp_path / "store", pieces())
    assert list(tmp_path.iterdir()) == []


def test_a_finished_store_is_never_built_over(tmp_path: Path) -> None:
    """Building where a store is refuses, and the store is as before."""
    build(tmp_path / "store", [GOOD])
    with pytest.raises(StoreError, match="exists"):
        build(tmp_path / "store", [IN_GRAPH])
    assert Reader(tmp_path / "store").count() == 1


def test_building_keeps_memory_flat(tmp_path: Path) -> None:
    """Forty megabytes of text go through less than eight megabytes of Python's memory."""
    lines = (b'<http://a/s%d> <http://a/p> "%s" .\n' % (number, b"x" * 400) for number in range(100_000))
    tracemalloc.start()
    build(tmp_path / "store", lines)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_construct_query_gives_each_statement_once(small: Reader) -> None:
    """Two solutions that make the same statement make it once, normalised as the store holds it."""
    found = small.triples(
        "CONSTRUCT { <http://a/s> <http://a/p> ?o } { VALUES ?n { 1 2 } <http://a/s> <http://a/p> ?o }"
    )
    assert found == GOOD.replace(b"1.50", b"1.5")


def test_rows_are_the_texts_of_terms(small: Reader) -> None:
    """Values come without quoting; an unbound variable is None."""
    assert small.rows("SELECT ?s ?o ?none { ?s ?p ?o }") == [("http://a/s", "1.5", None)]


def test_ask_count_and_dump_see_the_whole_store(small: Reader) -> None:
    """The dump is N-Quads of every graph, and builds the same store again."""
    assert small.ask("ASK { GRAPH <http://a/g> { ?s ?p 'copy' } }")
    assert not small.ask("ASK { ?s ?p 'copy' }")
    dump = io.BytesIO()
    small.dump(dump)
    assert sorted(dump.getvalue().splitlines()) == sorted((GOOD.replace(b"1.50", b"1.5") + IN_GRAPH).splitlines())
    assert small.count() == 2


def test_a_broken_query_of_ours_is_a_store_error(small: Reader) -> None:
    """The wall lets no foreign exception through."""
    with pytest.raises(StoreError):
        small.rows("SELECT nothing")


def test_threads_share_a_reader(small: Reader) -> None:
    """Fifty look-ups on eight threads agree."""
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: small.triples("CONSTRUCT WHERE { ?s ?p ?o }"), range(50)))
    assert len(set(found)) == 1


def test_a_backup_is_independent_and_refuses_to_overwrite(tmp_path: Path) -> None:
    """The copy holds the same quads; a second one to the same place is refused."""
    build(tmp_path / "store", [GOOD, IN_GRAPH])
    backup(tmp_path / "store", tmp_path / "copy")
    assert Reader(tmp_path / "copy").count() == 2
    with pytest.raises(StoreError):
        backup(tmp_path / "store", tmp_path / "copy")


def test_a_folder_that_is_no_store_is_refused(tmp_path: Path) -> None:
    """A missing or foreign folder is a store error, and is not made into a store."""
    with pytest.raises(StoreError):
        Reader(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_no_query_of_ours_asks_another_server() -> None:
    """The reader would follow SERVICE, so nothing that writes our queries may hold the word."""
    sources = Path(embedded.__file__).parent.parent.joinpath("catalogue").glob("*.py")
    assert not [path.name for path in sources if "SERVICE" in path.read_text(encoding="utf-8")]
