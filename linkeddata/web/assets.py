"""Style sheet and script: read once, packed once, and kept for ever under an address that names their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, request

from linkeddata.web import answers, encoding
from linkeddata.web.problems import problem

#: How files are sent, by the end of their names; others are not.
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: its bytes, and in every coding that shortens them."""

    content_type: str
    digest: str
    body: bytes
    packed: Mapping[str, bytes]


class Assets:
    """The files of a folder, each under its own name (`site.css`) and under one with its fingerprint."""

    def __init__(self, folder: Path, own: Mapping[str, bytes] = MappingProxyType({})) -> None:
        """`own` are files that a site has beside those of the folder, by name."""
        files = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.suffix in _TYPES}
        self._named = {name: _asset(name, body) for name, body in {**files, **own}.items()}
        self._fingerprinted = {_fingerprinted(name, asset): asset for name, asset in self._named.items()}

    def addresses(self, root: str) -> Mapping[str, str]:
        """Where each file is to be had for ever, by its name; `root` is the path of the site."""
        return {name: f"{root}static/{_fingerprinted(name, asset)}" for name, asset in self._named.items()}

    def blueprint(self) -> Blueprint:
        """The routes of `/static/…`."""
        door = Blueprint("assets", __name__)

        @door.get("/static/<name>")
        def static(name: str) -> Response:
            if (asset := self._fingerprinted.get(name)) is not None:
                return _sent(asset, answers.FOREVER)
            asset = self._named.get(name)
            return _sent(asset, answers.SHARED) if asset is not None else problem(404)

        return door


def _asset(name: str, body: bytes) -> Asset:
    packed = {coding: encoding.encoded(body, encoding.Coding(coding)) for coding in encoding.CODINGS}
    digest = hashlib.blake2b(body, digest_size=8).hexdigest()
    return Asset(
        _TYPES[PurePath(name).suffix], digest, body, {name: each for name, each in packed.items() if each is not None}
    )


def _fingerprinted(name: str, asset: Asset) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{asset.digest}{dot}{suffix}"


def _sent(asset: Asset, cache_control: str) -> Response:
    tag = answers.entity_tag(asset.digest)
    headers = {"ETag": f'"{tag}"', "Cache-Control": cache_control, "Vary": answers.VARY_FIXED}
    if answers.is_known(tag):
        return answers.NotModified(headers)
    coding = encoding.wanted(request.headers.get("Accept-Encoding")).name
    if (packed := asset.packed.get(coding)) is not None:
        headers["Content-Encoding"] = coding
    return Response(packed or asset.body, headers=headers, content_type=asset.content_type)
