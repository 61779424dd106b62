"""Answers of the packaged model and of a random one, in batches of all kinds."""

from __future__ import annotations

import gc
import math

import attrs
import pytest

from mathtune.errors import DataError
from mathtune.formatting import ChatFormatter
from mathtune.grading import grade
from mathtune.problems._drills import drills
from mathtune.server._adapters import Bases
from mathtune.server._generation import GenerationRequest, Generator, RefusedError
from mathtune.server._prompt import read_prompt
from mathtune.server._settings import DRILLS_MODEL, packaged_models
from mathtune.server._tokens import token_bytes

pytestmark = pytest.mark.local

PROBLEMS = list(drills("test", seed=21, limit=48))


@pytest.fixture(scope="module")
def generator():
    return Generator(packaged_models()[DRILLS_MODEL])


def request_for(problem, **options):
    messages = [message.to_dict() for message in ChatFormatter().messages(problem)]
    return GenerationRequest(messages=messages, **{"temperature": 0, **options})


def texts(result):
    return [choice.text for choice in result.choices]


def test_the_packaged_model_solves_most_drills(generator):
    """Asked with the usual prompt, the packaged model gets most held-out drills right and stops by itself."""
    results = generator.generate([request_for(problem) for problem in PROBLEMS])
    right = [
        bool(grade(result.choices[0].text, problem.answer))
        for problem, result in zip(PROBLEMS, results, strict=True)
        if problem.subject != "trigonometry"
    ]
    assert sum(right) / len(right) > 0.6
    assert {choice.finish_reason for result in results for choice in result.choices} == {"stop"}


def test_an_answer_does_not_depend_on_its_neighbours(generator):
    """Alone or among others, likeliest or drawn from a seed, a request gets the same answer."""
    requests = [
        request_for(problem, temperature=temperature, seed=seed)
        for seed, problem in enumerate(PROBLEMS[:12])
        for temperature in (0, 1.0)
    ]
    together = generator.generate(requests)
    alone = [generator.generate([request])[0] for request in requests]
    assert together == alone


def test_seeds_fix_what_is_drawn(generator):
    """The same seed draws the same answers, another seed others, and none at all fresh ones."""
    hot = request_for(PROBLEMS[0], temperature=2.0, n=3, max_tokens=30)
    one, again, other = generator.generate([attrs.evolve(hot, seed=seed) for seed in (1, 1, 2)])
    assert texts(one) == texts(again)
    assert len({*texts(one), *texts(other)}) == 6
    assert texts(generator.generate([hot])[0]) != texts(generator.generate([hot])[0])


def test_a_tiny_top_p_leaves_only_the_likeliest(generator):
    """Drawing from almost no probability is taking the likeliest token."""
    likeliest, drawn = generator.generate(
        [request_for(PROBLEMS[1]), request_for(PROBLEMS[1], temperature=1.5, top_p=1e-9, seed=0)]
    )
    assert texts(likeliest) == texts(drawn)


def test_drawn_tokens_follow_the_distribution(generator):
    """Over many draws the first token comes as often as its probability says."""
    hot = request_for(PROBLEMS[0], temperature=1.0, max_tokens=1, n=400, seed=5)
    cold = attrs.evolve(hot, temperature=0.0, n=1)
    likeliest = texts(generator.generate([cold])[0])[0]
    seen = texts(generator.generate([hot])[0])
    assert 0.5 < seen.count(likeliest) / 400 <= 1


def test_a_stop_text_ends_the_answer(generator):
    """The answer ends before the first stop text, which is not part of it."""
    whole, stopped = generator.generate(
        [request_for(PROBLEMS[2]), request_for(PROBLEMS[2], stop=("So", " ="))]
    )
    text = texts(whole)[0]
    assert texts(stopped) == [text[: min(text.find(stop) for stop in ("So", " =") if stop in text)]]
    assert stopped.choices[0].finish_reason == "stop"
    assert stopped.choices[0].tokens < whole.choices[0].tokens


def test_max_tokens_cuts_the_answer_off(generator):
    """An answer that reaches its limit says so."""
    result = generator.generate([request_for(PROBLEMS[0], max_tokens=4)])[0]
    assert (result.choices[0].finish_reason, result.choices[0].tokens) == ("length", 4)
    assert result.completion_tokens == 4


def test_the_window_ends_an_answer(random_model):
    """Without a limit an answer may fill the model's window and no more."""
    generator = Generator(random_model)
    request = GenerationRequest(messages=[{"role": "user", "content": "x" * 100}], temperature=0)
    result = generator.generate([request])[0]
    assert result.prompt_tokens == generator.check(request) == 102
    assert result.completion_tokens <= 128 - 102


def test_messages_that_fill_the_window_are_refused(random_model):
    """A prompt that leaves no room for an answer is an error with both lengths."""
    generator = Generator(random_model)
    request = GenerationRequest(messages=[{"role": "user", "content": "x" * 200}])
    with pytest.raises(RefusedError, match=r"length is 128 tokens.* 202 tokens") as caught:
        generator.check(request)
    assert (caught.value.code, caught.value.param) == ("context_length_exceeded", "messages")


def test_messages_that_the_template_refuses_are_an_error(random_model):
    """What a chat template does not take is refused in its words, not by a crash."""
    generator = Generator(random_model)
    generator._loaded.tokenizer.chat_template = "{{ raise_exception('users only') }}"
    with pytest.raises(RefusedError, match="refuses these messages: users only") as caught:
        generator.check(GenerationRequest(messages=[{"role": "system", "content": "1"}]))
    assert caught.value.code == "invalid_messages"


def test_many_answers_of_different_lengths_come_in_order(generator):
    """More requests than a batch holds are answered in their order, each with its own limits."""
    requests = [request_for(PROBLEMS[i % 48], max_tokens=1 + i % 60) for i in range(200)]
    results = generator.generate(requests)
    assert [result.prompt_tokens for result in results] == [generator.check(request) for request in requests]
    assert all(
        result.completion_tokens <= request.max_tokens
        for request, result in zip(requests, results, strict=True)
    )


def test_requests_that_come_meanwhile_join_those_under_way(generator):
    """What a request gets does not depend on when it came, and it need not wait for the end of others."""
    requests = [request_for(problem, logprobs=2, seed=3, temperature=0.7) for problem in PROBLEMS[:20]]
    alone = [texts(generator.generate([request])[0]) for request in requests]
    long = generator.begin(request_for(PROBLEMS[0], logit_bias=((4, -100.0),), max_tokens=150))
    tasks = []
    for request in requests:
        tasks.append(generator.begin(request))
        for _ in range(3):
            generator.writer.step()
    while any(task.answer is None for task in tasks):
        assert long.answer is None or generator.writer.busy
        generator.writer.step()
    assert [texts(task.answer) for task in tasks] == alone
    while generator.writer.busy:
        generator.writer.step()
    assert long.answer.completion_tokens == 150


def test_what_is_cancelled_leaves(generator):
    """A row that nobody waits for is not written on, and its neighbours do not notice."""
    request = request_for(PROBLEMS[1])
    gone, stays = generator.begin(request), generator.begin(request)
    generator.writer.step()
    gone.rows[0].finish_reason = "cancelled"
    while generator.writer.busy:
        assert gone.rows[0] not in generator.writer.step()
    assert len(gone.rows[0].tokens) == 1
    assert texts(stays.answer) == texts(generator.generate([request])[0])


def test_the_end_of_a_row_is_told_once(generator):
    """A row that has ended is given by no further step, also while its neighbours are still written."""
    tasks = [generator.begin(request_for(PROBLEMS[1], max_tokens=most)) for most in (2, 9, 9, 9, 9, 9)]
    ended = []
    while generator.writer.busy:
        ended += [row for row in generator.writer.step() if row.finish_reason is not None]
    assert ended == [task.rows[0] for task in tasks]


def test_probabilities_are_those_of_the_model(generator):
    """Each token of the text is told with its bytes and the likeliest in order, of which it is the first."""
    (choice,) = generator.generate([request_for(PROBLEMS[3], logprobs=5)])[0].choices
    assert "".join(entry["token"] for entry in choice.logprobs) == choice.text
    assert bytes(byte for entry in choice.logprobs for byte in entry["bytes"]).decode() == choice.text
    assert len(choice.logprobs) == choice.tokens
    for entry in choice.logprobs:
        values = [other["logprob"] for other in entry["top_logprobs"]]
        assert values == sorted(values, reverse=True)
        assert (entry["token"], entry["logprob"]) == (
            entry["top_logprobs"][0]["token"],
            entry["top_logprobs"][0]["logprob"],
        )
        assert -10_000 < entry["logprob"] <= 0
        assert sum(math.exp(value) for value in values) <= 1 + 1e-9


def test_probabilities_do_not_depend_on_how_is_drawn(generator):
    """The first token's probability is the model's own, at any temperature and with any bias."""
    asked = request_for(PROBLEMS[3], logprobs=20, max_tokens=1)
    variants = [
        asked,
        attrs.evolve(asked, temperature=2.0, seed=1),
        attrs.evolve(asked, logit_bias=((5, 3.0),)),
    ]
    first = [result.choices[0].logprobs[0]["top_logprobs"] for result in generator.generate(variants)]
    for other in first[1:]:
        assert [entry["token"] for entry in other] == [entry["token"] for entry in first[0]]
        assert [entry["logprob"] for entry in other] == pytest.approx(
            [entry["logprob"] for entry in first[0]], abs=1e-4
        )


def test_a_stop_text_cuts_the_probabilities_too(generator):
    """No token is told that lies wholly behind the end of the text."""
    (choice,) = generator.generate([request_for(PROBLEMS[2], stop=("So", " ="), logprobs=0)])[0].choices
    told = "".join(entry["token"] for entry in choice.logprobs)
    assert told.startswith(choice.text)
    assert len(told) - len(choice.logprobs[-1]["token"]) < len(choice.text)
    assert choice.logprobs[0]["top_logprobs"] == []


def test_a_bias_forbids_and_forces(generator):
    """A bias of 100 makes every token that one, -100 none of them; a token that is none is refused."""
    digit = generator._loaded.tokenizer.convert_tokens_to_ids("7")
    forced = request_for(PROBLEMS[0], logit_bias=((digit, 100.0),), max_tokens=5)
    assert texts(generator.generate([forced])[0]) == ["77777"]
    plain = texts(generator.generate([request_for(PROBLEMS[0])])[0])[0]
    common = next(letter for letter in plain if letter.isdigit())
    banned = generator._loaded.tokenizer.convert_tokens_to_ids(common)
    other = texts(generator.generate([request_for(PROBLEMS[0], logit_bias=((banned, -100.0),))])[0])[0]
    assert common not in other
    with pytest.raises(RefusedError, match="has the tokens 0 to") as caught:
        generator.check(request_for(PROBLEMS[0], logit_bias=((10**6, 1.0),)))
    assert caught.value.param == "logit_bias"


def test_penalties_keep_tokens_from_coming_again(generator):
    """With a forced token, a penalty that outweighs the force lets each come once, or ever more rarely."""
    ids = [generator._loaded.tokenizer.convert_tokens_to_ids(digit) for digit in "123"]
    bias = tuple((token, 90.0 - 0.5 * place) for place, token in enumerate(ids))
    asked = request_for(PROBLEMS[0], logit_bias=bias, max_tokens=6)
    free, once, rarer = (
        texts(generator.generate([attrs.evolve(asked, **penalty)])[0])[0]
        for penalty in ({}, {"presence_penalty": 2.0}, {"frequency_penalty": 2.0})
    )
    assert free.count("1") > once.count("1") >= 1
    assert max(rarer.count(digit) for digit in "123") < 6
    assert set(rarer) == set("123")


TOOL = {"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {}}}}
TOOL_TEMPLATE = (
    "{%- for tool in tools or [] -%}{{ tool.function.name }}({{ tool.function.parameters }}){%- endfor -%}"
    "{%- for message in messages -%}<|user|>{{ message.role }}:{{ message.content }}"
    "{%- for call in message.tool_calls or [] -%}{{ call.function.arguments.a }}{%- endfor -%}"
    "{%- endfor -%}<|assistant|>"
)


def test_tools_go_through_the_template(random_model):
    """Tools, calls (their arguments as objects) and results stand in the prompt where the template wants."""
    generator = Generator(random_model)
    loaded = generator._loaded
    loaded.tokenizer.chat_template = TOOL_TEMPLATE
    call = {"id": "c", "type": "function", "function": {"name": "add", "arguments": '{"a": 17}'}}
    request = GenerationRequest(
        messages=[
            {"role": "user", "content": "q"},
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c", "content": "r"},
        ],
        tools=[TOOL],
    )
    assert loaded.tokenizer.decode(read_prompt(loaded, request)) == (
        "add({'type': 'object', 'properties': {}})"
        "<|user|>user:q<|user|>assistant:17<|user|>tool:r<|assistant|>"
    )


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"tools": [TOOL]}, "tools"),
        ({"messages": [{"role": "tool", "tool_call_id": "c", "content": "r"}]}, "messages"),
    ],
)
def test_a_template_without_tools_refuses_them(generator, changes, param):
    """Tools that the model would never see are not taken in silence."""
    request = attrs.evolve(request_for(PROBLEMS[0]), **changes)
    with pytest.raises(RefusedError, match="has no place for") as caught:
        generator.check(request)
    assert (caught.value.code, caught.value.param) == ("unsupported_parameter", param)


@pytest.mark.parametrize("letter", ["a", "\u00e9", "\u20ac", "\U0001f600"])
def test_a_token_knows_its_bytes(random_model, letter):
    """Also a token that is a part of a character only."""
    tokenizer = Generator(random_model)._loaded.tokenizer
    tokens = tokenizer.encode(letter, add_special_tokens=False)
    assert b"".join(token_bytes(tokenizer, token) for token in tokens) == letter.encode()


def test_a_folder_without_a_model_is_an_error(tmp_path):
    """What is no model is refused with the folder's name."""
    with pytest.raises(DataError, match="cannot load the model"):
        Generator(str(tmp_path))


@pytest.fixture(scope="module")
def adapters(random_model, tmp_path_factory):
    """Give folders of two different adapters on the random model."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folders = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        network = AutoModelForCausalLM.from_pretrained(random_model, dtype=torch.float32)
        config = LoraConfig(r=4, lora_alpha=64, target_modules="all-linear", init_lora_weights=False)
        folder = tmp_path_factory.mktemp("adapters") / str(seed)
        get_peft_model(network, config).save_pretrained(folder)
        AutoTokenizer.from_pretrained(random_model).save_pretrained(folder)
        folders.append(str(folder))
    return folders


def test_adapters_share_their_base(random_model, adapters):
    """Base and adapters write in turn on one set of weights, each as if it had its own."""
    request = GenerationRequest(messages=[{"role": "user", "content": "1+1"}], temperature=0, max_tokens=12)
    sources = [random_model, *adapters]
    alone = [texts(Generator(source).generate([request])[0]) for source in sources]
    assert len({text for (text,) in alone}) == 3
    bases = Bases()
    together = [Generator(source, bases) for source in sources]
    tasks = [generator.begin(request) for generator in together]
    while any(generator.writer.busy for generator in together):
        for generator in together:
            generator.writer.step()
    assert [texts(task.answer) for task in tasks] == alone
    del together[1], generator
    gc.collect()
    assert texts(together[0].generate([request])[0]) == alone[0]
    assert texts(together[1].generate([request])[0]) == alone[2]
    again = Generator(adapters[0], bases)
    assert texts(again.generate([request])[0]) == alone[1]
    assert texts(together[0].generate([request])[0]) == alone[0]


def test_adapters_without_a_base_are_an_error(tmp_path):
    """A configuration that names no base is refused."""
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(DataError, match="name of a base"):
        Generator(str(tmp_path), Bases())


def other_networks():
    """Give networks whose caches are of other kinds: windows that slide, states, none at all."""
    from transformers import (
        MambaConfig,
        MambaForCausalLM,
        MistralConfig,
        MistralForCausalLM,
        Qwen3NextConfig,
        Qwen3NextForCausalLM,
    )

    sizes = {
        "vocab_size": 260,
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "eos_token_id": 3,
        "pad_token_id": 0,
    }
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8, "intermediate_size": 32}
    linear = {f"linear_{name}": size for name, size in (("num_key_heads", 2), ("num_value_heads", 2))}
    linear |= {"linear_key_head_dim": 8, "linear_value_head_dim": 8, "num_experts": 0}
    kinds = ["linear_attention", "full_attention"]
    return {
        "window": lambda: MistralForCausalLM(MistralConfig(**sizes, **heads, sliding_window=16)),
        "states": lambda: Qwen3NextForCausalLM(
            Qwen3NextConfig(**sizes, **heads, **linear, layer_types=kinds)
        ),
        "none": lambda: MambaForCausalLM(MambaConfig(**sizes, state_size=8)),
    }


@pytest.fixture
def network_folder(random_model, tmp_path):
    """Save a network with the random model's tokenizer."""
    import torch
    from transformers import AutoTokenizer

    def save(kind):
        torch.manual_seed(0)
        other_networks()[kind]().save_pretrained(tmp_path)
        AutoTokenizer.from_pretrained(random_model).save_pretrained(tmp_path)
        return str(tmp_path)

    return save


@pytest.mark.parametrize("kind", ["window", "states"])
def test_caches_of_other_kinds(network_folder, kind):
    """Where rows cannot join or leave those under way they wait, and get what they get alone."""
    generator = Generator(network_folder(kind))
    requests = [
        GenerationRequest(
            messages=[{"role": "user", "content": "x" * (3 + 7 * n)}], temperature=0, max_tokens=5 + 6 * n
        )
        for n in range(5)
    ]
    alone = [texts(generator.generate([request])[0]) for request in requests]
    tasks = []
    for request in requests:
        tasks.append(generator.begin(request))
        for _ in range(6):
            generator.writer.step()
    while generator.writer.busy:
        generator.writer.step()
    assert [texts(task.answer) for task in tasks] == alone


def test_a_network_without_keys_and_values_is_an_error(network_folder):
    """What cannot be asked here is refused in words."""
    generator = Generator(network_folder("none"))
    with pytest.raises(DataError, match="keeps no keys and values"):
        generator.generate([GenerationRequest(messages=[{"role": "user", "content": "x"}])])


def test_an_effort_goes_through_the_template(random_model):
    """A template that says how hard to think gets the word; one that does not refuses it."""
    generator = Generator(random_model)
    request = GenerationRequest(messages=[{"role": "user", "content": "q"}], reasoning_effort="low")
    with pytest.raises(RefusedError, match="not supported with this model") as caught:
        generator.check(request)
    assert (caught.value.code, caught.value.param) == ("unsupported_parameter", "reasoning_effort")
    thinker = Generator(random_model)._loaded
    thinker.tokenizer.chat_template = "{{ reasoning_effort or 'medium' }}{{ messages[0].content }}"
    assert thinker.tokenizer.decode(read_prompt(thinker, request)) == "lowq"
    assert thinker.tokenizer.decode(read_prompt(thinker, attrs.evolve(request, reasoning_effort=None))) == (
        "mediumq"
    )
