from __future__ import annotations

from datetime import date

import pytest

from mathtune.client import shutdown_date


@pytest.mark.parametrize(
    ("model", "day"),
    [
        ("gpt-3.5-turbo", date(2026, 10, 23)),
        ("gpt-3.5-turbo-0125", date(2026, 10, 23)),
        ("gpt-3.5-turbo-16k-0613", date(2026, 10, 23)),
        ("gpt-4-0613", date(2026, 10, 23)),
        ("o4-mini-2025-04-16", date(2026, 10, 23)),
        ("gpt-4o-mini-2024-07-18", date(2027, 1, 14)),
        ("ft:gpt-4.1-mini-2025-04-14:acme::abc", date(2027, 1, 14)),
        ("ft:gpt-4o-mini-2024-07-18:acme:math:abc:ckpt-step-88", date(2027, 1, 14)),
        ("gpt-5-mini", date(2026, 12, 11)),
    ],
)
def test_openais_models_have_their_day(model, day):
    """Plain, dated and fine-tuned names all lead to the base model's day."""
    assert shutdown_date(model) == day


@pytest.mark.parametrize(
    "model", ["", "gpt-4o-audio-preview", "gpt-6-luna", "Qwen/Qwen3-0.6B", "my-gpt-4", "gpt-4x"]
)
def test_other_models_have_none(model):
    """A name that merely resembles one of the table is not in it."""
    assert shutdown_date(model) is None
