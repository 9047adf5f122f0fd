"""Templates as they are compiled: what is the same on all pages stands in them, in each language, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader
from markupsafe import Markup

from linkeddata.representations.parts import Text
from linkeddata.web.printing import plain, plainly, show
from linkeddata.web.templating import Environment, Phrases
from linkeddata.web.tongues import phrases
from linkeddata.wording import ENGLISH, Wording
from linkeddata.wording.catalogues import read_languages

HOSTILE = """<b title="x">'&'</b>"""
GERMAN = read_languages(["de"]).usual
ALIKE = {"site": SimpleNamespace(title=HOSTILE, links=(1, 2)), "root": "/data/", "assets": {"a.css": "/a.css"}}


def site(template: str, words: Wording, said: Phrases) -> Flask:
    """An application with one template, and a frame for it."""
    app = Flask(__name__)
    app.jinja_environment = Environment
    app.jinja_env.loader = DictLoader(
        {"page.html": template, "frame.html": "<{% block main %}{% endblock %}|{{ root }}>"}
    )
    assert isinstance(app.jinja_env, Environment)
    app.jinja_env.speak(lambda: words, said, ALIKE)
    return app


def printed(template: str, words: Wording = ENGLISH) -> str:
    """What a template prints in a language."""
    app = site(template, words, phrases)
    with app.test_request_context("/"):
        return render_template("page.html", **ALIKE, tongue=words)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{ _("Subjects") }}', "Schlagwörter"),
        ('{{ _("%(count)s more", count="<") }}', "&lt; more"),
        ("{{ root }}x{{ assets['a.css'] }}", "/data/x/a.css"),
        ("{{ site.title }}", str(Markup.escape(HOSTILE))),
        ("{% for each in site.links %}{{ each }}{% endfor %}", "12"),
        ("{{ tongue.language }}", "de"),
        ('{% extends "frame.html" %}{% block main %}{{ root }}{% endblock %}', "</data/|/data/>"),
    ],
)
def test_what_all_pages_say_is_said(template: str, text: str) -> None:
    """In the language in hand, escaped, in parents too; what is no text is left to the time of printing."""
    assert printed(template, GERMAN) == text


@pytest.mark.parametrize(
    "template",
    [
        "{% macro print(root) %}{{ root }}{% endmacro %}{{ print('own') }}",
        "{% for root in ['own'] %}{{ root }}{% endfor %}",
        "{% set root = 'own' %}{{ root }}",
    ],
)
def test_name_that_a_template_gives_itself_is_its_own(template: str) -> None:
    """A parameter, a member of a list or a variable that is called like something of the site is not that."""
    assert printed(template) == "own"


def test_message_is_said_once_however_often_a_page_is_printed() -> None:
    """But for one with values, which is another each time."""
    asked: list[str] = []

    def heard(message: str, **_: object) -> str:
        asked.append(message)
        return message

    app = site('{{ _("Plain") }} {{ _("Valued", count=count) }}', ENGLISH, lambda _: {"_": heard})
    with app.test_request_context("/"):
        assert [render_template("page.html", count=count) for count in range(3)] == ["Plain Valued"] * 3
    assert asked == ["Plain", "Valued", "Valued", "Valued"]


@pytest.mark.parametrize(
    "text", [Text(HOSTILE), Text(HOSTILE, HOSTILE, HOSTILE, HOSTILE), Text(HOSTILE, moment=HOSTILE)]
)
def test_text_is_printed_escaped(text: Text) -> None:
    """In every part, with few elements or with all."""
    escaped = str(Markup.escape(HOSTILE))
    for html in (show(text, HOSTILE, words=ENGLISH), plain(text), plainly([text, text])):
        assert escaped in html
        assert HOSTILE not in html
        assert html.count(escaped) == html.count("title=")
