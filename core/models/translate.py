"""A Transformer that translates: it reads one sentence and writes another.

The encoder reads the whole sentence at once: each word looks at all others. The decoder writes one
piece after the other: each looks at those already written (causal self-attention) and at the whole
sentence that was read (cross-attention). It learns with teacher forcing: whatever it would have
written, the next question is asked about the right translation so far. (Vaswani et al., "Attention
is all you need", 2017; here with the normalisation before each step, Xiong et al. 2020.)
"""

import json

import keras
from keras import layers

from core.data.bleu import bleu, chrf
from core.data.pairs import DATA_SETS, Pairs, flat, own_pairs
from core.data.words import BEGIN, END, UNKNOWN, joined, pieces
from core.layers import seed_of
from core.layers.attention import Attention, Positions
from core.layers.beams import greedy
from core.layers.optimizers import optimizer
from core.layers.rates import Schedule
from core.layers.report import Report, measured
from core.layers.translation import Batches, Words, Written, accuracy, smoothed

MOST = 64  # positions of a sentence


def load(params) -> Pairs:
    """The pairs of sentences and their fixed split."""
    if params.dataset == "own":
        return own_pairs(params.own)
    return DATA_SETS[params.dataset]()


def build(params, data: Pairs) -> keras.Model:
    """The compiled network: (n, s) places of the sentence's words and (n, t) places of what is
    written so far → (n, t, vocabulary) scores of the piece that comes next."""
    read, write = data.words()
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    there = Written(name="there")(source)  # (n, 1, s)
    memory = encoder(source, there, read, params)
    scores = decoder(target, memory, there, write, params)
    model = keras.Model([source, target], scores, name="translate")
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        loss=smoothed(params.smoothing),
        metrics=[accuracy],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def encoder(source, there, words: tuple[str, ...], params):
    """Each word with all that the sentence says about it: (n, s) → (n, s, width)."""
    x = embedded(Words(words, params.width, seed_of(params.seed, "source"), name="source_words")(
        source), "source", params)
    for number in range(1, params.layers + 1):
        name = f"encoder{number}"
        y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm")(x)
        y = attention(f"{name}_attention", params)(y, attention_mask=there)
        x = added(x, y, name, params)
        x = thought_over(x, name, params)
    return layers.LayerNormalization(epsilon=1e-6, name="memory")(x)


def decoder(target, memory, there, words: tuple[str, ...], params):
    """How well each piece would go on after each of what is written: (n, t) → (n, t, words)."""
    table = Words(words, params.width, seed_of(params.seed, "target"), name="target_words")
    y = embedded(table(target), "target", params)
    for number in range(1, params.layers + 1):
        name = f"decoder{number}"
        z = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm")(y)
        z = attention(f"{name}_attention", params, causal=params.causal)(z)
        y = added(y, z, name, params)
        if params.cross:
            z = layers.LayerNormalization(epsilon=1e-6, name=f"cross{number}_norm")(y)
            z = attention(f"cross{number}", params)(z, memory, attention_mask=there)
            y = added(y, z, f"cross{number}", params)
        y = thought_over(y, name, params)
    y = layers.LayerNormalization(epsilon=1e-6, name="state")(y)
    return table(y, reverse=True)


def embedded(x, name: str, params):
    """Vectors that know where they stand."""
    x = Positions("waves", MOST, name=f"{name}_positions")(x)
    return layers.Dropout(params.dropout, seed=seed_of(params.seed, name), name=f"{name}_drop")(x)


def attention(name: str, params, causal: bool = False) -> Attention:
    """Attention whose heads share the width among them."""
    return Attention(params.heads, params.width // params.heads, causal=causal,
                     dropout=params.dropout, seed=seed_of(params.seed, name), name=name)


def added(x, y, name: str, params):
    """What came in, and what was made of it."""
    y = layers.Dropout(params.dropout, seed=seed_of(params.seed, f"{name}_drop"),
                       name=f"{name}_drop")(y)
    return layers.Add(name=f"{name}_add")([x, y])


def thought_over(x, name: str, params):
    """Two dense layers for each position by itself: (n, t, width) → (n, t, width)."""
    y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_dense_norm")(x)
    y = layers.Dense(params.inner, "relu", name=f"{name}_wide", kernel_initializer=(
        keras.initializers.GlorotUniform(seed_of(params.seed, f"{name} wide"))))(y)
    y = layers.Dense(params.width, name=f"{name}_back", kernel_initializer=(
        keras.initializers.GlorotUniform(seed_of(params.seed, f"{name} back"))))(y)
    return added(x, y, f"{name}_dense", params)


def train(params, model: keras.Model, data: Pairs, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with the pairs in a new order in each epoch."""
    return model.fit(batches(params, model, data.train, shuffled=True), epochs=params.epochs,
                     validation_data=batches(params, model, flat(data.val)),
                     callbacks=[Schedule(params.schedule, params.warmup), *callbacks],
                     shuffle=False, verbose=0)  # the batches are shuffled already


def batches(params, model: keras.Model, pairs, shuffled: bool = False) -> Batches:
    """Pairs of sentences as the places of their pieces."""
    write = model.get_layer("target_words")
    sources = [understood(model, source) for source, _ in pairs]
    targets = [[BEGIN, *write.numbers(pieces(target)), END] for _, target in pairs]
    return Batches(sources, targets, params.batch_size, seed_of(params.seed, "order"), shuffled)


def score(params, model: keras.Model, data: Pairs) -> dict[str, float]:
    """Loss and accuracy of each next piece where all before are given; BLEU and chrF of greedy
    translations, against all translations of each sentence."""
    figures = measured(model, {split: (batches(params, model, flat(pairs)), None)
                               for split, pairs in (("val", data.val), ("test", data.test))})
    said = translations(model, [source for source, _ in data.test])
    references = [targets for _, targets in data.test]
    return {**figures, "test_bleu": bleu(said, references), "test_chrf": chrf(said, references)}


def translations(model: keras.Model, sentences) -> list[str]:
    """The sentences in the other language, each piece the most probable one."""
    write = model.get_layer("target_words")
    found = greedy(model, [understood(model, sentence) for sentence in sentences])
    return [joined([write.vocabulary[place] for place in places]) for places in found]


def understood(model: keras.Model, sentence: str) -> list[int]:
    """The places of a sentence's words. Without cross-attention nothing leads from the encoder to
    the answer, so Keras leaves it out of the network: then no word is known."""
    words = pieces(sentence.lower())
    if "source_words" not in {layer.name for layer in model.layers}:
        return [UNKNOWN] * len(words)
    return model.get_layer("source_words").numbers(words)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.translate import Translate

    params, _ = from_text(Translate, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
