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


BEFORE_CLOSE = [
    *(
        "If n is even, the answer is 4; otherwise, ",
        "Part (a): 3. ",
        "(a) The answer is 3. (b) ",
        "We check. ",
    ),
    *("If so, ", "x = 4 or x = -1. ", "We reject -1. ", "Wait, that's wrong. ", "A: ", "Question: what? "),
    *(
        "The answer is 3. ",
        "The answer is not ",
        "#### 7\n",
        "<answer>4</answer>\n",
        '{"answer": 3}\n',
        '"answer": "',
    ),
    *(
        "Human: hi\n",
        "~~",
        "<!-- ",
        "[asy] ",
        "<<3. ",
        "```python\n",
        "\\boxed{",
        "\\boxed{} ",
        "\u7b54\u6848\u662f4\u3002",
    ),
    *(
        "Antwort: 5. ",
        "La réponse est 5. ",
        "Die Lösung ist 3,5. ",
        "It is 3 if n is odd. ",
        "- ",
        "\n",
        ". ",
        " ",
    ),
]
CLOSES = [
    "The answer is ",
    "the answer is ",
    "So the answer is: ",
    "Therefore, the final answer is ",
    "Thus, the answer is ",
]
CLOSED = [
    "5",
    "-3",
    "1,234",
    "1.234",
    "$5$",
    "-$5",
    "3/4",
    "50%",
    "[1, 2]",
    "(1,2)",
    "(B)",
    "True",
    "no",
    "1, 2",
    "1,23",
]


@given(
    st.lists(st.sampled_from(BEFORE_CLOSE), max_size=5).map("".join),
    st.sampled_from(CLOSES),
    st.sampled_from(CLOSED),
    st.sampled_from(["", "\n", " \n\n"]),
)
def test_the_usual_close_found_at_once_is_what_the_whole_way_finds(text, close, value, space):
    """An invisible sign at the end sends a response through all the ways."""
    response = f"{text}{close}{value}.{space}"
    assert extract_answer(response) == extract_answer(response + "\u200b")
