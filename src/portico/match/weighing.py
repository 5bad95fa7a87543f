"""The weights of a brief: whether what its wants state of them can be put together."""

from __future__ import annotations

from collections.abc import Iterator

from portico.errors import InputError
from portico.match.methods.stated import Fault, together_faults, weight_faults
from portico.match.model import Brief
from portico.messages import Message


def weights_faults(brief: Brief) -> Iterator[Fault]:
    """Yield what is wrong with the weights of the wants of ``brief`` together, each with the key to correct."""
    wants = brief.wants
    if not wants or any(fault for want in wants for fault in weight_faults(want)):
        return
    exact = [want.weight for want in wants if isinstance(want.weight, float)]
    ordered = [number for number, want in enumerate(wants) if want.order is not None]
    faults = list(together_faults(wants, brief.total, brief.order_as))
    if len(exact) == len(wants) and not any(exact):
        yield "wants", Message("weights-all-zero")
    elif faults:
        yield from faults
    elif len(exact) == len(wants) and ordered:
        yield f"wants.{ordered[0]}.order", Message("order-beside-weights")
    elif brief.total is None and sum(exact) > 1 and any(want.weight is None for want in wants):
        missing = next(number for number, want in enumerate(wants) if want.weight is None)
        yield f"wants.{missing}.weight", Message("weight-missing")
    else:
        try:
            brief.weights()
        except InputError as error:
            yield "wants", Message.of(error)
