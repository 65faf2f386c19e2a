"""The transformers that ship with the app: their settings, training and cards."""

from benchmarks import cards
from core.insight import trust
from core.models import transformer
from core.rooms.transformer import ROOM

ABOUT = {
    "tales": "Writes little tales, character by character. A program of this project made up what "
             "it learned from (core/data/tales.py): synthetic, and simpler than any language.",
    "tales_zh": "Writes little tales in Chinese, character by character. A program of this project "
                "made up what it learned from (core/data/tales.py): synthetic, and simpler than "
                "any language.",
    "shakespeare": "Writes what looks like Shakespeare, character by character: Tiny Shakespeare "
                   "(Karpathy 2015), 1,115,394 characters. Words and lines look right; it knows "
                   "no story. (Text in the public domain; repository MIT.)",
    "opinions": "Tells whether a sentence praises a film. A program of this project put the "
                "sentences together (core/data/opinions.py): synthetic, 58 words, and three rules.",
    "reviews": "Tells whether a sentence of a film review is in favour: 10,662 sentences (Pang & "
               "Lee, “Seeing stars”, 2005). English of film critics around 2000; about one "
               "sentence in four is judged wrongly. (Repository Apache-2.0.)",
    "digits": "Reads handwritten digits of 8×8 pixels, cut into 16 patches: Optical Recognition of "
              "Handwritten Digits (Alpaydin & Kaynak, UCI 1998). (Data set CC BY 4.0.)",
    "mnist": "Reads handwritten digits of 28×28 pixels, cut into 16 patches: MNIST (LeCun, Cortes "
             "& Burges 1998). (Data set CC BY-SA 3.0.)",
    "fashion": "Tells clothes, shoes and bags apart on pictures of 28×28 pixels, cut into 16 "
               "patches: Fashion-MNIST (Xiao, Rasul & Vollgraf 2017). (Data set MIT.)",
}

MEASURED = ("Trained exactly as the room trains with these settings. Losses are in nats; where it "
            "writes, for each character.")
MORE = "Beside simpler methods, and against the project's bars: `python -m benchmarks transformer`."


def make_all(only: str | None) -> None:
    """Train the networks of the room's presets, one a data set, and write them with their cards."""
    for preset in ROOM.presets:
        if preset.name not in ABOUT or only not in (None, preset.name):
            continue
        params = ROOM.params(**preset.values)
        data, model, facts = cards.trained(transformer, params)
        facts["classes"] = list(data.class_names)
        if data.task == "see":  # what is no digit can be told from one
            facts["trust"] = trust.fit(model, data)
        cards.write(ROOM, preset.name, params, model, facts, ABOUT[preset.name], MEASURED, MORE)
