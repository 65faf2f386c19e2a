"""A simple method on the same recordings. No TensorFlow here."""

from core.data.speech import DATA_SETS, own_words
from core.insight.baseline import fitted
from core.params import Params


def logistic_regression(params: Params) -> dict:
    """Every place of the spectrogram votes for every word, and nothing else; see
    :func:`core.insight.baseline.fitted`."""
    return fitted(own_words(params.own) if params.dataset == "own" else
                  DATA_SETS[params.dataset](params.stranger))
