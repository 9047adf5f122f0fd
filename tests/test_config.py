"""Settings: from flag, environment, file and default, each telling where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.cli.showing import commented
from linkeddata.config import SETTINGS, Settings, read_settings
from linkeddata.errors import ConfigurationError


def settings(tmp_path: Path, text: str = "", *, flags: dict[str, str] | None = None, **environment: str) -> Settings:
    if text:
        (tmp_path / "linkeddata.toml").write_text(text)
    return read_settings(flags or {}, environment, here=tmp_path)


def test_everything_has_a_default(tmp_path: Path) -> None:
    """No file is needed."""
    found = settings(tmp_path)
    assert (found.base_uri, found.listen, found.data) == (
        "http://localhost:8080/",
        ("localhost", 8080),
        tmp_path / "data",
    )
    assert set(found.origins.values()) == {"default"}


def test_flag_beats_environment_beats_file(tmp_path: Path) -> None:
    """Each layer covers the one below, and `origins` says which it was."""
    text = '[site]\ntitle = "file"\n[server]\nthreads = 3\n[sparql]\ntimeout = 5\n'
    found = settings(
        tmp_path, text, flags={"site.title": "flag"}, LINKEDDATA_SITE_TITLE="environment", LINKEDDATA_SERVER_THREADS="4"
    )
    assert (found.text("site.title"), found.whole("server.threads"), found.number("sparql.timeout")) == ("flag", 4, 5.0)
    named = {name: found.origins[name] for name in ("site.title", "server.threads", "sparql.timeout")}
    assert list(named.values()) == ["flag", "environment", "linkeddata.toml"]


def test_data_directory_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    """A path in a configuration file does not depend on where the command is run."""
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "site.toml"
    file.write_text('[store]\npath = "published"\n')
    assert read_settings({}, {}, file=file, here=tmp_path).data == tmp_path / "etc" / "published"


def test_own_mapping_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    """Named in the environment or by a flag, it is relative to the working folder; unset it is nothing."""
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "site.toml"
    file.write_text('[mapping]\noverrides = "mapping.toml"\n')
    assert read_settings({}, {}, file=file, here=tmp_path).overrides == str(tmp_path / "etc" / "mapping.toml")
    assert settings(tmp_path, LINKEDDATA_MAPPING_OVERRIDES="m.toml").overrides == str(tmp_path / "m.toml")
    assert settings(tmp_path).overrides == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[site]\nbase_url = "http://x/"\n', "unknown setting site.base_url; did you mean site.base_uri"),
        ('titel = "x"\n', "stands outside any section"),
        ("[server]\nthreads = true\n", "should be a whole number"),
        ('[server]\nthreads = "many"\n', "should be a whole number"),
        ("[server]\nthreads = 0\n", "should be more than nothing"),
        ('[server]\nlisten = "8080"\n', "should be host:port"),
        ('[site]\nbase_uri = "data.example.org"\n', "absolute http or https URI"),
        ('[site]\nbase_uri = "http://example.org/data"\n', "should end in a slash"),
        ('[site]\nbase_uri = "http://example.org/a b/"\n', "absolute http or https URI"),
        ('[site]\nbase_uri = "http://example.org/<a>/"\n', "absolute http or https URI"),
        ('[site]\nbase_uri = "http://[::1/"\n', "cannot be read as a URI"),
        ('[site]\nbase_uri = "http://me:hush@example.org/"\n', "should hold no user and password"),
        ("[store]\nkeep = 2.7\n", "should be a whole number"),
        ("[sparql]\ntimeout = inf\n", "no endless number"),
        ("[sparql]\nqueue_seconds = inf\n", "no endless number"),
        ('[site]\nlicense = "CC0"\n', "should be an absolute URI"),
        ("[site\n", "linkeddata.toml: "),
    ],
)
def test_wrong_file_is_refused_with_its_reason(tmp_path: Path, text: str, words: str) -> None:
    """The message names the file, the key and what is wrong."""
    with pytest.raises(ConfigurationError, match=r"linkeddata\.toml") as refused:
        settings(tmp_path, text)
    assert words in str(refused.value) and "hush" not in str(refused.value)


def test_unknown_variable_is_refused(tmp_path: Path) -> None:
    """A mistyped variable is told, with the nearest known one."""
    with pytest.raises(ConfigurationError, match="did you mean LINKEDDATA_SITE_TITLE"):
        settings(tmp_path, LINKEDDATA_SITE_TITEL="x")


def test_commented_file_is_the_defaults(tmp_path: Path) -> None:
    """What `init` writes, uncommented, sets every setting to its default."""
    text = "\n".join(line.removeprefix("# ") if " = " in line else line for line in commented().splitlines())
    found = settings(tmp_path, text)
    assert dict(found.values) == {setting.name: setting.default for setting in SETTINGS}
    assert set(found.origins.values()) == {"linkeddata.toml"}
    assert found.sources == ()
