"""The `[[source]]` sections: what can be said of a source, and what is wrong with what was said."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from linkeddata.cli.harvesting import as_endpoint
from linkeddata.cli.showing import commented
from linkeddata.config import Settings, read_settings
from linkeddata.errors import ConfigurationError
from linkeddata.source_settings import SOURCE_KEYS, SourceSettings
from linkeddata.sources.harvest import Endpoint

ONE = '[[source]]\nname = "eprints"\nkind = "solr"\nurl = "https://example.org/solr/biblio"\n'
OTHER = '[[source]]\nname = "a-b"\nkind = "oai-pmh"\nurl = "https://example.org/oai"\n'


def settings(tmp_path: Path, text: str, **environment: str) -> Settings:
    (tmp_path / "linkeddata.toml").write_text(text)
    return read_settings({}, environment, here=tmp_path)


def test_three_keys_are_enough(tmp_path: Path) -> None:
    """Everything else has the default that the harvesters have."""
    [source] = settings(tmp_path, ONE).sources
    assert as_endpoint(source) == Endpoint("eprints", "solr", "https://example.org/solr/biblio")
    assert source.shrink_limit == 0.05


def test_every_key_can_be_said(tmp_path: Path) -> None:
    """A list of texts may be one text."""
    more = (
        'query = "ice"\nfilter = "recordtype:eprints"\nfields = ["id", "title"]\nid_field = "urn"\nsets = []\n'
        'since_field = "time_indexed"\npage_size = 50\ndelay = 2\ntimeout = 5.5\nretries = 0\nshrink_limit = 1\n'
        'metadata_prefix = "marc21"\nid_pattern = "^oai:(.*)"\nid_replacement = "\\\\1"\nuser = "me"\n'
    )
    [source] = settings(tmp_path, ONE + more).sources
    assert (source.filter, source.fields, source.sets) == (("recordtype:eprints",), ("id", "title"), ())
    assert (source.delay, source.timeout, source.retries, source.shrink_limit) == (2.0, 5.5, 0, 1.0)
    assert set(SOURCE_KEYS) == {line.split(" = ")[0] for line in (ONE + more).splitlines()[1:]}


def test_order_of_the_sections_is_their_rank(tmp_path: Path) -> None:
    """Unless it is set."""
    assert settings(tmp_path, ONE + OTHER).rank == ("eprints", "a-b")
    assert settings(tmp_path, f'[mapping]\nsources = "x eprints"\n{ONE}{OTHER}').rank == ("x", "eprints")
    assert settings(tmp_path, "").rank == ()


def test_environment_beats_the_file(tmp_path: Path) -> None:
    """Any key but the name; `origins` says which it was."""
    [_, source] = settings(
        tmp_path, ONE + OTHER, LINKEDDATA_SOURCE_A_B_DELAY="3", LINKEDDATA_SOURCE_A_B_SETS="x y"
    ).sources
    assert (source.delay, source.sets) == (3.0, ("x y",))
    origins = {key: origin for key, _, origin in source.shown()}
    assert [origins[key] for key in ("delay", "url", "timeout")] == ["environment", "linkeddata.toml", "default"]


def test_password_comes_from_the_environment_or_a_file_and_is_never_shown(tmp_path: Path) -> None:
    """The file is read when it is asked for."""
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    text = ONE + 'user = "me"\n'
    for variable, value in (("", "hush"), ("_FILE", str(secret))):
        [source] = settings(tmp_path, text, **{f"LINKEDDATA_SOURCE_EPRINTS_PASSWORD{variable}": value}).sources
        assert as_endpoint(source).password == "hush"  # noqa: S105 - made up
        assert "hush" not in f"{source!r} {list(source.shown())} {as_endpoint(source)!r}"
        assert ("password", "***", "environment") in list(source.shown())
    secret.unlink()
    with pytest.raises(ConfigurationError, match=r"password file of source eprints: .*secret: No such file"):
        source.secret()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ONE + 'filtre = "x"\n', "[[source]] 1 (eprints): unknown key filtre; did you mean filter?"),
        (ONE + OTHER + "page = 3\n", "[[source]] 2 (a-b): unknown key page; did you mean page_size?"),
        (ONE + 'password = "x"\n', "is set by the environment, LINKEDDATA_SOURCE_EPRINTS_PASSWORD or"),
        (ONE + ONE, "[[source]] 2 (eprints): its name cannot be told from that of source eprints"),
        (OTHER + OTHER.replace("a-b", "A_b"), "[[source]] 2 (A_b): its name cannot be told from that of source a-b"),
        (ONE.replace('name = "eprints"\n', ""), "[[source]] 1: name is missing"),
        (ONE.replace('kind = "solr"\n', ""), "[[source]] 1 (eprints): kind is missing"),
        (ONE.replace('"eprints"', '"1st"'), "name = '1st' should be a letter, then"),
        (ONE.replace('"eprints"', "1"), "name = 1 should be"),
        (ONE.replace('solr"', 'sorl"'), "should be one of solr, oai-pmh, vufind; did you mean solr?"),
        (ONE.replace("https://", ""), "should be an absolute http or https address"),
        (ONE.replace("https", "ftp"), "should be an absolute http or https address"),
        (ONE.replace("https://", "https://["), "cannot be read as an address"),
        (ONE.replace("https://", "https://me:hush@"), "should hold no user and password"),
        (ONE + "filter = [1]\n", "filter = [1] should be text or a list of texts"),
        (ONE + "query = 1\n", "query = 1 should be text"),
        (ONE + 'query = ""\n', "should not be empty"),
        (ONE + "retries = 1.5\n", "should be a whole number"),
        (ONE + "retries = -1\n", "should be nothing or more"),
        (ONE + "delay = true\n", "should be a number"),
        (ONE + "delay = nan\n", "should be nothing or more"),
        (ONE + "timeout = 0\n", "should be more than nothing"),
        (ONE + "shrink_limit = 5\n", "should be between 0 and 1"),
        (ONE + 'id_pattern = "("\n', "is no regular expression"),
        ('[source]\nname = "x"\n', "a source is a section of its own, headed [[source]]"),
        ("source = [1]\n", "a source is a section of its own, headed [[source]]"),
    ],
)
def test_wrong_section_is_refused_with_its_number_name_and_key(tmp_path: Path, text: str, words: str) -> None:
    """The message names the file, and the nearest key where one is unknown; no password gets into it."""
    with pytest.raises(ConfigurationError, match=r"^linkeddata\.toml: ") as refused:
        settings(tmp_path, text)
    assert words in str(refused.value) and "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"LINKEDDATA_SOURCE_EPRINT_PASSWORD": "x"}, "did you mean LINKEDDATA_SOURCE_EPRINTS_PASSWORD"),
        ({"LINKEDDATA_SOURCE_EPRINTS_PASSWORD": "x"}, "a password is set, but no user"),
        ({"LINKEDDATA_SOURCE_EPRINTS_DELAY": "slow"}, "delay = 'slow' should be a number"),
        (
            {"LINKEDDATA_SOURCE_EPRINTS_PASSWORD": "x", "LINKEDDATA_SOURCE_EPRINTS_PASSWORD_FILE": "y"},
            "only one of",
        ),
    ],
)
def test_wrong_variable_is_refused(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    """One for a source that is not there, or that cannot be."""
    with pytest.raises(ConfigurationError, match=words):
        settings(tmp_path, ONE, **environment)


def test_example_of_init_is_a_source(tmp_path: Path) -> None:
    """With every # without a blank taken away; before that it is none."""
    text = re.sub(r"^#(?! )", "", commented(), flags=re.MULTILINE)
    [source] = settings(tmp_path, text).sources
    assert source == SourceSettings("eprints", "solr", "https://library.example.org/solr/biblio")
    [section] = tomllib.loads(text)["source"]
    assert tuple(section) == tuple(SOURCE_KEYS)


def test_table_of_keys_is_that_of_the_sources() -> None:
    """What the harvesters know can be configured, but for the password, and is the same where nobody says it."""
    assert {each.name for each in fields(Endpoint)} - {"password"} <= set(SOURCE_KEYS)
    configured = {each.name: each.default for each in fields(SourceSettings)}
    assert {each.name: each.default for each in fields(Endpoint)}.items() <= configured.items()
