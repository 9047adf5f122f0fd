"""The compiled form is built, says what it is, and translates as the pure one does, byte for byte."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from linkeddata import is_compiled

CHECKOUT = Path(__file__).resolve().parents[1]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
#: One of the records that are loaded.
RECORD = "acl-D16-1021"
#: How a command ends that left some records out.
SOME_REFUSED = 4
#: What a record comes to, and its document, whatever form runs: those of the crosswalk that are quick, and of what it
#: is made of.
TESTS = (
    *(f"crosswalk/test_{name}.py" for name in ("agents", "any_record", "citation", "container", "dates", "headings")),
    *(f"crosswalk/test_{name}.py" for name in ("mapper", "mined", "overrides", "sheet", "text", "values")),
    *(f"vocabulary/test_{name}.py" for name in ("folding", "identifiers", "ntriples", "uris")),
    "catalogue/test_scripts.py",
    *(f"representations/test_{name}.py" for name in ("turtle", "jsonld", "rdf", "page")),
)


def run(*command: str | Path, cwd: Path, code: Path | None = None, **environment: str) -> bytes:
    """All that a command says, `code` being where it imports the package from; the test fails with that if the
    command does, but for records that were refused."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    clean |= {"PYTHONPATH": str(code)} if code else {}
    done = subprocess.run(command, cwd=cwd, env=clean | environment, capture_output=True, timeout=290, check=False)
    assert done.returncode in (0, SOME_REFUSED), (done.stdout + done.stderr).decode()
    return done.stdout + done.stderr


def missing() -> list[str]:
    """What is not here of what compiling takes."""
    header = Path(sysconfig.get_path("include"), "Python.h")
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    return [
        what for what, found in (("a C compiler", shutil.which(compiler)), (str(header), header.is_file())) if not found
    ]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel with compiled modules, built from this checkout; skipped where nothing can be compiled."""
    if lacking := missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"not installed: {', '.join(lacking)}")
    folder = tmp_path_factory.mktemp("wheel")
    command = (*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, CHECKOUT)
    run(*command, cwd=folder, HATCH_BUILD_HOOK_ENABLE_CUSTOM="1")
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def compiled(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is installed in."""
    folder = tmp_path_factory.mktemp("site")
    run(*PIP, "install", "--no-deps", "--target", folder, wheel, cwd=folder)
    return folder


def command(code: Path, folder: Path, *arguments: str | Path) -> bytes:
    return run(sys.executable, "-m", "linkeddata", *arguments, cwd=folder, code=code)


def test_wheel_has_each_module_in_both_forms(wheel: Path) -> None:
    """The source stays, for tracebacks and for whoever reads it; the wheel is for one system only."""
    inside = set(ZipFile(wheel).namelist())
    built = {name.partition(".")[0] for name in inside if name.endswith(".so") and "__mypyc" not in name}
    assert "linkeddata/crosswalk/mapper" in built
    assert {f"{name}.py" for name in built} - inside == set()
    assert not wheel.name.endswith("-any.whl")


def test_checkout_stays_as_it_was(wheel: Path) -> None:
    """What is tested and edited next is not what was compiled before."""
    assert not list(CHECKOUT.glob("linkeddata/**/*.so"))
    assert not is_compiled()


def test_form_is_told(compiled: Path, tmp_path: Path) -> None:
    """Whoever asks for the version learns whether it is the compiled one."""
    assert command(compiled, tmp_path, "--version").endswith(b" (compiled)\n")
    assert b"compiled" not in command(CHECKOUT, tmp_path, "--version")


@pytest.mark.parametrize("name", ["dev.jsonl.gz", "nasty.jsonl"])
def test_records_come_to_the_same(compiled: Path, tmp_path: Path, shared: Path, name: str) -> None:
    """All of them, hostile ones too, in the same order, with the same words on what was refused."""
    ours, theirs = (
        command(code, tmp_path, "map", shared / "data" / name, "--to", "nq") for code in (compiled, CHECKOUT)
    )
    assert ours == theirs
    assert ours.count(b"\n") > 1000


@pytest.fixture(scope="module")
def loaded(compiled: Path, tmp_path_factory: pytest.TempPathFactory, shared: Path) -> dict[Path, Path]:
    """The data directory that each form made of the same records, by several processes."""
    folders = {code: tmp_path_factory.mktemp("data") for code in (compiled, CHECKOUT)}
    for code, folder in folders.items():
        command(code, folder, "--data", folder, "load", shared / "data" / "dev_extended.jsonl.gz")
    return folders


def test_load_comes_to_the_same(loaded: dict[Path, Path]) -> None:
    """Statement for statement, by the dumps."""
    dumps = [gzip.decompress((folder / "current" / "dump.nq.gz").read_bytes()) for folder in loaded.values()]
    ours, theirs = (sorted(dump.splitlines()) for dump in dumps)
    assert ours == theirs


@pytest.mark.parametrize("kind", ["text/html", "text/turtle", "application/ld+json"])
def test_documents_come_to_the_same(loaded: dict[Path, Path], kind: str) -> None:
    """Of one and the same edition, as each form serves it."""
    [folder, _] = loaded.values()
    path = f"/doc/record/{RECORD}"
    ours, theirs = (command(code, folder, "--data", folder, "get", path, "--accept", kind) for code in loaded)
    assert ours == theirs
    assert RECORD.encode() in ours


def test_compiled_modules_pass_the_tests_of_the_pure_ones(compiled: Path, tmp_path: Path) -> None:
    """The same claims hold of either form."""
    options = ("-q", "-p", "no:cacheprovider", "-c", CHECKOUT / "pyproject.toml", "--rootdir", CHECKOUT)
    # Not from the checkout, whose own package would be found first.
    named = [CHECKOUT / "tests" / name for name in TESTS]
    assert b"passed" in run(sys.executable, "-m", "pytest", *options, *named, cwd=tmp_path, code=compiled)
