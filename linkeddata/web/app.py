"""The web side: reads editions, writes nothing. `create_app(settings)` gives the WSGI application."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, g, request
from jinja2 import StrictUndefined
from werkzeug.routing import BaseConverter

from linkeddata.catalogue import QueryLimits
from linkeddata.config import Settings
from linkeddata.configured import catalogue_of
from linkeddata.errors import ConfigurationError, NothingPublished
from linkeddata.representations.about_page import Bounds
from linkeddata.representations.parts import Text, safe_href
from linkeddata.representations.site_pages import Footer, footer
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import (
    about,
    answers,
    browse,
    budget,
    dataset,
    dereference,
    following,
    linkset,
    looks,
    machines,
    ontologies,
    problems,
    search,
    sitemaps,
    sparql,
    tongues,
    wishes,
)
from linkeddata.web.assets import Assets
from linkeddata.web.current import Current
from linkeddata.web.door import Door
from linkeddata.web.finished import Shelves
from linkeddata.web.own_templates import use_templates
from linkeddata.web.prompt import Prompt
from linkeddata.wording import read_languages

#: The order in which Allow names methods.
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class Anything(BaseConverter):
    """The whole rest of a path, whatever characters an identifier holds."""

    regex = r"[\s\S]+"
    part_isolating = False


@dataclass(frozen=True, slots=True)
class Site:
    """What templates say of the site."""

    title: str
    contact: str
    language: str
    license: str
    reach: Text
    imprint: str
    links: tuple[Text, ...]
    logo: str


def create_app(settings: Settings) -> Flask:
    """The application. Its query processes start at the first query, or at `warm_up`.

    ConfigurationError where the edition served was named under another base URI.
    """
    current = open_current(settings)
    app = Flask("linkeddata.web", static_folder=None)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "undefined": StrictUndefined}
    app.extensions["current"] = current
    app.config[wishes.DEFAULT_VARIANT] = settings.text("server.default_variant")
    app.url_map.converters["anything"] = Anything
    # An identifier may hold two slashes in a row.
    app.url_map.merge_slashes = False
    root = urlsplit(settings.base_uri).path
    assets = Assets(Path(__file__).parent / "static", looks.own_files(settings))
    frame = _frame(settings, assets)
    tongues.install(app, read_languages(settings.languages, settings.translations), root, frame)
    app.context_processor(lambda: {**frame, "footer": _footer(current)})
    use_templates(app, settings.path_of("site.templates"))
    shelves = Shelves(current.answers, repr(frame), partial(_coming, current))
    for door in (assets.blueprint(), *_doors(settings, current, shelves)):
        app.register_blueprint(door)
    problems.install(app)
    app.before_request(budget.refusal(f"{root}dump/latest.nq.gz"))
    app.before_request(_preflight)
    app.after_request(answers.with_common_headers)
    app.after_request(lambda response: response if current.is_settled() else answers.passing(response))
    app.after_request(answers.with_coding)
    app.wsgi_app = Door(Prompt(app, current, shelves), current, root=root, wait=_keeper(settings))  # type: ignore[method-assign]
    return app


def _doors(settings: Settings, current: Current, shelves: Shelves) -> list[Blueprint]:
    """Every door of the site."""
    words, uris = tongues.words, Uris(settings.base_uri)
    return [
        dereference.blueprint(current.edition, words, shelves),
        linkset.blueprint(current.edition),
        browse.blueprint(current.edition, words, shelves),
        search.blueprint(current.edition, words, shelves),
        about.blueprint(current.edition, words, shelves, _bounds(settings)),
        sparql.blueprint(current, settings.base_uri, _clients(settings)),
        dataset.blueprint(current.edition),
        sitemaps.blueprint(current.edition),
        _following(settings, current),
        machines.blueprint(current.edition, uris),
        ontologies.blueprint(current.edition, uris, _own_mapping(settings), shelves=shelves),
    ]


def _bounds(settings: Settings) -> Bounds:
    """The limits of the endpoint, for people to read."""
    return Bounds(
        settings.number("sparql.timeout"),
        settings.whole("sparql.max_rows"),
        settings.whole("sparql.max_query_bytes"),
        settings.number("sparql.client_seconds"),
    )


def _following(settings: Settings, current: Current) -> Blueprint:
    title = settings.text("site.title")
    author, licence = settings.text("site.publisher") or title, settings.text("site.license")
    return following.blueprint(current.edition, title=title, author=author, licence=licence)


def _keeper(settings: Settings) -> budget.Keeper | None:
    rate = settings.number("server.rate")
    proxies = settings.whole("server.behind_proxy")
    return budget.Keeper(rate, settings.whole("server.burst"), proxies=proxies) if rate else None


def _clients(settings: Settings) -> sparql.Clients:
    return sparql.Clients(settings.number("sparql.client_seconds"), settings.whole("server.behind_proxy"))


def _own_mapping(settings: Settings) -> Path | None:
    return Path(settings.overrides) if settings.overrides else None


def open_current(settings: Settings) -> Current:
    """What the settings say is to be served; an empty data directory is served as such."""
    limits = QueryLimits(
        timeout_seconds=settings.number("sparql.timeout"),
        queue_seconds=settings.number("sparql.queue_seconds"),
        max_rows=settings.whole("sparql.max_rows"),
        max_query_bytes=settings.whole("sparql.max_query_bytes"),
        memory_bytes=settings.whole("sparql.memory_mb") << 20,
        long_queries=_share(settings, QueryLimits.long_queries),
    )
    current = Current(
        catalogue_of(settings),
        workers=_share(settings, settings.whole("sparql.workers")),
        limits=limits,
        kept_bytes=settings.whole("server.cache_mb") << 20,
    )
    try:
        base = current.edition().uris.base
    except NothingPublished:
        return current
    if base != settings.base_uri:
        raise ConfigurationError(
            f"site.base_uri is {settings.base_uri}, but what is published is named under {base}: "
            f"set it to that, or publish anew with load --rebase"
        )
    return current


def _share(settings: Settings, count: int) -> int:
    """The share that one of the processes that answer has of what all of them have."""
    return math.ceil(count / settings.whole("server.processes"))


def warm_up(app: Flask) -> None:
    """Open the edition and start the query processes, so that the first request need not wait."""
    current: Current = app.extensions["current"]
    try:
        current.pool()
    except NothingPublished:
        return


def _frame(settings: Settings, assets: Assets) -> dict[str, Any]:
    """What every page says that no edition does."""
    site = Site(
        title=settings.text("site.title"),
        contact=settings.text("site.contact"),
        language=settings.text("site.language"),
        license=settings.text("site.license"),
        reach=_reach(settings.text("site.contact")),
        imprint=settings.text("site.imprint"),
        links=looks.links(settings.text("site.links")),
        logo=looks.logo_name(settings.path_of("site.logo")),
    )
    uris = Uris(settings.base_uri)
    root = uris.local(uris.base)
    own = looks.fingerprint([settings.translations, settings.path_of("site.templates")])
    return {"site": site, "root": root, "assets": assets.addresses(root), "own": own}


def _reach(contact: str) -> Text:
    """The contact, with its link where it is an e-mail address or a web page."""
    contact = contact.removeprefix("mailto:")
    address = f"mailto:{contact}" if "@" in contact and "/" not in contact else contact
    return Text(contact, href=safe_href(address))


def _footer(current: Current) -> Footer | None:
    try:
        served = current.edition()
    except NothingPublished:
        return None
    searchable, words = served.search is not None, tongues.words()
    return footer(served.number, served.issued, searchable=searchable, coming=_coming(current), words=words)


def _coming(current: Current) -> str:
    """What is said of the next edition; the same throughout a request, as a page's tag depends on it."""
    if "coming" not in g:
        g.coming = current.coming()
    said: str = g.coming
    return said


def _preflight() -> Response | None:
    """OPTIONS tells what the door allows; where there is no door it is as unknown as GET."""
    if request.method != "OPTIONS" or request.url_rule is None:
        return None
    allowed = request.url_rule.methods or set()
    return answers.options(", ".join(method for method in _METHODS if method in allowed))
