"""Sound on the live channel: what a page may send, and who answers without a model."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.live.conversation import MOST_VALUES, Conversation


class Light:
    """An engine whose light worker gives back what it was asked."""

    def light(self, function: str, asked: dict) -> dict:
        return {"function": function, "length": len(asked.get("sound", ())),
                "window": asked.get("window"), "of": asked.get("of")}


def ask(what: str, **given) -> dict:
    talk = Conversation(Light(), "visitor", "en")
    return talk.hear({"id": 1, "op": "ask", "room": "speech", "what": what, "input": given})


def text(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<i2").tobytes()).decode()


def test_a_tool_is_answered_by_the_light_worker():
    told = ask("rebuilt", sound=text(np.zeros(800)), window=40, of="mel", secret=3)["answer"]
    assert told == {"function": "core.insight.spectra:rebuilt", "length": 800, "window": 40,
                    "of": "mel"}


@pytest.mark.parametrize("sound", ["", "no base64!", 7, None, text(np.zeros(MOST_VALUES + 1)),
                                   base64.b64encode(b"odd").decode()])
def test_sound_that_is_none_gets_a_sentence(sound):
    assert "The sound did not arrive whole" in ask("spectra", sound=sound)["error"]


def test_a_sound_that_is_not_here_gets_a_sentence():
    assert "Choose it again" in ask("decoded", heard="token")["error"]


@given(st.dictionaries(st.sampled_from(["sound", "window", "hop", "of", "label", "index"]),
                       st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.binary())))
def test_whatever_a_page_sends_is_answered(given):
    assert {"answer", "error"} & ask("spectra", **given).keys()
