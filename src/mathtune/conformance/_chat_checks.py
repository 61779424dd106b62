"""Questions and their answers, whole and in pieces.

Each check is a function of the session; its docstring is what is held.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from ._wire import Broken, require, require_keys, require_offered, require_one, require_refusal

if TYPE_CHECKING:
    from ._session import Session

QUESTION: Final = [{"role": "user", "content": "What is 2 + 3?"}]
SCHEMA: Final = {
    "type": "json_schema",
    "json_schema": {
        "name": "even",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"even": {"type": "string", "enum": ["yes", "no"]}},
            "required": ["even"],
            "additionalProperties": False,
        },
    },
}
TOOL: Final[dict[str, Any]] = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Add two numbers.",
        "parameters": {
            "type": "object",
            "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
            "required": ["a", "b"],
        },
    },
}


def chat_answers(session: Session) -> None:
    """A question gets a completion with its choice and its usage."""
    answer = session.ask(max_tokens=16)
    require(answer["object"] == "chat.completion", f"object is {answer['object']!r}")
    choice = require_keys(answer["choices"][0], ("index", "message", "finish_reason"), "the choice")
    require(choice["message"].get("role") == "assistant", f"the message is {choice['message']}")
    usage = require_keys(answer["usage"], ("prompt_tokens", "completion_tokens", "total_tokens"), "usage")
    require(
        usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"],
        f"usage does not add up: {usage}",
    )


def chat_choices(session: Session) -> None:
    """`n` gives so many choices, numbered from 0."""
    indexes = [choice["index"] for choice in session.ask(n=3, max_tokens=8)["choices"]]
    require(sorted(indexes) == [0, 1, 2], f"n=3 gave the choices {indexes}")


def chat_length(session: Session) -> None:
    """`max_tokens` cuts the answer, and `finish_reason` says `length`."""
    answer = session.ask(max_tokens=1)
    require(answer["usage"]["completion_tokens"] <= 1, f"max_tokens=1 gave {answer['usage']}")
    reason = answer["choices"][0]["finish_reason"]
    require(reason in ("length", "stop"), f"finish_reason is {reason!r}")


def chat_repeats(session: Session) -> None:
    """At temperature 0 the same question gets the same answer."""
    texts = {session.ask(temperature=0, max_tokens=16)["choices"][0]["message"]["content"] for _ in range(3)}
    require(len(texts) == 1, f"three answers differed: {texts}")


def chat_stream(session: Session) -> None:
    """A stream is server-sent events: role, text, end, usage if asked for, and `[DONE]`."""
    body = {
        "model": session.model,
        "messages": [{"role": "user", "content": "What is 2 + 3?"}],
        "max_tokens": 8,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    reply = session.wire.post("/chat/completions", body)
    kind = reply.headers.get("content-type", "")
    require(kind.startswith("text/event-stream"), f"content-type is {kind!r}")
    data = [line[6:] for line in reply.body.decode().splitlines() if line.startswith("data: ")]
    require(data and data[-1] == "[DONE]", f"the stream ends with {data[-1:]}")
    chunks = [json.loads(text) for text in data[:-1]]
    require(chunks[0]["choices"][0]["delta"].get("role") == "assistant", "the first piece has no role")
    require(chunks[-1].get("usage"), "the last piece has no usage")


def chat_bad_arguments(session: Session) -> None:
    """Arguments that cannot be are refused with a 400 that names them."""
    asked = {"model": session.model, "messages": [{"role": "user", "content": "x"}]}
    for wrong in ({"temperature": 9}, {"n": 0}, {"messages": "x"}, {"no_such_argument": 1}):
        reply = session.wire.post("/chat/completions", {**asked, **wrong})
        try:
            require_refusal(reply, 400)
        except Broken as broken:
            raise Broken(f"{wrong}: {broken}") from broken


def chat_pieces(session: Session) -> None:
    """The pieces of a stream are more than a few, and together the text that is given without one."""
    asked = {"messages": QUESTION, "temperature": 0, "max_tokens": 24}
    whole = session.ask(**asked)
    chunks = _chunks(session, **asked)
    pieces = [choice["delta"].get("content") for chunk in chunks for choice in chunk["choices"]]
    text = "".join(piece for piece in pieces if piece)
    expected = whole["choices"][0]["message"]["content"]
    require(text == expected, f"the stream says {text!r}, the whole answer {expected!r}")
    given = sum(bool(piece) for piece in pieces)
    tokens = whole["usage"]["completion_tokens"]
    require(given >= min(3, tokens), f"{tokens} tokens came in {given} pieces")
    ends = [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"]]
    require(ends[-1] and not any(ends[:-1]), f"finish_reason came as {ends}")


def chat_seed(session: Session) -> None:
    """The same `seed` draws the same answer (OpenAI tries to)."""
    asked = {"temperature": 1, "seed": 7, "max_tokens": 16}
    texts = {session.ask(**asked)["choices"][0]["message"]["content"] for _ in range(3)}
    require(len(texts) == 1, f"three answers differed: {texts}")


def chat_stop(session: Session) -> None:
    """A `stop` text ends the answer and is not part of it."""
    whole = session.ask(temperature=0, max_tokens=16)["choices"][0]["message"]["content"]
    stop = whole[len(whole) // 2 :][:2]
    require(stop, "the answer is empty")
    choice = session.ask(temperature=0, max_tokens=16, stop=[stop])["choices"][0]
    text = choice["message"]["content"]
    require(text == whole[: whole.find(stop)], f"stop={stop!r} made {text!r} of {whole!r}")
    require(choice["finish_reason"] == "stop", f"finish_reason is {choice['finish_reason']!r}")


def chat_logprobs(session: Session) -> None:
    """`logprobs` tells each token of the text with its log probability, and the likeliest beside it."""
    answer = _asked_for(session, "logprobs", temperature=0, max_tokens=8, logprobs=True, top_logprobs=3)
    choice = answer["choices"][0]
    entries: list[dict[str, Any]] = (choice.get("logprobs") or {}).get("content") or []
    require(entries, f"logprobs is {choice.get('logprobs')}")
    for entry in entries:
        require_keys(entry, ("token", "logprob", "bytes", "top_logprobs"), "a token")
        require(entry["logprob"] <= 1e-6, f"a logprob is {entry['logprob']}")
        require(len(entry["top_logprobs"]) == 3, f"top_logprobs=3 gave {len(entry['top_logprobs'])}")
    raw = b"".join(bytes(entry["bytes"]) for entry in entries)
    said = choice["message"]["content"]
    require(raw.decode("utf-8", "replace") == said, f"the tokens are {raw!r}, the text {said!r}")


def chat_bias(session: Session) -> None:
    """A `logit_bias` of 100 makes every token that one; one that cannot be is refused."""
    asked = {"temperature": 0, "max_tokens": 4, "logprobs": True}
    answer = _asked_for(session, "logit_bias", logit_bias={"100": 100}, **asked)
    tokens = {entry["token"] for entry in answer["choices"][0]["logprobs"]["content"]}
    require(len(tokens) == 1, f"the tokens were {tokens}")
    reply = session.try_to_ask(logit_bias={"100": 101})
    require_refusal(reply, 400)


def chat_penalties(session: Session) -> None:
    """`presence_penalty` and `frequency_penalty` are taken from -2 to 2."""
    for name in ("presence_penalty", "frequency_penalty"):
        _asked_for(session, name, max_tokens=8, **{name: 1.5})
        require_refusal(session.try_to_ask(**{name: 2.5}), 400)


def chat_tools(session: Session) -> None:
    """Tools are taken and called by name with JSON arguments, or refused by name; never ignored."""
    reply = session.try_to_ask(tools=[TOOL], max_tokens=64)
    if reply.status == 400:
        require_refusal(reply, 400)
        require(
            reply.json()["error"]["param"] == "tools", f"the refusal blames {reply.json()['error']['param']}"
        )
        return
    require(reply.status == 200, f"status {reply.status}")
    usual, tooled = (answer["usage"]["prompt_tokens"] for answer in (session.ask(max_tokens=1), reply.json()))
    require(tooled > usual, f"the tools were ignored: the prompt has {tooled} tokens, with and without them")
    for call in reply.json()["choices"][0]["message"].get("tool_calls") or ():
        require_keys(call, ("id", "type", "function"), "a call")
        json.loads(call["function"]["arguments"])


def chat_demanded_call(session: Session) -> None:
    """A `tool_choice` that demands a call gets one of that tool, or is refused by name; never ignored."""
    name = TOOL["function"]["name"]
    named = {"type": "function", "function": {"name": name}}
    for choice in ("required", named):
        reply = session.try_to_ask(tools=[TOOL], tool_choice=choice, max_tokens=256)
        if reply.status == 400:
            require_refusal(reply, 400)
            continue
        require(reply.status == 200, f"status {reply.status}")
        answer = reply.json()["choices"][0]
        if answer["finish_reason"] != "length":
            calls = [call["function"]["name"] for call in answer["message"].get("tool_calls") or ()]
            require(set(calls) == {name}, f"{choice!r} brought the calls {calls}")


def chat_schema(session: Session) -> None:
    """A `response_format` with a JSON schema is kept, or refused by name; never ignored."""
    reply = session.try_to_ask(response_format=SCHEMA, temperature=1, max_tokens=64)
    if reply.status == 400:
        require_refusal(reply, 400)
        return
    choice = reply.json()["choices"][0]
    require(choice["finish_reason"] == "stop", f"an answer of one word ended by {choice['finish_reason']}")
    said = choice["message"]["content"]
    try:
        kept = json.loads(said) in ({"even": "yes"}, {"even": "no"})
    except ValueError:
        kept = False
    require(kept, f"the answer is not of the schema: {said[:80]!r}")


def chat_forms(session: Session) -> None:
    """A `response_format` of JSON gives JSON, or is refused by name; never ignored."""
    reply = session.try_to_ask(response_format={"type": "json_object"}, max_tokens=64)
    if reply.status == 400:
        require_refusal(reply, 400)
        return
    choice = reply.json()["choices"][0]
    if choice["finish_reason"] == "stop":
        try:
            json.loads(choice["message"]["content"])
        except ValueError as error:
            raise Broken(f"the answer is no JSON: {choice['message']['content'][:80]!r}") from error


def chat_idempotency(session: Session) -> None:
    """The same `Idempotency-Key` gives the same answer, id included (beyond what OpenAI promises)."""
    headers = {"idempotency-key": secrets.token_hex(16)}
    body = {"model": session.model, "messages": QUESTION, "max_tokens": 4}
    made = {session.wire.post("/chat/completions", body, headers=headers).json()["id"] for _ in range(2)}
    require_one(made)


def _asked_for(session: Session, what: str, **others: object) -> dict[str, Any]:
    """Ask for something that a server may have the right not to offer."""
    reply = session.try_to_ask(**others)
    require_offered(reply, what)
    require(reply.status == 200, f"status {reply.status}: {reply.body[:200]!r}")
    return require_keys(reply.json(), ("choices",), "the completion")


def _chunks(session: Session, **others: object) -> list[dict[str, Any]]:
    body = {"model": session.model, "stream": True, **others}
    lines = session.wire.post("/chat/completions", body).body.decode().splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: ") and line != "data: [DONE]"]
