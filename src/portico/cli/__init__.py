"""The command ``portico``: a door that translates, never decides.

Commands are named here by where they live and imported when they are called, so that help costs nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from portico import __version__
from portico.errors import PorticoError, UsageError

_COMMANDS = {
    "init": ("portico.cli.folder:init", "Write a new city folder with commented examples."),
    "check": (
        "portico.cli.folder:check",
        "Say everything that is wrong with a city folder, with file, row and advice.",
    ),
    "build": ("portico.cli.folder:build", "Turn the city's facts and files into versions in its lake."),
    "sites": ("portico.cli.sites:sites", "List the sites of the register."),
    "site": ("portico.cli.sites:site", "Show all that is known of one site, and what is not."),
    "match": ("portico.cli.match:match", "Answer an investor's brief with a reasoned shortlist."),
    "serve": ("portico.cli.serve:serve", "Serve the portal and the API on this machine."),
    "doctor": ("portico.cli.doctor:doctor", "Look over the installation and the city's working state."),
    "demo": ("portico.cli.demo:demo", "Build the reference city, print and write a shortlist, serve the portal."),
}
_DATA = {
    "list": ("portico.cli.data:list_datasets", "List the datasets and the version each stands at."),
    "show": ("portico.cli.data:show", "Show a dataset: its columns, licence, file."),
    "history": ("portico.cli.data:history", "Show the log of a dataset's publications."),
    "read": ("portico.cli.data:read", "Print the rows of a version."),
}
_HELP = f"""A city's open data turned into investment, with evidence. Version {__version__}.

A brief goes in; qualified sites, what is still to be verified and the name of who answers come out.

Start with `portico demo`, or `portico init mycity` for your own city.
"""


def app() -> App:
    """Return the tree of commands."""
    root = App(name="portico", version=__version__, help=_HELP, help_format="markdown")
    for name, (place, text) in _COMMANDS.items():
        root.command(place, name=name, help=text)
    data = App(name="data", help="Datasets and their versions.")
    for name, (place, text) in _DATA.items():
        data.command(place, name=name, help=text)
    root.command(data)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 findings or a refusal explained, 2 wrong usage."""
    try:
        result = app()(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return UsageError.exit_code
    except PorticoError as error:
        from portico.cli.show import refuse

        return refuse(error, sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing to say and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return result if isinstance(result, int) else 0
