"""``convert``: a file of any format as another one."""

from __future__ import annotations

from pathlib import Path

from portico.catalogue.model import Dataset, DatasetKind
from portico.cli.common import DEFAULTS, Common
from portico.cli.files import NOTHING, Telling, examined, habits
from portico.cli.show import as_json, err
from portico.errors import UsageError
from portico.lake import exports
from portico.lake.batch import slug
from portico.lake.depositing import alone, version_of
from portico.lake.lake import open_engine
from portico.messages import Message, Text


def convert(
    source: str,
    target: str,
    *,
    table: str = "",
    telling: Telling = NOTHING,
    overwrite: bool = False,
    common: Common = DEFAULTS,
) -> int:
    """Write a file in another format, typed; what does not fit its column is said, and left empty.

    Parameters
    ----------
    source
        A file of any supported format, or - for standard input.
    target
        The file to write; its ending says the format: .csv, .parquet, .geojson, .gpkg, .xlsx.
    table
        The table to take, where the file holds several.
    overwrite
        Replace the target where it is there.
    """
    goal = Path(target)
    if goal.exists() and Path(source).exists() and goal.samefile(source):
        raise UsageError("convert-onto-itself", file=target)
    if goal.exists() and not overwrite:
        raise UsageError("convert-exists", file=target)
    form, engine = exports.format_of(goal.suffix), open_engine()
    with examined(source, telling.told(), habits(common), engine) as (received, found):
        wanted = [one for one in found if not table or one.name == table]
        if len(wanted) != 1:
            names = ", ".join(one.name for one in found) or "–"
            raise UsageError("convert-which-table", count=len(wanted), names=names)
        one = wanted[0]
        about = Dataset(slug(received.name.split(".")[0]), DatasetKind.FILE, Text({"": received.name}), "", "")
        exports.write(alone(one, engine), version_of(one, about), about, form, goal, language=common.lang)
        if common.json:
            as_json({"file": target, "rows": one.typed.rows, "rejects": one.typed.reject_count})
            return int(one.typed.reject_count > 0)
        values = {"file": target, "count": one.typed.rows}
        err().print(common.say(Message("convert-done", values)), markup=False)
        if one.typed.reject_count:
            err().print(common.say(Message("convert-rejects", {"count": one.typed.reject_count})), markup=False)
    return int(one.typed.reject_count > 0)
