"""The messages of this software, read from its own source: what a catalogue has to translate."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_METHODS: Final = [
    ("wording/**.py", "ignore"),
    ("representations/**.py", "python"),
    ("store/**.py", "python"),
    ("web/**.py", "python"),
    ("web/templates/**.html", "jinja2.ext:babel_extract"),
]
_OPTIONS: Final = {"web/templates/**.html": {"trim_blocks": "true", "encoding": "utf-8"}}
#: What marks a message: `_` and `ngettext` in templates; `say`, `plural` and, where it is said later, `marked` in code;
#: and every error that visitors may read.
_ERRORS: Final = (
    *("QueryMalformed", "QueryForbidden", "QueryTooCostly", "QueryQueueFull", "QueryBudgetSpent"),
    *("NotAcceptable", "RequestMistaken"),
)
_KEYWORDS: Final = {
    **{"_": None, "ngettext": (1, 2), "say": None, "plural": (1, 2), "marked": None},
    **dict.fromkeys(_ERRORS),
    "Refusal": (2,),
}


def messages() -> Catalog:
    """Every message of templates, page models and doors, in the order of their files, untranslated."""
    found = Catalog(project="linkeddata", fuzzy=False)
    rows = extract_from_dir(_PACKAGE, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
    for file, line, message, _, context in sorted(rows, key=lambda row: (row[0], row[1])):
        found.add(message, locations=[(file, line)], context=context)
    return found
