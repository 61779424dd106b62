"""Think blocks: what a reasoning model says to itself before it answers. Nothing in them is an answer.

A block is masked by newlines of the same length, so that offsets into the rest stay those of the response.
"""

from __future__ import annotations

import re

from ._endings import ends_midway

__all__ = ["is_cut_off", "mask_thinking", "without_thinking"]

# Ends a thought of some models and any turn of others, so that it closes only what was opened before it.
_TURN_END = "<|end|>"
TAGS: tuple[tuple[str, str], ...] = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", _TURN_END),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
)
_ANGLED = re.compile("|".join(re.escape(tag) for tags in TAGS for tag in tags if tag[0] == "<"))

# Real responses have a handful of blocks. After this many, all up to the last closing tag counts as thinking,
# which bounds the work on a text of a million tags.
MAX_BLOCKS = 64


def is_cut_off(response: str) -> bool:
    r"""Whether the response ends inside a think block, formula or list, so that it never came to its answer.

    >>> is_cut_off("<think>First, 2 + 2 is")
    True
    >>> is_cut_off("<think>First, 2 + 2 is 4.</think> It is 4.")
    False
    >>> is_cut_off(r"We add: \[ 2 + 2 =")
    True
    """
    text, begin = mask_thinking(response)
    return begin is None or ends_midway(text)


def without_thinking(response: str) -> str:
    """The response without its think blocks; an unclosed one goes to the end.

    >>> without_thinking("<think>2 + 2?</think>It is 4.")
    'It is 4.'
    """
    for opening, closing in TAGS:
        parts, last = [], 0
        for start, end in _blocks(response, opening, closing):
            parts.append(response[last:start])
            last = end
        if last:
            response = "".join([*parts, response[last:]])
    return response


def mask_thinking(response: str) -> tuple[str, int | None]:
    """Give (the response with its think blocks blanked, of the same length; where it has begun to speak).

    The second is where its opening thoughts end, 0 without such, and None where the last block never ends.
    """
    text, begin, cut_off = response, 0, False
    if not (
        ("<" in text and _ANGLED.search(text))
        or ("K" in text and "THINK]" in text)  # a look for one letter costs next to nothing
        or "think\u25b7" in text
    ):
        return text, begin
    for opening, closing in TAGS:
        blocks = _blocks(text, opening, closing)
        if blocks:
            cut_off = cut_off or text.rfind(opening) > text.rfind(closing)
            text = _blanked(text, blocks)
            begin = max([begin, *(end for start, end in blocks if not text[:start].strip())])
    return text, None if cut_off else begin


def _blocks(text: str, opening: str, closing: str) -> list[tuple[int, int]]:
    """Spans of the blocks. A closing tag alone closes what the chat template had opened: all before it."""
    blocks: list[tuple[int, int]] = []
    position = count = 0
    while (close := text.find(closing, position)) >= 0:
        count += 1
        if count > MAX_BLOCKS:
            close = text.rfind(closing)
        end = close + len(closing)
        start = text.find(opening, position, close)
        if start >= 0 and count <= MAX_BLOCKS:
            blocks.append((start, end))
        elif closing != _TURN_END or (blocks and count > MAX_BLOCKS):
            blocks = [(0, end)]
        position = end
    unclosed = text.find(opening, position)
    if unclosed >= 0:
        blocks.append((unclosed, len(text)))
    return blocks


def _blanked(text: str, blocks: list[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in blocks:
        parts += [text[last:start], "\n" * (end - start)]
        last = end
    parts.append(text[last:])
    return "".join(parts)
