"""A location in an S3-compatible object store: the one wall round the client.

Endpoint, region and credentials come from the environment by the names that Amazon's own tools use
(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, …). An endpoint without TLS is
taken when it is named so. A file is there whole or not at all: that is what such a store promises for a PUT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from linkeddata.errors import ConfigurationError, SourceError
from linkeddata.replication.location import Passed

try:
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import S3Store
except ImportError:  # the extra `s3` is not installed
    obstore = None  # type: ignore[assignment]

_CHUNK: Final = 1 << 20
_TRIES: Final = 5
_ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_WAIT: Final = timedelta(seconds=60)


class InBucket:
    """The objects of a bucket that begin with a prefix."""

    def __init__(self, bucket: str, prefix: str, environment: Mapping[str, str]) -> None:
        """ConfigurationError where the extra is not installed, or the environment says what cannot be."""
        if obstore is None:
            raise ConfigurationError("s3:// needs the extra s3: pip install 'linkeddata[s3]'")
        self.shown = f"s3://{bucket}/{prefix}".rstrip("/")
        endpoint = next((environment[name] for name in _ENDPOINTS if environment.get(name)), "")
        try:
            self._store = S3Store(
                bucket,
                prefix=prefix or None,
                config={"endpoint": endpoint} if endpoint else None,
                client_options={"allow_http": endpoint.startswith("http://")},
                retry_config={"max_retries": _TRIES, "retry_timeout": _WAIT},
            )
        except (BaseError, ValueError) as wrong:
            raise ConfigurationError(f"{self.shown}: {wrong}") from wrong

    def read(self, name: str) -> bytes | None:
        """A small object."""
        with self._told(name):
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except (FileNotFoundError, obstore.exceptions.NotFoundError):
                return None

    def fetch(self, name: str, into: Path, size: int, passed: Passed) -> None:
        """Append what a file lacks of an object, and no more; the client itself asks again when the line breaks."""
        with into.open("ab") as here:
            if here.tell() >= size:
                return
            with self._told(name):
                answer = obstore.get(self._store, name, options={"range": {"offset": here.tell()}})
                pieces = iter(answer.stream(min_chunk_size=_CHUNK))
            while here.tell() < size and (piece := self._next(name, pieces)) is not None:
                here.write(piece[: size - here.tell()])
                passed(len(piece))

    def _next(self, name: str, pieces: Iterator[object]) -> bytes | None:
        with self._told(name):
            piece = next(pieces, None)
            return None if piece is None else bytes(piece)  # type: ignore[call-overload]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Such a store knows no lock; `push` looks again before its last step."""
        yield

    def sizes(self, under: str) -> Mapping[str, int]:
        """The objects under a folder."""
        with self._told(under):
            return {each["path"]: each["size"] for some in obstore.list(self._store, f"{under}/") for each in some}

    def write(self, name: str, text: bytes) -> None:
        """Put a small object there."""
        with self._told(name):
            obstore.put(self._store, name, text)

    def send(self, name: str, file: Path) -> None:
        """Put a file there, in parts where it is large."""
        with self._told(name):
            obstore.put(self._store, name, file)

    def remove(self, names: Iterable[str]) -> None:
        """Take objects away."""
        for name in names:
            with self._told(name):
                obstore.delete(self._store, name)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as fault:
            raise SourceError(f"{self.shown}/{name}: {str(fault).partition(chr(10))[0]}") from fault
