"""What a process can give up for good: the network, writing, memory, and outliving its parent.

For the query processes only. Linux has a filter on system calls (seccomp); where there is none, no
new file descriptor may be opened instead, which closes the network just as well.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Final

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_MODE_FILTER = 2
#: linux/audit.h's name of the machine, and the numbers of socket, connect, execve, execveat and
#: io_uring_setup on it, by what `platform.machine()` says.
_MACHINES: Final[Mapping[str, tuple[int, tuple[int, ...]]]] = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425)),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE_ACCESS = 0x7FFF0000, 0x00050000 | 13
_FIRST_X32_CALL = 0x40000000


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def refuse_network() -> bool:
    """Take socket, connect and execve away from this thread and those it starts; False where that cannot be done."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    steps = _steps(*_MACHINES[platform.machine()])
    program = _Filter(len(steps), (_Step * len(steps))(*steps))
    control = ctypes.CDLL(None, use_errno=True).prctl
    if control(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(control(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(machine: int, calls: tuple[int, ...]) -> list[_Step]:
    """The filter: another machine's calls and those listed are refused with EACCES, all others allowed."""
    refuse_at = len(calls) + 5
    return [
        _Step(_LOAD, 0, 0, 4),  # seccomp_data.arch
        _Step(_EQUAL, 0, refuse_at - 2, machine),
        _Step(_LOAD, 0, 0, 0),  # seccomp_data.nr
        _Step(_AT_LEAST, refuse_at - 4, 0, _FIRST_X32_CALL),
        *(_Step(_EQUAL, refuse_at - place - 5, 0, call) for place, call in enumerate(calls)),
        _Step(_RETURN, 0, 0, _ALLOW),
        _Step(_RETURN, 0, 0, _REFUSE_ACCESS),
    ]


def refuse_new_files() -> None:
    """No further file descriptor at all: the network's door where `refuse_network` cannot close it."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit(memory_bytes: int) -> None:
    """Bound the address space; no core file, no byte written to any file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def die_with_parent(parent: int) -> None:
    """Be ended by the kernel when the thread that started this process ends; elsewhere by looking now and then."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
