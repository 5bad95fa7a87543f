"""Words that a criterion found are said as its vocabulary has them; open words as they were written."""

from __future__ import annotations

from portico.figures import Figure, Statement, Status
from portico.match.criteria import criterion
from portico.translation import Translator


def test_words_of_a_vocabulary_and_open_words_are_spoken():
    say = Translator("it")
    use = criterion("use").spoken_found(Statement(("production",), Status.DECLARED))
    town = criterion("municipality").spoken_found(Statement(("Torino",), Status.DECLARED))
    assert [say(one) for one in use] == ["produzione"]
    assert [say(one) for one in town] == ["Torino"]


def test_figures_and_what_is_missing_stay_what_they_are():
    figure, missing = Figure.exactly(3, "m2", Status.DECLARED), Statement.missing()
    assert criterion("area").spoken_found(figure) is figure
    assert criterion("use").spoken_found(missing) is missing
