"""How a site looks beside ours: its accent colour, its logo, its own links. Wrong ones stop the start."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from linkeddata.config import Settings
from linkeddata.errors import ConfigurationError
from linkeddata.representations.parts import Text, safe_href

#: What stands behind letters in the accent colour, by theme: page, card and chip of `static/site.css`.
SURFACES: Final = {"light": ("#fbfaf7", "#ffffff", "#eaf2f3"), "dark": ("#14171a", "#1c2024", "#22333a")}
#: Web Content Accessibility Guidelines 2.2, 1.4.3 (AA).
LEAST_CONTRAST: Final = 4.5
ACCENT: Final = "accent.css"
_INKS: Final = ("#ffffff", "#000000")
_LOGOS: Final = (".svg", ".png")
_LARGEST_LOGO: Final = 256 * 1024
_LINK: Final = re.compile(r"(?P<words>.+?)\s+(?P<uri>\S+)", re.DOTALL)


def contrast(one: str, other: str) -> float:
    """How well two colours (`#rrggbb`) stand off from each other, from 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> round(contrast("#000000", "#ffffff"), 1), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def accent_sheet(light: str, dark: str) -> str:
    """A style sheet that sets the accent colours of both themes. Without a dark one the light one is made lighter.

    ConfigurationError for a colour that is hard to read on any surface of its theme.
    """
    themes = {"light": light, "dark": dark or _lightened(light)}
    for (theme, colour), setting in zip(themes.items(), ("site.accent", "site.accent_dark"), strict=True):
        worst = min(SURFACES[theme], key=lambda surface: contrast(colour, surface))
        if (reached := contrast(colour, worst)) < LEAST_CONTRAST:
            raise ConfigurationError(
                f"{setting} = {colour!r} is hard to read in the {theme} theme: its contrast with {worst} is "
                f"{reached:.1f}, and should be {LEAST_CONTRAST} or more"
            )
    return "".join(_rule(theme, colour) for theme, colour in themes.items())


def _rule(theme: str, colour: str) -> str:
    ink = max(_INKS, key=lambda each: contrast(colour, each))
    return (
        f"@media screen and (prefers-color-scheme: {theme}) "
        f"{{ :root {{ --accent: {colour}; --accent-ink: {ink}; }} }}\n"
    )


def _lightened(colour: str) -> str:
    """The colour, mixed with as much white as the dark theme needs."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    mixed = ("#" + "".join(f"{round(part + (255 - part) * share / 20):02x}" for part in parts) for share in range(21))
    return next(each for each in mixed if min(contrast(each, on) for on in SURFACES["dark"]) >= LEAST_CONTRAST)


def own_files(settings: Settings) -> dict[str, bytes]:
    """The files that a site serves beside ours, by name: the style sheet of its accent colour, and its logo.

    ConfigurationError for a colour of little contrast, and for a logo that is none, is missing or is too large.
    """
    found = {}
    if accent := settings.text("site.accent"):
        found[ACCENT] = accent_sheet(accent, settings.text("site.accent_dark")).encode()
    if (logo := settings.path_of("site.logo")) is not None:
        found[logo_name(logo)] = _logo(logo)
    return found


def logo_name(logo: Path | None) -> str:
    """Under which name a logo is served; empty where there is none."""
    return f"logo{logo.suffix.lower()}" if logo else ""


def _logo(file: Path) -> bytes:
    if file.suffix.lower() not in _LOGOS:
        raise ConfigurationError(f"site.logo: {file} should end in {' or '.join(_LOGOS)}")
    try:
        body = file.read_bytes()
    except OSError as problem:
        raise ConfigurationError(f"site.logo: {file}: {problem.strerror}") from problem
    if len(body) > _LARGEST_LOGO:
        raise ConfigurationError(f"site.logo: {file} has {len(body):,} bytes; at most are {_LARGEST_LOGO:,} served")
    return body


def links(text: str) -> tuple[Text, ...]:
    """The site's own links from their setting: words and address, and `;` between one and the next.

    ConfigurationError for one without words, or whose address is none that a page may link to.

    >>> [(each.value, each.href) for each in links("Our library https://lib.example.org/; Help mailto:a@b.org")]
    [('Our library', 'https://lib.example.org/'), ('Help', 'mailto:a@b.org')]
    """
    return tuple(_link(each.strip()) for each in text.split(";") if each.strip())


def _link(text: str) -> Text:
    found = _LINK.fullmatch(text)
    href = safe_href(found["uri"]) if found else None
    if found is None or href is None:
        raise ConfigurationError(f"site.links: {text!r} should be words and a web address, as in 'Help https://…'")
    return Text(found["words"], href=href)


def fingerprint(folders: Iterable[Path | None]) -> str:
    """What the tags of pages name beside our version, so that a changed template or catalogue is a changed page."""
    digest = hashlib.blake2b(digest_size=8)
    for file in (file for folder in folders if folder for file in sorted(folder.rglob("*")) if file.is_file()):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()
