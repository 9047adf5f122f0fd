"""The settings of a graph in a SPARQL server, and its password."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.config import Settings, read_settings
from linkeddata.errors import ConfigurationError
from linkeddata.store import SERVERS
from linkeddata.store_settings import SERVER_KINDS

HERE = Path("/nowhere")


def settings(environment: dict[str, str] | None = None, **flags: str | int) -> Settings:
    named = {f"store.{name}": value for name, value in flags.items()}
    return read_settings(named, environment or {}, here=HERE)


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("endpoint", "sparql", "absolute http or https"),
        ("endpoint", "ftp://h/sparql", "absolute http or https"),
        ("update_endpoint", "http://h/a b", "absolute http or https"),
        ("endpoint", "http://me:secret@h/sparql", "no user and password"),
        ("graph", "graph", "absolute URI"),
        ("graph", "http://h/g> { } } ; CLEAR ALL #", "absolute URI"),
        ("server", "jena", "one of auto, virtuoso"),
        ("batch_kb", 0, "between"),
    ],
)
def test_wrong_values_are_refused_with_their_name(key: str, value: str | int, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"store\.{key} = .*{complaint}") as caught:
        settings(**{key: value})
    assert "secret" not in str(caught.value)


def test_every_kind_of_server_can_be_named() -> None:
    assert set(SERVER_KINDS) == {"auto", *SERVERS}


def test_password_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("two\n")
    for environment, password in (
        ({"LINKEDDATA_STORE_PASSWORD": "one"}, "one"),
        ({"LINKEDDATA_STORE_PASSWORD_FILE": str(tmp_path / "secret")}, "two"),
        ({}, ""),
    ):
        assert settings(environment, user="me").store_password.secret() == password


def test_password_is_not_shown() -> None:
    assert "one" not in repr(settings({"LINKEDDATA_STORE_PASSWORD": "one"}, user="me").store_password)


def test_password_file_that_cannot_be_read_is_named() -> None:
    read = settings({"LINKEDDATA_STORE_PASSWORD_FILE": "/nowhere/secret"}, user="me")
    with pytest.raises(ConfigurationError, match="/nowhere/secret: No such file"):
        read.store_password.secret()


@pytest.mark.parametrize(
    ("environment", "user", "complaint"),
    [
        ({"LINKEDDATA_STORE_PASSWORD": "one"}, "", "no store.user"),
        ({"LINKEDDATA_STORE_PASSWORD": "one", "LINKEDDATA_STORE_PASSWORD_FILE": "f"}, "me", "only one of"),
    ],
)
def test_password_needs_a_user_and_one_place(environment: dict[str, str], user: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        settings(environment, user=user)
    assert "one'" not in str(caught.value)


def test_password_in_a_file_of_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "linkeddata.toml").write_text('[store]\npassword = "hush"\n')
    with pytest.raises(ConfigurationError, match="LINKEDDATA_STORE_PASSWORD") as caught:
        read_settings({}, {}, here=tmp_path)
    assert "hush" not in str(caught.value)
