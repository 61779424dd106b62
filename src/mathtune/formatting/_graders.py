"""Grader objects of the protocol, checked when they are made: what a server rejects late is an error here.

Source: OpenAI's guide to graders and its API specification.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import attrs

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._example import Message

__all__ = [
    "Grader",
    "MultiGrader",
    "PythonGrader",
    "ScoreModelGrader",
    "StringCheckGrader",
    "TextSimilarityGrader",
    "item_keys",
]

_LARGEST_SOURCE = 256_000  # bytes
_METRICS = ("fuzzy_match", "bleu", "gleu", "meteor", *(f"rouge_{n}" for n in range(1, 6)), "rouge_l")
_OPERATIONS = ("eq", "ne", "like", "ilike")
_EFFORTS = ("none", "minimal", "low", "medium", "high")
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_REFERENCE = re.compile(
    r"\s*(?:item\.(?P<key>\w+)|sample\.(?:output_text|output_json|output_tools|choices))[\w.\[\]]*\s*"
)
_FORMULA_WORD = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<sign>[-+*/^(),]))"
)
_FORMULA_FUNCTIONS = {"min", "max", "abs", "floor", "ceil", "exp", "sqrt", "log"}


class Grader(Protocol):
    """Anything that is written as a grader of the protocol."""

    @property
    def name(self) -> str:
        """The grader's name."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Give the protocol's object."""
        ...


def _is_template(_: object, field: attrs.Attribute[Any], text: str) -> None:
    for inner in _TEMPLATE.findall(text):
        if not _REFERENCE.fullmatch(inner):
            raise DataError(
                f"{{{{{inner}}}}} is no reference: write {{{{ item.key }}}} or {{{{ sample.output_text }}}}",
                field=field.name,
            )


def _one_of(allowed: Sequence[str]) -> Any:  # noqa: ANN401  (an attrs validator)
    def check(_: object, field: attrs.Attribute[Any], value: str) -> None:
        if value not in allowed:
            raise DataError(f"expected one of {', '.join(allowed)}, found {value!r}", field=field.name)

    return check


@attrs.frozen(kw_only=True)
class StringCheckGrader:
    """1 where the texts compare as asked, else 0.

    Attributes:
        name: The grader's name.
        input: A text, such as `{{ sample.output_text }}`.
        reference: What it is compared with, such as `{{ item.answer }}`.
        operation: `"eq"`, `"ne"`, `"like"` (contains) or `"ilike"` (contains, in any case).
    """

    name: str
    input: str = attrs.field(default="{{ sample.output_text }}", validator=_is_template)
    reference: str = attrs.field(default="{{ item.answer }}", validator=_is_template)
    operation: Literal["eq", "ne", "like", "ilike"] = attrs.field(
        default="eq", validator=_one_of(_OPERATIONS)
    )

    def to_dict(self) -> dict[str, Any]:
        """Give the protocol's object."""
        return {"type": "string_check", **attrs.asdict(self)}


@attrs.frozen(kw_only=True)
class TextSimilarityGrader:
    """How alike two texts are, from 0 to 1. Alike is not equal: right mathematics has many forms.

    Attributes:
        name: The grader's name.
        input: A text, such as `{{ sample.output_text }}`.
        reference: What it is compared with.
        evaluation_metric: `"fuzzy_match"`, `"bleu"`, `"gleu"`, `"meteor"`, `"rouge_1"` to `"rouge_5"`, or
            `"rouge_l"`.
    """

    name: str
    input: str = attrs.field(default="{{ sample.output_text }}", validator=_is_template)
    reference: str = attrs.field(default="{{ item.answer }}", validator=_is_template)
    evaluation_metric: str = attrs.field(default="fuzzy_match", validator=_one_of(_METRICS))

    def to_dict(self) -> dict[str, Any]:
        """Give the protocol's object."""
        return {"type": "text_similarity", **attrs.asdict(self)}


def _rising(_: object, __: object, bounds: tuple[float, float] | None) -> None:
    if bounds is not None and not bounds[0] < bounds[1]:
        raise DataError(f"expected a lower and a higher bound, found {bounds}", field="range")


@attrs.frozen(kw_only=True)
class ScoreModelGrader:
    """A model that gives a score.

    Attributes:
        name: The grader's name.
        model: The model that grades.
        messages: What it is asked; texts may hold templates.
        range: The lowest and the highest score; None is 0 to 1.
        seed: Its sampling seed.
        temperature: Its temperature.
        top_p: Its nucleus.
        max_tokens: The longest answer; written as `max_completions_tokens`, which is the protocol's name.
        reasoning_effort: `"minimal"`, `"low"`, `"medium"` or `"high"`.
    """

    name: str
    model: str
    messages: tuple[Message, ...]
    range: tuple[float, float] | None = attrs.field(default=None, validator=_rising)
    seed: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    reasoning_effort: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(_one_of(_EFFORTS))
    )

    def __attrs_post_init__(self) -> None:
        field = attrs.fields(ScoreModelGrader).messages
        for message in self.messages:
            _is_template(self, field, str(message.content))

    def to_dict(self) -> dict[str, Any]:
        """Give the protocol's object."""
        row: dict[str, Any] = {"type": "score_model", "name": self.name, "model": self.model}
        row["input"] = [message.to_dict() for message in self.messages]
        if self.range is not None:
            row["range"] = list(self.range)
        sampling = {
            "seed": self.seed,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_completions_tokens": self.max_tokens,
            "reasoning_effort": self.reasoning_effort,
        }
        set_ones = {key: value for key, value in sampling.items() if value is not None}
        return row | ({"sampling_params": set_ones} if set_ones else {})


def _is_grading_source(_: object, __: object, source: str) -> None:
    """Refuse what the server would score 0 for every sample. The source is parsed, never run."""
    size = len(source.encode("utf-8"))
    if size >= _LARGEST_SOURCE:
        raise DataError(f"expected less than {_LARGEST_SOURCE:,} bytes, found {size:,}", field="source")
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"not Python ({error})", field="source") from error
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "grade"]
    if not found or len(found[-1].args.posonlyargs + found[-1].args.args) != 2:
        raise DataError("expected a function grade(sample, item) at the top level", field="source")


@attrs.frozen(kw_only=True)
class PythonGrader:
    """A program that gives a score: `def grade(sample, item) -> float`.

    Attributes:
        name: The grader's name.
        source: The program, less than 256 kB. It is only sent, never run here.
        image_tag: The environment that it runs in; None is the server's newest.
    """

    name: str
    source: str = attrs.field(validator=_is_grading_source, repr=False)
    image_tag: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the protocol's object."""
        row = {"type": "python", "name": self.name, "source": self.source}
        return row if self.image_tag is None else row | {"image_tag": self.image_tag}


@attrs.frozen(kw_only=True)
class MultiGrader:
    """Several graders and a formula over their names.

    Attributes:
        name: The grader's name.
        graders: The graders by the names that the formula uses; none of them a MultiGrader.
        calculate_output: A formula of these names, numbers, `+ - * / ^`, brackets and `min`, `max`, `abs`,
            `floor`, `ceil`, `exp`, `sqrt`, `log`.

    >>> right = StringCheckGrader(name="right")
    >>> near = TextSimilarityGrader(name="near")
    >>> MultiGrader(name="both", graders={"right": right, "near": near},
    ...             calculate_output="0.9 * right + 0.1 * near").to_dict()["calculate_output"]
    '0.9 * right + 0.1 * near'
    """

    name: str
    graders: Mapping[str, Grader] = attrs.field(hash=False)
    calculate_output: str

    def __attrs_post_init__(self) -> None:
        if not self.graders:
            raise DataError("expected at least one grader", field="graders")
        if any(isinstance(grader, MultiGrader) for grader in self.graders.values()):
            raise DataError("a MultiGrader cannot hold another one", field="graders")
        for word in _formula_names(self.calculate_output):
            if word not in self.graders and word not in _FORMULA_FUNCTIONS:
                known = ", ".join((*self.graders, *sorted(_FORMULA_FUNCTIONS)))
                raise DataError(
                    f"{word!r} is neither a grader nor a function: {known}", field="calculate_output"
                )

    def to_dict(self) -> dict[str, Any]:
        """Give the protocol's object."""
        return {
            "type": "multi",
            "name": self.name,
            "graders": {name: grader.to_dict() for name, grader in self.graders.items()},
            "calculate_output": self.calculate_output,
        }


def _formula_names(formula: str) -> Iterator[str]:
    """Give the names of a formula.

    Raises:
        DataError: It holds a sign that no formula has, or its brackets do not close.
    """
    position, depth, text = 0, 0, formula.rstrip()
    while position < len(text):
        found = _FORMULA_WORD.match(text, position)
        if found is None:
            raise DataError(
                f"{text[position : position + 10]!r} is no part of a formula", field="calculate_output"
            )
        depth += {"(": 1, ")": -1}.get(found["sign"] or "", 0)
        if depth < 0:
            break
        if found["name"]:
            yield found["name"]
        position = found.end()
    if depth or not text:
        raise DataError(f"its brackets do not close, or it is empty: {formula!r}", field="calculate_output")


def item_keys(grader: Grader | Mapping[str, Any]) -> set[str]:
    """Give the keys that a grader reads from an example: `x` of each `{{ item.x }}`.

    >>> item_keys(StringCheckGrader(name="right", reference="{{ item.answer }}"))
    {'answer'}
    """
    row = grader if isinstance(grader, Mapping) else grader.to_dict()
    inner = (part for text in _texts(row) for part in _TEMPLATE.findall(text))
    return {found["key"] for part in inner if (found := _REFERENCE.fullmatch(part)) and found["key"]}


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    inner = (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    )
    return (text for item in inner for text in _texts(item))
