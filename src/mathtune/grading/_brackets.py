"""Several values side by side, and what stands in brackets: lists, alternatives, pairs, sets."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import BudgetExceededError, negate, symbols
from mathtune.latex import (
    Call,
    Group,
    Grouped,
    Lines,
    List,
    Node,
    Number,
    Prefix,
    Product,
    Relation,
    Symbol,
    to_text,
)

from ._amounts import add_measures
from ._builders import set_builder
from ._commas import between_semicolons
from ._domain_behind import domains_of, over_domain, set_apart
from ._families import free_names, substituted
from ._formulas import number_value
from ._list_statements import (
    bounds_member,
    either_way,
    excluded,
    is_conjunction,
    is_statement,
    residues_in_line,
)
from ._named_items import by_name, truth_values, with_opposed_names
from ._permutations import all_permuted
from ._rebuilt import nodes_of
from ._said_cases import stated_cases
from ._sequences import by_first_term, has_labels, progression, records, shared_label
from ._structures import permutation
from ._values import (
    OR,
    Equation,
    Inequality,
    Items,
    Labelled,
    Quantity,
    Region,
    Restricted,
    Table,
    Value,
    unnamed,
)
from ._words import EMPTY, ProseError

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["called", "grouped", "listed", "stacked"]


def listed(node: List, read: Read) -> Value:
    residues = residues_in_line(node)
    if residues is not None:
        return read(residues)
    both = either_way(node)
    if both is not None:
        return read(both)
    if node.separator == "or":
        return _alternatives([read(item) for item in node.items])
    if (node.separator == "and" and is_conjunction(node)) or bounds_member(node):
        return Region("and", tuple(read(item) for item in node.items))
    for form in (truth_values, by_name, all_permuted, _over_all, excluded, _enumerated, _restricted):
        special = form(node, read)
        if special is not None:
            return special
    if all(is_statement(item) for item in node.items):
        return Region("list", tuple(read(item) for item in node.items))
    node = set_apart(node)
    domains = domains_of(node)
    if domains:
        kept = tuple(item for item in node.items if item not in domains)
        value = read(kept[0] if len(kept) == 1 else List(node.separator, kept))
        return over_domain(value, domains)
    return _values_in_line(node, read)


def _values_in_line(node: List, read: Read) -> Value:
    """Values with commas or `and` between them."""
    items = _flat_items(node, read)
    if node.separator == "and":
        compound = add_measures(items)
        if compound is not None:
            return compound
    mark = "," if _is_decimal_shape(node) else ""
    shared = stated_cases(items) or shared_label(items, mark) or by_first_term(items)
    if shared is not None:
        return shared
    items = with_opposed_names(items)
    return Items(kind="list", items=tuple(items), opening=mark)


def _over_all(node: List, read: Read) -> Value | None:
    r"""`\frac{n+1}{n}, n = 1, 2, 3, \ldots`: what the index runs through is no further value."""
    last = node.items[-1]
    if type(last) is not Symbol or last.name != "ldots":
        return None
    at = _index_in(node)
    if not at:
        return None
    return read(node.items[0] if at == 1 else List(node.separator, node.items[:at]))


def _enumerated(node: List, read: Read) -> Value | None:
    """`e^{2πik/3}, k = 0, 1, 2`: the values for each number."""
    at = _index_in(node)
    index = node.items[at]
    if (
        not at
        or len(node.items) - at < _FEWEST
        or not isinstance(index, Relation)
        or not isinstance(index.sides[0], Symbol)
    ):
        return None
    if not all(isinstance(item, (Number, Symbol)) for item in node.items[at + 1 :]):
        return None
    name = index.sides[0].name
    first = read(node.items[0] if at == 1 else List(node.separator, node.items[:at]))
    numbers = progression([read(item) for item in (index.sides[1], *node.items[at + 1 :])])
    if name not in free_names(first) or len(numbers) < _FEWEST:
        return None
    steps = [number.expression for number in numbers if isinstance(number, Quantity)]
    if len(steps) < len(numbers) or any(map(symbols, steps)):
        return None
    if len(steps) * sum(1 for item in node.items[:at] for _ in nodes_of(item)) > _MOST_NODES:
        raise BudgetExceededError
    label, inner = (first.label, first.value) if isinstance(first, Labelled) else (None, first)
    parts = inner.items if isinstance(inner, Items) and inner.kind in ("list", "family") else (inner,)
    values = tuple(substituted(part, {name: step}) for step in steps for part in parts)
    family = Items(kind="family", items=values)
    return family if label is None else Labelled(label, family)


_FEWEST = 2
_MOST_NODES = 50_000  # of all values together, each written out


def _index_in(node: List) -> int:
    return next((at for at, item in enumerate(node.items) if _is_index(item)), 0)


def _is_index(item: Node) -> bool:
    """`k = 0`: the first number of an index."""
    named = isinstance(item, Relation) and item.operators == ("=",) and isinstance(item.sides[0], Symbol)
    return named and isinstance(item, Relation) and isinstance(item.sides[1], (Number, List))


def _restricted(node: List, read: Read) -> Value | None:
    """`n = 2^k, k ≥ 1`: a value, and what holds for a letter in it."""
    if len(node.items) != 2 or is_statement(node.items[0]):
        return None
    said = _bounds(node.items[1])
    if not is_statement(said):
        return None
    value, condition = read(node.items[0]), read(said)
    inner = unnamed(value)
    letters = free_names(condition)
    alone = isinstance(condition, (Inequality, Region)) and len(letters) == 1
    if not alone or not isinstance(inner, Quantity) or not letters <= free_names(inner):
        return None
    return Restricted(value, condition)


def _bounds(node: Node) -> Node:
    r"""`x \in [0, 3)` as 0 ≤ x < 3, which says of a letter where it runs."""
    if not isinstance(node, Relation) or node.operators != ("∈",) or not isinstance(node.sides[0], Symbol):
        return node
    interval = node.sides[1]
    ends = interval.body if isinstance(interval, Group) and interval.opening in {"[", "("} else None
    if (
        not isinstance(interval, Group)
        or not isinstance(ends, List)
        or len(ends.items) != len(("low", "high"))
    ):
        return node
    signs = ("≤" if interval.opening == "[" else "<", "≤" if interval.closing == "]" else "<")
    return Relation(signs, (ends.items[0], node.sides[0], ends.items[1]))


def _is_decimal_shape(node: List) -> bool:
    """`1000,99` may be a decimal comma, and so may `x = 1000,99`."""
    if node.separator != "," or len(node.items) != 2:
        return False
    first, second = node.items
    first = first.sides[-1] if isinstance(first, Relation) else first
    second = second.factors[0] if isinstance(second, Product) else second  # 74 €
    return isinstance(first, Prefix) or (isinstance(first, Number) and isinstance(second, Number))


def _flat_items(node: List, read: Read) -> list[Value]:
    items: list[Value] = []
    for item in between_semicolons(node) if node.separator == ";" else node.items:
        value = read(item)
        if isinstance(value, Items) and value.kind in ("list", "family"):
            record = node.separator == ";" and has_labels(value)
            items.extend(
                [attrs.evolve(value, kind="tuple", opening="(", closing=")")] if record else value.items
            )
        else:
            items.append(value)
    return records(progression(items))


def _alternatives(parts: list[Value]) -> Value:
    """`a or b`: values make a family; statements and sets make a union."""
    flat: list[Value] = []
    for part in parts:
        if isinstance(part, Items) and part.kind in ("list", "family"):
            record = has_labels(part) and part.kind == "list"
            flat.extend(
                [attrs.evolve(part, kind="tuple", opening="(", closing=")")] if record else part.items
            )
        else:
            flat.append(part)
    if any(isinstance(part, (Inequality, Region)) for part in flat):
        return Region("or", tuple(flat))
    shared = shared_label(flat)
    if isinstance(shared, Labelled) and isinstance(shared.value, Items):
        return attrs.evolve(shared, value=attrs.evolve(shared.value, opening=OR))
    return Items(kind="family", items=tuple(flat), opening=OR)


def stacked(node: Lines, read: Read) -> Value:
    values = [read(item) for item in node.items]
    return Items(kind="list", items=tuple(values))


def grouped(node: Group, read: Read) -> Value | None:
    body = node.body
    if node.opening in ("|", "‖", "⌊", "⌈"):
        return None
    if body is None:
        return EMPTY if node.opening == "{" else None
    if node.opening == "":
        return read(body)
    if node.opening == "{":
        return _braces(body, read)
    return _bracketed(node, body, read)


def _bracketed(node: Group, body: Node, read: Read) -> Value | None:
    """What stands in round, square or angular brackets."""
    rows = _rows(body) if node.opening == "[" else None
    if rows is not None:
        return Table(tuple(tuple(map(read, row)) for row in rows))
    items = _bracket_items(body, read)
    if items is None and isinstance(body, Product):
        cycle = permutation(node)
        if cycle is not None:
            return cycle
    if items is None:
        return read(body) if (node.opening, node.closing) in (("(", ")"), ("[", "]")) else None
    solutions = shared_label(list(items)) if node.opening == "[" else None
    if solutions is not None:  # [x = 1, x = 2], as Maxima solves
        return solutions
    if node.opening == "[" and {type(item) for item in items} in _IN_SYSTEMS:
        return Items(kind="list", items=items)  # [x + y = 3, x - y = 1]
    if node.opening == "[" and len(items) > 1 and all(isinstance(i, Items) and has_labels(i) for i in items):
        points = (attrs.evolve(i, opening="(", closing=")") for i in items if isinstance(i, Items))
        return Items(kind="list", items=tuple(points))  # [[x = 1, y = 2], [x = 2, y = 1]]
    pair = Items(kind="tuple", items=items, opening=node.opening, closing=node.closing)
    if node.opening != "(" or not isinstance(body, List):
        return pair
    return _two_points(pair, body.items)


_IN_SYSTEMS = ({Equation}, {Equation, Labelled})


def _rows(body: Node) -> list[tuple[Node, ...]] | None:
    """`[1, 2; 3, 4]`, a matrix as MATLAB writes it."""
    if not isinstance(body, List) or body.separator != ";":
        return None
    rows = [item.items for item in body.items if isinstance(item, List)]
    return rows if len(rows) == len(body.items) and len(set(map(len, rows))) == 1 else None


def _two_points(point: Items, written: tuple[Node, ...]) -> Items:
    r"""`(\pm 3, 0)` are the points (3, 0) and (-3, 0); two such signs go together if one is turned round."""
    families = [item.items for item in point.items if isinstance(item, Items) and item.kind == "family"]
    if not families or point.closing != ")":
        return point
    turned = any(isinstance(item, Prefix) and item.operator == "∓" for item in written)
    if len(families) > 1 and not (turned and {len(family) for family in families} == {2}):
        return point
    points = []
    for place in range(len(families[0])):
        each = iter(families)
        items = (next(each)[place] if _is_family(item) else item for item in point.items)
        points.append(attrs.evolve(point, items=tuple(items)))
    return Items(kind="family", items=tuple(points))


def _is_family(value: Value) -> bool:
    return isinstance(value, Items) and value.kind == "family"


def _bracket_items(body: Node, read: Read) -> tuple[Value, ...] | None:
    if isinstance(body, Grouped):
        return tuple(Quantity(number_value(part)) for part in body.parts)
    if isinstance(body, Prefix) and body.operator == "-" and isinstance(body.argument, Grouped):  # [-36,104]
        first, *others = (number_value(part) for part in body.argument.parts)
        return tuple(map(Quantity, (negate(first), *others)))
    if isinstance(body, List) and body.separator in (",", ", ", ";"):
        if body.separator == ";":
            return tuple(progression([_as_tuple(read(item)) for item in between_semicolons(body)]))
        items: list[Value] = []
        for item in body.items:
            value = read(item)
            several = isinstance(value, Items) and value.kind == "list"
            items.extend(value.items if several and isinstance(value, Items) else [value])
        return tuple(progression(items))
    return None


def _as_tuple(value: Value) -> Value:
    """What stands between semicolons with commas in it: [3; 7, 15] is not (3, 7, 15)."""
    if not isinstance(value, Items) or value.kind != "list":
        return value
    return attrs.evolve(value, kind="tuple", opening="(", closing=")")


def _braces(body: Node, read: Read) -> Value:
    described = set_builder(body, read) or _record(body, read)
    if described is not None:
        return described
    items = _bracket_items(body, read)
    if items is None:
        value = read(body)
        if isinstance(value, (Inequality, Region)):
            return value  # {n ≥ 13}: the numbers for which it holds
        items = value.items if isinstance(value, Items) and value.kind in ("family", "list") else (value,)
    flat: list[Value] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Items) and item.kind == "family" else [item])
    if has_labels(Items(kind="list", items=tuple(flat))):  # {x: 2, y: -1}
        return Items(kind="list", items=tuple(flat))
    return Items(kind="set", items=tuple(flat), opening="{", closing="}")


def _record(body: Node, read: Read) -> Value | None:
    """`{x: 2, y: -1}`, as programs print solutions."""
    parts = body.items if isinstance(body, List) else ()
    named = []
    for part in parts:
        if (
            not isinstance(part, Relation)
            or part.operators != (":",)
            or not isinstance(part.sides[0], Symbol)
        ):
            return None
        named.append(Labelled(to_text(part.sides[0]), read(part.sides[1])))
    return Items(kind="list", items=tuple(named)) if len(named) > 1 else None


def called(node: Call, read: Read) -> Value | None:
    """Plain syntax of computer algebra: `matrix([1,2],[3,4])`, `oc(1, 2)`, `union(...)`."""
    if node.name == "matrix":
        rows = []
        for argument in node.arguments:
            if not isinstance(argument, Group) or argument.body is None:
                raise ProseError
            rows.append(_bracket_items(argument.body, read) or (read(argument.body),))
        return Table(tuple(rows))
    if node.name in ("oo", "oc", "co", "cc") and len(node.arguments) == 2:
        opening, closing = ("(" if node.name[0] == "o" else "["), (")" if node.name[1] == "o" else "]")
        if node.arguments[0] == node.arguments[1]:  # one point, or none
            items = tuple(map(read, node.arguments[:1])) if node.name == "cc" else ()
            return Items(kind="set", items=items, opening="{", closing="}")
        ends = tuple(map(read, node.arguments))  # an interval, and no pair
        return Region("or", (Items(kind="tuple", items=ends, opening=opening, closing=closing),))
    if node.name in ("max", "min") and len(node.arguments) == 1 and _is_number(node.arguments[0]):
        return Labelled(node.name, read(node.arguments[0]))  # max 5, min -3
    if node.name in ("union", "intersection"):
        return Region("or" if node.name == "union" else "and", tuple(map(read, node.arguments)))
    return None


def _is_number(node: Node) -> bool:
    return isinstance(node.argument if isinstance(node, Prefix) else node, Number)
