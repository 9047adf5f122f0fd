"""Where metrics are read: an address of its own, so that no proxy before the site can show them to strangers.

Of several processes with the same settings the first has the address and answers for all; when it ends, another takes
it within a second.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
from pathlib import Path
from typing import Final
from wsgiref.simple_server import WSGIServer

from linkeddata.config import Settings
from linkeddata.errors import ConfigurationError, LinkedDataError
from linkeddata.web.current import Current
from linkeddata.web.metrics import Metrics, State

_LOG = logging.getLogger(__name__)
_EVERY_SECONDS: Final = 1.0


class MetricsDoor:
    """Answers at an address, and notes the state of this process every second."""

    def __init__(self, metrics: Metrics, host: str, port: int) -> None:
        """ConfigurationError where the address is taken by somebody who does not count with us."""
        self._metrics, self._host, self._port = metrics, host, port
        self._server: WSGIServer | None = None
        self._ended, self._failed = threading.Event(), False
        taken = self._open()
        if taken and not metrics.others():
            raise ConfigurationError(f"metrics.listen: cannot listen on {host}:{port}: {taken.strerror}")
        self._ticking = threading.Thread(target=self._tick, name="metrics", daemon=True)
        self._ticking.start()

    def close(self) -> None:
        """Leave the address and the place to others."""
        self._ended.set()
        self._ticking.join()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self._metrics.close()

    def _tick(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            try:
                if self._server is None:
                    self._open()
                self._metrics.refresh()
            except Exception:  # noqa: BLE001 - the thread's last door: whatever fails now may go well in a second
                if not self._failed:
                    _LOG.exception("metrics are not noted")
                self._failed = True

    def _open(self) -> OSError | None:
        """Listen; gives why that is not possible."""
        try:
            self._server = self._metrics.listen(self._host, self._port)
        except OSError as taken:
            return taken
        host = f"[{self._host}]" if ":" in self._host else self._host
        _LOG.info("metrics at http://%s:%d/metrics", host, self._server.server_port)
        return None


def open_metrics(settings: Settings, current: Current) -> tuple[Metrics, MetricsDoor] | None:
    """The counts of what is served and the door to them, None where no address is set for them.

    ConfigurationError where that is taken, the folder is not ours, or the extra is not installed.
    """
    place = settings.address("metrics.listen")
    if place is None:
        return None
    metrics = Metrics(settings.path_of("metrics.folder") or _folder(settings.data), lambda: state_of(current))
    try:
        return metrics, MetricsDoor(metrics, *place)
    except ConfigurationError:
        metrics.close()
        raise


def state_of(current: Current) -> State:
    """How it stands with what is served now."""
    kept, queries = current.answers.size, current.standing()
    try:
        edition = current.edition()
    except LinkedDataError:
        return State(0, "", 0, 0, kept, queries)
    return State(edition.number, edition.issued, edition.counts["records"], edition.counts["statements"], kept, queries)


def _folder(data: Path) -> Path:
    """The same for all processes of one user that serve one data directory."""
    mark = hashlib.blake2b(os.fsencode(data.resolve()), digest_size=6).hexdigest()
    return Path(tempfile.gettempdir()) / f"linkeddata-metrics-{os.getuid()}-{mark}"
