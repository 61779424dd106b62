"""Laws of extraction, on texts that no one wrote."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from mathtune.answers import How, all_boxed, extract_answer, is_cut_off, last_boxed, without_thinking

FRAGMENTS = [
    *("\\boxed{", "}", "{", "\\fbox{", "\\boxed ", "boxed", "\\\\boxed{", "\x08oxed{", "\\{", "\\", "\\\\"),
    *(
        "the answer is ",
        "Answer: ",
        "Final answer:\n",
        "#### ",
        "A: ",
        "<answer>",
        "</answer>",
        '"answer": ',
        '"',
    ),
    *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{align*}", "\\end{align*}", " &= ", "**", "*", "_", "`"),
    *(
        "5",
        "1,234",
        "3.14",
        "-2",
        "x",
        "=",
        "+",
        "/",
        "^",
        "%",
        "(",
        ")",
        "[",
        "]",
        ",",
        ";",
        ":",
        ".",
        "!",
        "?",
    ),
    *(
        " ",
        "\n",
        "\n\n",
        "\t",
        "\x00",
        "\ud800",
        "\u0130",
        "\u00df",
        "\u7b54\u6848\u662f",
        "\uff1a",
        "\u3002",
    ),
    *(
        " is ",
        " are ",
        " and ",
        " or ",
        " because ",
        "So ",
        "Therefore, ",
        "apples",
        "cm",
        "- ",
        "1. ",
        "[asy]",
        "<<",
    ),
]
BLOCKS = ["<think>", "</think>", "[THINK]", "[/THINK]", "\u25c1think\u25b7"]

texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
any_texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(FRAGMENTS + BLOCKS), max_size=40).map("".join),
    texts.map(lambda text: text * 50),
)
values = st.one_of(
    st.integers().map(str), st.sampled_from(["x+1", r"\frac{1}{2}", r"\{1, 2\}", r"(3, \infty)", "yes"])
)


@given(any_texts)
@example("\\boxed{" * 1_000)
@example("the answer is \ud800")
@example("\\a" * 49 + "?")
@example("- 1\n" * 300)
@example('{"answer": ' + "[" * 3_000)
@example('{"answer": ' + '{"a": ' * 600)
def test_no_text_raises(text):
    """Whatever a model writes, extraction answers."""
    extract_answer(text)
    last_boxed(text)
    all_boxed(text)
    without_thinking(text)
    is_cut_off(text)


@given(any_texts)
@example('"answer": 0. 0')
@example('<answer>"answer": 0. 0')
@example('<answer>"answer": [5]. 0')
def test_the_span_lies_in_the_response(text):
    """The span points into the response as given; its slice is the text if nothing was joined or undone."""
    answer = extract_answer(text)
    if answer is None:
        return
    start, end = answer.span
    assert 0 <= start <= end <= len(text)
    assert answer.text
    if (
        answer.how is not How.BOXED
        and text.isprintable()
        and not text.startswith(("[", "{"), start)
        and not set("-&*\\") & set(text[start:end])
    ):
        assert text[start:end] == answer.text or ", " in answer.text


@given(texts, values)
def test_an_appended_box_wins(text, value):
    """Nothing that stands before a final box in its own paragraph changes the answer."""
    answer = extract_answer(
        f"{text}\n\nSo, from all of this, we see that the result must be \\boxed{{{value}}}."
    )
    assert answer is not None
    assert (answer.text, answer.how) == (value, How.BOXED)


@given(texts, values)
def test_space_around_a_response_changes_nothing(text, value):
    """Blank lines before and after a response are no part of it."""
    response = f"{text} \\boxed{{{value}}}"
    plain, spaced = extract_answer(response), extract_answer(f"\n\n  {response}\n \n")
    assert plain is not None
    assert spaced is not None
    assert plain.text == spaced.text


@given(
    st.lists(st.integers(0, 10**6), min_size=3, max_size=40, unique=True),
    st.sampled_from([" ", "\n", ", ", " or ", " or maybe ", ". Or perhaps "]),
)
def test_a_list_of_guesses_is_none_of_them(guesses, between):
    """Boxing many candidates makes a list, so that none of them is the answer."""
    answer = extract_answer(between.join(f"\\boxed{{{guess}}}" for guess in guesses))
    assert answer is not None
    assert answer.text not in {str(guess) for guess in guesses}


@given(any_texts)
def test_an_open_think_block_has_no_answer(text):
    """What follows an opening tag that never closes is not said yet."""
    response = text.replace("</", "") + "<think>" + text.replace("</", "")
    assert is_cut_off(response)
    assert extract_answer(response) is None


@given(texts, texts)
@example("***", "")
@example("\\(", "x" * 120)
@example(" or 1. ", "")
@example("1. ?", "")
@example("}}}}1,234", "x" * 120)
def test_a_closed_think_block_changes_nothing(text, thought):
    """A response says the same with its thoughts as without them."""
    bare, thoughtful = extract_answer(text), extract_answer(f"<think>{thought}</think>{text}")
    assert (bare and bare.text) == (thoughtful and thoughtful.text)
