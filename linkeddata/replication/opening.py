"""Which kind of location a text names: a folder, a web server's, or an object store's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from linkeddata.errors import ConfigurationError
from linkeddata.replication.in_bucket import InBucket
from linkeddata.replication.in_folder import InFolder
from linkeddata.replication.location import Source, Target
from linkeddata.replication.over_http import OverHttp


def open_source(location: str, environment: Mapping[str, str]) -> Source:
    """A location to be read: a path, `file://`, `http://`, `https://`, or `s3://BUCKET/PREFIX`.

    ConfigurationError where it is none of them, SourceError where it is no address.
    """
    if urlsplit(location).scheme in {"http", "https"}:
        return OverHttp(location)
    return open_target(location, environment)


def open_target(location: str, environment: Mapping[str, str]) -> Target:
    """A location to be written, too. ConfigurationError for one of HTTP: it knows no way to put a file in place at
    once that all servers share, and none to list or remove what is not needed any more."""
    scheme, separator, rest = location.partition("://")
    if not separator:
        return InFolder(Path(location).absolute())
    if scheme == "s3":
        bucket, _, prefix = rest.partition("/")
        if bucket:
            return InBucket(bucket, prefix.strip("/"), environment)
    if scheme == "file" and rest.startswith(("/", "localhost/")):
        return InFolder(Path(unquote(urlsplit(location).path)))
    if scheme in {"http", "https"}:
        raise ConfigurationError(
            "nothing can be pushed over HTTP: push into the folder that the web server gives out, or to s3://"
        )
    raise ConfigurationError(f"{location}: no location; a path, file:///PATH, https://… or s3://BUCKET/PREFIX")
