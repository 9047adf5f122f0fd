"""A Virtuoso of one's own: Debian's `virtuoso-t` in a folder, on loopback, without root or service.

The tests of a graph in a server use it, too.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from loopback import free_port

PACKAGE: Final = "Debian's virtuoso-opensource-7-bin"
#: Of a server that lives as long as what uses it.
PASSWORD: Final = "of-the-tests"  # noqa: S105
_PATIENCE: Final = 60
# No checkpoint by itself, rows enough for whole graphs, and nothing outside its folder and loopback.
_CONFIGURATION: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = {threads}
MaxKeepAlives = {threads}
KeepAliveTimeout = 30
DavRoot = DAV
[Client]
SQL_QUERY_TIMEOUT = 0
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 10
"""
# Not in transactions, then on the disk; a file that did not load has an error.
_LOADING: Final = """
log_enable(2,1);
ld_dir('{folder}', '{name}', '{graph}');
rdf_loader_run();
checkpoint;
select count(*) from DB.DBA.load_list where ll_state <> 2 or ll_error is not null;
"""


@dataclass(frozen=True)
class Virtuoso:
    """One that runs: where its HTTP and its SQL listen, and its process."""

    http: int
    sql: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def load(self, statements: Path, graph: str) -> None:
        """Take in a file of its folder (or all that a pattern means), as fast as it can. Needs `isql-vt`."""
        said = _LOADING.format(folder=statements.parent, name=statements.name, graph=graph)
        where = [f"127.0.0.1:{self.sql}", "dba", PASSWORD, "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF"]
        told = subprocess.run(["isql-vt", *where], input=said.encode(), check=True, capture_output=True, timeout=600)
        if told.stdout.split()[-1:] != [b"0"]:
            raise SystemExit(f"Virtuoso did not load: {told.stdout.decode()} {told.stderr.decode()}")


def is_installed() -> bool:
    """Whether there is one to start."""
    return shutil.which("virtuoso-t") is not None


@contextmanager
def running(folder: Path, *, buffers: int = 10_000, threads: int = 10) -> Iterator[Virtuoso]:
    """One with its database in a folder, ended afterwards. `buffers` are of 8 KiB, `threads` answer requests."""
    http, sql = free_port(), free_port()
    file = folder / "virtuoso.ini"
    file.write_text(
        _CONFIGURATION.format(
            folder=folder, http=http, sql=sql, buffers=buffers, dirty=buffers * 3 // 4, threads=threads
        )
    )
    command = ["virtuoso-t", "+foreground", "+configfile", str(file)]
    # The first run creates the database, sets the passwords and ends.
    first = [*command, "+pwdold", "dba", "+pwddba", PASSWORD, "+pwddav", PASSWORD]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(first, check=True, timeout=_PATIENCE, **quiet)  # type: ignore[call-overload]
    with subprocess.Popen(command, **quiet) as process:  # type: ignore[call-overload]
        found = Virtuoso(http, sql, process)
        try:
            _wait(found)
            yield found
        finally:
            process.kill()


def _wait(server: Virtuoso) -> None:
    """Until it answers a query."""
    deadline = time.monotonic() + _PATIENCE
    question = Request(f"{server.address}/sparql", urlencode({"query": "ASK { }"}).encode())
    while True:
        try:
            urlopen(question, timeout=30).close()
            return
        except (URLError, OSError) as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Virtuoso does not answer: {error}") from error
            time.sleep(0.1)
