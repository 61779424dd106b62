"""The reward function in TRL's own trainer."""

from __future__ import annotations

import pickle

import pytest

import mathtune as mt
from mathtune.errors import DataError
from mathtune.evaluation import Category
from mathtune.formatting import ReinforcementFormatter
from mathtune.integrations.trl import MathReward
from mathtune.server._settings import DRILLS_MODEL, packaged_models

ROWS, ANSWERS, STEPS = 4, 4, 2
FIGURES = ("no_answer", "cut_off", "undecided", "unparsed_gold")


def conversations():
    """Rows as `to_dataset` gives them; the last one has lost its gold answer."""
    drills = mt.read_problems("mathtune:drills", split="train", limit=ROWS)
    rows = mt.to_dataset(ReinforcementFormatter().format_all(drills)).to_list()
    return [*rows[:-1], {**rows[-1], "answer": r"\frac{1}{"}]


def texts():
    """Rows of plain prompts with the gold answers under another name; the last one has none."""
    rows = conversations()
    golds = [row["answer"] for row in rows[:-1]]
    return [
        {"prompt": row["prompt"][0]["content"], "solution": gold}
        for row, gold in zip(rows, [*golds, None], strict=True)
    ]


class Witness:
    """Keeps what the trainer hands to reward functions, and rewards nothing."""

    __name__ = "witness"

    def __init__(self, gold):
        self.gold, self.seen = gold, []

    def __call__(self, completions, **columns):
        self.seen += zip(completions, columns[self.gold], strict=True)
        return [0.0] * len(completions)


@pytest.fixture
def _one_thread():
    """Steps of a tiny model are shared among threads at a loss, on busy cores a great one."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.local
@pytest.mark.usefixtures("_one_thread")
@pytest.mark.parametrize(("rows", "gold"), [(conversations, "answer"), (texts, "solution")])
def test_the_trainer_learns_by_it(rows, gold, tmp_path):
    """Real steps with whole and with plain prompts: the figures are those of `grade`, broken rows apart."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    witness = Witness(gold)
    trainer = GRPOTrainer(
        model=packaged_models()[DRILLS_MODEL],
        reward_funcs=[MathReward(gold=gold), witness],
        args=GRPOConfig(
            output_dir=str(tmp_path),
            max_steps=STEPS,
            per_device_train_batch_size=ROWS * ANSWERS,
            num_generations=ANSWERS,
            max_completion_length=40,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            seed=0,
        ),
        train_dataset=Dataset.from_list(rows()),
    )
    trainer.train()
    steps = trainer.state.log_history[:STEPS]
    assert [step["math_reward/unparsed_gold"] for step in steps] == [1 / ROWS] * STEPS
    for number, step in enumerate(steps):
        seen = witness.seen[number * ROWS * ANSWERS :][: ROWS * ANSWERS]
        judged = [
            bool(mt.grade(said if isinstance(said, str) else said[0]["content"], answer))
            for said, answer in seen
            if answer not in {None, r"\frac{1}{"}
        ]
        assert step["rewards/math_reward/mean"] == pytest.approx(sum(judged) / len(judged))
    assert any(step["grad_norm"] for step in steps)


SAID = (
    "So it is {gold}.",
    r"So \boxed{{{gold}}}.",
    r"So \boxed{{{gold}}} or \boxed{{{gold} + 1}}.",
    "<think>It is {gold}",
    "",
    "I do not know.",
    r"\[ {gold} \]",
)


@pytest.mark.parametrize("policy", [mt.Policy(), mt.Policy(weakest_sign="boxed")])
def test_a_reward_is_what_an_evaluation_counts(policy):
    """An evaluation of the same responses counts what is rewarded, and leaves out what is skipped."""
    drills = mt.read_problems("mathtune:drills", split="train", limit=80)
    rows = [
        {"problem": drill.problem, "answer": drill.answer, "response": said.format(gold=drill.answer)}
        for drill in drills
        for said in SAID
    ]
    rows += [
        {"problem": f"Which? {row['problem']}", "answer": r"\frac{1}{", "response": "7"} for row in rows[:5]
    ]
    run = mt.import_run(rows, model="any", policy=policy)
    kept = {Category.CORRECT: 1.0, Category.UNPARSED_GOLD: None}
    columns = {name: [row[name] for row in rows] for name in ("problem", "answer")}
    rewards = MathReward(policy=policy)([row["response"] for row in rows], **columns)
    assert rewards == [kept.get(result.category, 0.0) for result in run.results]
    assert {*rewards} == {0.0, 1.0, None}


def test_a_reward_is_a_value():
    """It pickles, so that it goes to workers, and equals what it was."""
    reward = MathReward(gold="solution", policy=mt.Policy(weakest_sign="boxed"))
    again = pickle.loads(pickle.dumps(reward))
    assert again == reward
    assert again(["It is 7.", r"\boxed{7}"], solution=[7, 7]) == [0.0, 1.0]


def test_the_problem_decides_where_its_column_is_there():
    """Options and the like are taken from the problem's text, unless that is not wanted."""
    columns = {"answer": ["9"], "problem": ["How many girls are there?"]}
    said = ["So the class has 7 boys and 9 girls."]
    assert MathReward()(said, **columns) == [1.0]
    assert MathReward(context=None)(said, **columns) == [0.0]
    assert MathReward()(said, answer=["9"]) == [0.0]


@pytest.mark.parametrize(
    ("completion", "reward"),
    [
        ([{"role": "assistant", "content": r"\boxed{7}"}], 1.0),
        ([{"role": "assistant", "content": [{"type": "text", "text": r"\boxed{7}"}]}], 1.0),
        (
            [
                {"role": "assistant", "content": None, "tool_calls": [{}]},
                {"role": "tool", "content": r"\boxed{8}"},
                {"role": "assistant", "content": r"\boxed{7}"},
            ],
            1.0,
        ),
        ([{"role": "assistant", "content": None, "tool_calls": [{}]}, {"role": "tool", "content": "7"}], 0.0),
        ([], 0.0),
    ],
)
def test_of_a_conversation_the_last_words_of_the_assistant_count(completion, reward):
    """Calls of tools and what tools say are no answer."""
    assert MathReward()([completion], answer=["7"]) == [reward]


def test_figures_and_reasons_are_logged():
    """Why a reward is nothing shows in the trainer's metrics and in its table of completions."""
    metrics, table = {}, {}
    said, golds = [r"\boxed{7}", "", "<think>Let", r"\boxed{7}"], ["7", "7", "7", None]
    MathReward()(said, answer=golds, log_metric=metrics.__setitem__, log_extra=table.__setitem__)
    assert metrics == dict(
        zip([f"math_reward/{name}" for name in FIGURES], [0.25, 0.25, 0, 0.25], strict=True)
    )
    assert table == {"verdict": ["same_value", "no_answer", "cut_off", "unparsed_gold"]}


def test_a_missing_column_is_named():
    """A wrong name for the gold answers is an error at the first step, never a reward of 0."""
    with pytest.raises(DataError, match="field 'gold': expected such a column among answer, prompts; name"):
        MathReward(gold="gold")(["7"], answer=["7"], prompts=["?"])
