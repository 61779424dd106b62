"""A comparison as what the Hugging Face hub shows of a model: a model card and `.eval_results`.

The hub reads each file `.eval_results/*.yaml` of a model's repository as a list of results
(https://huggingface.co/docs/hub/eval-results). Nothing is sent anywhere: the files are written to a folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError, StorageError
from mathtune.files import write_text

from ._markdown import escaped, to_markdown

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from ._comparison import Cell, Comparison

__all__ = ["ModelCard", "model_card"]

_MADE_HERE = "<!-- model card made by mathtune -->"  # by it a card is known that may be written anew


@attrs.frozen(kw_only=True)
class ModelCard:
    """What the hub shows of a model.

    Attributes:
        readme: The card, `README.md`: front matter and Markdown.
        eval_results: The content of `.eval_results/mathtune.yaml`.
    """

    readme: str
    eval_results: str

    def write(self, folder: str | os.PathLike[str]) -> Path:
        """Write both files under `folder`, each whole or not at all, and give the folder.

        A card that was written here before is replaced; a README.md that nobody made with this is not.

        Raises:
            DataError: The folder has a README.md of its own.
            StorageError: The disk refused.
        """
        target = Path(folder)
        if not _may_be_replaced(target / "README.md"):
            raise DataError(
                "is no model card of mathtune and would be lost: name another folder, or take it away",
                path=target / "README.md",
            )
        write_text(target / ".eval_results" / "mathtune.yaml", self.eval_results)
        write_text(target / "README.md", self.readme)
        return target


def _may_be_replaced(readme: Path) -> bool:
    try:
        return _MADE_HERE in readme.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror or error}", str(readme)) from error


def model_card(
    comparison: Comparison,
    *,
    dataset: str,
    task: str = "default",
    revision: str | None = None,
    name: str | None = None,
    base_model: str | None = None,
    date: str | None = None,
    source_url: str | None = None,
) -> ModelCard:
    """Describe one of the compared models for the hub, with the comparison that it comes from.

    Args:
        comparison: A comparison in which the model is not the base.
        dataset: Hub id of the data set that the problems come from, for example `HuggingFaceH4/MATH-500`.
        task: Which of the data set's tasks.
        revision: The data set's commit, where it is known.
        name: The compared model's name; the last one by default.
        base_model: Hub id of the model that it was trained from, if it is on the hub.
        date: Day of the evaluation, as in 2026-11-22; by default the hub takes the commit's.
        source_url: Where the report or the responses can be seen.

    Raises:
        DataError: The comparison has no such model besides the base.
    """
    wanted = comparison.names[-1] if name is None else name
    pairs = [pair for pair in comparison.pairs if pair[1] == wanted]
    if not pairs:
        raise DataError(f"expected one of {list(comparison.names[1:])!r}, got {wanted!r}", field="name")
    overall = comparison.of_pair(*pairs[0])[0]
    result: dict[str, Any] = {
        "dataset": {"id": dataset, "task_id": task, "revision": revision},
        "value": round(100 * overall.second_accuracy.estimate, 2),
        "date": date,
        "source": source_url and {"url": source_url, "name": "mathtune report"},
        "notes": _note(overall),
    }
    return ModelCard(
        readme=_readme(comparison, wanted, base_model, dataset),
        eval_results="\n".join(_yaml_item(result)) + "\n",
    )


def _note(overall: Cell) -> str:
    accuracy = overall.second_accuracy
    return (
        f"Final answers graded by mathematical equivalence (mathtune) on {overall.total:,} problems; "
        f"{100 * accuracy.confidence:g} % interval {100 * accuracy.low:.1f} to {100 * accuracy.high:.1f}; "
        f"{overall.first}: {100 * overall.first_accuracy.estimate:.1f}"
    )


def _readme(comparison: Comparison, name: str, base_model: str | None, dataset: str) -> str:
    front = {
        "library_name": "transformers",
        "base_model": base_model,
        "datasets": [dataset],
        "tags": ["math"],
    }
    lines = [
        "---",
        *_yaml_lines(front),
        "---",
        "",
        f"# {escaped(name)}",
        "",
        "## Mathematics, against its base",
        "",
    ]
    return "\n".join(lines) + "\n" + to_markdown(comparison) + f"\n{_MADE_HERE}\n"


def _yaml_item(values: Mapping[str, Any]) -> Iterator[str]:
    for number, line in enumerate(_yaml_lines(values)):
        yield f"{'  ' if number else '- '}{line}"


def _yaml_lines(values: Mapping[str, Any]) -> Iterator[str]:
    """Give a mapping as YAML. Each scalar is written as JSON, which YAML reads as the same value."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield f"{key}:"
            yield from (f"  {line}" for line in _yaml_lines(value))
        elif value is not None:
            yield f"{key}: {json.dumps(value)}"
