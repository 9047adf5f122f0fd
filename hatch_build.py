"""Builds a wheel with some modules compiled, where that is asked for (`HATCH_BUILD_HOOK_ENABLE_CUSTOM=1`).

Compiled by mypyc: it takes the modules as they are, and each stays beside its compiled form. Everything is made in a
folder of its own, so that the checkout stays as it was. (The plugin `hatch-mypyc` compiles into the source tree, whose
next tests then run what was compiled before the last change, and puts `pyproject.toml` aside while it does so.)
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Run in a folder that has the package, and no settings of a project for setuptools or mypy to read: the types are
#: checked elsewhere, here mypy only learns them.
_COMPILE: Final = """
import sys
from mypyc.build import mypycify
from setuptools import setup

level, *modules = sys.argv[1:]
extensions = mypycify(
    ["--ignore-missing-imports", *modules], opt_level=level, debug_level="0", group_name="linkeddata"
)
setup(name="compiled", packages=[], py_modules=[], ext_modules=extensions, script_args=["build_ext", "--build-lib=to"])
"""


class CompiledModules(BuildHookInterface[Any]):
    """Adds the compiled form of the modules that the setting `modules` names (patterns of paths, less those of
    `pure`) to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell what goes into the wheel, which then is for this Python and system only."""
        if version == "editable":
            return  # what is edited is not what was compiled
        self._folder = TemporaryDirectory()
        built = self._compiled(Path(self._folder.name))
        files = [path for path in built.rglob("*") if path.is_file()]
        build_data["force_include"] |= {str(path): path.relative_to(built).as_posix() for path in files}
        build_data |= {"pure_python": False, "infer_tag": True}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()

    def _modules(self) -> list[str]:
        named, pure = (
            {str(path.relative_to(self.root)) for pattern in self.config[key] for path in Path(self.root).glob(pattern)}
            for key in ("modules", "pure")
        )
        return sorted(named - pure)

    def _compiled(self, folder: Path) -> Path:
        """The folder with what was compiled; fails with all that the compiler said."""
        (folder / "linkeddata").symlink_to(Path(self.root, "linkeddata"))
        command = [sys.executable, "-c", _COMPILE, str(self.config["level"]), *self._modules()]
        done = subprocess.run(  # noqa: S603 - with names of our own files
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"the modules could not be compiled:{os.linesep}{done.stdout}")
        return folder / "to"
