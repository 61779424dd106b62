import pytest
import yaml

from mathtune.errors import DataError
from mathtune.reports import compare, model_card


def test_the_results_are_what_the_hub_reads(base, tuned):
    """The YAML is a list of one result with data set, value in percent, source and notes."""
    comparison = compare(base, tuned)
    card = model_card(
        comparison, dataset="org/maths", revision="abc", date="2026-11-22", source_url="https://example.org/r"
    )
    (result,) = yaml.safe_load(card.eval_results)
    overall = comparison.cells[0]
    assert result["dataset"] == {"id": "org/maths", "task_id": "default", "revision": "abc"}
    assert result["value"] == pytest.approx(100 * overall.second_accuracy.estimate, abs=0.005)
    assert result["date"] == "2026-11-22"
    assert result["source"] == {"url": "https://example.org/r", "name": "mathtune report"}
    assert "on 90 problems" in result["notes"]


def test_what_is_not_known_is_left_out(base, tuned):
    """Without date, revision or source the result has no such keys."""
    (result,) = yaml.safe_load(model_card(compare(base, tuned), dataset="org/maths").eval_results)
    assert set(result) == {"dataset", "value", "notes"}
    assert set(result["dataset"]) == {"id", "task_id"}


def test_the_card_has_front_matter_and_the_table(base, tuned, tmp_path):
    """The card's front matter is YAML, its body the comparison; both files are written."""
    card = model_card(compare(base, tuned), dataset="org/maths", base_model="org/base")
    folder = card.write(tmp_path / "model")
    _, front, body = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(front)["base_model"] == "org/base"
    assert body.startswith("\n# tuned\n")
    assert "| All problems | 90 |" in body
    assert (folder / ".eval_results" / "mathtune.yaml").read_text(encoding="utf-8") == card.eval_results


def test_a_name_cannot_break_the_yaml(make, problems):
    """A model's name with quotes, colons and line ends stays a value."""
    runs = [make.run(name, problems, lambda _: True) for name in ("base: 'x'\n- y", "tuned")]
    (result,) = yaml.safe_load(model_card(compare(*runs), dataset="org/maths: \n'").eval_results)
    assert result["dataset"]["id"] == "org/maths: \n'"
    assert "base: 'x'\n- y: 100.0" in result["notes"]


def test_the_base_has_no_card(base, tuned):
    """A card is made for a compared model, not for the base, and the error names the choices."""
    with pytest.raises(DataError, match=r"one of \['tuned'\]"):
        model_card(compare(base, tuned), dataset="org/maths", name="base")


def test_a_readme_of_the_users_is_not_replaced(base, tuned, tmp_path):
    """A card is written anew over a card; over any other README.md it is refused, and nothing is written."""
    card = model_card(compare(base, tuned), dataset="some/set")
    assert card.write(card.write(tmp_path / "model")) == tmp_path / "model"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "README.md").write_text("# My model\n")
    with pytest.raises(DataError, match="no model card of mathtune"):
        card.write(tmp_path / "mine")
    assert (tmp_path / "mine" / "README.md").read_text() == "# My model\n"
    assert not (tmp_path / "mine" / ".eval_results").exists()
