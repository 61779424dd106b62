"""The files of the model that ships in the package."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.formatting import ChatFormatter
from mathtune.problems._drills import drills
from mathtune.server._loading import load_model
from mathtune.server._settings import DRILLS_MODEL, packaged_models

pytestmark = pytest.mark.local

FOLDER = Path(packaged_models()[DRILLS_MODEL])


@pytest.fixture(scope="module")
def tokenizer():
    return load_model(str(FOLDER)).tokenizer


def test_it_is_small_and_tells_what_it_is():
    """The folder stays under 3 MB, holds no pickle and has a card with its figures."""
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000
    assert {path.suffix for path in FOLDER.iterdir()} <= {".json", ".jinja", ".md", ".safetensors"}
    assert "| trigonometry |" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_digit_is_a_token(tokenizer):
    """A number is as many tokens as it has digits."""
    for number in (7, 40, 365, 10_000):
        assert len(tokenizer.tokenize(f"${number}$")) == len(str(number)) + 2


def test_the_usual_instruction_is_one_token(tokenizer):
    """The formatter's default prompt costs a token, a break and nothing that is dropped."""
    prompt = ChatFormatter().messages(next(drills("test", limit=1)))[0].content
    tokens = tokenizer.tokenize(prompt)
    assert tokens[-1] == prompt.partition("\n\n")[2]
    assert tokenizer.decode(tokenizer.encode(prompt)) == prompt


@given(text=st.text())
def test_any_text_comes_back(tokenizer, text):
    """Text of any kind is read in bytes and comes back as it was."""
    assert tokenizer.decode(tokenizer.encode(text)) == text
