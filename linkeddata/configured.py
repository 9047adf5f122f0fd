"""The catalogue that the settings name, for those who write it as for those who serve it."""

from __future__ import annotations

from linkeddata.catalogue import Catalogue, Server
from linkeddata.config import Settings


def catalogue_of(settings: Settings) -> Catalogue:
    """The catalogue that the settings name, its graph in their SPARQL server where they name one."""
    return Catalogue(settings.data, settings.whole("store.keep"), _server(settings))


def _server(settings: Settings) -> Server | None:
    endpoint = settings.text("store.endpoint")
    if not endpoint:
        return None
    return Server(
        endpoint=endpoint,
        update_endpoint=settings.text("store.update_endpoint"),
        graph=settings.text("store.graph"),
        kind=settings.text("store.server"),
        batch_bytes=settings.whole("store.batch_kb") << 10,
        user=settings.text("store.user"),
        secret=settings.store_password.secret,
    )
