"""The language of an answer: `?lang=` says it, and where a redirect leads to a page, Accept-Language may.

No address gives other words because of a header: a page in another language has another address. So any cache
may keep it, and who passes a link on passes the language on, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from jinja2 import Template
from markupsafe import Markup, escape

from linkeddata.representations.exports import EXPORT_FORMATS
from linkeddata.representations.formats import DOCUMENT_FORMATS, SEARCH_FORMATS
from linkeddata.representations.variants import HTML
from linkeddata.web import printing, record_printing
from linkeddata.web.templating import Environment
from linkeddata.wording import ENGLISH, Languages, Wording

#: What gives the wording of the request in hand.
Words: TypeAlias = Callable[[], Wording]

PARAMETER: Final = "lang"
_KEY: Final = "tongues"
#: The parameters that a page in another language keeps: those by which pages say where they are.
_KEPT: Final = frozenset({
    "q", "type", "journal", "subject", "person", "collection", "publisher", "year", "sort", "page", "letter", "after",
    "before", "at",
})  # fmt: skip
#: Documents know no other, and whatever else is asked of one is the same document.
_KEPT_BY_DOCUMENTS: Final = frozenset({"page"})
_DOCUMENTS: Final = ("/doc/", "/def/", "/ontologies/")
_FIRST_PAGE: Final = ("page", "1")
#: A link of a page to a path of ours; links that say their language or type lead elsewhere on purpose.
_LINK: Final = re.compile(r'(<a\b(?![^>]*\s(?:hreflang|type)=)[^>]*?\shref=")(/[^"]*)"')
#: What is no page, by the end of its path or its beginning below the root: every format but that of pages, and files.
_FORMATS: Final = {fmt.extension for fmt in (*DOCUMENT_FORMATS, *EXPORT_FORMATS, *SEARCH_FORMATS) if fmt != HTML}
_FILES: Final = ("gz", "sha256", "xml", "txt", "toml", "css", "js", "svg")
_FILE: Final = re.compile(rf"\.(?:{'|'.join(map(re.escape, sorted((*_FORMATS, *_FILES))))})$")
_MACHINES: Final = ("dump/", "static/", ".well-known/", "changes", "linkset/")
_REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that this page is offered in: its tag, what it calls itself, and the page's address in it."""

    language: str
    name: str
    href: str


def words() -> Wording:
    """The wording of the request in hand, before Flask that of the site; English where no application speaks others."""
    if not has_app_context() or _KEY not in current_app.extensions:
        return ENGLISH
    if "words" not in g:
        languages: Languages = current_app.extensions[_KEY]
        g.words = languages.of(request.args.get(PARAMETER)) if has_request_context() else languages.usual
    found: Wording = g.words
    return found


def tongues() -> tuple[Tongue, ...]:
    """This page in every language that is offered."""
    languages: Languages = current_app.extensions[_KEY]
    kept = "".join(f"{urlencode([each])}&" for each in _kept())
    return tuple(Tongue(tag, each.name, f"?{kept}{PARAMETER}={tag}") for tag, each in languages.offered.items())


def mark() -> str:
    """All that a page's language and its links to the other languages depend on; part of its tag."""
    return f"{words().language} {urlencode(_kept())}"


def _kept() -> list[tuple[str, str]]:
    if not has_request_context():
        return []
    known = _KEPT_BY_DOCUMENTS if request.path.startswith(_DOCUMENTS) else _KEPT
    given = request.args.items(multi=True)
    return [(name, value[:500]) for name, value in given if name in known and (name, value) != _FIRST_PAGE]


def phrases(words: Wording) -> dict[str, Any]:
    """What templates say words with in a language, by name.

    `_` and `ngettext` are those of gettext, the values escaped; `number` groups digits; `foreign` marks what is
    said in English all the same; what `printing` and `record_printing` print has the name that it has there.
    """

    def said(message: str, **values: object) -> Markup:
        text = words.say(message)
        # A page says fifty messages, and most have no values.
        if values or "%" in text:
            text %= {name: escape(value) for name, value in values.items()}
        return Markup(text)  # noqa: S704 - a message is ours, its values are escaped

    def foreign() -> Markup:
        return Markup() if words.language.startswith("en") else Markup(' lang="en"')

    return {
        "_": said,
        "ngettext": words.plural,
        "number": words.number,
        "foreign": foreign,
        **{each.__name__: _printer(partial(each, words=words)) for each in (*printing.WORDED, *record_printing.WORDED)},
        **{each.__name__: _printer(each) for each in (*printing.ALIKE, *record_printing.ALIKE)},
    }


def _printer(prints: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *given, **named: Markup(prints(*given, **named))  # noqa: S704 - it escapes every value


def carried_on(html: str, root: str, language: str) -> str:
    """A page whose links to pages of ours, which begin with `root`, keep its language.

    >>> carried_on('<a href="/id/x#a">X</a> <a href="/x.ttl">T</a> <a href="//other.org/">O</a>', "/", "de")
    '<a href="/id/x?lang=de#a">X</a> <a href="/x.ttl">T</a> <a href="//other.org/">O</a>'
    """
    return _LINK.sub(lambda found: f'{found[1]}{in_language(found[2], root, language, "&amp;")}"', html)


def in_language(address: str, root: str, language: str, joint: str = "&") -> str:
    """The address of a page of ours in a language; any other address as it is."""
    bare, hash_, fragment = address.partition("#")
    path, _, query = bare.partition("?")
    below = path.removeprefix(root)
    is_ours = path.startswith(root) and not address.startswith("//")
    said = (f"{PARAMETER}=", "format=", "_mediatype=")
    if not is_ours or below.startswith(_MACHINES) or _FILE.search(path) or any(each in query for each in said):
        return address
    return f"{bare}{joint if query else '?'}{PARAMETER}={language}{hash_}{fragment}"


def install(app: Flask, languages: Languages, root: str, alike: Mapping[str, Any]) -> None:
    """Let the pages of an application speak these languages; `root` is the path of the base URI, `alike` what every
    page is given alike, by name."""

    def spoken(said: Wording) -> dict[str, Any]:
        return {**phrases(said), "carried": lambda: _field(said, languages.usual)}

    app.extensions[_KEY] = languages
    app.jinja_environment = Environment
    environment = cast(Environment, app.jinja_env)
    environment.template_class = _page_class(root)
    environment.speak(words, spoken, alike)
    app.context_processor(lambda: {"tongue": words(), "tongues": tongues()})
    app.after_request(lambda response: _told(response, languages, root))


def _field(said: Wording, usual: Wording) -> Markup:
    """The field by which a form keeps the language."""
    if said.language == usual.language:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(PARAMETER, said.language)


def _page_class(root: str) -> type[Template]:
    class Page(Template):
        """A template whose own links keep the language of the page."""

        def render(self, *args: Any, **values: Any) -> str:
            html = super().render(*args, **values)
            languages: Languages = current_app.extensions[_KEY]
            spoken = words().language
            return html if spoken == languages.usual.language else carried_on(html, root, spoken)

    return Page


def _told(response: Response, languages: Languages, root: str) -> Response:
    """What the headers say of the language: of a page its own, of a redirect that of the page it leads to."""
    is_page, leads_on = response.mimetype == "text/html", response.status_code in _REDIRECTS
    if is_page and response.status_code != 304:
        response.headers["Content-Language"] = words().language
    if not (is_page or leads_on):
        return response
    name, chosen = "Location" if leads_on else "Content-Location", _chosen(languages)
    if chosen != languages.usual.language and (address := response.headers.get(name)):
        response.headers[name] = in_language(address, root, chosen)
    return response


def _chosen(languages: Languages) -> str:
    """The language asked for; from a thing to its page also by the header Accept-Language."""
    if PARAMETER in request.args or not request.path.startswith("/id/"):
        return words().language
    ranges: Iterable[tuple[str, float]] = request.accept_languages
    for wanted, quality in ranges:
        if quality > 0 and (wanted == "*" or languages.offers(wanted)):
            return languages.usual.language if wanted == "*" else languages.of(wanted).language
    return languages.usual.language
