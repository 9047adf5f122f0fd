"""What a request wants of a document: format, data profile, form of JSON-LD, or just to be looked at as text.

A suffix fixes the format; then headers say nothing, and a parameter that says otherwise is refused.
Without one, parameters go before headers. The parameters are `format` (a suffix) or `_mediatype`,
`_profile` (Content Negotiation by Profile, W3C, section 8.2), `form` and `view`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from linkeddata.errors import NotAcceptable, RequestMistaken
from linkeddata.representations.formats import Choice, Format, choose
from linkeddata.representations.jsonld_forms import FORMS, Form, form_asked
from linkeddata.representations.variants import (
    FULL,
    HTML,
    JSONLD,
    PROFILES,
    Profile,
    Variant,
    formats_of,
    profile_of,
    profile_wanted,
)
from linkeddata.vocabulary.uris import RECORD

#: The setting of the application that names the variant of those who do not say what they want.
DEFAULT_VARIANT: Final = "DEFAULT_VARIANT"
_BY_NAME: Final = {fmt.name: fmt for fmt in formats_of(FULL, RECORD)}
_OF_JSON: Final = ("jsonld", "json")
_PLAIN: Final = "plain"
#: A `+` in a query string arrives as a blank; before the first quote it can only be part of a media type.
_BLANK_IN_TYPE: Final = re.compile(r"(/[\w.-]+) (?=[\w.-])")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be given. `profile_asked` is the token of the profile that the client asked for by header or
    parameter; `plain` asks for the bytes as text, to be looked at in a browser."""

    variant: Variant
    profile_asked: str = ""
    plain: bool = False

    @property
    def content_type(self) -> str:
        return "text/plain; charset=utf-8" if self.plain else self.variant.content_type

    @property
    def parameters(self) -> dict[str, str]:
        """What must stand behind a suffix so that the address gives the same."""
        form = self.variant.form
        said = {
            "form": form.name if form and self.variant.format.name in _OF_JSON else "",
            "_profile": self.profile_asked,
            "view": _PLAIN if self.plain else "",
        }
        return {name: value for name, value in said.items() if value}


def wish(ours: str, fixed: Variant | None = None, kind: str = "") -> Wish:
    """What this request wants; `ours` is the URI of our profile, `fixed` the variant of the address's suffix,
    `kind` that of the thing described.

    NotAcceptable where we have no such variant, or the format in a parameter is unknown; RequestMistaken
    where parameters contradict each other or the suffix, or mean nothing.
    """
    named = _named_profile(ours) or _profile_of_header(ours, fixed)
    profile = _with_suffix(named, fixed)
    chosen = _fixed(fixed, profile, kind) if fixed else _negotiated(profile, kind)
    variant = Variant(chosen.format, profile or profile_of(chosen.profiles) or FULL, _form(chosen, fixed))
    return Wish(variant, named.token if named else "", _is_plain())


def asked_format() -> Format:
    """The format a request wants where nothing else can be chosen; NotAcceptable where we have none such."""
    return _negotiated(None, "").format


def default_variant() -> str:
    """The name of the format for those who do not say what they want."""
    return str(current_app.config.get(DEFAULT_VARIANT, HTML.name))


def _named_profile(ours: str) -> Profile | None:
    value = request.args.get("_profile")
    if value is None:
        return None
    # A plain + in a query string arrives as a blank, and no URI holds one.
    profile = profile_wanted(value.strip().replace(" ", "+"), ours) or profile_wanted(value, ours)
    if profile is None:
        tokens = ", ".join(each.token for each in PROFILES)
        raise RequestMistaken("There is no such profile; there are %(profiles)s.", profiles=tokens)
    return profile


def _with_suffix(named: Profile | None, fixed: Variant | None) -> Profile | None:
    if fixed is None or fixed.profile == FULL:
        return named
    if named not in (None, fixed.profile):
        raise RequestMistaken("The profile in the parameter is not that of the address.")
    return fixed.profile


def _profile_of_header(ours: str, fixed: Variant | None) -> Profile | None:
    """The profile of the header; an address with a suffix is the same for everybody."""
    header = request.headers.get("Accept-Profile")
    return profile_wanted(header, ours) if header and fixed is None else None


def _fixed(fixed: Variant, profile: Profile | None, kind: str) -> Choice:
    """The format of the suffix, unless a parameter contradicts it."""
    if fixed.format not in formats_of(profile or FULL, kind):
        raise NotAcceptable("there is no %(type)s of this", type=fixed.format.media_type)
    chosen = _by_parameter(formats_of(FULL, kind))
    if chosen and chosen.format != fixed.format:
        raise RequestMistaken("The format in the parameter is not that of the address.")
    return Choice(fixed.format, chosen.profiles if chosen else ())


def _negotiated(profile: Profile | None, kind: str) -> Choice:
    """The format of a parameter, else by the header."""
    offered = formats_of(profile or FULL, kind)
    chosen = _by_parameter(offered)
    if chosen is None and request.args.get("form"):
        return Choice(JSONLD)
    return chosen or _by_header(request.headers.get("Accept"), offered)


def _by_header(accept: str | None, offered: Sequence[Format]) -> Choice:
    """What Accept wants most. Of what has no page, a browser gets the JSON-LD: the XML that it names besides is
    not meant for RDF/XML."""
    if HTML not in offered and choose(accept, (HTML, *offered), default=default_variant()).format == HTML:
        with suppress(NotAcceptable):
            return choose(accept, (JSONLD,))
    return choose(accept, offered, default=default_variant())


def _by_parameter(offered: Sequence[Format]) -> Choice | None:
    """What `format` or `_mediatype` names; of two they must be the same."""
    values = [value for key in ("format", "_mediatype") if (value := request.args.get(key)) is not None]
    chosen = [_named(value, offered) for value in values]
    if len({each.format.name for each in chosen}) > 1:
        raise RequestMistaken("The parameters format and _mediatype contradict each other.")
    return chosen[-1] if chosen else None


def _named(value: str, offered: Sequence[Format]) -> Choice:
    value = value.strip()
    fmt = _BY_NAME.get(value)
    if fmt in offered and fmt is not None:
        return Choice(fmt)
    head, quote, rest = value.partition('"')
    mended = _BLANK_IN_TYPE.sub(r"\1+", head) + quote + rest
    return choose(mended if "/" in mended else "none/none", offered)


def _form(chosen: Choice, fixed: Variant | None) -> Form | None:
    """The form of JSON-LD that the parameter names, else the media type's profiles."""
    name = request.args.get("form")
    if name is None:
        return form_asked(chosen.profiles) if chosen.format == JSONLD else None
    if name not in FORMS:
        raise RequestMistaken("There is no such form; there are %(forms)s.", forms=", ".join(FORMS))
    if chosen.format.name not in _OF_JSON:
        if fixed:
            raise RequestMistaken("Only JSON-LD has forms, and the address asks for something else.")
        raise RequestMistaken("Only JSON-LD has forms, and the parameter asks for something else.")
    return FORMS[name]


def _is_plain() -> bool:
    view = request.args.get("view", "")
    if view not in ("", _PLAIN):
        raise RequestMistaken("There is only one view: %(view)s.", view=_PLAIN)
    return view == _PLAIN
