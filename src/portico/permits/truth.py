"""Conditions over what is known in part: yes, no, or open (None). Sound, monotone, and exact while that is cheap.

The values of an attribute that a condition does not tell apart are one class. What is known of an attribute is then
the set of classes it may be in: one for an answer, all for none. A condition that is open by the logic of Kleene is
tried over all classes of those unknown attributes that it names more than once; what is left is read-once, for which
that logic is exact. Above ``MOST`` cases it stays open: that is never wrong.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico.permits.language import AllOf, AnyOf, Constant, Node, Not, Test, names_in, parse, tests_in
from portico.permits.model import Attribute, AttributeKind, Value

MOST = 4_096
"""The most cases that are tried one by one, and the most results that a condition keeps."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number known in part: from ``low`` to ``high``, both included."""

    low: float
    high: float


Known = Value | Range | frozenset[str]
"""What is known of an attribute: its answer, a range, or the words it may be."""
Knowledge = Mapping[str, Known]
Truth = bool | None
_Run = Callable[[Sequence[int]], Truth]


class Classes:
    """The classes into which the tests of one condition part the values of one attribute; sets of them as bits."""

    def __init__(self, attribute: Attribute, tests: Sequence[Test]) -> None:
        """Part the values of ``attribute`` by ``tests``."""
        self.attribute = attribute
        self._cuts: tuple[float, ...] = ()
        signs: dict[tuple[bool, ...], int] = {}
        self._of: dict[object, int] = {}
        for key, value in self._samples(tests):
            sign = tuple(test.holds(value) for test in tests)
            if sign not in signs:
                signs[sign] = len(signs)
            self._of[key] = signs[sign]
        self.all = (1 << len(signs)) - 1
        is_number = attribute.kind is AttributeKind.NUMBER
        self.bit = {} if is_number else {value: 1 << number for value, number in self._of.items()}
        pieces = list(self._of.values())
        self.sizes = tuple(pieces.count(number) for number in range(len(signs)))
        self._bits = {
            test: sum(1 << number for sign, number in signs.items() if sign[index]) for index, test in enumerate(tests)
        }

    def _samples(self, tests: Sequence[Test]) -> Iterator[tuple[object, Value]]:
        """Yield a key and an example for each piece of the domain: words, yes and no, or cuts and what lies between."""
        kind = self.attribute.kind
        if kind is AttributeKind.YES_NO:
            yield from ((True, True), (False, False))
        elif kind is AttributeKind.WORD:
            yield from ((word, word) for word in self.attribute.words)
        else:
            self._cuts = tuple(sorted({float(value) for test in tests for value in test.values}))
            low = -math.inf if self.attribute.least is None else self.attribute.least
            high = math.inf if self.attribute.most is None else self.attribute.most
            ends = (-math.inf, *self._cuts, math.inf)
            for index in range(2 * len(self._cuts) + 1):
                below, above = ends[index // 2], ends[index // 2 + 1]
                sample = (
                    self._cuts[index // 2] if index % 2 else _between(below, above, low, high, self.attribute.whole)
                )
                if sample is not None and low <= sample <= high:
                    yield index, sample

    def _index(self, value: float) -> int:
        at = bisect_left(self._cuts, value)
        return 2 * at + (at < len(self._cuts) and self._cuts[at] == value)

    def mask(self, known: Known | None) -> int:
        """Return the classes in which an attribute may be of which this is known; all for nothing."""
        if known is None:
            return self.all
        if known in self.bit:
            return self.bit[known]
        if isinstance(known, Range):
            pieces: Sequence[object] = range(self._index(known.low), self._index(known.high) + 1)
        elif isinstance(known, frozenset):
            pieces = tuple(known)
        elif self.attribute.kind is AttributeKind.NUMBER:
            pieces = (self._index(float(known)),)
        else:
            pieces = (known,)
        found = 0
        for piece in pieces:
            if piece in self._of:
                found |= 1 << self._of[piece]
        return found or self.all

    def named(self, mask: int, known: Known | None) -> Known | None:
        """Return the answers in the classes ``mask`` that ``known`` allows; None where a number may be several."""
        pieces = [piece for piece, number in self._of.items() if mask >> number & 1]
        if self.attribute.kind is AttributeKind.NUMBER:
            cut = [piece for piece in pieces if isinstance(piece, int)]
            return self._cuts[cut[0] // 2] if len(cut) == 1 and cut[0] % 2 else None
        if isinstance(known, frozenset):
            pieces = [piece for piece in pieces if piece in known]
        if len(pieces) == 1 and isinstance(pieces[0], bool | str):
            return pieces[0]
        return frozenset(str(piece) for piece in pieces) if self.attribute.kind is AttributeKind.WORD else None

    def bits(self, test: Test) -> int:
        """Return the classes in which ``test`` holds."""
        return self._bits[test]


def _between(below: float, above: float, low: float, high: float, whole: bool) -> float | None:  # noqa: FBT001
    """Return a number strictly between two cuts and within the bounds of its attribute; None where there is none."""
    if whole:
        starts = [math.floor(below) + 1.0] if math.isfinite(below) else []
        ends = [math.ceil(above) - 1.0] if math.isfinite(above) else []
        starts += [float(math.ceil(low))] if math.isfinite(low) else []
        ends += [float(math.floor(high))] if math.isfinite(high) else []
        start = max(starts, default=min(ends, default=0.0))
        return start if start <= min(ends, default=start) else None
    start, end = max(below, low), min(above, high)
    if start > end or (start == end and start in (below, above)):
        return None
    if math.isinf(start):
        return 0.0 if math.isinf(end) else end - 1
    return start + 1 if math.isinf(end) else (start + end) / 2


class Condition:
    """A condition, compiled: whether it holds, what decided it, what leaves it open."""

    def __init__(
        self, text: str | Sequence[str], attributes: Mapping[str, Attribute], but_not: Sequence[str] = ()
    ) -> None:
        """Read ``text``: of several, one must hold, and none of ``but_not``. Raises InputError as ``parse`` does."""
        self.texts = (text,) if isinstance(text, str) else tuple(text)
        wanted = tuple(parse(one, attributes) for one in self.texts)
        tree = wanted[0] if len(wanted) == 1 else AnyOf(wanted)
        if but_not:
            tree = AllOf((tree, *(Not(parse(one, attributes)) for one in but_not)))
        self.names = names_in(tree)
        self.tests = tests_in(tree)
        by_name = {name: [test for test in self.tests if test.name == name] for name in self.names}
        self.classes = tuple(Classes(attributes[name], tuple(dict.fromkeys(by_name[name]))) for name in self.names)
        self._pairs = tuple(zip(self.names, self.classes, strict=True))
        self._run = _compiled(tree, {name: index for index, name in enumerate(self.names)}, self.classes)
        self._repeated = tuple(index for index, name in enumerate(self.names) if len(by_name[name]) > 1)
        self._kept: dict[tuple[int, ...], Truth] = {}
        self._open: dict[tuple[int, ...], tuple[str, ...]] = {}

    def masks(self, known: Knowledge) -> tuple[int, ...]:
        """Return, for each of ``names``, the set of classes it may be in."""
        get = known.get
        found = []
        for name, one in self._pairs:
            value = get(name)
            if value is None:
                found.append(one.all)
            else:  # an answer in words is looked up at once; this runs thousands of times for a plan
                found.append(one.bit.get(value) or one.mask(value))
        return tuple(found)

    def truth(self, known: Knowledge) -> Truth:
        """Say whether the condition holds: True or False whatever the rest may be, else None.

        >>> from portico.permits.model import Group
        >>> from portico.messages import Text
        >>> word = Attribute("kind", AttributeKind.WORD, Group.PROFILE, Text(en="Kind?"), words=("a", "b", "c"))
        >>> either = Condition('kind == "a" or kind in ("b", "c")', {"kind": word})
        >>> either.truth({}), either.truth({"kind": "c"})
        (True, True)
        """
        return self._truth(self.masks(known))

    def _truth(self, masks: tuple[int, ...]) -> Truth:
        try:
            return self._kept[masks]
        except KeyError:
            found = self._work_out(masks)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[masks] = found
            return found

    def _work_out(self, masks: tuple[int, ...]) -> Truth:
        first = self._run(masks)
        unknown = [index for index in self._repeated if masks[index] & (masks[index] - 1)]
        if first is not None or not unknown:
            return first
        found = set()
        for case in _cases(masks, unknown):
            found.add(self._run(case))
            if None in found or len(found) > 1:
                return None
        return found.pop() if found else None

    def deciding(self, known: Knowledge) -> tuple[str, ...]:
        """Return a least set of attributes whose answers alone decide the condition; none where it is open."""
        masks = list(self.masks(known))
        decided = self._truth(tuple(masks))
        if decided is None:
            return ()
        for index in reversed(range(len(masks))):
            trial = masks.copy()
            trial[index] = self.classes[index].all
            if self._truth(tuple(trial)) is decided:
                masks = trial
        return tuple(name for name, mask, one in zip(self.names, masks, self.classes, strict=True) if mask != one.all)

    def left_open_by(self, known: Knowledge) -> tuple[str, ...]:
        """Return the attributes not known, of which an answer can still make a difference; none where it is decided.

        >>> from portico.permits.model import Group
        >>> from portico.messages import Text
        >>> ask = {name: Attribute(name, AttributeKind.YES_NO, Group.PROFILE, Text(en=name)) for name in "ab"}
        >>> Condition("a and b", ask).left_open_by({"a": True})
        ('b',)
        """
        masks = self.masks(known)
        if self._truth(masks) is not None:
            return ()
        if masks not in self._open:
            if len(self._open) >= MOST:
                self._open.clear()
            self._open[masks] = self._work_out_open(masks)
        return self._open[masks]

    def _work_out_open(self, masks: tuple[int, ...]) -> tuple[str, ...]:
        unknown = [index for index, mask in enumerate(masks) if mask & (mask - 1)]
        cases = {tuple(case): self._run(case) for case in _cases(masks, unknown)}
        if not cases:
            return tuple(self.names[index] for index in unknown)
        return tuple(self.names[index] for index in unknown if _matters(index, masks[index], cases))

    def share_decided(self, name: str, known: Knowledge) -> float:
        """Return for what share of the answers to ``name`` that are still possible the condition would be decided.

        The usual answer of the attribute, where it has one, is half of all; the others share the rest.
        """
        index = self.names.index(name)
        masks = self.masks(known)
        one = self.classes[index]
        usual = 0 if one.attribute.default is None else one.mask(one.attribute.default) & masks[index]
        decided = total = 0.0
        for bit in _bits(masks[index]):
            size = float(one.sizes[bit.bit_length() - 1])
            total += size
            if self._truth((*masks[:index], bit, *masks[index + 1 :])) is not None:
                decided += size
        if not usual:
            return decided / total
        return (decided / total + (self._truth((*masks[:index], usual, *masks[index + 1 :])) is not None)) / 2

    def without(self, name: str, known: Knowledge) -> Known | None:
        """Return what is left of an attribute when all that makes the condition true is taken away; None: too little.

        Nothing is returned where all or none would be left, or where what is left of a number is not one value.
        """
        index = self.names.index(name)
        masks = list(self.masks(known))
        left = 0
        for bit in _bits(masks[index]):
            if self._truth((*masks[:index], bit, *masks[index + 1 :])) is not True:
                left |= bit
        return None if left in (0, masks[index]) else self.classes[index].named(left, known.get(name))


def _matters(index: int, mask: int, cases: Mapping[tuple[int, ...], Truth]) -> bool:
    """Say whether another class of the attribute ``index`` alone gives another result in some case."""
    for case, truth in cases.items():
        for bit in _bits(mask):
            if cases[(*case[:index], bit, *case[index + 1 :])] is not truth:
                return True
    return False


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


def _cases(masks: tuple[int, ...], unknown: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield ``masks`` with one class for each of ``unknown``, in every way; nothing where there are too many."""
    choices = [tuple(_bits(masks[index])) for index in unknown]
    if math.prod(len(choice) for choice in choices) > MOST:
        return
    made = list(masks)
    for choice in itertools.product(*choices):
        for index, bit in zip(unknown, choice, strict=True):
            made[index] = bit
        yield tuple(made)


def _compiled(node: Node, places: Mapping[str, int], classes: Sequence[Classes]) -> _Run:
    """Return a function from sets of classes to the truth of ``node``."""
    if isinstance(node, Constant):
        return lambda _: node.value
    if isinstance(node, Test):
        return _test(places[node.name], classes[places[node.name]].bits(node))
    if isinstance(node, Not):
        inner = _compiled(node.one, places, classes)
        return lambda masks: None if (found := inner(masks)) is None else not found
    return _joined(tuple(_compiled(part, places, classes) for part in node.parts), isinstance(node, AnyOf))


def _test(place: int, bits: int) -> _Run:
    def run(masks: Sequence[int]) -> Truth:
        mask = masks[place]
        inside = mask & bits
        return None if inside and inside != mask else bool(inside)

    return run


def _joined(parts: tuple[_Run, ...], settles: bool) -> _Run:  # noqa: FBT001
    """Return "any" of ``parts`` where True settles it, "all" where False does."""

    def run(masks: Sequence[int]) -> Truth:
        found: Truth = not settles
        for part in parts:
            truth = part(masks)
            if truth is settles:
                return settles
            if truth is None:
                found = None
        return found

    return run
