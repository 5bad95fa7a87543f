"""The command ``portico``: a door that translates, never decides.

Commands are named in ``commands`` and ``group_commands`` by where they live and imported when they are called, so that
help costs nothing.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from portico import __version__
from portico.cli.commands import BRIEF_COMMANDS, COMMANDS, DATA_COMMANDS, SITES_COMMANDS
from portico.cli.group_commands import (
    ACCESS_COMMANDS,
    CELLS_COMMANDS,
    GTFS_COMMANDS,
    INDUSTRIES_COMMANDS,
    PERMITS_COMMANDS,
    TRAVEL_COMMANDS,
)
from portico.cli.named import Command
from portico.errors import InputError, PorticoError, UsageError

__all__ = [
    "ACCESS_COMMANDS",
    "BRIEF_COMMANDS",
    "CELLS_COMMANDS",
    "COMMANDS",
    "DATA_COMMANDS",
    "GTFS_COMMANDS",
    "INDUSTRIES_COMMANDS",
    "PERMITS_COMMANDS",
    "SITES_COMMANDS",
    "TRAVEL_COMMANDS",
    "app",
    "main",
]
_HELP = f"""A city's open data turned into investment, with evidence. Version {__version__}.

A brief goes in; qualified sites, what is still to be verified and the name of who answers come out.

Start with `portico demo`, or `portico init mycity` for your own city. Exit codes: 0 done, 1 findings or a refusal
explained, 2 wrong usage.
"""


GROUPS: tuple[tuple[str, str, dict[str, Command]], ...] = (
    ("brief", "Briefs: what an investor needs.", BRIEF_COMMANDS),
    ("sites", "The register of sites; alone, it lists them.", SITES_COMMANDS),
    ("data", "Datasets and their versions.", DATA_COMMANDS),
    ("access", "What can be reached, from a matrix of minutes.", ACCESS_COMMANDS),
    ("industries", "Whether industries gather, from files.", INDUSTRIES_COMMANDS),
    ("cells", "A measure for every cell of a territory, as a layer.", CELLS_COMMANDS),
    ("permits", "Procedures of a project on a site. Not legal advice.", PERMITS_COMMANDS),
    ("gtfs", "Timetable feeds.", GTFS_COMMANDS),
    ("travel", "Minutes and ways on streets and timetables.", TRAVEL_COMMANDS),
)


def app() -> App:
    """Return the tree of commands."""
    root = App(name="portico", version=__version__, help=_HELP, help_format="markdown")
    _add(root, COMMANDS)
    for name, does, commands in GROUPS:
        group = App(name=name, help=does, help_format="markdown")
        _add(group, commands)
        root.command(group)
    return root


def _add(to: App, commands: dict[str, Command]) -> None:
    for name, command in commands.items():
        to.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)


def _spelled_out(asked: list[str]) -> list[str]:
    """Return what is asked with the command that a group stands for when it is named alone: ``sites`` lists."""
    alone = asked[:1] == ["sites"] and (len(asked) == 1 or asked[1].startswith("-"))
    return ["sites", "list", *asked[1:]] if alone and not {"--help", "-h"} & set(asked) else asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 findings or a refusal explained, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else arguments
    # A lone hyphen is standard input, as everywhere; the parser of commands takes it for an option.
    asked = _spelled_out(["stdin:" if one == "-" else one for one in given])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows few letters shows the rest as "?"
    try:
        result = app()(asked, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return UsageError.exit_code
    except PorticoError as error:
        from portico.cli.show import refuse

        return refuse(error, given)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing to say and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refused(error, given)
    except KeyboardInterrupt:
        return 130
    return result if isinstance(result, int) else 0


_REFUSALS = {
    **dict.fromkeys((errno.ENOSPC, errno.EFBIG, errno.EDQUOT), "full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "closed"),
}


def _refused(error: OSError, given: Sequence[str]) -> int:
    """Say what the system refused, where, and what to do; nothing where not even that can be written."""
    from portico.cli.show import refuse

    named = str(error.filename) if error.filename is not None else ""
    told = f"system-{_REFUSALS.get(error.errno or 0, 'refused')}{'-at' if named else ''}"
    try:
        code = refuse(InputError(told, file=named, detail=error.strerror or str(error)), given)
        sys.stdout.flush()
    except OSError:
        code = InputError.exit_code
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
