"""A site below a path of its host, asked with that path or without."""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class WithinPath:
    """Answers below the base URI's path and without it alike: a proxy may take the path off, localhost does not."""

    def __init__(self, application: WSGIApplication, path: str) -> None:
        self._application = application
        self._path = path

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Without any path (RFC 9112, section 3.2.2) the first page is meant; Flask would lead to it by the Host header.
        path = environ.get("PATH_INFO", "") or "/"
        environ = {**environ, "PATH_INFO": path}
        if path.startswith(self._path):
            environ = {**environ, "PATH_INFO": path[len(self._path) - 1 :]}
        return self._application(environ, start_response)
