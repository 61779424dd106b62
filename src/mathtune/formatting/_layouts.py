"""Examples in the column layouts of other trainers: TRL and verl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._example import Example, Message
from ._preference import Preference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import datasets

    from ._reinforcement import ReinforcementExample

__all__ = ["to_dataset", "trl_rows", "verl_rows"]


def trl_rows(examples: Iterable[Example | Preference | ReinforcementExample]) -> list[dict[str, Any]]:
    """Give examples in TRL's conversational layouts.

    `Example`: `messages` (SFTTrainer). `Preference`: `prompt, chosen, rejected` (DPOTrainer).
    `ReinforcementExample`: `prompt` and the item's columns (GRPOTrainer hands them to the reward function).

    >>> trl_rows([Preference(messages=[Message("user", "1+1?")], preferred="2", rejected="3")])[0]["chosen"]
    [{'role': 'assistant', 'content': '2'}]
    """
    return [_trl_row(example) for example in examples]


def _trl_row(example: Example | Preference | ReinforcementExample) -> dict[str, Any]:
    if isinstance(example, Example):
        return example.to_dict()
    prompt = [message.to_dict() for message in example.messages]
    if isinstance(example, Preference):
        chosen, rejected = (Message("assistant", text) for text in (example.preferred, example.rejected))
        return {"prompt": prompt, "chosen": [chosen.to_dict()], "rejected": [rejected.to_dict()]}
    return {"prompt": prompt, **example.item}


def verl_rows(
    examples: Iterable[ReinforcementExample],
    *,
    data_source: str,
    split: str,
    extra: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Give reinforcement examples in verl's layout, which its Parquet files have.

    Args:
        examples: What to write.
        data_source: The name by which verl chooses a reward function.
        split: The split's name, for `extra_info`.
        extra: More for `extra_info` of every row.

    >>> from mathtune.formatting import ReinforcementExample
    >>> task = ReinforcementExample(messages=[Message("user", "1+1?")], item={"answer": "2"})
    >>> verl_rows([task], data_source="sums", split="train")[0]["reward_model"]
    {'style': 'rule', 'ground_truth': '2'}
    """
    return [
        {
            "data_source": data_source,
            "prompt": [message.to_dict() for message in example.messages],
            "ability": "math",
            "reward_model": {"style": "rule", "ground_truth": example.item["answer"]},
            "extra_info": {"index": index, "split": split, **example.item, **(extra or {})},
        }
        for index, example in enumerate(examples)
    ]


def to_dataset(examples: Iterable[Example | Preference | ReinforcementExample]) -> datasets.Dataset:
    """Give a `datasets.Dataset` in the layout that TRL's trainers take (see `trl_rows`).

    >>> from mathtune.formatting import Example, Message
    >>> to_dataset([Example((Message("user", "1+1?"), Message("assistant", "2")))]).column_names
    ['messages']
    """
    import datasets

    return datasets.Dataset.from_list(trl_rows(examples))
