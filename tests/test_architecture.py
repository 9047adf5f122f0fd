"""The floors and walls of the house: who may import whom, read from the source and not from running it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "linkeddata"

#: Each room and the rooms it may import, from the ground up.
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "record": set(),
    "interrupts": set(),
    "postponing": set(),
    "source_settings": {"errors"},
    "store_settings": {"source_settings", "errors"},
    "config": {"source_settings", "store_settings", "errors"},
    "report": {"record"},
    "sources": {"record", "errors"},
    "vocabulary": {"errors"},
    # The process that runs a stranger's query: it starts the quicker the less it imports.
    "querying": set(),
    "store": {"querying", "interrupts", "errors"},
    "crosswalk": {"record", "vocabulary", "errors"},
    "catalogue": {"store", "vocabulary", "errors"},
    "wording": {"vocabulary", "errors"},
    "representations": {"wording", "vocabulary", "errors"},
    "ordered_pool": {"interrupts", "errors"},
    "translate": {"ordered_pool", "crosswalk", "catalogue", "vocabulary", "record", "errors"},
    # What a mapping job leaves in a folder; those who load it know nothing of a cluster.
    "mapped": {"translate", "catalogue", "record", "errors"},
    "documents": {"representations", "vocabulary", "errors"},
    "publish": {
        *("mapped", "translate", "crosswalk", "catalogue", "documents", "vocabulary", "report", "record", "errors"),
    },
    # Maps on many machines with what one machine maps with: translation as it is, and the same order of lines.
    "spark": {
        *("mapped", "translate", "crosswalk", "catalogue", "sources", "vocabulary", "report", "record", "errors"),
    },
    # Copies finished editions; from the sources it takes how a web server is asked.
    "replication": {"sources", "catalogue", "vocabulary", "errors"},
    "check": {"crosswalk", "catalogue", "vocabulary", "record", "errors"},
    # Holds what the mapping makes now against what the doors say, so it knows translation as well as formats, but
    # no HTTP: it is given what asks.
    "verify": {"translate", "crosswalk", "catalogue", "representations", "vocabulary", "errors"},
    "configured": {"catalogue", "config", "errors"},
    "web": {"configured", "catalogue", "representations", "wording", "vocabulary", "config", "interrupts", "errors"},
    "cli": {
        *("publish", "replication", "check", "verify", "spark", "mapped", "wording"),
        *("web", "configured", "catalogue", "crosswalk", "representations", "sources", "vocabulary"),
        *("config", "source_settings", "report", "record", "postponing"),
        "errors",
    },
    "__main__": {"cli"},
}
#: The package's own file holds the version, which anybody may ask for.
GROUND = ""
#: Foreign libraries and the files or rooms that may know them; a library that stands nowhere is known nowhere.
WALLS: dict[str, tuple[str, ...]] = {
    "SPARQLWrapper": ("store/remote.py",),
    # Plural forms, numbers and dates of a language, and catalogues of messages.
    "babel": ("wording/",),
    "brotli": ("web/encoding.py",),
    "click": ("cli/",),
    "flask": ("web/",),
    "jinja2": ("web/",),
    "markupsafe": ("web/",),
    "lxml": ("sources/xml.py",),
    # The client of S3-compatible stores.
    "obstore": ("replication/in_bucket.py",),
    "orjson": (
        *("catalogue/manifest.py", "replication/index.py"),
        *("sources/json_object.py", "publish.py", "translate.py", "representations/", "web/", "cli/"),
        *("mapped/", "spark/job.py", "verify/graphs.py"),
    ),
    # Its processor is needed for the forms of JSON-LD that our own writer does not make.
    # And it reads back what was written, by no hand of ours.
    "pyld": ("representations/jsonld", "verify/graphs.py"),
    "prometheus_client": ("web/metrics.py",),
    "pymarc": ("sources/marc.py",),
    "pyoxigraph": (
        *("querying/query_process.py", "querying/cutting.py", "store/embedded.py", "store/relay.py"),
        *("representations/rdf.py", "verify/graphs.py"),
    ),
    "pyshacl": ("crosswalk/shapes.py",),
    # A cluster's own library, and its bridge to Java.
    "py4j": ("spark/session.py",),
    "pyspark": ("spark/session.py", "spark/lines.py", "spark/job.py"),
    # What is asked for by the thousand, a document, is made of tokens.
    "rdflib": ("vocabulary/", "crosswalk/", "catalogue/", "publish.py", "cli/"),
    # Two files of an edition: its register, and its search index, which has its words and its spelling.
    # And a register of another version, as it is read now.
    "sqlite3": (
        *("catalogue/register.py", "catalogue/register_writer.py", "catalogue/rehashing.py"),
        *("catalogue/search_", "catalogue/spelling.py"),
    ),
    # Sources are read whole, in memory; files of editions are larger, and continued where they broke off.
    "urllib3": ("sources/http.py", "replication/over_http.py"),
    "waitress": ("web/server.py", "web/connections.py"),
    "werkzeug": ("web/", "representations/formats.py"),
    "xxhash": ("catalogue/translation.py",),
    "zstandard": ("catalogue/kept.py", "catalogue/sorted_lines.py", "sources/unpacking.py"),
}
#: Parts of the standard library that have a wall too.
WALLED_STANDARD = {"sqlite3"}
LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 400, 30, 8
#: Functions that are longer (`room/file.py:function`), each with its reason.
LONG_FUNCTIONS: dict[str, str] = {}


@dataclass(frozen=True)
class Module:
    """A file of the package and what it imports."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def room(self) -> str:
        first = self.path.relative_to(PACKAGE).parts[0]
        return GROUND if first == "__init__.py" else first.removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"))

    @cached_property
    def imports(self) -> set[str]:
        """Dotted names of all modules imported, with `from a import b` as `a.b` where that is one of our files."""
        return {name for node in ast.walk(self.tree) for name in _imported(node)}

    @property
    def ours(self) -> set[Path]:
        """The files of ours that it imports."""
        return {_file(name) for name in self.imports if name.split(".")[0] == PACKAGE.name}

    @property
    def foreign(self) -> set[str]:
        """The libraries that it imports, less those of Python that stand behind no wall."""
        tops = {name.split(".")[0] for name in self.imports} - {PACKAGE.name}
        return {top for top in tops if top not in sys.stdlib_module_names or top in WALLED_STANDARD}

    @property
    def functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{self.name}:{node.name}", node


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide the room they lead to"
        module = node.module or ""
        return [inner if _file(inner) else module for inner in (f"{module}.{alias.name}" for alias in node.names)]
    return []


def _file(name: str) -> Path | None:
    """The file of ours that a dotted name stands for."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
BY_PATH = {module.path: module for module in MODULES}
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)


def test_every_file_lives_in_a_room() -> None:
    assert {module.room for module in MODULES} <= {GROUND, *ROOMS}


def test_rooms_stand_above_what_they_import() -> None:
    """The table itself has no loop: each room imports only rooms that are named before it."""
    order = list(ROOMS)
    assert all(order.index(lower) < order.index(room) for room, lowers in ROOMS.items() for lower in lowers)


@every_module
def test_imports_only_from_rooms_allowed(module: Module) -> None:
    """From its own room, the rooms of its row in the table, and nothing above or beside."""
    rooms = {BY_PATH[path].room for path in module.ours}
    assert rooms - {module.room, GROUND} <= ROOMS.get(module.room, set())


@every_module
def test_foreign_libraries_stay_behind_their_walls(module: Module) -> None:
    assert [library for library in module.foreign if not module.name.startswith(WALLS.get(library, ()))] == []


@every_module
def test_no_import_hides_in_a_function(module: Module) -> None:
    hidden = [
        f"{name}, line {node.lineno}"
        for name, function in module.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_files_import_each_other_without_loops() -> None:
    done: set[Path] = set()

    def visit(path: Path, way: tuple[Path, ...]) -> None:
        assert path not in way, " -> ".join(BY_PATH[step].name for step in (*way, path))
        if path not in done:
            for following in BY_PATH[path].ours:
                visit(following, (*way, path))
            done.add(path)

    for module in MODULES:
        visit(module.path, ())


@every_module
def test_file_is_not_two_files(module: Module) -> None:
    assert len(module.path.read_text("utf-8").splitlines()) <= LONGEST_FILE


def lengths() -> dict[str, int]:
    """Lines of each function from its `def` to its end, less those of functions within it.

    So the routes of a door count each for itself, and not together as one long `blueprint`.
    """
    functions = [pair for module in MODULES for pair in module.functions]
    return {f"{name}, line {node.lineno}": _length(node) - sum(map(_length, _within(node))) for name, node in functions}


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _within(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions directly within another, not those within these."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        else:
            yield from _within(child)


def test_functions_fit_on_a_screen() -> None:
    """Those that do not stand in the table with their reason, and no others do."""
    long = {name.partition(",")[0] for name, length in lengths().items() if length > LONGEST_FUNCTION}
    assert long == set(LONG_FUNCTIONS)


def test_most_functions_are_short() -> None:
    assert median(lengths().values()) <= MEDIAN_FUNCTION
