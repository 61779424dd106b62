from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from mathtune.errors import DataError
from mathtune.tuning import metrics_chart

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    {"step": n, "train_loss": 3.0 / n, "valid_loss": 2.0 if n % 2 else None, "rate": n} for n in range(1, 7)
]


def curves(chart):
    """Give each curve's points, read back from the picture."""
    lines = ET.fromstring(chart).iter(f"{SVG}polyline")  # noqa: S314  (our own picture)
    return [[tuple(map(float, point.split(","))) for point in line.get("points").split()] for line in lines]


def texts(chart):
    return [text.text for text in ET.fromstring(chart).iter(f"{SVG}text")]  # noqa: S314  (our own picture)


def test_losses_are_drawn_by_default():
    """Losses are drawn, each with the points that were measured; other columns are not."""
    chart = metrics_chart(ROWS)
    assert [len(points) for points in curves(chart)] == [6, 3]
    assert {"train_loss", "valid_loss"} <= set(texts(chart))
    assert "rate" not in texts(chart)


def test_higher_values_stand_higher_and_later_steps_further_right():
    """A falling loss falls in the picture, within its frame."""
    (points,) = curves(metrics_chart(ROWS, columns=["train_loss"]))
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted(y for _, y in points)  # y grows downwards
    assert all(0 <= x <= 640 and 0 <= y <= 280 for x, y in points)


def test_the_axes_name_their_ends():
    """The least and greatest value and the first and last step stand beside the frame."""
    said = texts(metrics_chart(ROWS, columns=["train_loss"]))
    assert {"0.5", "3", "step 1", "step 6"} <= set(said)


@pytest.mark.parametrize("rows", [[], [{"step": 1}], [{"step": 1, "train_loss": None}]])
def test_nothing_to_draw_is_an_error(rows):
    """Without a number there is no picture."""
    with pytest.raises(DataError):
        metrics_chart(rows)


def test_one_measurement_has_room():
    """A single step gives a picture with one dot."""
    assert len(curves(metrics_chart([{"step": 1, "reward": 0.5}]))) == 1


def test_a_servers_words_cannot_break_out_of_the_picture():
    """A column's name is the server's text: it stays text."""
    chart = metrics_chart([{"step": 1, "<script>alert(1)</script>loss": 1.0}])
    assert "<script" not in chart
    assert "<script>alert(1)</script>loss" in texts(chart)
