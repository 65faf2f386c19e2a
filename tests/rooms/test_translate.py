"""The room of translation: its words, its data, its figures, its network and what it writes."""

import base64
import json
from itertools import product

import keras
import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from core.catalogue import room
from core.data import pairs
from core.data.bleu import bleu, chrf
from core.data.phrases import all_phrases, phrases
from core.data.shipped import shipped
from core.data.words import BEGIN, END, PAD, joined, numbers, pieces, vocabulary
from core.errors import VisitorError
from core.insight import lexicon
from core.insight import translate as insight
from core.layers import beams
from core.layers.translation import Batches, smoothed
from core.models import translate
from core.params import to_text
from core.rooms.translate import WORDS, Translate
from core.settings import settings

ROOM = room("translate")
PRESETS = {each.name: ROOM.params(**each.values) for each in ROOM.presets}
TINY = {"width": 16, "inner": 16, "heads": 2}
KNOWN = Translate(epochs=8)


@pytest.fixture(scope="module")
def known():
    """A network that has learned the small grammar."""
    data = translate.load(KNOWN)
    model = translate.build(KNOWN, data)
    translate.train(KNOWN, model, data)
    return model, data


def context(params=KNOWN) -> dict:
    return {"room": "translate", "dataset": params.dataset, "params": to_text(params),
            "classes": ["English", "中文"]}


@pytest.mark.parametrize(("text", "parts"), [
    ("I don't know.", ["I", "don't", "know", "."]),
    ("他买了2本书。", ["他", "买", "了", "2", "本", "书", "。"]),
    ("Tom在家", ["Tom", "在", "家"]),
    ("Where's 10, then?", ["Where's", "1", "0", ",", "then", "?"]),
    ("Schöne Grüße!", ["Schöne", "Grüße", "!"]),
    ("ひらがなカナ漢字", list("ひらがなカナ漢字")),
    ("हिन्दी में", ["हिन्दी", "में"]),
])
def test_a_sentence_falls_into_words_or_characters_and_comes_back(text, parts):
    assert pieces(text) == parts
    assert joined(parts) == text


@given(st.text(max_size=60))
def test_nothing_of_a_sentence_is_lost_but_its_spaces(text):
    parts = pieces(text)
    assert "".join(parts) == "".join("".join(parts).split())
    assert pieces(joined(parts)) == parts or any(not part.isascii() for part in parts)
    assert sum(sign.isalpha() for sign in text) == sum(sign.isalpha() for sign in "".join(parts))


def test_the_grammar_says_time_and_place_where_each_language_wants_them():
    made = dict(all_phrases())
    assert made["She bought two coats in Beijing yesterday."] == "她昨天在北京买了两件大衣。"
    assert made["Does Anna read the newspaper on Sundays?"] == "安娜星期天看那份报纸吗？"
    assert made["The children are drawing a horse now."] == "孩子们现在正在画一匹马。"
    assert made["My mother did not eat rice at home last year."] == "我妈妈去年没有在家吃米饭。"
    assert len(set(phrases())) == len(phrases()) == 3000 and phrases() == phrases()


def check_split(data: pairs.Pairs) -> None:
    """No sentence of one part stands in another, on neither side."""
    parts = [pairs.flat(data.test), pairs.flat(data.val), data.train]
    for side in (0, 1):
        found = [{tuple(pieces(pair[side].lower())) for pair in part} for part in parts]
        assert not found[0] & found[2] and not found[1] & found[2] and not found[0] & found[1]


def test_no_sentence_of_the_test_is_in_training():
    data = pairs.grammar()
    assert len(data.test) == 250 and data == pairs.grammar()
    check_split(data)
    assert tuple(map(len, data.words())) == WORDS["grammar"]
    same = [("One.", "一。"), ("one .", "壹。"), ("Two.", "一。"), ("Three.", "三。"),
            ("Four.", "四。")]
    check_split(pairs.split(same, 1, 1))


@pytest.mark.data
def test_a_thousand_sentences_of_tatoeba_are_held_out(data_folder, monkeypatch):
    monkeypatch.setenv("PERCEPTORIUM_DATA", str(data_folder))
    settings.cache_clear()
    data = pairs.tatoeba()
    assert len(data.test) == 1000 and len(data.train) > 27_000
    assert len(pairs.flat(data.test)) > 1000, "sentences with several translations keep them all"
    check_split(data)
    assert tuple(map(len, data.words())) == WORDS["tatoeba"]
    assert all("tatoeba.org" in row[2] for row in pairs.lines()[:100])
    settings.cache_clear()


SENTENCES = st.text(alphabet="我你他去了。！？ Tom,.-35“”", min_size=1, max_size=12)


@tries(deadline=None, max_examples=60)
@given(st.lists(st.tuples(SENTENCES, st.lists(SENTENCES, min_size=1, max_size=3)), min_size=1,
                max_size=6))
def test_bleu_and_chrf_are_those_of_sacrebleu(rows):
    said, references = [text for text, _ in rows], [others for _, others in rows]
    most = max(map(len, references))
    columns = [[each[place] if place < len(each) else None for each in references]
               for place in range(most)]
    assert bleu(said, references) == pytest.approx(
        sacrebleu.corpus_bleu(said, columns, tokenize="zh").score, abs=1e-6)
    assert chrf(said, references) == pytest.approx(
        sacrebleu.corpus_chrf(said, columns).score, abs=1e-6)


def test_smoothed_labels_cost_what_keras_says():
    draw = np.random.default_rng(0)
    scores = draw.normal(size=(3, 5, 7)).astype(np.float32)
    truth = draw.integers(1, 7, (3, 5))
    truth[0, 3:] = PAD
    each = keras.losses.categorical_crossentropy(
        np.eye(7, dtype=np.float32)[truth], scores, from_logits=True, label_smoothing=0.2)
    expected = np.asarray(each)[truth != PAD].mean()
    assert float(smoothed(0.2)(truth, scores)) == pytest.approx(expected, rel=1e-5)


def test_batches_hold_every_pair_once_and_teach_the_next_piece():
    draw = np.random.default_rng(0)
    rows = [[number + 10] * draw.integers(1, 9) for number in range(50)]
    targets = [[BEGIN, number + 10, END] for number in range(50)]
    batches = Batches(rows, targets, 8, seed=1, shuffled=True)
    orders = []
    for _ in range(2):
        seen = []
        for number in range(len(batches)):
            (source, given), answer = batches[number]
            assert (given[:, 0] == BEGIN).all() and (given[:, 1:] == answer[:, :-1]).all()
            assert (source[:, 0] == given[:, 1]).all()
            seen += source[:, 0].tolist()
        orders.append(seen)
        batches.on_epoch_end()
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(10, 60))
    assert orders[0] != orders[1]


@pytest.mark.parametrize("name", PRESETS)
def test_the_outline_is_what_keras_builds(name):
    params = PRESETS[name].model_copy(update={"dataset": "grammar"})
    told = ROOM.outline(params)
    model = translate.build(params, translate.load(params))
    assert told.parameters == model.count_params()
    assert [each.name for each in told.layers] == [each.name for each in model.layers]


def scores(params: Translate, source: list[int], target: list[int]) -> np.ndarray:
    model = translate.build(params, translate.load(params))
    return np.asarray(model([np.array([source]), np.array([target])], training=False))[0]


@pytest.mark.parametrize(("cross", "causal"), product((True, False), repeat=2))
def test_who_sees_what(cross, causal):
    params = Translate(cross=cross, causal=causal, **TINY)
    source, target = [5, 6, 7], [BEGIN, 8, 9, 10]
    first = scores(params, source, target)
    later = scores(params, source, [*target[:-1], 11])
    other = scores(params, [5, 6, 12], target)
    longer = scores(params, [*source, PAD, PAD], target)
    assert np.allclose(first[0], later[0], atol=1e-6) == causal
    assert np.allclose(first, other, atol=1e-6) == (not cross)
    assert np.allclose(first, longer, atol=1e-5), "padding is not read"


def test_it_learns_the_grammar_and_beats_what_needs_no_network(known):
    model, data = known
    found = translate.score(KNOWN, model, data)
    simple = max(each["metrics"]["test_bleu"] for each in lexicon.rivals(KNOWN)["methods"])
    assert found["test_bleu"] > simple + 5, found
    assert found["test_chrf"] > 50


def test_attention_finds_the_word_that_moved(known):
    model, _ = known
    said = insight.translate(model, context(), text="She will buy bread in Beijing tomorrow.")
    rows, columns = len(said["target"]) + 1, len(said["source"])
    looked = np.frombuffer(base64.b64decode(said["mean"]), np.uint8).reshape(rows, columns)
    assert np.allclose(looked.sum(axis=1), 255, atol=columns)
    if "明" in said["target"]:
        row = looked[said["target"].index("明")]
        assert row[said["source"].index("tomorrow")] > np.median(row)


def test_one_beginning_is_greedy_and_more_never_find_less(known):
    model, data = known
    for source, _ in data.test[:5]:
        places = translate.understood(model, source)
        greedy = beams.greedy(model, [places])[0]
        one, four = (beams.beam_search(model, places, count, 0.0) for count in (1, 4))
        assert one.places == greedy
        assert four.score >= one.score - 1e-4
        assert four.ended == sorted(four.ended, key=lambda each: -each[1])
        assert all(len(step) <= 2 * 4 for step in four.steps)


def test_a_sentence_is_worth_what_the_network_says_of_it(known):
    model, data = known
    places = translate.understood(model, data.test[0][0])
    found = beams.beam_search(model, places, 3, 0.6)
    target = [BEGIN, *found.places, END]
    given = np.asarray(model([np.array([places]), np.array([target[:-1]])], training=False))[0]
    chances = given - np.logaddexp.reduce(given, axis=1, keepdims=True)
    total = sum(chances[step, place] for step, place in enumerate(target[1:]))
    assert found.score == pytest.approx(total / ((5 + len(target) - 1) / 6) ** 0.6, abs=1e-3)


def test_a_visitor_s_sentence_may_be_anything(known):
    model, _ = known
    strange = insight.translate(model, context(), text="My zebra eats bread every day.")
    assert [piece for piece, unknown in zip(strange["source"], strange["unknown"]) if unknown] == [
        "zebra"]
    for text, count, penalty in (("", 4, 0.6), ("🙂", -3, 99.0), ("?" * 40, 99, -1.0)):
        json.dumps(insight.translate(model, context(), text=text, count=count, penalty=penalty),
                   allow_nan=False)
    with pytest.raises(VisitorError, match="at most 40"):
        insight.translate(model, context(), text="word " * 41)


def test_without_cross_attention_it_says_the_same_to_everything():
    params = Translate(cross=False, **TINY)
    model = translate.build(params, translate.load(params))
    said = [insight.translate(model, context(params), text=text, count=1)
            for text in ("He eats rice.", "Anna sings a song.")]
    assert said[0]["target"][:3] == said[1]["target"][:3] and said[0]["mean"] is None


def test_words_that_always_stand_together_find_each_other():
    data = pairs.grammar()
    read, write = data.words()
    chances = lexicon.ibm_model_1(data, read, write)
    assert np.allclose(chances.sum(axis=1)[1:][chances.sum(axis=1)[1:] > 0], 1)
    # A horse would not do: 马 and what horses are counted with, 匹, always stand together.
    for word, piece in (("two", "两"), ("tea", "茶"), ("three", "三"), ("he", "他")):
        assert write[chances[read.index(word)].argmax()] == piece


def test_the_networks_that_ship_are_halves_that_work():
    for each in ROOM.weights:
        model = keras.models.load_model(shipped(f"translate/{each.name}"), compile=False)
        assert all(weight.dtype == np.float32 for weight in model.get_weights())
        card = json.loads(shipped(f"weights/translate/{each.name}.json").read_text("utf-8"))
        said = insight.translate(model, card, text="He read two books yesterday.")
        assert "书" in said["text"] and "昨" in said["text"], said["text"]


def test_places_of_what_is_not_known():
    places = {piece: place for place, piece in enumerate(vocabulary([["a", "b"], ["a", "c"]]))}
    assert numbers(["a", "b", "c"], places) == [4, 3, 3], "what occurs once stays unknown"
