"""The small language of rule packs: what a condition may say, read into a tree. It computes nothing and calls nothing.

::

    condition  = both {"or" both}
    both       = one {"and" one}
    one        = "not" one | "(" condition ")" | "true" | "false" | name [test]
    test       = ("==" | "!=" | "<" | "<=" | ">" | ">=") value | ["not"] "in" "(" value {"," value} ")"
    value      = number | "word" | "true" | "false"

Names are attributes of the pack. An attribute of yes or no stands alone or is compared with true or false; a word is
compared by ``==``, ``!=`` or ``in`` with its own words; a number with numbers. Anything else is refused with the
position (the first character is 1) and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portico.errors import InputError
from portico.messages import did_you_mean
from portico.permits.model import Attribute, AttributeKind, Value

LONGEST = 2_000
DEEPEST = 50
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?(?![0-9A-Za-z_.]))
    |(?P<word>"[^"\n]*"|'[^'\n]*')
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark>==|!=|<=|>=|<|>|\(|\)|,)
    |(?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)
_ORDER = ("<", "<=", ">", ">=")
_COMPARED = ("==", "!=", *_ORDER)
_KEPT = frozenset({"and", "or", "not", "in"})
_TRUTHS = {"true": True, "True": True, "false": False, "False": False}


@dataclass(frozen=True, slots=True)
class Test:
    """One attribute compared: ``mark`` is one of == != < <= > >= in; of ``in`` there may be several values."""

    name: str
    mark: str
    values: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        """Say whether ``value`` passes.

        >>> Test("employees", ">=", (10.0,)).holds(12.0)
        True
        """
        against = self.values[0]
        if self.mark in ("==", "in"):
            return value in self.values
        if self.mark == "!=":
            return value != against
        if isinstance(value, str) or isinstance(against, str):
            return False
        return {"<": value < against, "<=": value <= against, ">": value > against, ">=": value >= against}[self.mark]


@dataclass(frozen=True, slots=True)
class Constant:
    """True or false, whatever is answered."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of ``one``."""

    one: Node


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of ``parts``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of ``parts``."""

    parts: tuple[Node, ...]


Node = Test | Constant | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str, attributes: Mapping[str, Attribute]) -> Node:
    """Return the tree of a condition. Raises InputError with the position and advice for the first fault.

    >>> from portico.permits.model import Group
    >>> from portico.messages import Text
    >>> known = {"works": Attribute("works", AttributeKind.YES_NO, Group.PROFILE, Text(en="Works?"))}
    >>> parse("not works", known)
    Not(one=Test(name='works', mark='==', values=(True,)))
    """
    if len(text) > LONGEST:
        raise InputError("condition-long", count=len(text), limit=LONGEST)
    return _Parser(_tokens(text), attributes).whole()


def names_in(node: Node) -> tuple[str, ...]:
    """Return the attributes that a tree asks about, each once, in the order of the text."""
    return tuple(dict.fromkeys(test.name for test in tests_in(node)))


def tests_in(node: Node) -> tuple[Test, ...]:
    """Return every test of a tree, in the order of the text."""
    if isinstance(node, Test):
        return (node,)
    if isinstance(node, Constant):
        return ()
    parts = (node.one,) if isinstance(node, Not) else node.parts
    return tuple(test for part in parts for test in tests_in(part))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            start = len(text) - len(text[at:].lstrip())
            raise InputError("condition-sign", at=start + 1, sign=ascii(text[start : start + 12])[1:-1])
        kind = match.lastgroup or "end"
        found.append(_Token(kind, match[kind], match.start(kind) + 1))
        if kind == "end":
            return found
        at = match.end()


class _Parser:
    """Recursive descent over tokens; every rule of the grammar is a method."""

    def __init__(self, tokens: list[_Token], attributes: Mapping[str, Attribute]) -> None:
        self.tokens = tokens
        self.attributes = attributes
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> _Token | None:
        """Return the present token and go on where it is one of ``texts`` and not a quoted word."""
        now = self.now
        if now.kind in ("mark", "name") and now.text in texts:
            self.at += 1
            return now
        return None

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            raise self.fault("condition-expected", expected=mark)

    def fault(self, message: str, token: _Token | None = None, **values: object) -> InputError:
        token = token or self.now
        return InputError(message, at=token.at, found=token.text or "–", **values)

    def whole(self) -> Node:
        if self.now.kind == "end":
            raise self.fault("condition-empty")
        node = self.either()
        if self.now.kind != "end":
            raise self.fault("condition-rest")
        return node

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self) -> Node:
        parts = [self.one()]
        while self.take("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault("condition-deep", limit=DEEPEST)
        node = self.inner()
        self.depth -= 1
        return node

    def inner(self) -> Node:
        if self.take("not"):
            return Not(self.one())
        if self.take("("):
            node = self.either()
            self.expect(")")
            return node
        token = self.now
        if token.kind != "name" or token.text in _KEPT:
            raise self.fault("condition-begin")
        self.at += 1
        if token.text in _TRUTHS:
            return Constant(_TRUTHS[token.text])
        attribute = self.attributes.get(token.text)
        if attribute is None:
            raise self.fault("condition-name", token, advice=did_you_mean(token.text, self.attributes))
        return self.test(attribute, token)

    def test(self, attribute: Attribute, token: _Token) -> Node:
        mark = self.take(*_COMPARED)
        if mark:
            if mark.text in _ORDER and attribute.kind is not AttributeKind.NUMBER:
                raise self.fault("condition-order", mark, name=attribute.name)
            return Test(attribute.name, mark.text, (self.value(attribute),))
        if self.take("not"):
            if not self.take("in"):
                raise self.fault("condition-expected", expected="in")
            return Not(Test(attribute.name, "in", self.values(attribute)))
        if self.take("in"):
            return Test(attribute.name, "in", self.values(attribute))
        if attribute.kind is not AttributeKind.YES_NO:
            raise self.fault("condition-alone", token, name=attribute.name)
        return Test(attribute.name, "==", (True,))

    def values(self, attribute: Attribute) -> tuple[Value, ...]:
        self.expect("(")
        found = [self.value(attribute)]
        while self.take(","):
            if self.now.text == ")" and self.now.kind == "mark":
                break
            found.append(self.value(attribute))
        self.expect(")")
        return tuple(found)

    def value(self, attribute: Attribute) -> Value:
        token = self.now
        self.at += token.kind != "end"
        if token.kind == "word" and attribute.kind is AttributeKind.WORD:
            word = token.text[1:-1]
            if word not in attribute.words:
                raise InputError(
                    "condition-word",
                    at=token.at,
                    name=attribute.name,
                    found=word[:80],
                    advice=did_you_mean(word, attribute.words),
                )
            return word
        if token.kind == "number" and attribute.kind is AttributeKind.NUMBER:
            return float(token.text)
        if token.kind == "name" and token.text in _TRUTHS and attribute.kind is AttributeKind.YES_NO:
            return _TRUTHS[token.text]
        raise self.fault(f"condition-type.{attribute.kind.value}", token, name=attribute.name)
