"""A module of Python as a machine needs it, for a file that may not be large."""

from __future__ import annotations

import ast
import itertools
import re
import string
from typing import TYPE_CHECKING, TypeGuard

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["shortened"]


def shortened(source: str, *, left_out: frozenset[str] = frozenset()) -> str:
    r"""Give a module that does the same, without comments, docstrings, types and names for others.

    What only a type needed is not imported, and no line is empty.

    A function's own variables get a letter each, as do what the module's own functions take, and what is the
    module's own by its underscore a short name; what others may name, arguments and fields keep theirs.

    Args:
        source: The module.
        left_out: Its neighbours that are not there, whose names it only hands on.

    Raises:
        DataError: It is no Python.

    >>> print(shortened("def f(x: int) -> int:\n    'Double.'\n    doubled: int = 2 * x\n    return doubled"))
    def f(x):
     a = 2 * x
     return a
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise DataError(f"no Python that can be shortened ({error})") from error
    for_others = {name for part in tree.body if _lists_names(part) for name in ast.literal_eval(part.value)}
    tree = _Plainer().visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            node.body = [part for part in node.body if not _says_nothing(part, left_out)] or [ast.Pass()]
    _keep_imports(tree, for_others)
    _OneLetterNames(tree).visit(tree)
    _rename_own(tree)
    written = ast.unparse(ast.fix_missing_locations(_OneBracket().visit(tree)))
    return _INDENT.sub(lambda found: " " * (len(found[0]) // 4), _EMPTY_LINES.sub("\n", written))


# The writer indents by four blanks, and breaks no string over lines.
_INDENT = re.compile(r"^(?:    )+", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{2,}")
# attrs and named tuples ask which fields a class annotates, and not as what.
_FIELD = ast.Constant(None)


class _Plainer(ast.NodeTransformer):
    """Takes out the types, and what one version of Python would write so that an older one cannot read it."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        for part in node.body:
            if isinstance(part, ast.AnnAssign):
                part.annotation = _FIELD
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.annotation is _FIELD:
            return self.generic_visit(node)
        return None if node.value is None else self.generic_visit(ast.Assign([node.target], node.value))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """From 3.12 on Python writes an f-string's own quotes within its braces too."""
        values: list[ast.expr] = []
        template = ast.Constant(_template(node, values))
        return self.generic_visit(ast.Call(ast.Attribute(template, "format"), values, []))


class _OneBracket(ast.NodeTransformer):
    """Has `all(n > 0 for n in found)` written with one pair of brackets, where the writer puts two."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not node.keywords and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            node.args = [ast.Name(ast.unparse(node.args[0])[1:-1])]
        return node


def _template(text: ast.JoinedStr, values: list[ast.expr]) -> str:
    """An f-string as what `str.format` fills with the values, which are gathered."""
    parts = []
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            values.append(part.value)
            how = f"!{chr(part.conversion)}" if part.conversion > 0 else ""
            if isinstance(part.format_spec, ast.JoinedStr):
                how += f":{_template(part.format_spec, values)}"
            parts.append(f"{{{how}}}")
        elif isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("{", "{{").replace("}", "}}"))
    return "".join(parts)


def _says_nothing(part: ast.stmt, left_out: frozenset[str]) -> bool:
    """Whether a statement does nothing when it runs: a docstring, an import for types, a list of names."""
    if isinstance(part, ast.Expr):
        return isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
    if isinstance(part, ast.ImportFrom):
        return part.module == "__future__" or (part.level == 1 and part.module in left_out)
    if isinstance(part, ast.If):
        return isinstance(part.test, ast.Name) and part.test.id == "TYPE_CHECKING" and not part.orelse
    return _lists_names(part)


def _lists_names(part: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "__all__"


def _keep_imports(tree: ast.Module, for_others: set[str]) -> None:
    """Keep of what a module imports what it uses without its types, or hands on."""
    used = for_others.union(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    for part in tree.body:
        if isinstance(part, ast.ImportFrom):
            part.names = [name for name in part.names if (name.asname or name.name) in used]
    tree.body = [part for part in tree.body if not isinstance(part, ast.ImportFrom) or part.names]


class _OneLetterNames(ast.NodeVisitor):
    """Names anew what a function assigns, and takes if no call names it; the functions within it go along."""

    def __init__(self, module: ast.Module) -> None:
        self._outside = {name for part in module.body for name in _defined(part)}
        self._named_by_calls = {node.arg for node in ast.walk(module) if isinstance(node, ast.keyword)}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        parts = list(ast.walk(node))
        names = [part for part in parts if isinstance(part, ast.Name)]
        parameters = [each for part in parts for each in _own_parameters(part)]
        parameters = [each for each in parameters if each.arg not in self._named_by_calls]
        others = self._outside.union(*(_bound(part) for part in parts if part not in parameters))
        assigned = [name.id for name in names if isinstance(name.ctx, ast.Store)]
        taken = others.union((name.id for name in names), (each.arg for each in parameters))
        letters = (letter for letter in string.ascii_letters if letter not in taken)
        local = dict.fromkeys([*(each.arg for each in parameters), *assigned])
        old = (name for name in local if name not in others and len(name) > 1)
        new = dict(zip(old, letters, strict=False))
        for name in names:
            name.id = new.get(name.id, name.id)
        for each in parameters:
            each.arg = new.get(each.arg, each.arg)


def _own_parameters(node: ast.AST) -> list[ast.arg]:
    """What a function that only its module calls takes by position."""
    if isinstance(node, ast.Lambda) or (isinstance(node, ast.FunctionDef) and _is_own(node.name)):
        return node.args.posonlyargs + node.args.args
    return []


def _is_own(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _rename_own(tree: ast.Module) -> None:
    """Give short names to the functions, classes and values whose underscore keeps them in the module."""
    nodes = list(ast.walk(tree))
    taken = {node.id for node in nodes if isinstance(node, ast.Name)}.union(*map(_bound, nodes))
    bodies = [node for node in nodes if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    elsewhere = {name for node in bodies for part in node.body for name in _assigned(part)}
    elsewhere = elsewhere.union(*(_bound(node) for node in nodes if node not in bodies))
    own = (name for part in tree.body for name in _assigned(part) if _is_own(name))
    short = (f"_{end}" for end in _endings() if f"_{end}" not in taken)
    new = dict(zip((name for name in dict.fromkeys(own) if name not in elsewhere), short, strict=False))
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            node.name = new.get(node.name, node.name)


def _assigned(part: ast.stmt) -> Iterator[str]:
    """The names that a statement defines or assigns."""
    if isinstance(part, (ast.ClassDef, ast.FunctionDef)):
        yield part.name
    else:
        yield from (n.id for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _endings() -> Iterator[str]:
    """A, b, ..., Z, aa, ab, ..., as many as there are."""
    for size in itertools.count(1):
        yield from map("".join, itertools.product(string.ascii_letters, repeat=size))


def _defined(part: ast.stmt) -> Iterator[str]:
    """The names that a statement gives to its module."""
    yield from _bound(part)
    if not isinstance(part, (ast.ClassDef, ast.FunctionDef)):
        for node in ast.walk(part):
            yield from {node.id} if isinstance(node, ast.Name) else _bound(node)


def _bound(node: ast.AST) -> set[str]:
    """The names that are bound in another way than by assigning."""
    if isinstance(node, ast.arg):
        return {node.arg}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return set(node.names)
    named = (ast.ClassDef, ast.FunctionDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
    return {node.name} if isinstance(node, named) and node.name else set()
