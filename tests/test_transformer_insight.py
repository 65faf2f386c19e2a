"""What a transformer tells of itself, against plain NumPy; drawing signs; counting them."""

import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import sequences
from core.insight import attention, textrivals
from core.insight import transformer as insight
from core.insight.sampling import Wish, draw, narrowed
from core.models import transformer
from core.params import to_text
from core.rooms.transformer import OPINIONS, Transformer

SMALL = {"channels": 16, "heads": 2, "depth": 2}


def built(**values):
    """A network with random weights and its context."""
    params = Transformer(**values)
    data = transformer.load(params)
    model = transformer.build(params, data)
    return model, {"room": "transformer", "dataset": params.dataset, "params": to_text(params),
                   "classes": list(data.class_names)}


@pytest.fixture(scope="module")
def writer():
    return built(**SMALL)


@pytest.fixture(scope="module")
def judge():
    return built(**OPINIONS | SMALL)


@pytest.fixture(scope="module")
def seer():
    return built(dataset="digits", **SMALL)


def floats(text: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)


def asked(kind: str) -> dict:
    return {} if kind == "seer" else {"params": {"text": "the plot is dull, but not the cast.",
                                                 "layer": "1", "head": "1"}}


@pytest.mark.parametrize("kind", ["writer", "judge", "seer"])
def test_a_head_s_numbers_give_its_weights(kind, request):
    model, context = request.getfixturevalue(kind)
    inputs = asked(kind)
    if kind == "seer":
        inputs = {"params": {"layer": "1", "head": "1"}}
    told = attention.head(model, context, **inputs)
    t, d = told["count"], told["size"]
    q, k, v = (floats(told[name], t, d) for name in ("query", "key", "value"))
    scores = q @ k.T / np.sqrt(d)
    np.testing.assert_allclose(floats(told["scores"], t, t), scores, atol=1e-4)
    if kind == "writer":
        scores[np.triu_indices(t, 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(floats(told["weights"], t, t), weights, atol=1e-4)
    np.testing.assert_allclose(floats(told["found"], t, d), weights @ v, atol=1e-4)
    looks = attention.looks(model, context, **inputs)
    wall = np.frombuffer(base64.b64decode(looks["weights"][1]), np.uint8).reshape(2, t, t)
    np.testing.assert_allclose(wall[1] / 255, weights, atol=1 / 255)


@pytest.mark.parametrize("kind", ["writer", "judge", "seer"])
@pytest.mark.parametrize("norm", ["pre", "post"])
def test_after_the_last_layer_it_believes_what_it_answers(kind, norm, request):
    values = {"writer": {}, "judge": OPINIONS, "seer": {"dataset": "digits"}}[kind]
    model, context = built(**values | SMALL | {"norm": norm})
    given_ = attention.example(model, context, asked(kind).get("params"), None, "drawing", 0)
    streams, found = attention.opened(model, given_.x)
    assert len(streams) == len(found) + 1 == 3
    np.testing.assert_allclose(attention.believed(model, streams[-1], given_.x),
                               model(given_.x).numpy(), atol=1e-5)


def test_it_writes_on_and_says_what_it_does_not_know(writer):
    told = insight.write(*writer, params={"text": "There was a 狐", "seed": "4"}, count=12)
    assert len(told["text"]) == len(told["shares"]) == 12 and told["unknown"] == ["狐"]
    assert told == insight.write(*writer, params={"text": "There was a 狐", "seed": "4"}, count=12)
    assert sum(share for _, share in told["next"]) == pytest.approx(1, abs=0.2)
    assert insight.judge(*writer) == {"task": "write"}


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=300), temperature=st.text(max_size=6))
def test_any_text_is_taken(writer, judge, text, temperature):
    params = {"text": text, "temperature": temperature, "top_k": temperature, "layer": text[:3]}
    assert len(insight.write(*writer, params=params, count=2)["text"]) == 2
    assert attention.looks(*writer, params=params)["count"] >= 1
    told = insight.judge(*judge, params=params)
    assert len(told["words"]) == len(told["effects"]) <= 24
    assert attention.head(*judge, params=params)["count"] >= 1


def test_without_positions_shuffled_words_are_judged_alike():
    for positions, same in (("none", True), ("waves", False)):
        model, context = built(**OPINIONS | SMALL | {"positions": positions})
        said = [insight.judge(model, context, params={"text": text})["probabilities"][1]
                for text in ("the plot is dull but the cast is witty",
                             "the cast is dull but the plot is witty")]
        assert (abs(said[0] - said[1]) < 1e-5) == same


def test_a_word_s_effect_is_what_changes_without_it(judge):
    whole = insight.judge(*judge, params={"text": "the plot is never dull"})
    without = insight.judge(*judge, params={"text": "the plot is dull"})
    assert whole["effects"][3] == pytest.approx(
        whole["probabilities"][1] - without["probabilities"][1], abs=2e-5)


# Drawing

shares = st.lists(st.floats(0.001, 1), min_size=2, max_size=30).map(
    lambda values: np.array(values) / np.sum(values))


@given(shares, st.floats(0.05, 2), st.integers(0, 40), st.floats(0.05, 1))
def test_what_is_drawn_from_is_cut_and_sharpened(given_, temperature, k, p):
    found = narrowed(given_, Wish(temperature, k, p))
    assert found.sum() == pytest.approx(1) and (found >= 0).all()
    kept = found > 0
    assert kept[np.argmax(given_)] and (not k or kept.sum() <= k)
    warm = given_ ** (1 / temperature)
    np.testing.assert_allclose(found[kept], warm[kept] / warm[kept].sum(), rtol=1e-6)
    whole = warm / warm.sum()
    if kept.sum() > 1:  # without the last one that stays, the share is not reached
        assert whole[kept].sum() - whole[kept].min() < p + 1e-9


def test_temperature_nought_takes_the_most_probable():
    random = np.random.default_rng(0)
    assert {draw(np.array([0.3, 0.4, 0.3]), Wish(0), random) for _ in range(20)} == {1}
    assert Wish.read({"temperature": "nan", "top_k": "x", "top_p": "7"}) == Wish()


# Counting

def test_pairs_are_counted_by_witten_and_bell_s_rule():
    counted = textrivals.NGrams(np.array([2, 3, 2, 3, 2, 4]), 2, 5)
    alone = (2 + 3 / 5) / (6 + 3)  # "3" twice among six signs of three kinds
    assert counted.probability("", chr(3)) == pytest.approx(alone)
    assert counted.probability(chr(2), chr(3)) == pytest.approx((2 + 2 * alone) / (3 + 2))


@given(st.lists(st.integers(1, 4), min_size=3, max_size=60), st.integers(1, 5),
       st.lists(st.integers(0, 5), max_size=6))
def test_what_may_follow_sums_to_one(stream, order, before):
    counted = textrivals.NGrams(np.array(stream), order, 5)
    history = textrivals.spelled(before)
    assert sum(counted.probability(history, chr(sign)) for sign in range(5)) == pytest.approx(1)


def test_a_bag_of_words_cannot_tell_the_opinions():
    told = textrivals.measure(Transformer(**OPINIONS))
    assert told["figure"] == "accuracy"
    assert all(each["value"] < 0.75 for each in told["methods"])


def test_counting_six_characters_beats_counting_two():
    told = textrivals.measure(Transformer(dataset="tales_zh"))
    two, six = (each["value"] for each in told["methods"])
    assert 0 < six < two < np.log(147)


def test_every_task_has_its_rivals():
    assert textrivals.measure(Transformer(dataset="digits"))["methods"][0]["value"] > 0.9
    assert sequences.to_download("tales") == 0
