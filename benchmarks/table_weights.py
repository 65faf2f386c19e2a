"""The networks on tables that ship with the app: their settings, training and cards."""

from benchmarks import cards
from core.models import mlp
from core.rooms.mlp import ROOM

ABOUT = {
    "breast_cancer": "Tells malignant from benign tumours by 30 measures of cell nuclei: Breast "
                     "Cancer Wisconsin (Wolberg, Street & Mangasarian, UCI 1995). No medical "
                     "device: 569 tumours from one hospital. (Data set CC BY 4.0.)",
    "wine": "Tells which of three growers made a wine, by 13 chemical measures: Wine (Aeberhard & "
            "Forina, UCI 1991), 178 wines. (Data set CC BY 4.0.)",
    "digits": "Reads handwritten digits from 64 numbers: Optical Recognition of Handwritten Digits "
              "(Alpaydin & Kaynak, UCI 1998), the 1,797 that come with scikit-learn. (Data set CC "
              "BY 4.0.)",
    "diabetes": "Predicts how far diabetes will have gone a year later from 10 measures: the data "
                "of Efron, Hastie, Johnstone & Tibshirani, “Least angle regression” (2004), 442 "
                "patients. No medical device. (The data set states no licence.)",
}


MEASURED = ("Trained exactly as the room trains with these settings; measured on the fold kept for "
            "the test.")
MORE = "The same settings beside simpler methods, on all five folds: `python -m benchmarks mlp`."


def make_all(only: str | None) -> None:
    """Train the networks of the room's presets, one a data set, and write them with their cards."""
    for preset in ROOM.presets:
        if preset.name not in ABOUT or only not in (None, preset.name):
            continue
        params = ROOM.params(**preset.values)
        data, model, facts = cards.trained(mlp, params)
        facts["classes"] = list(data.class_names) or [data.target]
        cards.write(ROOM, preset.name, params, model, facts, ABOUT[preset.name], MEASURED, MORE)
