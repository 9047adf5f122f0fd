"""How a site looks: an accent colour that can be read, own files and templates that win; wrong ones are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

import linkeddata
from linkeddata.errors import ConfigurationError
from linkeddata.web import create_app
from linkeddata.web.looks import LEAST_CONTRAST, SURFACES, accent_sheet, contrast

from .conftest import settings_for

STYLE = Path(linkeddata.__file__).parent / "web" / "static" / "site.css"
COLOURS = ("#0b5a6b", "#8a0f2d", "#1b4d89", "#000000", "#5a3d00", "#6b2fa0")


def with_site(data: Path, **settings: str) -> Flask:
    """The application over the sample with settings of its section `site`."""
    app = create_app(settings_for(data, **{f"site__{name}": value for name, value in settings.items()}))
    app.extensions["current"].close()
    return app


@pytest.mark.parametrize("colour", COLOURS)
def test_accent_can_be_read_in_both_themes(colour: str) -> None:
    """On page, card and chip, and the letters on it too (WCAG 2.2, 1.4.3)."""
    found = re.findall(r"scheme: (\w+)\).*--accent: (#\w+); --accent-ink: (#\w+)", accent_sheet(colour, ""))
    assert [theme for theme, _, _ in found] == ["light", "dark"]
    for theme, accent, ink in found:
        assert min(contrast(accent, each) for each in (*SURFACES[theme], ink)) >= LEAST_CONTRAST


def test_surfaces_are_those_of_the_style_sheet() -> None:
    """The colours that are checked against are the ones that are there."""
    css = STYLE.read_text("utf-8").replace("#fff;", "#ffffff;")
    light, dark = re.findall(r"--bg: (#\w+); --card: (#\w+);", css)[:2]
    chips = re.findall(r"--chip: (#\w+);", css)[:2]
    assert {"light": (*light, chips[0]), "dark": (*dark, chips[1])} == SURFACES


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"accent": "#ffcc00"}, r"site.accent = '#ffcc00' is hard to read in the light theme: .* is 1\.\d, .* 4.5"),
        ({"accent": "#0b5a6b", "accent_dark": "#0b5a6b"}, "site.accent_dark = '#0b5a6b' is hard to read in the dark"),
        ({"accent": "red"}, "site.accent = 'red' should be a colour such as #0b5a6b"),
        ({"logo": "missing.svg"}, r"site.logo: .*missing.svg: No such file"),
        ({"logo": "logo.exe"}, r"should end in .svg or .png"),
        ({"links": "javascript:alert(1)"}, "site.links: 'javascript:alert"),
        ({"links": "Help javascript:alert(1)"}, "should be words and a web address"),
        ({"imprint": "here"}, "site.imprint = 'here' should be an absolute URI"),
        ({"languages": "en, de"}, "site.languages = 'en, de' should be language tags"),
        ({"languages": "en fr"}, "there is no catalogue for 'fr'"),
        ({"templates": "nowhere"}, "site.templates: .*nowhere is no folder"),
    ],
)
def test_what_cannot_be_shown_stops_the_start(sample_data: Path, settings: dict[str, str], complaint: str) -> None:
    """With the setting's name and what is wrong with it."""
    with pytest.raises(ConfigurationError, match=complaint):
        with_site(sample_data, **settings)


def test_accent_is_served_under_an_address_that_names_its_bytes(sample_data: Path) -> None:
    """A style sheet of its own behind ours: no style in the page, so the policy stays as it is."""
    client = with_site(sample_data, accent="#8a0f2d").test_client()
    html = client.get("/about").text
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', html)
    assert re.fullmatch(r"/static/accent\.[0-9a-f]{16}\.css", sheets[1])
    answer = client.get(sheets[1])
    assert "--accent: #8a0f2d" in answer.text and "immutable" in answer.headers["Cache-Control"]


def test_logo_links_and_imprint_are_on_every_page(sample_data: Path, tmp_path: Path) -> None:
    """The logo beside the title, the rest at the foot, in words of the site."""
    logo = tmp_path / "our.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    links = "Our <library> https://lib.example.org/"
    client = with_site(sample_data, logo=str(logo), links=links, imprint="https://lib.example.org/i").test_client()
    html = client.get("/nothing", headers={"Accept": "text/html"}).text
    source = re.search(r'<img src="(/static/logo\.\w+\.svg)" alt=""', html)
    assert source is not None and client.get(source[1]).mimetype == "image/svg+xml"
    assert '<a href="https://lib.example.org/" dir="auto">Our &lt;library&gt;</a>' in html
    assert '<a href="https://lib.example.org/i">Imprint</a>' in html


def test_own_template_wins_and_may_build_on_ours(sample_data: Path, tmp_path: Path) -> None:
    """A file of the same name; the one that it replaces is there as `ours/…`."""
    text = '{% extends "ours/about.html" %}{% block main %}<p>Mine</p>{{ super() }}{% endblock %}'
    plain = with_site(sample_data).test_client().get("/about")
    (tmp_path / "about.html").write_text(text)
    own = with_site(sample_data, templates=str(tmp_path)).test_client().get("/about")
    assert "<p>Mine</p>" in own.text and "<h1>About this site</h1>" in own.text
    assert own.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{% if %}", ""),
        ("{{ pagee.title }}", "there is nothing called 'pagee'"),
        ("{{ site.title|nonsense }}", "No filter named 'nonsense'"),
        ('{% include "nowhere.html" %}', "there is no template 'nowhere.html'"),
        ("{% for page in schema_org %}{% endfor %}", "there is nothing called 'schema_org'"),
    ],
)
def test_own_template_that_would_fail_is_told_with_its_line(
    sample_data: Path, tmp_path: Path, line: str, complaint: str
) -> None:
    """At start, not at the first request: what cannot be read, and what asks for something that is not there."""
    (tmp_path / "about.html").write_text(f"<h1>\n{line}\n")
    with pytest.raises(ConfigurationError, match=rf"about\.html, line 2: .*{complaint}"):
        with_site(sample_data, templates=str(tmp_path))


def test_every_template_of_ours_may_be_a_site_s_own(sample_data: Path, tmp_path: Path) -> None:
    """Copied, or built upon with parts that others share; it may ask whether something is defined."""
    for file in (Path(linkeddata.__file__).parent / "web" / "templates").glob("*.html"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "shared.html").write_text("{{ page.title }}{% if nobody is defined %}{{ nobody }}{% endif %}{{ root }}")
    assert with_site(sample_data, templates=str(tmp_path)).test_client().get("/about").status_code == 200


def test_about_page_says_what_holds_here(sample_data: Path) -> None:
    """Base, limits, licence and contact as they are set, and the rules that the edition was made by."""
    settings = {"site__license": "https://example.org/l", "site__contact": "lib@example.org", "sparql__max_rows": 1234}
    app = create_app(settings_for(sample_data, **settings))
    html = app.test_client().get("/about?lang=de").text
    app.extensions["current"].close()
    assert "1.234 Zeilen in einer Antwort" in html
    assert 'href="mailto:lib@example.org"' in html and 'href="https://example.org/l"' in html
    for rules in re.findall(r'href="(/def/[^"]+)"', html):
        assert app.test_client().get(rules).status_code == 200
