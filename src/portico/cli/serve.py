"""``serve``: the portal and the API on this machine."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter, validators

from portico.build import lake_of
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import err
from portico.lake.queries import heads
from portico.messages import Message

Port = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=65_535))]


def serve(*, host: str = "127.0.0.1", port: Port = 8123, workers: int = 1, common: Common = DEFAULTS) -> int:
    """Serve the portal and the API until interrupted.

    Parameters
    ----------
    host
        The address to listen on; only this machine by default.
    port
        The port. One that is in use is refused with a free one named.
    workers
        How many processes answer.
    """
    from portico.web.server import run

    city = common.open()
    heads(lake_of(city))
    city.database.close()
    console = err()
    console.print(common.say(Message("serving", {"url": f"http://{host}:{port}/"})), markup=False)
    run(city.folder, host=host, port=port, workers=workers)
    return 0
