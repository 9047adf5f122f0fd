"""Who is told of every answer, by the settings: the counts, and the log of requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

from flask import Flask

from linkeddata.config import Settings
from linkeddata.web.access_log import AccessLog
from linkeddata.web.door import Door
from linkeddata.web.metrics_door import open_metrics
from linkeddata.web.watch import Seen, Watch


@contextmanager
def watched(app: Flask, settings: Settings) -> Iterator[WSGIApplication]:
    """The application to serve within the block: with somebody beside its door where anything is counted or written.

    In JSON every line of the log names its request, so requests are given names then, too.
    ConfigurationError where the metrics cannot be read at their address.
    """
    door = app.wsgi_app
    assert isinstance(door, Door)  # noqa: S101 - `create_app` has put it there
    told: list[Callable[[Seen], None]] = []
    if settings.text("log.requests") != "none":
        told.append(_access_log(settings))
    opened = open_metrics(settings, app.extensions["current"])
    if opened:
        told.append(opened[0].count)
    try:
        is_seen = bool(told) or settings.text("log.format") == "json"
        yield Watch(door, told, proxied=settings.whole("server.behind_proxy") > 0) if is_seen else door
    finally:
        if opened:
            opened[1].close()


def _access_log(settings: Settings) -> AccessLog:
    proxies = settings.whole("server.behind_proxy")
    return AccessLog(settings.text("log.requests"), clients=settings.text("log.clients"), proxies=proxies)
