"""The command in this process: as a process of its own it would take a second to start, each time."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from linkeddata import cli
from linkeddata.translate import crosswalk


def run(folder: Path, *arguments: str, given: str | None = None) -> CompletedProcess[str]:
    """The command in a folder, without any setting from outside; `given` stands on standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("LINKEDDATA_")]:
            patch.delenv(name)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((given or "").encode()), encoding="utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        crosswalk.cache_clear()  # a process reads a mapping once, and this one begins anew each time
        code = cli.run(list(arguments))
    return CompletedProcess(arguments, code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
