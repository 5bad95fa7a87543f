"""What a city keeps on permits: what is broken takes nothing else along."""

from __future__ import annotations

import shutil

from tests.permits.worked import pack
from tests.shared import ROOT

from portico.permits.kept import REFORMS, readable_reforms


def test_a_broken_reform_is_left_out_of_the_list(tmp_path):
    shutil.copytree(ROOT / "cities" / "torino" / REFORMS, tmp_path / REFORMS)
    (tmp_path / REFORMS / "broken.toml").write_text('title = "x"\n[[changes]]\nkind = "remove"\nprocedure = "NONE"\n')
    (tmp_path / REFORMS / "bytes.toml").write_bytes(b"\xff")
    assert [name for name, _ in readable_reforms(tmp_path, pack())] == ["ask-once"]
