"""The pool, with real processes ended by real queries."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse, parse_query_results

from linkeddata.errors import QueryForbidden, QueryMalformed, QueryQueueFull, QueryTooCostly, StoreError
from linkeddata.store import Asker, Examined, Form, Limits, Pool, Wish, open_pool

from ..living import all_end, is_alive, soon

EX = "http://example.org/"
#: Takes more than half a second, and comes to an end.
LONG = f"SELECT (COUNT(*) AS ?n) {{ ?a <{EX}title> ?b . ?c <{EX}title> ?d FILTER(STR(?b) < STR(?d)) }}"
_number = iter(range(1_000_000))


def runaway() -> str:
    """A query that never ends within a test; each one has another text, because ended ones are remembered."""
    return f"SELECT (COUNT(*) AS ?n{next(_number)}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"


def unguarded(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything through to the process."""
    monkeypatch.setattr(pool, "examine", lambda text: Examined(Form.SELECT, cheap=False))


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def kill_all(pool: Pool) -> None:
    for pid in pool.pids:
        with suppress(ProcessLookupError):  # it had ended, and nobody has noticed yet
            os.kill(pid, signal.SIGKILL)


def niceness(thread: Path) -> int:
    return int((thread / "stat").read_text().rpartition(")")[2].split()[16])


def nicenesses(pid: int) -> list[int]:
    """Of all threads of a process; none where one ends just now."""
    with suppress(OSError):
        return [niceness(thread) for thread in Path(f"/proc/{pid}/task").iterdir()]
    return []


def settle(pool: Pool, processes: int = 3) -> None:
    """Wait until every lost process has been replaced, and one is ready for a query of any kind."""
    deadline, is_ready = time.monotonic() + 60, False
    while not is_ready and time.monotonic() < deadline:
        time.sleep(0.02)
        with suppress(QueryQueueFull, QueryTooCostly):
            there = len(pool.pids) >= processes
            is_ready = there and bool(pool.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", media="json"))
    assert is_ready


@contextmanager
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def connections(server: socket.socket) -> int:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return 0
    return 1


@pytest.mark.parametrize("media", ["json", "xml", "csv", "tsv"])
def test_a_table_is_what_the_engine_gives(pool: Pool, store_folder: Path, media: str) -> None:
    """The bytes are those of the engine's own writer on the same store."""
    query = f"SELECT ?s ?o {{ ?s <{EX}title> ?o }} LIMIT 300"
    expected = Store.read_only(str(store_folder)).query(query)
    assert isinstance(expected, QuerySolutions)
    answer = pool.answer(query, media=media)
    assert answer.body == expected.serialize(None, getattr(QueryResultsFormat, media.upper()))
    assert (answer.rows, answer.truncated) == (300, False)


@pytest.mark.parametrize(
    ("media", "format_"),
    [
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("jsonld", RdfFormat.JSON_LD),
        ("rdf", RdfFormat.RDF_XML),
        ("nq", RdfFormat.N_QUADS),
        ("trig", RdfFormat.TRIG),
    ],
)
def test_a_graph_is_complete_in_every_format(pool: Pool, media: str, format_: RdfFormat) -> None:
    """Each format reads back as the same statements."""
    query = f"CONSTRUCT WHERE {{ <{EX}s1> ?p ?o }}"
    plain = pool.answer(query, media="nt").body
    found = {str(quad.triple) for quad in parse(pool.answer(query, media=media).body, format_)}
    assert found == {str(quad.triple) for quad in parse(plain, RdfFormat.N_TRIPLES)}
    assert len(found) == 2


def test_turtle_has_our_prefixes(pool: Pool) -> None:
    """The prefixes given to the pool are used."""
    assert f"@prefix ex: <{EX}>".encode() in pool.answer(f"DESCRIBE <{EX}s1>", media="ttl").body


@pytest.mark.parametrize("media", ["nt", "nq", "ttl", "trig", "rdf", "jsonld"])
@pytest.mark.parametrize("rows", [7, 500, None])
def test_graph_is_cut_between_two_statements(pool: Pool, media: str, rows: int | None) -> None:
    """In every format it is well-formed, and has as many statements as it says."""
    formats = {
        "nt": "N_TRIPLES",
        "nq": "N_QUADS",
        "ttl": "TURTLE",
        "trig": "TRIG",
        "rdf": "RDF_XML",
        "jsonld": "JSON_LD",
    }
    answer = pool.answer("CONSTRUCT WHERE { ?s ?p ?o }", media=media, wish=Wish(rows=rows))
    assert (answer.rows, answer.truncated) == (rows or 500, True)
    assert len(list(parse(answer.body, getattr(RdfFormat, formats[media])))) == (rows or 500)


def test_ask_has_no_rows(pool: Pool) -> None:
    """A truth value is neither counted nor cut."""
    answer = pool.answer("ASK {}", media="json")
    assert (answer.body, answer.rows, answer.truncated) == (b'{"head":{},"boolean":true}', None, False)


def test_a_long_answer_is_cut_and_says_so(pool: Pool) -> None:
    """At the row limit the flag is set, for tables and graphs; a caller may ask for less, not for more."""
    assert pool.answer("SELECT * { ?s ?p ?o }", media="csv").rows == 500
    table = pool.answer("SELECT * { ?s ?p ?o } LIMIT 1000", media="json", wish=Wish(rows=10_000))
    graph = pool.answer("CONSTRUCT WHERE { ?s ?p ?o }", media="ttl", wish=Wish(rows=7))
    assert (table.rows, table.truncated, graph.rows, graph.truncated) == (500, True, 7, True)


@pytest.mark.parametrize(
    ("default", "named", "in_default", "in_named"),
    [
        ((), (), 2, 1),
        ((f"{EX}graph",), (), 1, 0),
        ((), (f"{EX}graph",), 0, 1),
        ((f"{EX}unknown",), (f"{EX}unknown",), 0, 0),
    ],
)
def test_the_graphs_asked_for_are_the_dataset(
    pool: Pool, default: tuple[str, ...], named: tuple[str, ...], in_default: int, in_named: int
) -> None:
    """None named is the store as it is; an unknown graph is empty."""
    for pattern, expected in (("?s ?p ?o", in_default), ("GRAPH ?g { ?s ?p ?o }", in_named)):
        query = f"SELECT * {{ {pattern} FILTER(?s = <{EX}s0>) }}"
        assert pool.answer(query, media="tsv", default_graphs=default, named_graphs=named).rows == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * {\n ?s ?p }", "Line 2, column"),
        ("SELECT ?x { ?x foo:bar 1 }", "prefix"),
        ("ASK {} rubbish", "Line 1"),
    ],
)
def test_a_syntax_error_has_its_place(pool: Pool, text: str, place: str) -> None:
    """The engine's line and column reach the asker, without its tables of characters."""
    with pytest.raises(QueryMalformed, match=place) as caught:
        pool.answer(text, media="json")
    assert "u{" not in str(caught.value)


def test_a_wrong_graph_name_or_base_is_malformed(pool: Pool) -> None:
    """What is no IRI is refused, and the process lives on."""
    with pytest.raises(QueryMalformed):
        pool.answer("ASK {}", media="json", default_graphs=["not an iri"])
    with pytest.raises(QueryMalformed):
        pool.answer("ASK { <x> ?p ?o }", media="json", base="not an iri")


def test_a_runaway_is_ended_in_time_while_others_are_answered(hurried: Pool) -> None:
    """It is ended at its limit, without which it would go on for hours; look-ups meanwhile take no notice."""
    settle(hurried)
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(hurried.answer, runaway(), media="json") for _ in range(2)]
        time.sleep(0.1)
        assert hurried.answer("ASK {}", media="json").body
        assert not any(future.done() for future in running)
        for future in running:
            with pytest.raises(QueryTooCostly, match="time limit of 1 seconds"):
                future.result(timeout=30)


def test_an_ended_query_is_not_tried_again_at_once(hurried: Pool) -> None:
    """The second asking is refused without any work."""
    query = runaway()
    settle(hurried)
    with pytest.raises(QueryTooCostly, match="time limit"):
        hurried.answer(query, media="json")
    settle(hurried)
    before = hurried.pids
    with pytest.raises(QueryTooCostly, match="not tried again"):
        hurried.answer(query, media="json")
    assert hurried.pids == before


def test_a_memory_hog_is_ended(store_folder: Path) -> None:
    """Sorting a cross product meets the memory limit, and the next query is answered."""
    limits = Limits(timeout_seconds=60, memory_bytes=512 << 20, queue_seconds=15)
    with open_pool(store_folder, workers=1, limits=limits) as small:
        with pytest.raises(QueryTooCostly, match="memory") as ended:
            small.answer("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d", media="json")
        assert small.answer("ASK {}", media="json").body
    assert ended.value.limit == "memory"


def test_the_memory_of_all_processes_together_is_bounded(store_folder: Path) -> None:
    """Below its own limit, the largest is ended when the sum is too much."""
    limits = Limits(timeout_seconds=60, total_memory_bytes=200 << 20)
    with open_pool(store_folder, workers=1, limits=limits) as small, pytest.raises(QueryTooCostly, match="memory"):
        small.answer("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d", media="json")


def test_too_many_at_once_are_turned_away(store_folder: Path) -> None:
    """With every process taken, the wait is bounded and the answer says when to come back."""
    limits = Limits(timeout_seconds=5, queue_seconds=0.3)
    with open_pool(store_folder, workers=2, limits=limits) as small, ThreadPoolExecutor(3) as threads:
        running = [threads.submit(small.answer, runaway(), media="json") for _ in range(3)]
        results = [future.exception() for future in running]
    full = [error for error in results if isinstance(error, QueryQueueFull)]
    assert len(full) == 1
    assert full[0].retry_after > 0


def test_time_spent_waiting_counts_and_is_not_held_against_the_query(store_folder: Path) -> None:
    """With one process, the second runaway has next to nothing left of its limit; then it may be asked again."""
    limits = Limits(timeout_seconds=1, queue_seconds=15)
    with open_pool(store_folder, workers=1, limits=limits) as small, ThreadPoolExecutor(1) as threads:
        first, query = threads.submit(small.answer, runaway(), media="json"), runaway()
        time.sleep(0.5)
        with pytest.raises((QueryQueueFull, QueryTooCostly)):
            small.answer(query, media="json")
        assert isinstance(first.exception(), QueryTooCostly)
        with pytest.raises(QueryTooCostly, match="as it asked for"):
            small.answer(query, media="json", wish=Wish(seconds=0.5))


def test_long_queries_beyond_their_places_are_turned_away(store_folder: Path) -> None:
    """With one place, the second is ended though a process is free, is not remembered, and a short one is answered."""
    limits = Limits(timeout_seconds=6, long_queries=1)
    with open_pool(store_folder, workers=3, limits=limits) as small, ThreadPoolExecutor(2) as threads:
        queries = [runaway(), runaway()]
        running = [threads.submit(small.answer, query, media="json") for query in queries]
        first, second = (future.exception() for future in running)
        full, late = sorted((first, second), key=lambda error: not isinstance(error, QueryQueueFull))
        assert isinstance(full, QueryQueueFull) and "long queries" in str(full) and full.retry_after == 2
        assert isinstance(late, QueryTooCostly)
        assert small.answer(f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}title> ?o }}", media="json").body
        turned_away = queries[0] if full is first else queries[1]
        with pytest.raises(QueryTooCostly, match="as it asked for"):
            small.answer(turned_away, media="json", wish=Wish(seconds=1))


def test_query_known_to_be_long_waits_for_a_place(store_folder: Path) -> None:
    """With one place both are answered, one after the other; while somebody else has it, neither is begun."""
    limits = Limits(timeout_seconds=60, long_queries=1, queue_seconds=30)
    with open_pool(store_folder, workers=2, limits=limits) as small, ThreadPoolExecutor(2) as threads:
        small.answer(LONG, media="csv")
        both = [threads.submit(small.answer, LONG, media="csv") for _ in range(2)]
        assert all(each.result(timeout=60).body for each in both)


def test_query_known_to_be_long_is_not_begun_without_a_place(store_folder: Path) -> None:
    """It is turned away when its wait is over, and no time is charged for that."""
    limits, charged = Limits(timeout_seconds=20, long_queries=1, queue_seconds=0.3), list[float]()
    with open_pool(store_folder, workers=2, limits=limits) as small, ThreadPoolExecutor(1) as threads:
        small.answer(LONG, media="csv")
        other = threads.submit(small.answer, runaway(), media="json", wish=Wish(seconds=3))
        time.sleep(2)
        with pytest.raises(QueryQueueFull, match="long queries"):
            small.answer(LONG, media="csv", asker=Asker(charged=charged.append))
        assert not charged and isinstance(other.exception(timeout=30), QueryTooCostly)


def test_asker_may_shorten_its_time_and_never_lengthen_it(hurried: Pool) -> None:
    """Its own limit is told as such and not held against others; more than is allowed changes nothing."""
    query = runaway()
    settle(hurried)
    with pytest.raises(QueryTooCostly, match=r"after 0\.2 seconds, as it asked for"):
        hurried.answer(query, media="json", wish=Wish(seconds=0.2))
    with pytest.raises(QueryTooCostly, match="time limit of 1 seconds"):
        hurried.answer(query, media="json", wish=Wish(seconds=1000))


@pytest.mark.parametrize("query", ["SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "ASK { ?s ?p }", runaway()])
def test_time_is_charged_however_a_query_comes_out(hurried: Pool, query: str) -> None:
    """Answered, malformed or ended."""
    charged: list[float] = []
    settle(hurried)
    with suppress(QueryMalformed, QueryTooCostly):
        hurried.answer(query, media="json", asker=Asker(charged=charged.append))
    assert len(charged) == 1 and charged[0] > 0


@pytest.mark.parametrize(
    ("media", "link"), [("json", '"link":["http://e.org/?a=\\"&b"]'), ("xml", "href='http://e.org/?a=\"&amp;b'")]
)
def test_answer_that_was_cut_links_to_the_limits(pool: Pool, media: str, link: str) -> None:
    """In the head, quoted as the format wants it; a whole answer has none."""
    wish = Wish(rows=5, notice='http://e.org/?a="&b')
    cut = pool.answer("SELECT * { ?s ?p ?o }", media=media, wish=wish).body.decode()
    assert link in cut and cut.index(link) < cut.index("bindings" if media == "json" else "<results>")
    assert "link" not in pool.answer("SELECT * { ?s ?p ?o } LIMIT 5", media=media, wish=wish).body.decode()
    format_ = QueryResultsFormat.JSON if media == "json" else QueryResultsFormat.XML
    assert len(list(parse_query_results(cut, format_))) == 5  # type: ignore[arg-type]


def test_a_query_nobody_waits_for_is_ended(pool: Pool) -> None:
    """When the client hangs up, its process is ended for that reason, not at the limit."""
    gone = threading.Timer(0.2, lambda: None)
    gone.start()
    with pytest.raises(QueryTooCostly, match="nobody"):
        pool.answer(runaway(), media="json", asker=Asker(cancelled=lambda: not gone.is_alive()))


def test_service_is_refused_by_name(pool: Pool) -> None:
    """The guard stands before the pool."""
    with pytest.raises(QueryForbidden):
        pool.answer("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", media="json")


@pytest.mark.parametrize("word", ["SERVICE", "SERVICE SILENT"])
def test_no_connection_is_made_even_without_the_guard(pool: Pool, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """The process has no network: a listener on loopback hears nothing."""
    unguarded(pool, monkeypatch)
    with listener() as server:
        query = f"SELECT * {{ {word} <http://127.0.0.1:{server.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        if word == "SERVICE":
            with pytest.raises(StoreError):
                pool.answer(query, media="json")
        else:
            assert pool.answer(query, media="json").rows == 1
        assert connections(server) == 0


@pytest.mark.parametrize("depth", [10_000, 30_000])
def test_brackets_end_a_process_and_not_the_pool(pool: Pool, monkeypatch: pytest.MonkeyPatch, depth: int) -> None:
    """A stack overflow is one refused query; the next is answered by another process."""
    unguarded(pool, monkeypatch)
    with pytest.raises(QueryTooCostly):
        pool.answer("ASK { FILTER(" + "(" * depth + "1" + ")" * depth + ") }", media="json")
    assert pool.answer("ASK {}", media="json").body


def test_an_idle_process_that_is_killed_is_replaced(pool: Pool) -> None:
    """Killing all of them costs a moment, not the endpoint."""
    kill_all(pool)
    time.sleep(0.05)
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        try:
            assert pool.answer("ASK {}", media="json").body
            return
        except QueryQueueFull:
            continue
    pytest.fail("no process came back")


def test_what_the_processes_come_from_may_be_killed(store_folder: Path) -> None:
    """They end with it, and come from another."""
    with open_pool(store_folder, workers=1, limits=Limits(timeout_seconds=20, queue_seconds=15)) as small:
        before = small.pids
        os.kill(parent(before[0]), signal.SIGKILL)
        settle(small, processes=2)
        assert small.answer("ASK {}", media="json").body
        assert not {*before, parent(before[0])} & {*small.pids, parent(small.pids[0])}


def test_a_process_killed_by_the_system_was_killed_for_its_memory(pool: Pool) -> None:
    """Nobody else does that, and it can say nothing itself."""
    killer = threading.Timer(0.3, kill_all, [pool])
    settle(pool)
    killer.start()
    with pytest.raises(QueryTooCostly, match="memory"):
        pool.answer(runaway(), media="json")
    killer.join(5)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no thread gives way alone")
def test_a_long_query_costs_no_process(store_folder: Path) -> None:
    """It gives way to others, and the next one in the same process does not."""
    with open_pool(store_folder, workers=1, limits=Limits(timeout_seconds=60, queue_seconds=15)) as small:
        before = small.pids
        assert small.answer(LONG, media="csv").seconds > 0.4
        assert small.pids == before
        # The thread that has given way gives way in ending, too.
        assert soon(lambda: {each for pid in small.pids for each in nicenesses(pid)} == {niceness(Path("/proc/self"))})


def test_a_store_that_is_not_there_cannot_have_a_pool(tmp_path: Path) -> None:
    """The error comes when the pool is opened, not with the first query."""
    with pytest.raises(StoreError, match="did not start"):
        open_pool(tmp_path / "missing")


def test_closing_waits_for_running_queries_and_leaves_no_process(store_folder: Path) -> None:
    """A swapped-out pool finishes what it has begun; afterwards it has no processes."""
    pool = open_pool(store_folder, workers=1, limits=Limits(timeout_seconds=60))
    slow = f"SELECT (COUNT(*) AS ?n) {{ ?a <{EX}title> ?c . ?d <{EX}title> ?f }}"
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.answer, slow, media="csv")
        time.sleep(0.1)
        pids = pool.pids
        pool.close()
        assert b"4000000" in running.result().body
    assert not any(is_alive(pid) for pid in pids)
    with pytest.raises(QueryQueueFull):
        pool.answer("ASK {}", media="json")


def test_pool_that_cannot_start_a_process_says_so(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter that this user may not run, say: whoever opens the pool hears of it, and waits for nothing."""
    monkeypatch.setattr(sys, "executable", str(store_folder / "none"))
    with pytest.raises(StoreError, match="no query process can be started"):
        open_pool(store_folder)


def test_processes_do_not_outlive_a_killed_parent(store_folder: Path) -> None:
    """A parent ended by SIGKILL in the middle of a query takes its processes with it."""
    script = (
        "import sys, threading, time; from pathlib import Path; from linkeddata.store import open_pool;"
        "pool = open_pool(Path(sys.argv[1]));"
        f"threading.Thread(target=lambda: pool.answer({runaway()!r}, media='json'), daemon=True).start();"
        "print(*pool.pids, flush=True); time.sleep(30)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", script, str(store_folder)], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 3
        time.sleep(0.3)
        parent.kill()
    assert all_end(pids)
