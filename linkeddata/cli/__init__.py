"""The `linkeddata` command: parse, call one function, print what it reports.

Data goes to standard output, everything else to standard error. One table says which error ends with
which exit code.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from importlib import import_module
from typing import Final

import click

from linkeddata import __version__, errors, is_compiled
from linkeddata.cli.invocation import Invocation, Stop, begin_log, tell
from linkeddata.postponing import postponed

#: From an error to an exit code; the first class that fits.
EXIT_CODES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (errors.ConfigurationError, 3),
    (errors.NothingPublished, 3),
    (errors.EditionOutdated, 3),
    (errors.EditionForbidden, 3),
    (errors.SourceError, 5),
    (errors.StoreLocked, 6),
    (errors.RefusedForSafety, 7),
    (errors.QueryMalformed, 2),
    (errors.QueryForbidden, 2),
    (PermissionError, 3),
)
UNFORESEEN, INTERRUPTED = 1, 130
_FORM: Final = " (compiled)" if is_compiled() else ""
_SENTENCE: Final = 300


#: Each command: the module that has it, and what it is called there.
_COMMANDS: Final = {
    "check": "checking:examine",
    "config": "showing:config",
    "demo": "demonstrating:demo",
    "doctor": "doctoring:doctor",
    "editions": "editions:editions",
    "export": "reading:export",
    "get": "reading:get",
    "harvest": "harvesting:harvest",
    "init": "showing:init",
    "language": "wording:language",
    "load": "loading:load",
    "map": "loading:translate",
    "map-on-spark": "spark:map_many",
    "pull": "replicating:pull",
    "push": "replicating:push",
    "query": "reading:query",
    "remap": "loading:map_again",
    "rollback": "editions:rollback",
    "serve": "serving:serve",
    "status": "editions:status",
    "update": "updating:update",
    "verify": "verifying:verify",
    "withdraw": "updating:withdraw",
}


class _Commands(click.Group):
    """Reads only the module of the command that was given: with all the others, and the libraries that these need,
    a command would take twice as long to start, and so would each process that it starts."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module, _, name = _COMMANDS.get(cmd_name, "").partition(":")
        with postponed():
            found: click.Command | None = getattr(import_module(f"linkeddata.cli.{module}"), name) if module else None
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first sentence of each, whole: click's own list cuts it at the end of a line."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(limit=_SENTENCE)) for name, each in commands if each])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(dir_okay=False), help="Configuration file (default: linkeddata.toml here).")
@click.option("--data", type=click.Path(file_okay=False), help="Data directory (setting store.path).")
@click.option("--base-uri", help="What every URI begins with (setting site.base_uri).")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--verbose", is_flag=True, help="Log more, and show tracebacks.")
@click.version_option(__version__, prog_name="linkeddata", message=f"%(prog)s, version %(version)s{_FORM}")
@click.pass_context
def command(
    context: click.Context, config: str | None, data: str | None, base_uri: str | None, quiet: bool, verbose: bool
) -> None:
    """Publish the records of a library catalogue or repository as linked data."""
    level = logging.DEBUG if verbose else logging.ERROR if quiet else logging.INFO
    begin_log(level)
    context.obj = Invocation(config, {"store.path": data, "site.base_uri": base_uri}, quiet=quiet)


def main() -> None:
    """Run the command line and leave with the exit code that `docs/commands.md` lists."""
    # The system's way of stopping a service is treated like Ctrl-C; `serve` has its own.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:  # noqa: PLR0911 - one way out for each way to end
    """Run one command line; gives its exit code. Nothing but that escapes."""
    try:
        # What a command returns where it does not raise; click gives it back only like this.
        return command.main(arguments, prog_name="linkeddata", standalone_mode=False) or 0
    except Stop as stop:
        return stop.code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort) as stop:
        # `click` takes an EOFError for a terminal that was closed; here nobody is asked, and a file ends too early.
        if isinstance(stop.__cause__, EOFError):
            return _failed(stop.__cause__, arguments)
        click.echo("interrupted; what was served is served still", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nothing may be written at exit either.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: a message for people, the traceback on request
        return _failed(error, arguments)


def _failed(error: Exception, arguments: list[str]) -> int:
    """Tell what was wrong; gives the exit code."""
    for line in f"linkeddata: {_words(error)}".split("\n"):
        tell(line)
    if "--verbose" in arguments:
        traceback.print_exception(error)
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNFORESEEN)


def _words(error: Exception) -> str:
    """What an error says; of one of the system the file and the reason, without its number."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
