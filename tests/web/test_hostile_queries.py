"""What strangers send to the endpoint of a real server: each gets a declared status, and the service lives on."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from .running import address_of, end

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

FORM, QUERY, UPDATE = (f"application/{kind}" for kind in ("x-www-form-urlencoded", "sparql-query", "sparql-update"))
MOST_BYTES = 2 << 30
#: Stands for a listening socket of the test.
CANARY = "http://127.0.0.1:CANARY/"
JOINS = " ".join(f"?v{n} ?p{n} ?v{n + 1} ." for n in range(600))
STAR = "".join(f"?s ?p{n} ?o{n} . " for n in range(600))
DOUBLING = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
#: What the server of these tests gives a query.
LIMIT = 2.0
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


ENDLESS = f"SELECT (COUNT(*) AS ?endless) {{ {CROSS} }}"


@dataclass(frozen=True)
class Attack:
    """A request, and the statuses that are declared for it."""

    name: str
    statuses: tuple[int, ...]
    query: str | None = None
    method: str = "POST"
    path: str = "sparql"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": FORM})
    body: str | bytes | None = None


def costly(name: str, query: str, *statuses: int) -> Attack:
    return Attack(name, statuses or (503,), query)


def door(name: str, body: str | bytes, kind: str, *statuses: int, path: str = "sparql", method: str = "POST") -> Attack:
    return Attack(name, statuses or (403,), method=method, path=path, headers={"Content-Type": kind}, body=body)


ATTACKS = (
    # nothing is fetched
    costly("service", f"SELECT * {{ SERVICE <{CANARY}> {{ ?s ?p ?o }} }}", 403),
    costly("service silent", f"SELECT * {{ SERVICE SILENT <{CANARY}> {{ ?s ?p ?o }} }}", 403),
    costly("service in small letters", f"SELECT * {{ sErViCe <{CANARY}> {{ ?s ?p ?o }} }}", 403),
    costly("service in OPTIONAL", f"SELECT * {{ OPTIONAL {{ SERVICE <{CANARY}> {{ ?s ?p ?o }} }} }}", 403),
    costly("service in EXISTS", f"ASK {{ FILTER EXISTS {{ SERVICE <{CANARY}> {{ ?s ?p ?o }} }} }}", 403),
    costly("service in a sub-select", f"ASK {{ {{ SELECT * {{ SERVICE <{CANARY}> {{ ?s ?p ?o }} }} }} }}", 403),
    costly("service by an escape", f"SELECT * {{ \\u0053ERVICE <{CANARY}> {{ ?s ?p ?o }} }}", 403),
    costly("service behind a comment", f"SELECT * {{ # }}\nSERVICE#\n<{CANARY}> {{ ?s ?p ?o }} }}", 403),
    costly("FROM elsewhere", f"ASK FROM <{CANARY}> {{ ?s ?p ?o }}", 200),
    costly("FROM NAMED elsewhere", f"ASK FROM NAMED <{CANARY}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", 200),
    costly("GRAPH elsewhere", f"SELECT * {{ GRAPH <{CANARY}> {{ ?s ?p ?o }} }}", 200),
    costly("DESCRIBE elsewhere", f"DESCRIBE <{CANARY}>", 200),
    Attack("default-graph-uri elsewhere", (200,), body=urlencode({"query": "ASK {}", "default-graph-uri": CANARY})),
    costly("LOAD as a query", f"LOAD <{CANARY}>", 403),
    # updates, by each door
    *(costly(f"{word} as a query", text, 403) for word, text in {
        "INSERT DATA": "INSERT DATA { <a:> <a:> <a:> }", "DELETE WHERE": "DELETE WHERE { ?s ?p ?o }",
        "CLEAR": "CLEAR ALL", "DROP": "DROP ALL", "CREATE": "CREATE GRAPH <a:>", "COPY": "COPY DEFAULT TO <a:>",
        "after a query": "ASK {} ; INSERT DATA { <a:> <a:> <a:> }",
    }.items()),
    door("update form", urlencode({"update": "CLEAR ALL"}), FORM),
    door("update and query form", urlencode({"query": "ASK {}", "update": "CLEAR ALL"}), FORM),
    door("update direct", "CLEAR ALL", UPDATE),
    door("update direct in capitals", "CLEAR ALL", UPDATE.upper()),
    door("update in the URL", b"", FORM, path="sparql?update=CLEAR+ALL"),
    door("update in the URL of a query", "ASK {}", QUERY, path="sparql?update=CLEAR+ALL"),
    door("update as a query", "CLEAR ALL", QUERY),
    door("update as text", "CLEAR ALL", "text/plain", 415),
    door("update as JSON", '{"update": "CLEAR ALL"}', "application/json", 415),
    door("update as parts", b"--x\r\n\r\nCLEAR ALL\r\n--x--", "multipart/form-data; boundary=x", 415),
    *(door(f"{method} of a graph", "<a:> <a:> <a:> .", "text/turtle", 405, method=method, path="sparql?default")
      for method in ("PUT", "DELETE", "PATCH", "PROPFIND")),
    door("update at another address", "CLEAR ALL", UPDATE, 404, 405, path="update"),
    # deep
    costly("10,000 brackets", f"ASK {{ FILTER({'(' * 10_000}1{')' * 10_000}) }}", 400),
    costly("10,000 braces", "ASK " + "{" * 10_000 + "}" * 10_000, 400),
    costly("10,000 times not", f"ASK {{ FILTER({'!' * 10_000}true) }}", 400, 503),
    costly("10,000 times one more", f"ASK {{ FILTER({'1+' * 10_000}1) }}", 400, 503),
    costly("1,000 sub-selects", "SELECT * { " + "{ SELECT * { " * 1000 + "?s ?p ?o" + " } }" * 1000 + " }", 400),
    costly("1,000 blank nodes", "ASK { ?s ?p " + "[ <a:p> " * 1000 + "1" + " ]" * 1000 + " }", 400),
    costly("1,000 items of a list", "ASK { ?s ?p " + "( " * 1000 + ") " * 1000 + " }", 400),
    costly("1,000 UNIONs", "ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * 1000) + " }", 400),
    costly("1,000 steps", "ASK { ?s " + "/".join(["<a:p>"] * 1000) + " ?o }", 400, 503),
    costly("1,000 BINDs", "SELECT * { " + " ".join(f"BIND({n} AS ?v{n})" for n in range(1000)) + " }", 200, 400, 503),
    # costly
    costly("600 joins", f"SELECT * {{ {JOINS} }}", 200, 400, 503),
    costly("600 joins of a star", f"SELECT * {{ {STAR} }}", 200, 400, 503),
    costly("cross product in order", f"SELECT * {{ {CROSS} }} ORDER BY ?a ?d ?g LIMIT 10"),
    costly("cross product counted", f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"),
    costly("cross product counted once each", f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {CROSS} }}"),
    costly("cross product grouped", f"SELECT ?a ?d (SAMPLE(?g) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g ?j"),
    costly("cross product as one text", f"SELECT (GROUP_CONCAT(STR(?c)) AS ?n) {{ {CROSS} }}"),
    costly("cross product as a graph", f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {CROSS} }}", 200, 503),
    costly("cross product as it is", f"SELECT * {{ {CROSS} }}", 200, 503),
    costly("doubled text", f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("12345678" AS ?x0) {DOUBLING} }}'),
    costly("closure over everything", "SELECT (COUNT(*) AS ?n) { ?a (<a:>|!<a:>)* ?b . ?c (<a:>|!<a:>)* ?d }"),
    costly("regular expression", 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(a+)+$")) }', 200, 503),
    costly("nested repetition", 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "((a{1,100}){1,100}){1,100}")) }', 200, 503),
    costly("look-up that multiplies", "ASK { " + "<a:s> ?p ?o . " * 500 + " }", 200, 400, 503),
    # bounds and forms
    costly("long query", "ASK {} #" + "x" * 100_000, 413),
    Attack("long URL", (414, 431), method="GET", path="sparql?" + urlencode({"query": "ASK {} #" + "x" * 70_000})),
    door("long body", b"x" * 300_000, QUERY, 413),
    Attack("no UTF-8", (400,), body="query=ASK%20%7B%7D%20%23%FF"),
    Attack("half a character", (400,), body="query=ASK%20%7B%7D%20%23%C3"),
    Attack("NUL", (200, 400), body="query=ASK%20%7B%7D%00"),
    Attack("two queries", (400,), body="query=ASK%7B%7D&query=ASK%7B%7D"),
    Attack("500 parameters", (400,), body="&".join(f"a{n}=1" for n in range(500))),
    Attack("compressed", (415,), headers={"Content-Type": FORM, "Content-Encoding": "gzip"}, body=b"\x1f\x8b"),
    Attack("graph that is no URI", (400,), body=urlencode({"query": "ASK {}", "named-graph-uri": "no uri"})),
    Attack("line break in a header of ours", (200, 400), body=urlencode({"query": "ASK {}", "format": "csv\r\nA: b"})),
    Attack("accepts nothing of ours", (406,), "ASK {}", headers={"Content-Type": FORM, "Accept": "image/png"}),
    Attack("10 kB of types", (200, 406), "ASK {}", headers={"Content-Type": FORM, "Accept": "a/b, " * 2000}),
    Attack("forged host", (200,), "ASK {}", headers={"Content-Type": FORM, "Host": "evil.example"}),
    Attack("time without end", (503,), body=urlencode({"query": ENDLESS, "timeout": "1e9"})),
)  # fmt: skip


#: Method, path, body and headers of a request that costs next to nothing.
Cheap = tuple[str, str, str | None, dict[str, str]]


class Site:
    """A real server in a process of its own, with four query processes of two seconds each."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.host = urlsplit(address).netloc

    def ask(self, attack: Attack, canary: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and whole body of an answer."""
        body = urlencode({"query": attack.query}) if attack.body is None and attack.query is not None else attack.body
        text = body.replace("CANARY", canary) if isinstance(body, str) else body
        return self._exchange(attack.method, f"/{attack.path}", text, attack.headers, seconds=20)

    def health(self) -> int:
        """The status of a query that costs nothing, which must come within two seconds."""
        headers = {"Content-Type": QUERY}
        return self._exchange("POST", "/sparql", "ASK {}", headers, seconds=2)[0]

    def _exchange(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str], *, seconds: float
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=seconds)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def seconds(self, query: str) -> float:
        """How long a query took, to its whole answer."""
        began = time.monotonic()
        self._exchange("POST", "/sparql", query, {"Content-Type": QUERY}, seconds=30)
        return time.monotonic() - began

    def burnt(self) -> float:
        """Seconds of processor time of the server and its query processes until now."""
        return sum(map(_burnt, _family(self.process.pid)))

    def is_idle(self) -> bool:
        """Whether they take next to none for a moment."""
        before = self.burnt()
        time.sleep(0.2)
        return self.burnt() - before < 0.05

    def cheap(self, request: Cheap) -> tuple[int, dict[str, str], bytes]:
        return self._exchange(*request, seconds=20)

    def resident(self) -> int:
        """Bytes of memory that the server and its query processes hold."""
        return sum(map(_resident, _family(self.process.pid)))


def _family(pid: int) -> list[int]:
    """A process and all that come from it."""
    try:
        children = [file.read_text().split() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []  # it has ended meanwhile
    return [pid, *(one for thread in children for child in thread for one in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0  # it has ended meanwhile


def _burnt(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has ended meanwhile
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def site(sample_data: Path) -> Iterator[Site]:
    ours = {"SPARQL_TIMEOUT": f"{LIMIT:g}", "SPARQL_CLIENT_SECONDS": "0", "SPARQL_MEMORY_MB": "512"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINKEDDATA_")}
    environment |= {f"LINKEDDATA_{name}": value for name, value in ours.items()}
    serve = ("serve", "--host", "localhost", "--port", "0")
    command = [sys.executable, "-m", "linkeddata", "--data", str(sample_data), *serve]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield Site(process, address_of(process))
        finally:
            end(process)


@pytest.fixture(scope="module")
def canary() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def visitors(canary: socket.socket) -> int:
    """How many have come to the listening socket."""
    try:
        canary.accept()[0].close()
    except BlockingIOError:
        return 0
    return 1


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_gets_its_status_and_the_service_lives(site: Site, canary: socket.socket, attack: Attack) -> None:
    """A declared status with a whole body, health within two seconds, no visitor, memory below two gigabytes."""
    status, headers, body = site.ask(attack, str(canary.getsockname()[1]))
    assert status in attack.statuses, body[:300]
    assert status != 503 or int(headers["retry-after"]) > 0
    assert int(headers.get("content-length", len(body))) == len(body)
    assert b"Traceback" not in body
    assert site.health() == 200
    assert visitors(canary) == 0
    assert site.resident() < MOST_BYTES


def test_attacks_are_told_apart() -> None:
    """Each has a name of its own."""
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) > 70


POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\n"
RAW = {
    "rubbish": b"\x00\x01\x02\r\n\r\n",
    "no version": b"GET /sparql\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "wrong chunks": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "minus length": POST + b"Content-Length: -5\r\n\r\n",
    "huge header": b"GET /sparql HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 400_000 + b"\r\n\r\n",
    "bare line feed in a header": b"GET /sparql HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_malformed_http_is_refused_or_closed(site: Site, name: str) -> None:
    """Never a fault of the server's own; whoever asks next is answered."""
    host, port = site.host.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        try:
            client.sendall(RAW[name])
            client.shutdown(socket.SHUT_WR)
            answer = client.recv(65536)
        except ConnectionError:
            answer = b""  # closed while it was still being sent, which is an answer too
    status = re.match(rb"HTTP/1\.[01] (\d)", answer)
    assert status is None or status[1] in b"24"
    assert site.health() == 200


def test_slow_clients_hold_up_nobody(site: Site) -> None:
    """A hundred that send a byte and wait take no thread."""
    host, port = site.host.split(":")
    slow = [socket.create_connection((host, int(port)), timeout=10) for _ in range(100)]
    for client in slow:
        client.sendall(POST + b"Content-Le")
    health = site.health()
    for client in slow:
        client.close()
    assert health == 200


RUNAWAYS = (
    f"SELECT (COUNT(*) AS ?nNUMBER) {{ {CROSS} }}",
    f"SELECT (COUNT(DISTINCT ?c) AS ?nNUMBER) {{ {CROSS} }}",
    f"SELECT ?a ?d {{ {CROSS} }} ORDER BY ?c ?f LIMIT NUMBER",
    f'SELECT (STRLEN(?x40) AS ?nNUMBER) {{ BIND("12345678" AS ?x0) {DOUBLING} }}',
)


def runaway(number: int) -> str:
    """A query that never ends, unlike those of other numbers."""
    return RUNAWAYS[number % len(RUNAWAYS)].replace("NUMBER", str(number))


def one_of_three(attempt: Callable[[int], bool]) -> bool:
    """A machine that does much else is given three tries, each with a number of its own."""
    return any(attempt(number) for number in range(1, 4))


def test_no_query_outlives_its_limit_and_the_processors_rest_after_it(site: Site) -> None:
    """By half a second at most, eight at once; and within two seconds of the last answer all is idle."""

    def attempt(number: int) -> bool:
        with ThreadPoolExecutor(8) as clients:
            spent = list(clients.map(site.seconds, (runaway(1000 * number + client) for client in range(8))))
        ended = time.monotonic()
        idle = any(site.is_idle() for _ in range(10))
        return max(spent) <= LIMIT + 0.5 and idle and time.monotonic() - ended <= 2

    assert one_of_three(attempt)


CHEAP: tuple[Cheap, ...] = (
    ("GET", "/doc/record/nottingham-40697.ttl", None, {}),
    ("POST", "/sparql", "ASK {}", {"Content-Type": QUERY}),
    ("POST", "/sparql", "SELECT * { <id/record/nottingham-40697> ?p ?o }", {"Content-Type": QUERY}),
)


@contextmanager
def attacked(site: Site, first: int) -> Iterator[list[tuple[int, bool]]]:
    """Eight clients that send nothing but runaways; status of each of their answers, and whether it is in order."""
    over, answers = threading.Event(), list[tuple[int, bool]]()

    def attack(client: int) -> None:
        turn = first + 100 * client
        while not over.is_set():
            status, headers, _ = site.cheap(("POST", "/sparql", runaway(turn), {"Content-Type": QUERY}))
            answers.append((status, status != 503 or int(headers["retry-after"]) > 0))
            turn += 1
            over.wait(0.05)

    with ThreadPoolExecutor(8) as clients:
        for client in range(8):
            clients.submit(attack, client)
        try:
            yield answers
        finally:
            # The clients come to their end whatever happens in the block: leaving it waits for them.
            over.set()


def visit(site: Site, seconds: float) -> list[tuple[int, float, bool]]:
    """What six others get who ask for cheap things ten times a second: status, seconds, whether the body is whole."""
    deadline, got = time.monotonic() + seconds, list[tuple[int, float, bool]]()

    def one(turn: int) -> None:
        while time.monotonic() < deadline:
            began, turn = time.monotonic(), turn + 1
            status, headers, body = site.cheap(CHEAP[turn % len(CHEAP)])
            got.append((status, time.monotonic() - began, int(headers["content-length"]) == len(body) > 0))
            time.sleep(0.1)

    with ThreadPoolExecutor(6) as clients:
        list(clients.map(one, range(6)))
    return got


def test_cheap_requests_are_answered_while_others_send_runaways(site: Site) -> None:
    """At most a hundredth is refused, half of the goodput is kept, the slowest stay quick, bodies are whole."""
    calm = visit(site, 1)

    def attempt(number: int) -> bool:
        with attacked(site, 100_000 * number) as attackers:
            got = visit(site, 3)
        assert all(whole for _, _, whole in got)
        assert {status for status, _ in attackers} <= {503} and all(proper for _, proper in attackers)
        assert site.resident() < MOST_BYTES
        good = sorted(spent for status, spent, _ in got if status == 200)
        late, undisturbed = good[int(len(good) * 0.99)], max(spent for _, spent, _ in calm)
        kept = len(good) / 3 >= len(calm) / 2
        return kept and len(good) >= 0.99 * len(got) and late <= max(0.5, 3 * undisturbed)

    assert one_of_three(attempt)
