"""Settings: one table of what can be set, read from flags, environment and a TOML file, in that order.

A default works with no file at all. An unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from linkeddata.errors import ConfigurationError
from linkeddata.source_settings import SourceSettings, nearest, read_sources, source_variables, without_credentials
from linkeddata.store_settings import PASSWORD_VARIABLES, STORE_COMPLAINTS, Password, read_password

Value: TypeAlias = str | int | float | bool
#: The one kind of free text that can be mined so far.
MINING_RULE: Final = "eprints-citation"
#: The dumps there can be.
DUMPS: Final = frozenset({"nq", "jsonld"})
#: What `server.default_variant` may name: the suffixes of documents.
VARIANTS: Final = ("html", "jsonld", "ttl", "json", "nt", "rdf", "nq", "trig")
FILE_NAME: Final = "linkeddata.toml"
_PREFIX: Final = "LINKEDDATA_"
_CONFIG: Final = f"{_PREFIX}CONFIG"
#: Names of the environment that are ours and no setting.
_RESERVED: Final = frozenset({_CONFIG, *PASSWORD_VARIABLES})


#: Of characters that may stand between angle brackets (RDF 1.1 N-Triples, section 7, IRIREF).
_URI: Final = re.compile(r"https?://[^\x00-\x20\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: its section and key, its default, and what it is for."""

    section: str
    key: str
    default: Value
    meaning: str

    @property
    def name(self) -> str:
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"{_PREFIX}{self.section}_{self.key}".upper()


SETTINGS: Final = (
    Setting("site", "base_uri", "http://localhost:8080/", "what every URI begins with; identity, set once"),
    Setting("site", "title", "Linked data", "the name of the site"),
    Setting("site", "license", "", "URI of the licence of the data; nothing is stated when empty"),
    Setting("site", "publisher", "", "who publishes the data; nothing is stated when empty"),
    Setting("site", "contact", "", "an e-mail address or web page for people"),
    Setting("site", "language", "en", "language of the title, and of pages whose address names none"),
    Setting("site", "languages", "en de", "languages that pages are offered in"),
    Setting("site", "translations", "", "folder of your own catalogues; relative to the configuration file"),
    Setting("site", "imprint", "", "web address of the imprint"),
    Setting("site", "links", "", "links at the foot of every page: 'Words https://…; Words https://…'"),
    Setting("site", "logo", "", "image file (.svg, .png) before the title; relative to the configuration file"),
    Setting("site", "accent", "", "colour of links and buttons, #rrggbb; checked for contrast"),
    Setting("site", "accent_dark", "", "that of the dark theme; made of the other one when empty"),
    Setting("site", "templates", "", "folder of templates that win over ours; relative to the configuration file"),
    Setting("store", "path", "data", "the data directory; relative to the configuration file"),
    Setting("store", "keep", 5, "how many editions stay when a new one is issued"),
    Setting("store", "dumps", "nq jsonld", "which dumps are written; that of all statements (nq) always is"),
    Setting("store", "endpoint", "", "SPARQL server that keeps the graph; in the data directory when empty"),
    Setting("store", "update_endpoint", "", "where that server takes updates; at its endpoint when empty"),
    Setting("store", "graph", "", "named graph in that server; its default graph when empty"),
    Setting("store", "server", "auto", "what kind of server it is; auto asks it"),
    Setting("store", "user", "", "user that may write there; the password is set by the environment"),
    Setting("store", "batch_kb", 256, "kilobytes of statements sent to it in one request"),
    Setting("mapping", "mine", MINING_RULE, "what is mined from free text; nothing when empty"),
    Setting("mapping", "overrides", "", "your own mapping over ours; relative to the configuration file"),
    Setting("mapping", "sources", "", "names of sources; of records with one id, that of the first named wins"),
    Setting("mapping", "refused_share", 1.0, "share of refused records above which nothing is published; 1: never"),
    Setting("mapping", "processes", 0, "how many processes translate; 0: as many as there are processors"),
    Setting("sparql", "workers", 3, "how many processes answer queries, shared out among those of server.processes"),
    Setting("sparql", "timeout", 30.0, "seconds after which a query is ended"),
    Setting("sparql", "queue_seconds", 1.5, "seconds that a query waits for a free process, then 503"),
    Setting("sparql", "client_seconds", 60.0, "seconds of query time that one client has in a minute; 0: any number"),
    Setting("sparql", "memory_mb", 1024, "memory of a query process, in MiB"),
    Setting("sparql", "max_rows", 100_000, "rows after which an answer is cut, and says so"),
    Setting("sparql", "max_query_bytes", 65_536, "longest query, in bytes"),
    Setting("server", "listen", "localhost:8080", "host and port to listen on; port 0 takes a free one"),
    Setting("server", "default_variant", "html", "what a client gets that does not say what it wants"),
    Setting("server", "processes", 1, "how many processes answer, each with its share of the query processes"),
    Setting("server", "threads", 24, "how many requests are answered at once"),
    Setting("server", "cache_mb", 64, "memory for finished answers, in MiB; 0 keeps none"),
    Setting("server", "behind_proxy", 0, "how many proxies of yours a request comes through"),
    Setting("server", "rate", 0.0, "requests a second that one client may send in the long run; 0: any number"),
    Setting("server", "burst", 200, "requests that one client may send at once, beside that"),
    Setting("metrics", "listen", "", "host and port where /metrics is read; nowhere when empty"),
    Setting("metrics", "folder", "", "folder in which processes count together; a temporary one when empty"),
    Setting("log", "format", "text", "how the server's log is written: text, or json, one object a line"),
    Setting("log", "level", "info", "the least that the server logs: debug, info, warning or error"),
    Setting("log", "requests", "none", "requests that get a line: all, errors (status 500 and above) or none"),
    Setting("log", "clients", "network", "what that line says of the client: its address, its network or none"),
)
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their values, and where each came from."""

    values: Mapping[str, Value]
    origins: Mapping[str, str]
    file: Path
    here: Path
    sources: tuple[SourceSettings, ...] = ()
    store_password: Password = field(default_factory=Password)

    def text(self, name: str) -> str:
        return str(self.values[name])

    def whole(self, name: str) -> int:
        return int(self.values[name])

    def number(self, name: str) -> float:
        return float(self.values[name])

    @property
    def base_uri(self) -> str:
        return self.text("site.base_uri")

    @property
    def data(self) -> Path:
        """The data directory, absolute."""
        return self._path("store.path")

    @property
    def overrides(self) -> str:
        """The file of the operator's own mapping, absolute; empty where there is none."""
        return str(self._path("mapping.overrides")) if self.text("mapping.overrides") else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the pages, the usual one first."""
        return tuple(dict.fromkeys([self.text("site.language"), *self.text("site.languages").split()]))

    @property
    def translations(self) -> Path | None:
        """The folder of the operator's own catalogues, absolute; None where there is none."""
        return self.path_of("site.translations")

    def path_of(self, name: str) -> Path | None:
        """The file or folder that a setting names, absolute; None where it names none."""
        return self._path(name) if self.text(name) else None

    @property
    def rank(self) -> tuple[str, ...]:
        """Names of sources, those set or as they are configured; of records with one id, that of the first wins."""
        return tuple(self.text("mapping.sources").split()) or tuple(source.name for source in self.sources)

    @property
    def listen(self) -> tuple[str, int]:
        """Host and port."""
        return _host_and_port(self.text("server.listen"))

    def address(self, name: str) -> tuple[str, int] | None:
        """The host and port that a setting names; None where it is empty."""
        return _host_and_port(self.text(name)) if self.text(name) else None

    def _path(self, name: str) -> Path:
        """A path; a relative one begins where the file stands that names it, else at the working folder."""
        folder = self.file.parent if self.origins[name] == self.file.name else self.here
        return (folder / self.text(name)).absolute()


def read_settings(
    flags: Mapping[str, Value | None], environment: Mapping[str, str], *, file: Path | None = None, here: Path
) -> Settings:
    """The settings in force. `flags` by name (`site.base_uri`; None is not given), `here` the working folder.

    The file is the one given, else the one the environment names, else `linkeddata.toml` in `here`
    where there is one. ConfigurationError names the file or variable, the key and what is wrong.
    """
    named = file or (Path(environment[_CONFIG]) if environment.get(_CONFIG) else None)
    path = named or here / FILE_NAME
    values: dict[str, Value] = {setting.name: setting.default for setting in SETTINGS}
    origins = dict.fromkeys(values, "default")
    table = _from_file(path) if named or path.is_file() else {}
    sources = read_sources(table.pop("source", []), path.name, environment)
    layers: list[tuple[str, Mapping[str, Any]]] = [
        (path.name, _by_name(table, path.name)),
        ("environment", _from_environment(environment, source_variables(sources))),
        ("flag", flags),
    ]
    for origin, layer in layers:
        for name, value in layer.items():
            if value is not None:
                values[name], origins[name] = _checked(name, value, origin), origin
    password = read_password(environment, user=str(values["store.user"]))
    return Settings(values, origins, path, here, sources, password)


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise ConfigurationError(f"{path}: {problem.strerror}") from problem
    except ValueError as problem:
        raise ConfigurationError(f"{path}: {problem}") from problem


def _by_name(table: Mapping[str, Any], origin: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for section, rows in table.items():
        if not isinstance(rows, dict):
            raise ConfigurationError(f"{origin}: {section!r} stands outside any section{nearest(section, _BY_NAME)}")
        found |= {f"{section}.{key}": value for key, value in rows.items()}
    return found


def _from_environment(environment: Mapping[str, str], of_sources: set[str]) -> dict[str, str]:
    known = {setting.variable: setting.name for setting in SETTINGS}
    found: dict[str, str] = {}
    for variable, value in environment.items():
        if not variable.startswith(_PREFIX) or variable in _RESERVED | of_sources:
            continue
        if variable not in known:
            raise ConfigurationError(
                f"environment: unknown variable {variable}{nearest(variable, {*known, *of_sources})}"
            )
        found[known[variable]] = value
    return found


def _checked(name: str, value: Any, origin: str) -> Value:
    setting = _BY_NAME.get(name)
    if name == "store.password":
        raise ConfigurationError(f"{origin}: a password is set by the environment, {' or '.join(PASSWORD_VARIABLES)}")
    if setting is None:
        raise ConfigurationError(f"{origin}: unknown setting {name}{nearest(name, _BY_NAME)}")
    kind = type(setting.default)
    try:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(value)
        if kind is int and isinstance(value, float):
            raise ValueError(value)  # `int` would cut 2.7 to 2 without a word
        read: Value = kind(value)
    except ValueError as problem:
        raise ConfigurationError(f"{origin}: {name} = {value!r} should be {_KINDS[kind]}") from problem
    if complaint := _COMPLAINTS.get(name, _no_complaint)(str(read)):
        raise ConfigurationError(f"{origin}: {name} = {without_credentials(repr(value))} {complaint}")
    return read


_KINDS = {str: "text", int: "a whole number", float: "a number"}


def _no_complaint(_: str) -> str:
    return ""


def _about_uri(uri: str) -> str:
    try:
        parts = urlsplit(uri)
        host, user = parts.hostname, parts.username
    except ValueError:  # a bracket that is not closed
        return "cannot be read as a URI"
    if not _URI.fullmatch(uri) or not host or parts.query or parts.fragment:
        return "should be an absolute http or https URI without query and fragment"
    if user is not None:
        return "should hold no user and password; it stands in every URI"
    return "" if uri.endswith("/") else "should end in a slash"


def _about_licence(uri: str) -> str:
    return "should be an absolute URI" if uri and not _URI.fullmatch(uri) else ""


def _about_colour(text: str) -> str:
    return "" if re.fullmatch(r"(?:#[0-9a-fA-F]{6})?", text) else "should be a colour such as #0b5a6b"


def _about_languages(text: str) -> str:
    is_right = all(re.fullmatch(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*", each) for each in text.split())
    return "" if is_right and text.split() else "should be language tags such as en, de, pt-BR"


def _about_mining(text: str) -> str:
    return "" if set(text.split()) <= {MINING_RULE} else f"should be {MINING_RULE!r} or empty"


def _about_listen(text: str) -> str:
    host, colon, port = text.rpartition(":")
    return "" if host and colon and port.isdecimal() and int(port) < 65536 else "should be host:port"


def _about_other_listen(text: str) -> str:
    return _about_listen(text) if text else ""


def _one_of(*words: str) -> Callable[[str], str]:
    return lambda text: "" if text in words else f"should be one of {', '.join(words)}"


def _about_variant(text: str) -> str:
    return "" if text in VARIANTS else f"should be one of {', '.join(VARIANTS)}"


def _about_share(text: str) -> str:
    return "" if 0 <= float(text) <= 1 else "should be from 0 to 1"


def _about_count(text: str) -> str:
    return "" if 0 < float(text) < math.inf else "should be more than nothing, and no endless number"


def _about_dumps(text: str) -> str:
    return "" if set(text.split()) <= DUMPS else f"should be some of: {' '.join(sorted(DUMPS))}"


def _about_number(text: str) -> str:
    return "" if 0 <= float(text) < math.inf else "should not be less than nothing, and no endless number"


_COMPLAINTS = {
    **STORE_COMPLAINTS,
    "site.base_uri": _about_uri,
    "site.license": _about_licence,
    "site.imprint": _about_licence,
    "site.accent": _about_colour,
    "site.accent_dark": _about_colour,
    "site.language": _about_languages,
    "site.languages": _about_languages,
    "mapping.mine": _about_mining,
    "mapping.refused_share": _about_share,
    "server.listen": _about_listen,
    "server.default_variant": _about_variant,
    "metrics.listen": _about_other_listen,
    "log.format": _one_of("text", "json"),
    "log.level": _one_of("debug", "info", "warning", "error"),
    "log.requests": _one_of("all", "errors", "none"),
    "log.clients": _one_of("address", "network", "none"),
    **{f"sparql.{key}": _about_count for key in ("workers", "timeout", "memory_mb", "max_rows", "max_query_bytes")},
    "server.threads": _about_count,
    "server.processes": _about_count,
    "sparql.queue_seconds": _about_number,
    "sparql.client_seconds": _about_number,
    "server.cache_mb": _about_number,
    "server.burst": _about_count,
    "server.rate": _about_number,
    "server.behind_proxy": _about_number,
    "store.keep": _about_count,
    "store.dumps": _about_dumps,
}
