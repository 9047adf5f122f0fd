"""What is printed without a template holds nothing unescaped: neither values nor messages."""

from __future__ import annotations

from collections.abc import Callable
from gettext import NullTranslations

import pytest

from linkeddata.representations.issue_groups import Item
from linkeddata.representations.parts import Data, Offer, Row, Text
from linkeddata.representations.statement_table import StatementRow, StatementTable
from linkeddata.web.printing import data_card, rows, show, works
from linkeddata.web.record_printing import rest, statements
from linkeddata.wording import Wording

ODD = "'\"<i>&"


class _Odd(NullTranslations):
    """A catalogue whose messages end in all that must not stand in HTML as it is."""

    def gettext(self, message: str) -> str:
        return message + ODD


WORDS = Wording("en", _Odd())
TEXT = Text(ODD, ODD, ODD, ODD, mined=True)
DATA = Data(ODD, ODD, (Offer(ODD, ODD, ODD),), Offer(ODD, ODD, ODD))


@pytest.mark.parametrize(
    "prints",
    [
        lambda: show(TEXT, ODD, words=WORDS),
        lambda: rows([Row(ODD, (TEXT, Text(ODD * 6000)))], words=WORDS),
        lambda: works([Item(TEXT, ODD, ODD)], words=WORDS),
        lambda: data_card(DATA, ODD, words=WORDS),
        lambda: rest(1000, words=WORDS),
        lambda: statements(StatementTable((StatementRow(ODD, ODD, (TEXT,), ODD, True),), 1, 1, 1), words=WORDS),
    ],
    ids=["text", "rows", "works", "data", "rest", "statements"],
)
def test_everything_printed_is_escaped(prints: Callable[[], str]) -> None:
    """An operator's own catalogue may hold quotes, as a record may."""
    html = prints()
    assert "&#39;&#34;&lt;i&gt;&amp;" in html
    assert not any(part in html for part in (ODD, "'\"", "<i>"))
