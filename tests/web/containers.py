"""What the files of `deploy/` say, read so that it can be done without a container engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dockerfile_parse import DockerfileParser

CHECKOUT = Path(__file__).resolve().parents[2]
DEPLOY = CHECKOUT / "deploy"


@dataclass(frozen=True)
class Container:
    """What a Containerfile makes a container run, and by what it is found healthy."""

    instructions: tuple[tuple[str, str], ...]
    environment: dict[str, str]

    def all(self, instruction: str) -> list[str]:
        return [value for name, value in self.instructions if name == instruction]

    @property
    def command(self) -> list[str]:
        return [word for name in ("ENTRYPOINT", "CMD") for word in json.loads(self.all(name)[-1])]

    @property
    def health(self) -> list[str]:
        found: list[str] = json.loads(self.all("HEALTHCHECK")[-1].partition("CMD ")[2])
        return found


def container(scratch: Path) -> Container:
    """That of `deploy/Containerfile`; the parser wants a folder to write in."""
    parser = DockerfileParser(path=str(scratch), cache_content=True)
    parser.content = (DEPLOY / "Containerfile").read_text("utf-8")
    told = tuple((each["instruction"], each["value"]) for each in parser.structure if each["instruction"] != "COMMENT")
    return Container(told, dict(parser.envs))
