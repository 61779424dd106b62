"""Tokens, epochs, price, and what is cut."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError, StorageError
from mathtune.formatting import (
    ChatFormatter,
    PreferenceFormatter,
    TokenCounter,
    auto_epochs,
    check_examples,
    estimate,
    model_facts,
    write_jsonl,
)
from mathtune.problems import Problem, read_problems

ESTIMATING = TokenCounter.estimating()
MINI = "gpt-4o-mini-2024-07-18"


def row(text="$1+1$?", answer="\\boxed{2}"):
    return {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]}


@given(st.text(), st.text())
def test_more_text_has_more_tokens(one, two):
    """An estimate grows with the text, and a text has no more tokens than characters."""
    assert ESTIMATING.text(one) <= ESTIMATING.text(one + two) <= len(one + two)


def test_a_conversation_costs_more_than_its_texts():
    """Each message costs three tokens and its role, each example three."""
    texts = ESTIMATING.text("$1+1$?") + ESTIMATING.text("\\boxed{2}")
    roles = ESTIMATING.text("user") + ESTIMATING.text("assistant")
    assert ESTIMATING.messages(row()["messages"]) == texts + roles + 2 * 3 + 3


def test_tiktoken_counts_where_its_file_is_at_hand(tmp_path):
    """With tiktoken and its file in the cache the count is exact; a file that is missing is never fetched."""
    url = b"https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
    name = hashlib.new("sha1", url, usedforsecurity=False).hexdigest()
    (tmp_path / "cache").mkdir()
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "tiktoken.py").write_text(
        "class Encoding:\n"
        "    def encode_ordinary(self, text):\n"
        "        return text.split()\n"
        "def get_encoding(name):\n"
        "    assert name == 'o200k_base'\n"
        "    return Encoding()\n"
    )
    code = (
        "from mathtune.formatting import TokenCounter\n"
        "counter = TokenCounter.of()\n"
        "print(counter.is_exact, counter.text('one two, three'))\n"
    )
    settings = {"PYTHONPATH": str(tmp_path / "modules"), "TIKTOKEN_CACHE_DIR": str(tmp_path / "cache")}

    def run():
        done = subprocess.run(
            [sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert run() == "False 4"
    (tmp_path / "cache" / name).write_bytes(b"")
    assert run() == "True 3"


@given(st.integers(1, 200_000))
def test_auto_epochs_keep_to_their_rule(examples):
    """Between 1 and 25 epochs, so that 100 to 25,000 examples are seen where that is possible."""
    epochs = auto_epochs(examples)
    assert 1 <= epochs <= 25
    if 4 <= examples <= 25_000:
        assert epochs == 3 or examples * epochs <= 25_000
    if examples >= 34:
        assert epochs <= 3


def test_a_price_is_tokens_times_epochs():
    """The price is that of all passes over the kept tokens, by the table's or the user's rate."""
    found = estimate([row()] * 20, model=MINI, counter=ESTIMATING)
    assert (found.examples, found.epochs, found.auto_epochs) == (20, 5, True)
    assert found.tokens == 20 * ESTIMATING.messages(row()["messages"])
    assert found.trained_tokens == found.tokens * 5
    assert found.price == pytest.approx(found.trained_tokens * 3.0 / 1e6)
    dear = estimate([row()] * 20, model=MINI, n_epochs=2, per_million=100.0, counter=ESTIMATING)
    assert dear.price == pytest.approx(dear.tokens * 2 * 100 / 1e6)
    assert (dear.auto_epochs, dear.prices_as_of) == (False, None)


def test_an_estimate_says_that_it_is_one():
    """Printed, an estimate says "about", and whose prices it took."""
    shown = str(estimate([row()] * 10, model=MINI, counter=ESTIMATING))
    assert "about" in shown
    assert f"prices of {model_facts(MINI).as_of}" in shown
    assert "price not known" in str(estimate([row()] * 10, model="llama", counter=ESTIMATING))
    assert "100.00 USD" in str(estimate([row()] * 10, model="o4-mini-2025-04-16", counter=ESTIMATING))


@pytest.mark.parametrize(
    ("per_million", "epochs", "said"),
    [
        (None, 1, "1 epoch\n"),
        (None, 2, "2 epochs\n"),
        (5.0, 2, "less than 0.01 USD by the price that was given"),
        (5_000.0, 2, "about 1.70 USD by the price that was given"),
        (0.0, 2, "about 0.00 USD by the price that was given"),
    ],
)
def test_the_words_fit_the_numbers(per_million, epochs, said):
    """One epoch is singular, less than a cent is no nought, and a price of the caller's is called so."""
    row = {"messages": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}]}
    estimated = estimate(
        [row] * 10, model="m", per_million=per_million, n_epochs=epochs, counter=TokenCounter.estimating()
    )
    assert said in str(estimated)


def test_too_long_examples_are_cut_and_named():
    """What a model does not take is not paid for, and its lines are told."""
    rows = [row()] * 9 + [row(answer="so " * 17_000 + "\\boxed{2}")]
    found = estimate(rows, model="gpt-3.5-turbo-0125", counter=ESTIMATING)
    assert found.cut == (10,)
    assert found.longest > 16_385
    assert found.tokens == 9 * ESTIMATING.messages(row()["messages"]) + 16_385
    assert "lines 10" in str(found)
    findings = check_examples(rows, model="gpt-3.5-turbo-0125")
    assert [(f.line, f.rule, f.severity) for f in findings if f.rule == "too_long"] == [
        (10, "too_long", "warning")
    ]
    assert not [f for f in check_examples(rows, model=MINI) if f.rule == "too_long"]


def test_files_and_examples_cost_the_same(tmp_path):
    """A file costs what its examples cost, for chat and for preferences."""
    drills = read_problems("mathtune:drills", split="train", limit=16)
    chat = ChatFormatter().format_all(drills)
    assert estimate(write_jsonl(chat, tmp_path / "c.jsonl"), model=MINI) == estimate(chat, model=MINI)
    pairs = [PreferenceFormatter().format(d, preferred="\\boxed{1}", rejected="\\boxed{2}") for d in drills]
    one = estimate(write_jsonl(pairs, tmp_path / "p.jsonl"), model=MINI, method="dpo")
    assert one == estimate(pairs, model=MINI, method="dpo")


def test_what_cannot_be_estimated_is_an_error(tmp_path):
    """Rows of another method, impossible epochs and missing files are told."""
    with pytest.raises(DataError, match="not an example for dpo"):
        estimate([row()], model=MINI, method="dpo")
    with pytest.raises(DataError, match='above 0 or "auto"'):
        estimate([row()], model=MINI, n_epochs=0)
    with pytest.raises(StorageError):
        estimate(tmp_path / "missing.jsonl", model=MINI)
    assert estimate([], model=MINI).tokens == 0


def test_models_are_known_by_snapshot_alias_and_tuned_name():
    """The facts of a base model hold for what is tuned from it."""
    assert model_facts("gpt-4o-mini") == model_facts(MINI) == model_facts(f"ft:{MINI}:org::id")
    assert model_facts("gpt-3.5-turbo").longest == 16_385
    assert model_facts("ft:") is None


def test_asking_otherwise_than_the_evaluation_is_warned_of():
    """A system prompt or a template that the evaluation does not use gives one warning each."""
    drills = read_problems("mathtune:drills", split="train", limit=12)
    trained = ChatFormatter(system="Solve.").format_all(drills)
    assert check_examples(trained, formatter=ChatFormatter(system="Solve.")) == []
    rules = {f.rule for f in check_examples(trained, formatter=ChatFormatter(prompt="Solve: {problem}"))}
    assert rules == {"other_system", "other_prompt"}


def test_problems_can_be_sized_in_tokens():
    """A counter gives `balance` its budget in tokens."""
    from mathtune.problems import balance

    drills = read_problems("mathtune:drills", split="train", limit=160)

    def size(problem: Problem) -> int:
        return ESTIMATING.messages([m.to_dict() for m in ChatFormatter().format(problem).messages])

    chosen = balance(drills, total=4_000, size=size)
    assert 3_000 < sum(map(size, chosen)) <= 4_000
