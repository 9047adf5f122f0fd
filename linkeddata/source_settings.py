"""The `[[source]]` sections: one table of what can be said of a source on the network, and its checks.

Each key can also be set by the environment (`LINKEDDATA_SOURCE_EPRINTS_URL` for the `url` of `eprints`).
A password can be set there alone, or in a file that `…_PASSWORD_FILE` names; it is never printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from linkeddata.errors import ConfigurationError

SourceValue: TypeAlias = str | int | float | tuple[str, ...]
SOURCE_KINDS: Final = ("solr", "oai-pmh", "vufind")
_PREFIX: Final = "LINKEDDATA_SOURCE_"
_PASSWORD, _PASSWORD_FILE = "PASSWORD", "PASSWORD_FILE"
_CREDENTIALS: Final = re.compile(r"//[^/?#\s]*@")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One source as it is configured; `origins` says of each key where its value came from."""

    name: str
    kind: str
    url: str
    query: str = "*:*"
    filter: tuple[str, ...] = ()
    since_field: str = "last_indexed"
    fields: tuple[str, ...] = ()
    id_field: str = "id"
    metadata_prefix: str = "oai_dc"
    sets: tuple[str, ...] = ()
    page_size: int = 0
    delay: float = 0.5
    timeout: float = 60.0
    retries: int = 5
    shrink_limit: float = 0.05
    id_pattern: str = ""
    id_replacement: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def secret(self) -> str:
        """The password, empty where there is none. ConfigurationError where its file cannot be read.

        It is read when it is asked for: whoever only serves need not be allowed to read it.
        """
        return read_secret(self.password_file, f"source {self.name}") if self.password_file else self.password

    def shown(self) -> Iterator[tuple[str, SourceValue, str]]:
        """Key, value and origin of everything that can be said, a password as three stars."""
        for key in SOURCE_KEYS:
            yield key, getattr(self, key), self.origins.get(key, "default")
        if self.password or self.password_file:
            yield "password", "***", "environment"


#: What each key is for, in the order in which it is shown.
SOURCE_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "letters, digits, - and _; kept with every record, so set it once",
        "kind": "solr, oai-pmh or vufind (its REST API)",
        "url": "address of the core or its select handler, of the OAI-PMH base URL, or of the API",
        "query": "Solr's query, or what VuFind is asked to look for",
        "filter": "filter query, or a list of them; all must hold",
        "since_field": "field of Solr that says when a document was last indexed",
        "fields": "list of the fields that are fetched; all when empty",
        "id_field": "unique key of Solr",
        "metadata_prefix": "format asked for by OAI-PMH",
        "sets": "set of OAI-PMH, or a list of them; everything when empty",
        "page_size": "records in one answer; 0: what suits the kind",
        "delay": "seconds between two requests",
        "timeout": "seconds of silence after which a request is given up",
        "retries": "how often a request that failed is tried again",
        "shrink_limit": "greatest share of records that an update may withdraw without --allow-shrink",
        "id_pattern": "regular expression; what it meets in an id is replaced",
        "id_replacement": r"what takes its place; \1 is the first group",
        "user": "user name, where the source asks for one; the password is set by the environment",
    }
)
_REQUIRED: Final = ("name", "kind", "url")
_DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType({each.name: each.default for each in fields(SourceSettings)})
_KINDS: Final[Mapping[type, str]] = MappingProxyType(
    {str: "text", int: "a whole number", float: "a number", tuple: "text or a list of texts"}
)


def read_sources(sections: Any, origin: str, environment: Mapping[str, str]) -> tuple[SourceSettings, ...]:
    """The sources of the `[[source]]` sections in their order, what the environment says laid over them.

    `origin` is the name of the file. ConfigurationError names it, the section by its number and name,
    and the key: one that is unknown, missing, or has a value that cannot be.
    """
    if not isinstance(sections, list) or not all(isinstance(section, dict) for section in sections):
        raise ConfigurationError(f"{origin}: a source is a section of its own, headed [[source]]")
    sources: list[SourceSettings] = []
    for number, section in enumerate(sections, start=1):
        place = f"{origin}: [[source]] {number}"
        name = _named(section, place, sources)
        sources.append(_source(section, f"{place} ({name})", _Origins(origin, _set_by(environment, name))))
    return tuple(sources)


def source_variables(sources: Iterable[SourceSettings]) -> set[str]:
    """The names in the environment that say something of these sources."""
    keys = (*(key for key in SOURCE_KEYS if key != "name"), _PASSWORD, _PASSWORD_FILE)
    return {f"{_variable(source.name)}_{key.upper()}" for source in sources for key in keys}


def without_credentials(address: str) -> str:
    """An address as it may be shown.

    >>> without_credentials("https://me:secret@library.example.org/")
    'https://***@library.example.org/'
    """
    return _CREDENTIALS.sub("//***@", address)


def read_secret(file: str, of: str) -> str:
    """The password in a file, without the end of its line; ConfigurationError, naming whose it is, where it is none."""
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a text file"
        raise ConfigurationError(f"password file of {of}: {file}: {reason}") from problem


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: which one was probably meant, if any.

    >>> nearest("filtre", ["filter", "fields"])
    '; did you mean filter?'
    """
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


@dataclass(frozen=True, slots=True)
class _Origins:
    """Where the values of one section come from: the file, and over it what the environment says."""

    file: str
    environment: Mapping[str, str]

    def of(self, key: str, section: Mapping[str, Any]) -> str:
        return "environment" if key.upper() in self.environment else self.file if key in section else "default"


def _variable(name: str) -> str:
    return _PREFIX + name.upper().replace("-", "_")


def _set_by(environment: Mapping[str, str], name: str) -> dict[str, str]:
    """What the environment says of a source, by the upper-case key."""
    beginning = f"{_variable(name)}_"
    keys = {key.upper() for key in SOURCE_KEYS if key != "name"} | {_PASSWORD, _PASSWORD_FILE}
    return {key: environment[beginning + key] for key in keys if beginning + key in environment}


def _named(section: Mapping[str, Any], place: str, others: Sequence[SourceSettings]) -> str:
    """The name, which tells it from the others in the environment, too."""
    name = section.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        wrong = "is missing" if name is None else f"= {name!r} should be a letter, then letters, digits, - and _"
        raise ConfigurationError(f"{place}: name {wrong}")
    same = next((other.name for other in others if _variable(other.name) == _variable(name)), None)
    if same is not None:
        raise ConfigurationError(f"{place} ({name}): its name cannot be told from that of source {same}")
    return name


def _source(section: Mapping[str, Any], place: str, origins: _Origins) -> SourceSettings:
    for key in section:
        if key == "password":
            raise ConfigurationError(f"{place}: a password is set by the environment, {_secrets(section['name'])}")
        if key not in SOURCE_KEYS:
            raise ConfigurationError(f"{place}: unknown key {key}{nearest(key, SOURCE_KEYS)}")
    said = {**section, **{key.lower(): text for key, text in origins.environment.items()}}
    for key in _REQUIRED:
        if key not in said:
            raise ConfigurationError(f"{place}: {key} is missing")
    values = {key: _checked(key, said[key], place) for key in SOURCE_KEYS if key in said}
    secrets: dict[str, Any] = {key: said[key] for key in ("password", "password_file") if key in said}
    _check_secrets(values, secrets, place)
    return SourceSettings(**values, **secrets, origins={key: origins.of(key, section) for key in SOURCE_KEYS})


def _secrets(name: str) -> str:
    return f"{_variable(name)}_{_PASSWORD} or {_variable(name)}_{_PASSWORD_FILE}"


def _check_secrets(values: Mapping[str, Any], secrets: Mapping[str, str], place: str) -> None:
    if len(secrets) > 1:
        raise ConfigurationError(f"{place}: only one of {_secrets(values['name'])} can be set")
    if secrets and not values.get("user"):
        raise ConfigurationError(f"{place}: a password is set, but no user")


def _checked(key: str, value: Any, place: str) -> Any:
    kind = str if key in _REQUIRED else type(_DEFAULTS[key])
    try:
        read = _READERS[kind](value)
    except (TypeError, ValueError) as problem:
        raise ConfigurationError(f"{place}: {key} = {value!r} should be {_KINDS[kind]}") from problem
    if complaint := _COMPLAINTS.get(key, _no_complaint)(read):
        raise ConfigurationError(f"{place}: {key} = {without_credentials(repr(value))} {complaint}")
    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),) if value else ()


def _whole(value: Any) -> int:
    if isinstance(value, (bool, float)):
        raise TypeError(value)
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError(value)
    return float(value)


_READERS: Final[Mapping[type, Callable[[Any], Any]]] = MappingProxyType(
    {str: _text, int: _whole, float: _number, tuple: _texts}
)


def _no_complaint(_: Any) -> str:
    return ""


def _about_kind(kind: str) -> str:
    return "" if kind in SOURCE_KINDS else f"should be one of {', '.join(SOURCE_KINDS)}{nearest(kind, SOURCE_KINDS)}"


def _about_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return "cannot be read as an address"
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url):
        return "should be an absolute http or https address"
    return "should hold no user and password; they are settings of their own" if user is not None else ""


def _about_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as wrong:
        return f"is no regular expression: {wrong}"
    return ""


def _about_amount(number: float) -> str:
    return "" if 0 <= number < float("inf") else "should be nothing or more"


_COMPLAINTS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "kind": _about_kind,
        "url": _about_url,
        "id_pattern": _about_pattern,
        "timeout": lambda number: "" if 0 < number < float("inf") else "should be more than nothing",
        "shrink_limit": lambda share: "" if 0 <= share <= 1 else "should be between 0 and 1",
        **dict.fromkeys(("page_size", "delay", "retries"), _about_amount),
        **{key: lambda text: "" if text else "should not be empty" for key in ("query", "since_field", "id_field")},
    }
)
