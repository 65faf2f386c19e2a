"""The generators that ship with the app: their settings, training and cards."""

import json
import time
from pathlib import Path

import keras
import numpy as np

from benchmarks import cards
from core.layers.judge import Judge, distance, reader
from core.models import gan
from core.params import to_text
from core.rooms.gan import ROOM, Gan

DECAY = 0.998  # of the running mean of the generator's weights, in each step
ASKED = 10_000  # pictures of which the card tells
ABOUT = {
    "mnist": "Makes digits of 28×28 pixels, each as it is asked for: learned from MNIST (LeCun, "
             "Cortes & Burges 1998; data set CC BY-SA 3.0).",
    "fashion": "Makes clothes, shoes and bags of 28×28 grey pixels, each as it is asked for: "
               "learned from Fashion-MNIST (Xiao, Rasul & Vollgraf 2017; data set MIT).",
}


def make_all(only: str | None) -> None:
    """Train the settings of the room's preset ``mnist`` on both data sets."""
    values = next(each.values for each in ROOM.presets if each.name == "mnist")
    for name in ABOUT:
        if only in (None, name):
            make(name, Gan(**{**values, "dataset": name}))


def make(name: str, params: Gan) -> None:
    """Train one generator; it is written with its card after every epoch."""
    data = gan.load(params)
    model = gan.build(params, data)
    kept = Kept(name, params, model, data)
    gan.train(params, model, data, [kept])
    kept.write(measured(params, kept.model(), data))


class Kept(keras.callbacks.Callback):
    """The running mean of the generator's weights makes better pictures than the last ones (Yazıcı
    et al. 2019). Writes it after every epoch, so that an interrupted training is of use."""

    def __init__(self, name: str, params: Gan, model: gan.GAN, data):
        super().__init__()
        self.name, self.settings, self.data = name, params, data
        self.source = model.game.generator
        self.mean = [each.copy() for each in self.source.get_weights()]
        self.began = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        for mean, now in zip(self.mean, self.source.get_weights()):
            mean += (1 - DECAY) * (now - mean)

    def on_epoch_end(self, epoch, logs=None):
        figures = measured(self.settings, self.model(), self.data, 2000)
        print(epoch + 1, json.dumps(figures), {k: round(float(v), 3) for k, v in logs.items()},
              flush=True)
        self.write(figures)

    def model(self) -> keras.Model:
        """The generator alone, with the mean of its weights."""
        bare = keras.models.clone_model(self.source)
        bare.set_weights(self.mean)
        return bare

    def write(self, metrics: dict[str, float]) -> None:
        """The network, its card for the app and its card for people."""
        model, file = self.model(), cards.WEIGHTS / ROOM.name / f"{self.name}.keras"
        file.parent.mkdir(parents=True, exist_ok=True)
        model.save(file)
        card = {"room": ROOM.name, "dataset": self.name, "params": to_text(self.settings),
                "classes": list(self.data.class_names), "name": self.name,
                "seed": self.settings.seed, "metrics": metrics,
                "command": f"python -m benchmarks.weights gan --only {self.name}",
                "parameters": model.count_params(),
                "training_seconds": round(time.monotonic() - self.began),
                "versions": cards.versions()}
        cards.save(card, file, told(card, file))


def measured(params: Gan, model: keras.Model, data, count: int = ASKED) -> dict[str, float]:
    """Of so many made pictures, all classes alike: how they compare with the test split, and the
    floor: how as many training pictures do."""
    count = min(count, len(data.x_test))
    label = np.arange(count, dtype=np.int32) % len(data.class_names)
    noise = np.random.default_rng(0).standard_normal((count, params.latent)).astype(np.float32)
    made = np.concatenate([model.predict_on_batch([noise[at:at + 500], label[at:at + 500]])
                           for at in range(0, count, 500)]) / 2 + 0.5  # tanh's -1..1 as 0..1
    judge = Judge(params.dataset, data.x_test[:count], data.y_test[:count])
    figures = judge.figures(np.clip(made, 0, 1), label)
    real = reader(f"cnn/{params.dataset}")(data.x_train[:count] / np.float32(255))[0]
    return {name: round(value, 4) for name, value in
            {**figures, "floor": distance(judge.real, real)}.items()}


def told(card: dict, file: Path) -> str:
    """The card for people."""
    metrics = card["metrics"]
    return f"""# {ROOM.title}: {card["name"]}

{ABOUT[card["name"]]}

{cards.made(card, file)}
The generator alone, as the running mean (decay {DECAY}) of its weights while the room's program
trained with these settings.

| measured on {ASKED:,} made pictures, a tenth of each class | value |
|---|---|
| recognised as the class asked for, by `cnn/{card["dataset"]}` | {metrics["agreement"]:.2%} |
| classes covered | {metrics["covered"]:.0%} |
| diversity (distance of two made / of two real pictures) | {metrics["diversity"]:.3f} |
| FID-like distance, made against the test split | {metrics["distance"]:.3f} |
| the floor: as many training pictures against the test split | {metrics["floor"]:.3f} |

FID-like: the Fréchet distance of two clouds of features, each taken for a Gaussian. The features
are what the last hidden layer of `cnn/{card["dataset"]}` makes of a picture, so the figure cannot
be compared with those of Inception.

Settings:

{cards.settings(card)}
"""
