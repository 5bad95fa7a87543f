"""``criteria [ID]``: what a brief can ask for, in the terminal, as JSON, or as the page of the guide."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape
from rich.padding import Padding

from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, table
from portico.match.criteria.base import Criterion
from portico.match.criteria.reference import example, find, groups, parameters, to_dict, told, worth
from portico.messages import Message
from portico.translation import Translator


def criteria(
    identifier: str = "",
    *,
    markdown: Annotated[bool, Parameter(negative="", help="Print the page of the guide.")] = False,
    common: Common = DEFAULTS,
) -> int:
    """List the criteria that a must or a want of a brief may name; with an id, all about one.

    Parameters
    ----------
    identifier
        The id of a criterion: unit, direction, default scale, parameters, formula and source of that one.
    """
    say = common.say
    if identifier:
        one = find(identifier)
        if common.json:
            as_json(to_dict(one, say))
        else:
            _show(one, say)
        return 0
    if common.json:
        as_json({"criteria": [to_dict(one, say) for _, members in groups() for one in members]})
    elif markdown:
        print(as_markdown(say), end="")  # noqa: T201 - a page, as it is
    else:
        _list(say)
    return 0


def _list(say: Translator) -> None:
    for name, members in groups():
        out().print(f"\n[bold]{escape(say(Message(f'criterion-group.{name}')))}[/bold]")
        rows = [(one.id, _unit(one, say), say(one.title)) for one in members]
        out().print(Padding(table(["", "", ""], rows, header=False), (0, 0, 0, 2)))
    out().print(f"\n{escape(say(Message('criteria-more')))}")


def _unit(one: Criterion, say: Translator) -> str:
    return (say.unit(one.unit) or one.unit) if one.unit else say(Message("in-words"))


def _show(one: Criterion, say: Translator) -> None:
    out().print(f"[bold]{escape(say(one.title))}[/bold] ({one.id})")
    out().print(escape(say(one.what)))
    out().print(Padding(table(["", ""], list(_facts(one, say)), header=False), (1, 0)))
    out().print(example(one), markup=False)


def _facts(one: Criterion, say: Translator) -> list[tuple[str, str]]:
    found = [
        (say(Message("criterion-unit")), _unit(one, say)),
        (say(Message("criterion-better")), say(Message(f"better.{one.direction.value}")) if one.direction else ""),
        (say(Message("criterion-worth")), say.value(worth(one))),
        (say(Message("criterion-needs")), ", ".join(_named(one, say, needed=True))),
        (say(Message("criterion-takes")), ", ".join(_named(one, say, needed=False))),
        (say(Message("criterion-bases")), say.value(tuple(Message(f"basis.{basis}") for basis in one.bases))),
        (say(Message("criterion-formula")), say(told(one.formula))),
        (say(Message("criterion-source")), say(told(one.source))),
    ]
    return [(name, text) for name, text in found if text]


def _named(one: Criterion, say: Translator, *, needed: bool) -> list[str]:
    return [
        f"{name} ({say(Message(f'brief-key.{name}'))})" for name, is_needed in parameters(one) if is_needed is needed
    ]


def as_markdown(say: Translator) -> str:
    """Return the page of the guide that tells every criterion."""
    lines = [f"# {say(Message('page.criteria'))}", "", say(Message("criteria-lead")), "", say(Message("criteria-made"))]
    for name, members in groups():
        lines += ["", f"## {say(Message(f'criterion-group.{name}'))}"]
        for one in members:
            lines += ["", f"### {say(one.title)} (`{one.id}`)", "", say(one.what), ""]
            lines += [f"- {label}: {_as_code(text, one)}" for label, text in _facts(one, say)]
            lines += ["", "```", example(one), "```"]
    return "\n".join(lines) + "\n"


def _as_code(text: str, one: Criterion) -> str:
    return f"`{text}`" if text == one.formula and told(text) == text else text
