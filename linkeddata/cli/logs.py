"""How the server's log is written: as text for people, or as one JSON object a line for machines."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final

import orjson

from linkeddata.config import Settings
from linkeddata.web.access_log import Facts
from linkeddata.web.watch import REQUEST

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class JsonFormatter(logging.Formatter):
    """One line a record, whatever its message and traceback hold. A record of `Facts` is told by these."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told: dict[str, object] = {"time": moment, "level": record.levelname.lower(), "logger": record.name}
        # An only argument that is a mapping is what `logging` keeps as all arguments.
        told |= record.args if isinstance(record.args, Facts) else {"message": record.getMessage()}
        if named := REQUEST.get():
            told.setdefault("request", str(named))
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return _line(told)


def _line(told: dict[str, object]) -> str:
    try:
        return orjson.dumps(told, default=str).decode()
    except orjson.JSONEncodeError:  # a lone surrogate, from a message that quotes what it was given
        return orjson.dumps({name: ascii(value) for name, value in told.items()}).decode()


def install(settings: Settings, *, keep_level: bool) -> bool:
    """Write the log of this process as the settings say; `--verbose` wins, and a level to keep. Says if it is JSON."""
    is_json, root = settings.text("log.format") == "json", logging.getLogger()
    if not keep_level and root.level != logging.DEBUG:
        root.setLevel(_LEVELS[settings.text("log.level")])
    for handler in root.handlers:
        if is_json and type(handler) is logging.StreamHandler:
            handler.setFormatter(JsonFormatter())
    return is_json
