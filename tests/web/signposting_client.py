"""A Signposting client: `requests` with the application behind it instead of a network, and links as it reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from flask import Flask
from httplink import parse_link_header
from requests.adapters import BaseAdapter

Link = dict[str, str]


class _Application(BaseAdapter):
    """Carries a request to a Flask application, and its answer back."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._client = app.test_client()

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **_options: Any
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        headers = {name: value for name, value in request.headers.items() if name != "Accept-Encoding"}
        answer = self._client.open(request.path_url, method=request.method, headers=headers, base_url=_base(parts))
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status_code, request.url or "", request
        response.headers.update(answer.headers)
        response._content = answer.data
        return response

    def close(self) -> None:
        """Nothing is open."""


def _base(parts: Any) -> str:
    return f"{parts.scheme}://{parts.netloc}"


class Robot:
    """Follows typed links from a thing's URI."""

    def __init__(self, app: Flask, base: str) -> None:
        self.base = base
        self._session = requests.Session()
        self._session.mount(base, _Application(app))

    def get(self, address: str, **headers: str) -> requests.Response:
        return self._session.get(urljoin(self.base, address), headers=headers)

    def links(self, address: str) -> list[Link]:
        """The links in the header of what an address leads to, with absolute targets."""
        answer = self.get(address)
        return [{**link, "url": urljoin(answer.url, link["url"])} for link in _read(answer.headers["Link"])]

    def is_ours(self, address: str) -> bool:
        return address.startswith(self.base)


def _read(header: str) -> list[Link]:
    """The links of a header, by a parser that knows quotes (that of `requests` does not)."""
    return [{"url": link.target, **dict(link.attributes)} for link in parse_link_header(header).links]


def of(links: list[Link], rel: str) -> list[Link]:
    return [link for link in links if link["rel"] == rel]


def from_json(linkset: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """The links of a set in JSON: from, relation, target, type (RFC 9264, section 4.2)."""
    for context in linkset["linkset"]:
        for rel, targets in context.items():
            if rel != "anchor":
                yield from ((context["anchor"], rel, target["href"], target.get("type", "")) for target in targets)


def from_text(linkset: str) -> Iterator[tuple[str, str, str, str]]:
    """The same of a set as text, which is a Link header with line breaks (section 4.1)."""
    for link in _read(linkset.replace("\n", " ").strip()):
        yield link["anchor"], link["rel"], link["url"], link.get("type", "")
