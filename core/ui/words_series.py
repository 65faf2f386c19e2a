"""The words of the browser modules on series, by module."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

STEPS_BACK, LENGTH = N_("steps back"), N_("length of the gradient")

SERIES = {
    "seriespad": {
        "no_answer": NO_ANSWER,
        "next": N_("The next value"),
        "within": N_("In nine of ten futures it lies"),
        "from_to": N_("from {low} to {high}"),
        "hint": N_("Draw over the shaded end of the line with mouse or finger: the future follows. "
                   "By keyboard, the arrow keys choose and move a value."),
        "picture": N_("The end of the series, and the forecast with its possible futures. Arrow "
                      "keys choose and move a value."),
        "stand": N_("Standing {n} steps before the end"),
        "stand_end": N_("Standing at the end of the series"),
        "far": N_("Looking {n} steps ahead"),
        "jump": N_("Let it jump"),
        "flat": N_("Hold it flat"),
        "noise": N_("Shake it"),
        "back": N_("As it was"),
        "walk": N_("Walk through the test"),
        "pause": N_("Pause"),
        "ago": N_("{n} steps ago"),
        "now": N_("now"),
        "ahead": N_("in {n} steps"),
        "sees": N_("the network sees this"),
        "goes_on": N_("it goes on like this"),
    },
    "seriesview": {
        "no_answer": NO_ANSWER,
        "truth": N_("the series"),
        "one": N_("one step ahead"),
        "hairs": N_("{n} steps ahead"),
        "train": N_("it learns from this"),
        "validation": N_("validation"),
        "test": N_("test"),
        "picture": N_("The validation part of the series with the network's forecasts."),
        "whole": N_("The whole series with its three parts: training, validation, test."),
        "away": N_("This series is downloaded when you press Train. Then it stands here."),
        "before": N_("Press Train, and the forecasts grow over the shaded part, from the first "
                     "guess on."),
        "soon": N_("The first forecasts come in a moment."),
        "says": N_("Epoch {epoch}: off by {one} one step ahead, by {far} at {n} steps (RMSE on "
                   "validation)."),
        "says_one": N_("Epoch {epoch}: off by {one} one step ahead (RMSE on validation)."),
    },
    "seriesrivals": {
        "no_answer": NO_ANSWER,
        "band": N_("its band for nine in ten, {width} wide, held {share} of the true values"),
        "note": N_("{n} steps"),
        "none": N_("The best of the simpler methods: {name}. Train the network to the end to see "
                   "where it stands."),
        "wins": N_("The network wins: its error is {share} below that of the best simpler method, "
                   "{name}."),
        "level": N_("The network and {name} are level: their errors differ by less than 2 %."),
        "loses": N_("{name} wins: the network's error is {share} above it."),
    },
    "memory": {
        "no_answer": NO_ANSWER,
        "place": N_("Window before value {n} of {all} in the test"),
        "reads": N_("What it reads, step by step"),
        "states": N_("Hidden state"),
        "channels": N_("Channels of the last convolution"),
        "states_say": N_("One unit a row, at most ±{n}: blue is above zero, orange below."),
        "gate_input": N_("Input gate, {share} open"),
        "gate_forget": N_("Forget gate, {share} open"),
        "gate_output": N_("Output gate, {share} open"),
        "gate_update": N_("Update gate, {share} open"),
        "gate_reset": N_("Reset gate, {share} open"),
        "says_input": N_("How much of what it reads is written to the cell."),
        "says_forget": N_("How much of the cell stays for the next step."),
        "says_output": N_("How much of the cell is shown."),
        "says_update": N_("How much of the old state stays."),
        "says_reset": N_("How much of the old state counts in the proposal."),
        "head": N_("Head {n}"),
        "head_says": N_("Each row: where a step looks."),
        "beside": N_("Gates and states are calculated by a cell written in NumPy with this "
                     "network's weights. After {steps} steps its state differs from that of Keras "
                     "by at most {n}."),
        "back": N_("How far back the gradient reaches"),
        "back_says": N_("{n} steps back less than half of it is left, {far} steps back {share} of "
                        "it."),
        "back_lost": N_("{n} steps back less than half of it is left, {far} steps back {share} of "
                        "it: what happened then can hardly teach it anything."),
        "shades": N_("(light: {low}, dark: {high})"),
        "back_stays": N_("More than half of it reaches the first step of the window."),
        "touch": N_("What the next value hangs on"),
        "touch_says": N_("Most of all on this value: {n} back."),
        "steps_back": STEPS_BACK,
        "length": LENGTH,
        "moves": N_("how much it moves the forecast"),
    },
    "unroll": {
        "no_answer": NO_ANSWER,
        "title": N_("Five steps, two units, one loss"),
        "strength": N_("Recurrent weights stretch the state by {n}"),
        "forget": N_("Bias of the LSTM's forget gate: {n}"),
        "clip": N_("Clip the gradient at {n}"),
        "do_linear": N_("Without tanh"),
        "do_loop": N_("The loop of article 002"),
        "do_other": N_("Read other values"),
        "state": N_("state h"),
        "reads": N_("reads x"),
        "grad": N_("gradient ∂loss/∂h, from right to left"),
        "share": N_("what this step says of the recurrent weights"),
        "says": N_("After the last step it says {said} instead of {goal}: a loss of {loss}. The "
                   "gradient begins at the right with a length of {last} and arrives at the first "
                   "step with {first}. All steps share one set of weights, so their gradients "
                   "are added up."),
        "article_says": N_("The loop of the article never reads x: only the state is multiplied, "
                           "again and again. Press “Read other values”: every state stays the "
                           "same. It says {said}, whatever the series does."),
        "far": N_("Sixty steps back"),
        "rnn": N_("simple RNN"),
        "gru": "GRU",
        "lstm": "LSTM",
        "vanishes": N_("The gradient of the simple RNN vanishes: the first steps teach it "
                       "nothing."),
        "explodes": N_("The gradient of the simple RNN explodes: one step of gradient descent "
                       "would throw the weights far away. Clipping keeps its direction and "
                       "shortens it."),
        "holds": N_("The gradient of the simple RNN survives sixty steps, on a knife's edge: a "
                    "little more or less, and it explodes or vanishes."),
        "gradient": N_("Gradient of the simple RNN's weights"),
        "clipped": N_("… after clipping"),
        "steps_back": STEPS_BACK,
        "length": LENGTH,
    },
    "seriesdraw": {
        "no_answer": NO_ANSWER,
        "says": N_("Draw a line from left to right. What you have drawn last counts."),
        "picture": N_("A sheet to draw a series on."),
        "learn": N_("Learn this line"),
    },
}

DISTANCE = {
    "distance_network": N_("the network"),
    "distance_naive": N_("the last value repeated"),
    "distance_says": N_("Off by {one} one step ahead. It beats the repeated last value at {n} of "
                        "{all} distances."),
}
