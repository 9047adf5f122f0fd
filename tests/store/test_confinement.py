"""What a query process has given up: the network by either way, writing, and starting others."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from linkeddata.querying import confinement

_TRY = """
import socket, subprocess, sys, tempfile
from pathlib import Path
from pyoxigraph import Store
from linkeddata.querying import confinement, query_process
if sys.argv[2] == "without filter":
    confinement.refuse_network = lambda: False
store = query_process._confined_store(sys.argv[1], 1 << 30)
def outcome(attempt):
    try:
        attempt()
    except (OSError, ValueError) as error:
        return type(error).__name__
    return "done"
print(outcome(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])))))
print(outcome(lambda: list(store.query("SELECT * { SERVICE <http://127.0.0.1:%s/> {} }" % sys.argv[3]))))
print(outcome(lambda: subprocess.run(["/bin/true"])))
print(outcome(lambda: Path(sys.argv[4]).write_text("x")))
print(len(list(store.query("SELECT * { ?s ?p ?o } LIMIT 100"))))
"""


def attempts(folder: Path, way: str, target: Path) -> list[str]:
    """What happens to: a connection, SERVICE, another program, a written file, a query."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _TRY, str(folder), way, "9999", str(target)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.split()


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in confinement._MACHINES, reason="no seccomp filter known here"
)
def test_with_the_filter_nothing_gets_out(store_folder: Path, tmp_path: Path) -> None:
    """Sockets and programs are refused by the kernel, a file stays empty, queries go on."""
    target = tmp_path / "written"
    connection, service, program, written, rows = attempts(store_folder, "with filter", target)
    assert (connection, service, program, written) == ("PermissionError",) * 3 + ("OSError",)
    assert rows == "100"
    assert not target.exists() or target.read_text() == ""


def test_without_the_filter_nothing_gets_out_either(store_folder: Path, tmp_path: Path) -> None:
    """No new file descriptor means no socket; the store's files are open already."""
    target = tmp_path / "written"
    *refused, rows = attempts(store_folder, "without filter", target)
    assert refused == ["OSError"] * 4
    assert rows == "100"
    assert not target.exists()
