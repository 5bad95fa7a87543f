"""``rank TABLE --spec SPEC``: alternatives on criteria put in order, and how firm that order is. No city is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from portico.cli.common import DEFAULTS, Common
from portico.cli.rank_shown import show, to_dict
from portico.cli.show import as_json, out
from portico.errors import UsageError
from portico.lake.arrays import arrays_of
from portico.lake.lake import open_engine
from portico.match.methods.answer import Asked, Ranked
from portico.match.methods.answer import rank as ranked
from portico.match.methods.samples import read_values, read_weights, write_values, write_weights
from portico.match.methods.smaa import DRAWS
from portico.match.methods.spec import Method, check, document
from portico.match.methods.table import read_table

Methods = Literal["additive", "topsis", "promethee", "smaa"]


def rank(  # noqa: PLR0913 - each is an option
    table: Path,
    *,
    spec: Path,
    method: Methods | None = None,
    values: Path | None = None,
    weights: Path | None = None,
    seed: int = 0,
    draws: int = DRAWS,
    write_values_to: Annotated[Path | None, Parameter(name="--write-values")] = None,
    write_weights_to: Annotated[Path | None, Parameter(name="--write-weights")] = None,
    common: Common = DEFAULTS,
) -> int:
    """Rank the rows of a table on criteria, and say how firm the order is.

    Parameters
    ----------
    table
        CSV, Parquet or a workbook: a row for each alternative, a column for each criterion; an empty cell is unknown.
    spec
        TOML: the criteria with their columns, scales and weights.
    method
        additive, topsis, promethee or smaa; else the spec's, else smaa where weights or values are open.
    values
        Stored draws of values: draw, id and columns of criteria; or an array of numpy.
    weights
        Stored draws of weights: a column for each criterion; or an array of numpy.
    seed
        Where chance begins; the same seed gives the same answer.
    draws
        How many draws of weights and values.
    write_values_to
        Write the draws of values there, to be read again by --values.
    write_weights_to
        Write the draws of weights there, to be read again by --weights.
    """
    if seed < 0:
        raise UsageError("rank-seed", seed=str(seed))
    engine, read_from = open_engine(), document(spec)
    criteria = check(read_from)
    with arrays_of(table, engine) as arrays:
        found = read_table(arrays, criteria, read_from)
    asked = Asked(
        Method(method) if method else None,
        seed,
        draws,
        read_weights(weights, criteria, engine) if weights else None,
        read_values(values, criteria, found, engine) if values else None,
    )
    answer = ranked(criteria, found, asked)
    _write(answer, write_values_to, write_weights_to)
    if common.json:
        as_json(to_dict(answer, asked, common.say))
    else:
        show(answer, common.say, out())
    return 0


def _write(answer: Ranked, values_to: Path | None, weights_to: Path | None) -> None:
    """Write the draws that an answer rests on. Raises UsageError where it rests on none."""
    if (values_to or weights_to) and not (answer.drawn and answer.acceptability):
        raise UsageError("rank-nothing-drawn", method=answer.method.value)
    if weights_to and answer.drawn:
        write_weights(weights_to, answer.spec, answer.drawn.weights)
    if values_to and answer.acceptability:
        values, drawn = answer.values, answer.acceptability
        write_values(values_to, answer.spec, answer.table, values, values.raw(drawn.draws, drawn.seed))
