"""Templates, compiled for each language apart: what a language or the site says alike on all pages is part of them.

A page says fifty messages and a dozen things of the site. Put in when a template is compiled, they become one text with
what stands around them, and cost nothing when it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template, nodes
from jinja2.compiler import has_safe_repr
from jinja2.visitor import NodeTransformer

from linkeddata.wording import Wording

#: What templates say words with, in the language of a wording.
Phrases: TypeAlias = Callable[[Wording], Mapping[str, Any]]
#: Functions whose values depend on nothing but their arguments and the language.
_SAID_ALIKE: Final = frozenset({"_", "carried", "foreign"})


class Environment(FlaskEnvironment):
    """Flask's environment; a template that it is asked for is that of the language in hand."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._languages: dict[str, Environment] = {}
        self._current: Callable[[], Wording] | None = None
        self._phrases: Phrases = lambda _: {}
        self._alike: Mapping[str, Any] = {}

    def speak(self, current: Callable[[], Wording], phrases: Phrases, alike: Mapping[str, Any]) -> None:
        """Let templates say `phrases` in the language that `current` gives; `alike` is what all are given, by name."""
        self._current, self._phrases, self._alike = current, phrases, alike
        self._languages.clear()

    def get_or_select_template(self, names: Any, parent: str | None = None, globals: Any = None) -> Template:
        """As Jinja's; Flask calls it for every page."""
        if self._current is None:
            return super().get_or_select_template(names, parent, globals)
        return self._in(self._current()).get_or_select_template(names, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """As Jinja's; but where a template has none of its own, one table is compared quicker than a chain of two."""
        return super().make_globals(d) if d else self.globals

    def _in(self, words: Wording) -> Environment:
        """The environment of a language, in which a template's parents and imports are found, too."""
        if (known := self._languages.get(words.language)) is None:
            known = self._languages[words.language] = self.overlay()
            known._current = None
            known._alike = {**self._alike, "tongue": words}
            known.globals = {**self.globals, **self._phrases(words)}
        return known

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        _PutIn(source, self._alike, self.globals).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _PutIn(NodeTransformer):
    """Puts constants into a template: of `alike`, and what functions of `said` give that say always the same."""

    def __init__(self, source: nodes.Template, alike: Mapping[str, Any], said: MutableMapping[str, Any]) -> None:
        # A name that the template itself sets, as a parameter or in a loop, is another thing there.
        own = {name.name for name in source.find_all(nodes.Name) if name.ctx != "load"}
        self._alike = {name: value for name, value in alike.items() if name not in own}
        self._said = {name: said[name] for name in _SAID_ALIKE - own if name in said}

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        return self._constant(node, self._alike.get(node.name))

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        if isinstance(node.node, nodes.Name) and node.node.name in self._alike:
            return self._constant(node, getattr(self._alike[node.node.name], node.attr, None))
        return self.generic_visit(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        if isinstance(node.node, nodes.Name) and node.node.name in self._alike and isinstance(node.arg, nodes.Const):
            return self._constant(node, self._alike[node.node.name].get(node.arg.value))
        return self.generic_visit(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        is_plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if is_plain and isinstance(node.node, nodes.Name) and node.node.name in self._said:
            arguments = [each.value for each in node.args if isinstance(each, nodes.Const)]
            if len(arguments) == len(node.args):
                return self._constant(node, self._said[node.node.name](*arguments))
        return self.generic_visit(node)

    def _constant(self, node: nodes.Node, value: object) -> nodes.Node:
        return node if value is None or not has_safe_repr(value) else nodes.Const(value, lineno=node.lineno)
