"""The transformer: its data, its layers as declared, what it learns, what it says of itself."""

import re

import numpy as np
import pytest

from core import own
from core.catalogue import room
from core.data import sequences, sources
from core.data.opinions import BAD, GOOD, NOT, put_together
from core.data.tales import chinese, english
from core.data.writings import keep
from core.errors import VisitorError
from core.models import transformer
from core.rooms.transformer import OPINIONS, SIZES, TASKS, Transformer, outline
from core.settings import Settings, settings
from tests.rooms.programs import taken_home, trained
from tests.test_export import last_line

ROOM = room("transformer")
SHIPPED = ("tales", "tales_zh", "opinions", "digits")
SMALL = {"channels": 16, "heads": 2, "depth": 1, "epochs": 1}


# Data

@pytest.mark.parametrize("name", SHIPPED)
def test_the_declaration_says_how_many_tokens_there_are(name):
    data = sequences.DATA_SETS[name](Transformer(dataset=name))
    assert SIZES[name] == (len(data.vocabulary), len(data.class_names))
    assert data.task == TASKS[name]


def test_tales_are_always_the_same_and_look_back():
    assert english(5) == english(5) and chinese(5) == chinese(5)
    for tale in english(40).strip().split("\n\n"):
        hero = re.match(r"(?:There was an? \w+ \w+ called )?(\w+)", tale)[1]
        right = re.search(r"“It is (.*?),” said", tale)[1]
        assert f"So {hero} went and found" in tale and tale.count(right) >= 2


def test_the_order_of_an_opinion_s_words_decides():
    found = put_together(600)
    assert sum(verdict for _, verdict in found) == 300
    for sentence, verdict in found:
        main = re.sub(r"^.*, but |^although [^,]*, |, although .*$", "", sentence.rstrip("."))
        words = set(main.split())
        praised = bool(words & set(GOOD)) != bool(words & set(NOT))
        assert words & set(GOOD + BAD) and praised == bool(verdict), sentence


def test_pieces_of_a_text_are_followed_by_the_next_sign():
    data = sequences.written("abcdefghij" * 300, 16)
    signs = np.array(data.vocabulary)
    assert "".join(signs[data.x_val[0]])[1:] == "".join(signs[data.y_val[0]])[:-1]
    np.testing.assert_array_equal(data.x_train[1:], data.y_train[:-1])
    assert len(data.x_train) + 1 == 2400 and data.x_val.shape == (18, 16)


def test_what_training_has_not_read_is_unknown():
    sentences = [(f"word{i % 7} common", i % 2) for i in range(100)] + [("solitary", 0)]
    data = sequences.judged(sentences, Transformer(dataset="opinions", context=8))
    assert "common" in data.vocabulary and "solitary" not in data.vocabulary
    assert sequences.split("It's 好看, no?") == ["it's", "好", "看", ",", "no", "?"]


def test_folds_share_no_sentence():
    tests = [sequences.DATA_SETS["opinions"](Transformer(dataset="opinions", fold=fold)).x_test
             for fold in range(1, 6)]
    assert sum(len(each) for each in tests) == 6000


@pytest.mark.data
def test_shakespeare_and_reviews_are_what_they_should_be(data_folder, monkeypatch):
    monkeypatch.setattr(sources, "settings", lambda: Settings(data=data_folder))
    data = sequences.DATA_SETS["shakespeare"](Transformer(dataset="shakespeare"))
    assert (len(data.vocabulary), len(data.class_names)) == SIZES["shakespeare"]
    assert len(data.x_train) + 1 + 2 * (1_115_394 // 20) == 1_115_394
    for fold in (1, 4):
        params = Transformer(dataset="reviews", fold=fold)
        data = sequences.DATA_SETS["reviews"](params)
        assert len(data.x_train) + len(data.x_val) + len(data.x_test) == 10_662
        assert len(data.vocabulary) == outline(params).layers[1].parameters / params.channels


# The network

@pytest.mark.parametrize("params", [
    *(Transformer(**each.values) for each in ROOM.presets if
      {"dataset": "tales", **each.values}["dataset"] in SHIPPED),
    Transformer(**OPINIONS | {"unread": 0.2, "dropout": 0.1, "norm": "post", "size": 3}),
    Transformer(dataset="digits", patch=4, positions="none", heads=3, depth=3)],
    ids=lambda params: params.dataset)
def test_every_network_is_as_declared(params):
    model = transformer.build(params, transformer.load(params))
    told = outline(params)
    assert [layer.name for layer in told.layers] == [layer.name for layer in model.layers]
    assert told.parameters == model.count_params()


def test_what_does_not_fit_is_said_in_a_sentence():
    assert "cannot be cut" in outline(Transformer(dataset="digits", patch=7)).problem
    assert "Bring a text" in outline(Transformer(dataset="own")).problem


def test_it_sees_nothing_that_comes_later():
    params = Transformer(**SMALL)
    model = transformer.build(params, transformer.load(params))
    x = np.random.default_rng(0).integers(2, 50, (1, 20)).astype(np.int32)
    other = x.copy()
    other[0, 12:] = 3
    np.testing.assert_allclose(model(x)[0, :12], model(other)[0, :12], atol=1e-6)


def test_what_fills_up_a_sentence_counts_for_nothing():
    params = Transformer(**OPINIONS | SMALL)
    data = transformer.load(params)
    model = transformer.build(params, data)
    x = data.x_val[:1]
    count = int((x > 0).sum())
    table = model.get_layer("tokens").get_weights()[0]
    before = model(x).numpy()
    table[0] = 9.0  # the vector of what fills up
    model.get_layer("tokens").set_weights([table])
    assert count < x.shape[1]
    np.testing.assert_allclose(model(x), before, atol=1e-6)


def test_it_learns_to_write_better_than_pairs_of_characters():
    _, _, figures = trained(transformer, Transformer(epochs=2, seed=3))
    assert figures["test_loss"] < 1.5  # counting pairs reaches about 2.0


def test_it_sees_digits_in_patches():
    _, _, figures = trained(transformer, Transformer(
        dataset="digits", epochs=8, batch_size=32, depth=1, channels=32, seed=2))
    assert figures["test_accuracy"] > 0.6


# To take home

@pytest.mark.parametrize("params", [
    Transformer(**SMALL), Transformer(**OPINIONS | SMALL | {"batch_size": 128, "unread": 0.1})],
    ids=lambda params: params.dataset)
def test_the_program_gives_the_figures_of_the_run(params, tmp_path):
    text, metrics = taken_home(ROOM, params)
    assert last_line(text, tmp_path) == metrics


def test_with_a_text_of_one_s_own(tmp_path, home):
    settings.cache_clear()
    poem = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n"
    told = keep(poem * 60, str(tmp_path / "read.npz"))
    name = own.keep(tmp_path / "read.npz", told)
    (tmp_path / f"{name}.npz").write_bytes(own.content(name))
    params = Transformer(dataset="own", own=name, context=16, **SMALL)
    assert outline(params).parameters == transformer.build(
        params, transformer.load(params)).count_params()
    text, metrics = taken_home(ROOM, params)
    assert last_line(text, tmp_path) == metrics
    settings.cache_clear()


@pytest.mark.parametrize(("text", "says"), [
    ("short", "at least 1000"), ("ab" * 1_000_001, "too long"), ("a" * 2000, "same character"),
    ("  \n" * 900, "at least 1000")])
def test_a_bad_text_gets_one_sentence(text, says, tmp_path):
    with pytest.raises(VisitorError, match=says):
        keep(text, str(tmp_path / "read.npz"))
