"""What a brief asks for, on paper: the musts with their limits, the wants with their weights and scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portico.dossier import plain
from portico.dossier.document import blocks as b
from portico.dossier.document.blocks import Block, Pieces
from portico.match.criteria import criterion
from portico.match.model import Brief, Must, Want
from portico.match.wants import scale_of
from portico.messages import Message
from portico.translation import Translator


def asked_blocks(brief: Brief, say: Translator) -> Iterator[Block]:
    """Yield what ``brief`` asks for."""
    yield b.heading(2, say("dossier.asked"))
    yield b.heading(3, say("page.musts"))
    musts: list[Pieces] = [[plain.name_of(must, say), limit_words(must, say)] for must in brief.musts]
    yield b.bullets(musts or [[say("dossier.no-musts")]])
    yield b.heading(3, say("page.wants"))
    if not brief.wants:
        yield b.paragraph(say("dossier.no-wants"))
        return
    weighed = sorted(zip(brief.wants, brief.shares(), strict=True), key=lambda one: -one[1])
    rows: list[list[Pieces]] = [
        [[_weight(want, share, say)], [plain.name_of(want, say)], [_scale(want, say)]] for want, share in weighed
    ]
    yield b.table([say("page.weight"), say("dossier.wish"), say("dossier.scale")], rows, [1.2, 4, 3])


def _weight(want: Want, share: float, say: Translator) -> str:
    """Return the share of a want, and beside it what the brief leaves open of its weight."""
    middle = f"{say.number(100 * share)} %"
    if isinstance(want.weight, tuple) and want.weight[0] != want.weight[1]:
        low, high = (say.number(one, 2) for one in want.weight)
        return say(Message("dossier.weight-between", {"share": middle, "low": low, "high": high}))
    if want.order is not None:
        return say(Message("dossier.weight-order", {"share": middle, "order": say.number(want.order)}))
    return middle


def limit_words(must: Must, say: Translator) -> str:
    """Return the limits of a must, after its name; nothing where it has none."""
    known = criterion(must.criterion)
    unit = say.unit(must.unit or (known.unit if known else ""))
    limits = [
        say(Message(f"dossier.{bound}", {"limit": say.number(value), "unit": unit})).strip()
        for bound, value in (("at-least", must.at_least), ("at-most", must.at_most))
        if value is not None
    ]
    for name, words in (("any-of", must.any_of), ("none-of", must.none_of)):
        if words:
            limits.append(say(Message(f"dossier.{name}", {"words": spoken(must.criterion, words, say)})))
    return f": {'; '.join(limits)}" if limits else ""


def spoken(identifier: str, words: Sequence[str], say: Translator) -> str:
    """Return words of a criterion in the language, with commas between them."""
    known = criterion(identifier)
    return ", ".join(say(known.spoken(word)) if known else word for word in words)


def _scale(want: Want, say: Translator) -> str:
    """Return the scale of a want, its own or the criterion's, as it is used."""
    known = criterion(want.criterion)
    values = want.values or (known.default_values if known else {})
    if values and not (known and known.is_number):
        return ", ".join(f"{spoken(want.criterion, [word], say)} {say.number(one, 2)}" for word, one in values.items())
    points = scale_of(want, known) if known else want.scale
    return ", ".join(f"{say.number(x)} → {say.number(value, 2)}" for x, value in points) or "–"
