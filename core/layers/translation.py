"""What a network needs that reads one sentence and writes another."""

import keras
import numpy as np
import tensorflow as tf

from core.data.words import PAD, numbers


@keras.saving.register_keras_serializable("perceptorium")
class Words(keras.layers.ReversibleEmbedding):
    """A vector for each piece of a vocabulary: (n, t) places → (n, t, c).

    With ``reverse=True`` the same table answers the other way round: how well each piece fits what
    the network has in mind, (n, t, c) → (n, t, vocabulary) (Press & Wolf, "Using the output
    embedding to improve language models", 2017). The vocabulary is kept with the network.
    """

    def __init__(self, vocabulary, width: int, seed: int, **how):
        super().__init__(len(vocabulary), width, **how, embeddings_initializer=(
            keras.initializers.RandomNormal(0.0, width**-0.5, seed)))
        self.vocabulary, self.width, self.seed = tuple(vocabulary), width, seed
        self.places = {piece: place for place, piece in enumerate(vocabulary)}

    def get_config(self):
        """What a saved network says of this layer."""
        return {"name": self.name, "dtype": self.dtype, "vocabulary": list(self.vocabulary),
                "width": self.width, "seed": self.seed}

    def call(self, inputs, reverse=False):
        """Vectors of length about √c, as large as the positions that are added to them."""
        found = super().call(inputs, reverse=reverse)
        return found if reverse else found * self.width**0.5

    def numbers(self, sentence) -> list[int]:
        """The places of a sentence's pieces."""
        return numbers(sentence, self.places)


@keras.saving.register_keras_serializable("perceptorium")
class Written(keras.layers.Layer):
    """Where a sentence is, not the padding after it: (n, s) places → (n, 1, s) of bool."""

    def call(self, places):
        """The mask that attention takes."""
        return tf.not_equal(places, PAD)[:, None, :]

    def compute_output_spec(self, places):
        """One row for whoever asks."""
        return keras.KerasTensor((places.shape[0], 1, places.shape[1]), "bool")


def padded(rows, most: int | None = None) -> np.ndarray:
    """Rows of places of different lengths as one array, (n, longest or ``most``) int32."""
    wide = np.full((len(rows), most or max(map(len, rows), default=0)), PAD, np.int32)
    for row, places in zip(wide, rows):
        row[:len(places)] = places
    return wide


class Batches(keras.utils.PyDataset):
    """Pairs of sentences in batches of about equal length, so that little of a batch is padding.

    ``sources`` and ``targets``: rows of places, the targets with their begin and end. Each epoch
    has a new order, and lengths that are almost equal meet in new batches. A batch is
    ((source, target without its end), target without its begin): teacher forcing.
    """

    def __init__(self, sources, targets, size: int, seed: int, shuffled: bool = True):
        super().__init__()
        self.sources, self.targets, self.size = sources, targets, size
        self.lengths = np.array([[len(row) for row in rows] for rows in (sources, targets)])
        self.shuffled, self.draw = shuffled, np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.sources) // self.size)

    def on_epoch_end(self):
        """Deal the pairs out anew."""
        loose = self.lengths + self.draw.uniform(size=self.lengths.shape) * self.shuffled
        order = np.lexsort((loose[0], loose[1].round()))  # by target, then by source
        self.batches = [order[start:start + self.size]
                        for start in range(0, len(order), self.size)]
        if self.shuffled:
            self.draw.shuffle(self.batches)

    def __getitem__(self, index):
        rows = self.batches[index]
        target = padded([self.targets[row] for row in rows])
        return ((padded([self.sources[row] for row in rows]), target[:, :-1]), target[:, 1:])


def smoothed(smoothing: float):
    """Cross-entropy for each piece of the sentence, where ``smoothing`` of the truth is spread over
    the whole vocabulary (Szegedy et al., "Rethinking the inception architecture", 2016): the
    network need not be ever more certain. Padding does not count."""

    def loss(truth, scores):
        scores = tf.cast(scores, tf.float32)
        told = tf.cast(tf.not_equal(truth, PAD), tf.float32)  # (n, t)
        whole = tf.reduce_logsumexp(scores, axis=-1)
        right = whole - tf.gather(scores, tf.cast(truth, tf.int32), batch_dims=2)
        spread = whole - tf.reduce_mean(scores, axis=-1)
        each = (1 - smoothing) * right + smoothing * spread
        return tf.reduce_sum(each * told) / tf.reduce_sum(told)

    return loss


def accuracy(truth, scores):
    """The share of pieces that are guessed right, when all before are given."""
    truth = tf.cast(truth, tf.int32)
    told = tf.cast(tf.not_equal(truth, PAD), tf.float32)
    right = tf.cast(tf.equal(tf.argmax(scores, axis=-1, output_type=tf.int32), truth), tf.float32)
    return tf.reduce_sum(right * told) / tf.reduce_sum(told)
