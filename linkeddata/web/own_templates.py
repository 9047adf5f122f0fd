"""Templates of a site's own, which win over ours of the same name. One that would fail on its page stops the start."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from linkeddata.errors import ConfigurationError


def use_templates(app: Flask, folder: Path | None) -> None:
    """Let templates in a folder win over ours of the same name; ours are to be had as `ours/NAME`, too.

    To be called when the application gives its templates all that it gives them. ConfigurationError names the file, and
    the line where one cannot be read, or asks for a template, a filter or a name that is not there.
    """
    ours = app.jinja_loader
    if ours is None or folder is None:
        return
    if not folder.is_dir():
        raise ConfigurationError(f"site.templates: {folder} is no folder")
    own: list[BaseLoader] = [FileSystemLoader(folder), ours, PrefixLoader({"ours": ours})]
    app.jinja_loader = ChoiceLoader(own)
    known = _Known(app.jinja_env, ours, frozenset(app.jinja_loader.list_templates()), _given_alike(app))
    for file in sorted(folder.rglob("*.html")):
        for line, fault in _faults(file, file.relative_to(folder).as_posix(), known):
            raise ConfigurationError(f"{file}, line {line}: {fault}")


def _given_alike(app: Flask) -> frozenset[str]:
    """The names that every template is given."""
    context = dict[str, object]()
    with app.test_request_context("/"):
        app.update_template_context(context)
        return frozenset({*context, *app.jinja_env.get_or_select_template("error.html").globals})


@dataclass(frozen=True)
class _Known:
    """What a site's own templates may ask for: the names of all templates, and what all are given."""

    environment: Environment
    ours: BaseLoader
    templates: frozenset[str]
    alike: frozenset[str]

    @cached_property
    def by_template(self) -> dict[str, Set[str]]:
        """What each of ours asks for, and so is given."""
        trees = {name: self._tree(name) for name in self.ours.list_templates() if name.endswith(".html")}
        return {name: find_undeclared_variables(tree) for name, tree in trees.items()}

    def _tree(self, name: str) -> nodes.Template:
        return self.environment.parse(self.ours.get_source(self.environment, name)[0], name)

    def names(self, template: str) -> Set[str]:
        """What a template is given; one that is like none of ours may stand in any."""
        own = self.by_template.get(template)
        return self.alike.union(*(self.by_template.values() if own is None else [own]))


def _faults(file: Path, name: str, known: _Known) -> Iterator[tuple[int, str]]:
    """What is wrong with a template, each with its line."""
    try:
        tree = known.environment.parse(file.read_text("utf-8"), name, str(file))
        unknown = find_undeclared_variables(tree) - known.names(name) - _asked_about(tree)
    except TemplateSyntaxError as problem:
        yield problem.lineno, problem.message or ""
        return
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigurationError(f"{file}: cannot be read as text in UTF-8") from problem
    yield from ((each.lineno, f"there is no template {wanted!r}") for each, wanted in _wanted(tree, known.templates))
    yield from (
        (each.lineno, f"there is nothing called {each.name!r}") for each in _named(tree) if each.name in unknown
    )


def _named(tree: nodes.Template) -> Iterator[nodes.Name]:
    return (name for name in tree.find_all(nodes.Name) if name.ctx == "load")


def _asked_about(tree: nodes.Template) -> Set[str]:
    """Names of which a template asks whether they are defined."""
    tests = (test.node for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined"))
    return {each.name for each in tests if isinstance(each, nodes.Name)}


def _wanted(tree: nodes.Template, templates: Set[str]) -> Iterator[tuple[nodes.Node, str]]:
    """The templates that one is built on but that are not there."""
    for node in tree.find_all(nodes.Stmt):
        if isinstance(node, nodes.Extends | nodes.Import | nodes.FromImport | nodes.Include):
            may_miss = isinstance(node, nodes.Include) and node.ignore_missing
            wanted = node.template.value if isinstance(node.template, nodes.Const) else None
            if isinstance(wanted, str) and wanted not in templates and not may_miss:
                yield node, wanted
