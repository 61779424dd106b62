from __future__ import annotations

import inspect
import pickle

import pytest

import mathtune.errors
from mathtune.errors import (
    DataError,
    LatexSyntaxError,
    MathtuneError,
    MissingExtraError,
    ProtocolError,
    StorageError,
)


def classes() -> list[type]:
    return [getattr(mathtune.errors, name) for name in mathtune.errors.__all__]


def test_the_docstring_draws_every_class():
    """The tree in the module's docstring names every public error, and nothing else is public."""
    assert all(name in (mathtune.errors.__doc__ or "") for name in mathtune.errors.__all__)
    defined = {
        n
        for n, v in vars(mathtune.errors).items()
        if inspect.isclass(v) and v.__module__ == mathtune.errors.__name__
    }
    assert defined == set(mathtune.errors.__all__)


@pytest.mark.parametrize("kind", classes(), ids=lambda c: c.__name__)
def test_every_error_is_also_a_kind_of_the_standard_library(kind):
    """Code that knows nothing of mathtune can catch each error by a class of the standard library."""
    assert issubclass(kind, MathtuneError)
    if kind is not MathtuneError:
        builtin = [
            c
            for c in kind.__mro__
            if c.__module__ == "builtins" and c not in (Exception, BaseException, object)
        ]
        assert builtin


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DataError("bad", path="a.jsonl", line=3, field="level"), "a.jsonl:3, field 'level': bad"),
        (DataError("bad", line=3), "line 3: bad"),
        (DataError("bad", field="level"), "field 'level': bad"),
        (DataError("bad"), "bad"),
        (
            MissingExtraError("torch", "local", "Training"),
            "Training needs torch: pip install 'mathtune[local]'",
        ),
    ],
)
def test_a_message_says_where_and_what(error, text):
    """A message names file, line and field as far as they are known."""
    assert str(error) == text


def test_a_syntax_error_marks_the_span():
    """The caret line stands under the characters to blame."""
    lines = str(LatexSyntaxError("expected a number", r"1+\frac{}{2}", 7, 9)).splitlines()
    assert lines[0] == "expected a number (at 7)"
    assert [c for c, m in zip(lines[1], lines[2] + " " * 99, strict=False) if m == "^"] == list("{}")


@pytest.mark.parametrize(
    "error",
    [
        DataError("bad", path="a", line=1, field="f"),
        LatexSyntaxError("expected", "x+", 2, 2),
        MissingExtraError("torch", "local", "Training"),
        ProtocolError("no", status=500, code="c", param="p", body={"a": 1}, request_id="r"),
        StorageError(28, "cannot write: No space left on device", "x"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_errors_travel_between_processes(error):
    """An error survives pickling, so that pools and workers report what happened and not a second fault."""
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)
