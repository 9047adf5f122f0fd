"""The shipped files for nginx and Apache, real ones: what they keep is right for every client; nothing else is kept.

The site behind them is what the Containerfile starts, twice, below a path of its host.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from importlib.resources import files
from pathlib import Path

import pytest
from loopback import free_port, nginx_configuration

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source

from .containers import DEPLOY, container
from .test_deploy import tool

BASE = "http://localhost:8080/lod/"
RECORD = "/lod/doc/record/nottingham-40697"
_PATIENCE, _TRIES = 30, 100
_MODULES = (
    *("mpm_event", "authz_core", "proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests", "slotmem_shm"),
    *("cache", "cache_disk", "headers", "unique_id"),
)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def is_kept(self) -> bool:
        return self.headers.get("X-Cache", "").startswith("HIT")


def asked(port: int, path: str, **headers: str) -> Answer:
    """An answer; `_` stands for `-` in names of headers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def kept(port: int, path: str, coding: str) -> Answer:
    """An answer that a proxy has kept; it may still be putting away the first when that is out."""
    for _ in range(_TRIES):
        answer = asked(port, path, Accept_Encoding=coding)
        if answer.is_kept:
            break
        time.sleep(0.05)
    return answer


@contextmanager
def running(
    command: list[str], is_ready: Callable[[], bool], log: Path, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server within the block, once it is ready; what it says goes to a file."""
    with (
        log.open("wb") as said,
        subprocess.Popen(command, stderr=said, stdout=said, env={**os.environ, **more}) as server,
    ):
        try:
            deadline = time.monotonic() + _PATIENCE
            while not is_ready():
                assert server.poll() is None and time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.05)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()


def listens(port: int) -> Callable[[], bool]:
    """Whether somebody listens at a port."""

    def found() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return found


@dataclass(frozen=True)
class Process:
    """A process started as the Containerfile says, but for its ports and folder."""

    port: int
    health: list[str]
    log: Path
    server: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    """A folder that proxies which give up being root can still use."""
    folder = Path(tempfile.mkdtemp(prefix="linkeddata-proxies-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def processes(scratch: Path) -> Iterator[list[Process]]:
    """Two of them on one data directory."""
    data = scratch / "data"
    publish(
        open_source(str(files("linkeddata") / "sample" / "records.jsonl")),
        Catalogue(data),
        Site(BASE, "Sample"),
        processes=1,
    )
    with ExitStack() as stack:
        yield [stack.enter_context(_process(scratch, data, number)) for number in range(2)]


@contextmanager
def _process(scratch: Path, data: Path, number: int) -> Iterator[Process]:
    port, made, log = free_port(), container(scratch), scratch / f"web{number}.log"
    environment = {name: value for name, value in made.environment.items() if name.startswith("LINKEDDATA_")} | {
        "LINKEDDATA_STORE_PATH": str(data), "LINKEDDATA_SERVER_LISTEN": f"127.0.0.1:{port}", "TMPDIR": str(scratch),
        "LINKEDDATA_METRICS_LISTEN": "127.0.0.1:0", "LINKEDDATA_SITE_BASE_URI": BASE,
        "LINKEDDATA_SERVER_BEHIND_PROXY": "1", "LINKEDDATA_SPARQL_WORKERS": "1", "LINKEDDATA_LOG_CLIENTS": "address",
    }  # fmt: skip
    command = [sys.executable, "-m", *made.command]
    health = [sys.executable, *(word.replace("8080", str(port)) for word in made.health[1:])]
    with running(command, lambda: "serving at" in log.read_text("utf-8"), log, **environment) as server:
        yield Process(port, health, log, server)


@contextmanager
def nginx(scratch: Path, upstreams: list[int], snippet: Callable[[str], str] = str) -> Iterator[int]:
    """nginx with the files as they are shipped, but for ports and folders."""
    program, port = tool("nginx"), free_port()
    folder = Path(tempfile.mkdtemp(dir=scratch))
    (folder / "linkeddata.conf").write_text(snippet((DEPLOY / "nginx/linkeddata.conf").read_text("utf-8")), "utf-8")
    site = (DEPLOY / "nginx/site.conf").read_text("utf-8").replace("listen [::]:80;", "")
    for shipped, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/linkeddata", str(folder / "cache")),
        ("/etc/nginx/linkeddata.conf", str(folder / "linkeddata.conf")),
        *((f"127.0.0.1:808{n + 1}", f"127.0.0.1:{upstream}") for n, upstream in enumerate(upstreams)),
    ):
        assert shipped in site
        site = site.replace(shipped, here)
    (folder / "nginx.conf").write_text(nginx_configuration(folder, site), "utf-8")
    with running([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)], listens(port), folder / "log"):
        yield port


@contextmanager
def apache(scratch: Path, upstreams: list[int]) -> Iterator[int]:
    """Apache with the file as it is shipped, but for ports and folders."""
    program, port, folder = tool("apache2"), free_port(), Path(tempfile.mkdtemp(dir=scratch))
    folder.chmod(0o755)
    (folder / "cache").mkdir()
    (folder / "cache").chmod(0o777)
    site = (DEPLOY / "apache/linkeddata.conf").read_text("utf-8")
    for shipped, here in (
        ("/var/cache/apache2/mod_cache_disk", str(folder / "cache")),
        *((f"127.0.0.1:808{n + 1}", f"127.0.0.1:{upstream}") for n, upstream in enumerate(upstreams)),
    ):
        assert shipped in site
        site = site.replace(shipped, here)
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    general = (
        f"ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nListen 127.0.0.1:{port}\n{modules}"
    )
    host = f"ServerName localhost\nErrorLog {folder}/error.log\n<VirtualHost *>\n{site}\n</VirtualHost>\n"
    (folder / "apache.conf").write_text(f"{general}\n{user}\n{host}", "utf-8")
    with running([program, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"], listens(port), folder / "log"):
        yield port


@pytest.fixture(scope="module", params=[nginx, apache], ids=["nginx", "apache"])
def proxy(request: pytest.FixtureRequest, scratch: Path, processes: list[Process]) -> Iterator[int]:
    """The port of a proxy before both processes."""
    with request.param(scratch, [one.port for one in processes]) as port:
        yield port


def lines(processes: list[Process]) -> list[dict[str, str]]:
    """What was logged of requests."""
    texts = "".join(one.log.read_text("utf-8") for one in processes).splitlines()
    return [json.loads(text) for text in texts if '"linkeddata.access"' in text]


def test_healthcheck_of_the_container_finds_its_process_healthy(processes: list[Process]) -> None:
    """And finds nobody at a port where nobody is."""
    assert subprocess.run(processes[0].health, check=False, timeout=_PATIENCE).returncode == 0
    nobody = [word.replace(str(processes[0].port), str(free_port())) for word in processes[0].health]
    assert subprocess.run(nobody, check=False, timeout=_PATIENCE, stderr=subprocess.DEVNULL).returncode != 0


@pytest.mark.parametrize("extension", ["html", "ttl", "jsonld"])
def test_fixed_document_is_kept_for_each_coding(proxy: int, processes: list[Process], extension: str) -> None:
    """Given again as the site itself gives it: bytes, tag, coding, and what it depends on."""
    for coding in ("gzip", "identity", "gzip"):
        first = asked(proxy, f"{RECORD}.{extension}", Accept_Encoding=coding)
        again = kept(proxy, f"{RECORD}.{extension}", coding)
        own = asked(processes[0].port, f"{RECORD}.{extension}", Accept_Encoding=coding)
        assert again.is_kept and first.body == again.body == own.body
        for name in ("ETag", "Vary", "Content-Type", "Content-Encoding", "Cache-Control", "Link"):
            assert again.headers.get(name) == own.headers.get(name)
    plain, packed = (asked(proxy, f"{RECORD}.{extension}", Accept_Encoding=coding) for coding in ("identity", "gzip"))
    assert gzip.decompress(packed.body) == plain.body and plain.headers["ETag"] != packed.headers["ETag"]


def test_negotiated_answers_are_not_kept(proxy: int) -> None:
    """The same address gives each client its own kind, first and again."""
    kinds = {"text/turtle": "text/turtle", "text/html": "text/html", "application/ld+json": "application/ld+json"}
    for _ in range(2):
        for accept, kind in kinds.items():
            document, thing = (asked(proxy, path, Accept=accept) for path in (RECORD, RECORD.replace("/doc/", "/id/")))
            assert document.headers["Content-Type"].startswith(kind) and not document.is_kept
            assert thing.status == 303 and not thing.is_kept
            assert document.headers["Cache-Control"] == thing.headers["Cache-Control"] == "private, max-age=60"


def test_known_document_is_304_from_what_is_kept(proxy: int) -> None:
    """With the tag of the coding that is asked for; another's is not known."""
    packed = asked(proxy, f"{RECORD}.nt", Accept_Encoding="gzip")
    known = asked(proxy, f"{RECORD}.nt", Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    other = asked(proxy, f"{RECORD}.nt", Accept_Encoding="identity", If_None_Match=packed.headers["ETag"])
    assert (known.status, known.body, known.headers["ETag"]) == (304, b"", packed.headers["ETag"])
    assert other.status == 200 and other.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize(
    "path", ["/lod/sparql?query=ASK%20%7B%7D", "/lod/readyz", "/lod/doc/record/none.ttl", "/lod/dump/latest.nq.gz"]
)
def test_what_may_not_be_shared_is_not_kept(proxy: int, path: str) -> None:
    """Answers to queries, readiness, errors; and dumps, which are files."""
    assert not any(asked(proxy, path).is_kept for _ in range(3))


def test_part_of_a_dump_is_given(proxy: int, processes: list[Process]) -> None:
    """As the site gives it."""
    part = asked(proxy, "/lod/dump/latest.nq.gz", Range="bytes=10-29")
    whole = asked(processes[0].port, "/lod/dump/latest.nq.gz")
    assert part.status == 206 and part.body == whole.body[10:30]


def test_client_is_whom_the_proxy_saw(proxy: int, processes: list[Process]) -> None:
    """What it says of itself is not believed; the proxy's name for its request stands in the log."""
    mark = f"/lod/doc/record/none-{proxy}"
    asked(proxy, mark, X_Forwarded_For="203.0.113.9", X_Request_Id="forged-name")
    line = next(line for line in lines(processes) if line["path"].endswith(f"none-{proxy}"))
    assert line["client"] == "127.0.0.1" and line["request"] != "forged-name" and len(line["request"]) > 16


def test_path_goes_on_as_it_came(proxy: int, processes: list[Process]) -> None:
    """Encoded slashes, two slashes in a row, and percent signs are parts of identifiers."""
    path = f"/lod/doc/record/{proxy}%2Fb//c%252Fd.ttl"
    for port in (proxy, processes[0].port):
        asked(port, path)
    seen = [line["path"] for line in lines(processes) if f"/{proxy}/b" in line["path"]]
    assert seen == [f"/doc/record/{proxy}/b//c%252Fd.ttl"] * 2


def test_one_process_is_enough(scratch: Path, processes: list[Process]) -> None:
    """With the other gone nobody notices; here, with nginx and `location` as for a site below a path."""

    def below(text: str) -> str:
        assert "location / {" in text
        return text.replace("location / {", "location /lod/ {")

    with nginx(scratch, [free_port(), processes[1].port], below) as port:
        statuses = [asked(port, path).status for path in (RECORD, f"{RECORD}.ttl", "/lod/") for _ in range(4)]
        outside = asked(port, "/elsewhere").status
    assert statuses == [200] * 12 and outside == 404
