"""The eight worked cases come out as written by hand, with reasons."""

import pytest
from tests.permits.worked import CASES, FILED, answers_of, pack

from portico.permits.model import Nature, Need
from portico.permits.needs import needs
from portico.translation import Translator


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_comes_out_as_written(case):
    found = needs(pack(), answers_of(case), FILED)
    filed = {one for one in found.live if found.found[one].nature is Nature.REQUIRED}
    assert filed == set(case["filed"])
    assert set(found.carrier) == set(case["absorbed"])
    assert found.possible == found.live
    assert not [one for one in found.found.values() if one.need is Need.PERHAPS or one.unknown]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_procedure_of_every_case_says_why(language):
    say = Translator(language)
    for case in CASES:
        for one in needs(pack(), answers_of(case), FILED).found.values():
            assert one.reasons, one.procedure
            for reason in one.reasons:
                sentence = say(reason)
                assert sentence
                assert "{" not in sentence
                assert not sentence.startswith("permit-")


def test_what_is_absorbed_says_by_what():
    by_case = {case["id"]: needs(pack(), answers_of(case), FILED).carrier for case in CASES}
    assert by_case["c3-food-plant"] == {"ENV_WW": "ENV_AUA", "ENV_EMIS_GEN": "ENV_AUA"}
    assert set(by_case["c7-battery-recycling"].values()) == {"ENV_PAUR"}
    assert by_case["c6-logistics-mismatch"] == {"ENV_VINCA_SCREEN": "ENV_VIA_SCREEN_REG"}


def test_the_reason_names_the_answer_that_decided_and_nothing_else():
    case = next(one for one in CASES if one["id"] == "c8-showroom-600")
    found = needs(pack(), answers_of(case), FILED).found["RETAIL_MED"]
    assert [reason.id for reason in found.reasons] == ["permit-because", "permit-law"]
    assert Translator("en")(found.reasons[0]) == "How much sales area? 600 m²."
    assert Translator("en")(found.reasons[1]) == "D.lgs. 114/1998 artt. 4, 8"
