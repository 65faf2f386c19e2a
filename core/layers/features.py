"""Learning on the features of a network that has learned already."""

import keras


class OnFeatures(keras.Model):
    """A network of which only the last layers learn.

    Made as any functional model from pictures to answers; ``head`` is its last part, from features
    to answers, over the same layers. It can be fitted and evaluated on pictures (n, h, w, c) or,
    much faster, on their features (n, f): what frozen layers make of a picture never changes.
    """

    head: keras.Model

    def __call__(self, x, **how):
        return self.head(x, **how) if len(x.shape) == 2 else super().__call__(x, **how)
