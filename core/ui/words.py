"""The words of the browser modules, by module. The modules themselves contain none."""

from core.i18n import N_
from core.ui import picture_words
from core.ui.words_fraud import FRAUD, SUSPICION
from core.ui.words_gan import GAN, MADE
from core.ui.words_graphs import GRAPHS
from core.ui.words_series import DISTANCE, SERIES
from core.ui.words_speech import SPEECH
from core.ui.words_tables import TABLES
from core.ui.words_transformer import TOLD, TRANSFORMER
from core.ui.words_translate import TRANSLATE, TRANSLATIONS

WORDS = {
    "run": {
        "idle": N_("Nothing is training yet. Press Train, and the curves grow here."),
        "queued": N_("Waiting for a free place."),
        "queued_place": N_("Waiting: number {place} in the queue."),
        "queued_time": N_("Waiting: number {place} in the queue, about {time} to go."),
        "starting": N_("Getting ready: the network is being built."),
        "downloading": N_("Downloading {name}: {done} of {total} MB"),
        "running": N_("Training"),
        "paused": N_("Paused. Continue, or go on by one batch or one epoch."),
        "finished": N_("Finished"),
        "stopped": N_("Stopped"),
        "failed": N_("This run failed."),
        "lost": N_("This run was lost when the server stopped."),
        "connecting": N_("Connecting again …"),
        "polling": N_("This network blocks live connections, so news comes about once a second."),
        "no_answer": N_("The server did not answer. Please try again."),
        "watching": N_("You are watching. Only the person who started this run can steer it."),
        "pause": N_("Pause"),
        "resume": N_("Continue"),
        "step": N_("One batch"),
        "step_epoch": N_("One epoch"),
        "stop": N_("Stop"),
        "leave": N_("Leave the queue"),
        "again": N_("Train again with {changes}"),
        "progress": N_("Progress of the training"),
        "loss": N_("Loss"),
        "train": N_("train"),
        "validation": N_("validation"),
        "test": N_("test"),
        "epoch": N_("Epoch"),
        "epochs": N_("epochs"),
        "steps_per_second": N_("Steps per second"),
        "time_left": N_("Time left"),
        "epoch_slider": N_("Look back at an epoch"),
        "latest": N_("Latest"),
        "confusion_title": N_("Confusion matrix"),
        "confusion_true": N_("true class"),
        "confusion_called": N_("the network called it"),
        "confusion_cell": N_("True {a}, called {b}: {n}"),
        "confusion_worst": N_("The most frequent mistake: true {a}, called {b} ({n}×)."),
        "confusion_none": N_("No mistake at all on the validation split."),
        "scatter_true": N_("true value"),
        "scatter_said": N_("the network said"),
        "scatter_off": N_("On the dashed line it is right. It is off by {n} on average."),
    },
    "tryit": {
        "no_answer": N_("The server did not answer. Please try again."),
        "draw": N_("Draw"),
        "upload": N_("Upload"),
        "camera": N_("Camera"),
        "draw_here": N_("Draw here"),
        "eraser": N_("Eraser"),
        "clear": N_("Clear"),
        "drop": N_("Drop a picture here, or choose one"),
        "drop_says": N_("PNG, JPEG, WebP, GIF or BMP; pasting works too"),
        "too_big": N_("This file is too large. Please choose a smaller picture."),
        "no_upload": N_("The picture did not reach the server. Please try again."),
        "shutter": N_("Freeze"),
        "camera_go_on": N_("Go on"),
        "turn_camera": N_("Other camera"),
        "no_camera": N_("No camera was found. You can draw or upload a picture instead."),
        "camera_refused": N_(
            "The browser does not allow the camera. Allow it in the address bar, then "
            "open this tab again."),
        "needs_https": N_(
            "Browsers give the camera only to pages with https. You can draw or upload a "
            "picture instead."),
        "received": N_("What the network receives"),
        "nothing_yet": N_("Show the network something, and it answers here."),
        "blank": N_("There is nothing to see in this picture yet."),
        "unknown": N_(
            "This looks like nothing the network has learned. It must still choose a "
            "class."),
    },
    "files": {
        "no_answer": N_("The server did not answer. Please try again."),
        "choose": N_("Drop a file here, or choose one"),
        "another": N_("{name} is here. Drop another file, or choose one"),
        "limit": N_("At most {n} MB."),
        "reading": N_("being read …"),
        "cancel": N_("Cancel"),
        "cancelled": N_("Cancelled. Nothing was kept."),
        "too_big": N_("This file is too large. Choose a smaller one."),
        "no_upload": N_("The file did not reach the server. Please try again."),
    },
    "session": {
        "no_answer": N_("The server did not answer. Please try again."),
        "along": N_("Follow the presenter"),
        "elsewhere": N_("The presenter is in: {page}"),
        "back": N_("Go there"),
    },
    "print": {"print": N_("Print, or save as PDF")},
    "tour": {
        "no_answer": N_("The server did not answer. Please try again."),
        "step": N_("{n} of {count}"),
        "next": N_("Next"),
        "before": N_("Back"),
        "finish": N_("Finish"),
        "end": N_("End the tour"),
    },
    "inside": {
        "no_answer": N_("The server did not answer. Please try again."),
        "samples": N_("Choose a picture from the test split"),
        "own_picture": N_("Your own picture"),
        "kernels": N_("Kernels of the first convolution"),
        "channel": N_("Channel {n}"),
        "input": N_("Input"),
        "kind_conv": N_("Convolution"),
        "kind_pool": N_("Pooling"),
        "kind_norm": N_("Batch normalization"),
        "kind_activation": N_("Activation"),
        "kind_add": N_("Addition"),
        "kind_dropout": N_("Dropout"),
        "kind_flatten": N_("Flatten"),
        "kind_dense": N_("Dense"),
    },
    "convolution": {
        "no_answer": N_("The server did not answer. Please try again."),
        "picture": N_("Picture"),
        "picture_says": N_("The picture with the window over it. Arrow keys move the window."),
        "output": N_("Output of the convolution"),
        "output_says": N_("The output of the convolution. Arrow keys move the window."),
        "products": N_("Value × weight = product"),
        "place": N_("row {row}, column {column}"),
        "weight": N_("Weight in row {row}, column {column}"),
        "no_number": N_(
            "This is no number between -1000 and 1000. Type one such as 1, -2 or 0.5."),
        "larger": N_("Larger kernel"),
        "smaller": N_("Smaller kernel"),
        "play": N_("Slide"),
        "pause": N_("Pause"),
        "back": N_("Step back"),
        "step": N_("One step"),
        "speed": N_("Speed"),
        "learned": N_("Kernels that a network has learned"),
        "loading": N_("Asking the network …"),
        "learned_says": N_("Its first convolution, rounded to two decimals. Choose a kernel."),
        "learned_none": N_("This network has no convolution."),
        "learned_kernel": N_("Learned kernel {n}"),
        "no_picture": N_(
            "This file is no picture that your browser can read. Choose a PNG, JPEG or WebP."),
        "after_relu": N_("After ReLU"),
        "pooled": N_("After pooling"),
        "says_max": N_("The largest value of each square stays; the others are forgotten."),
        "says_average": N_("Each square becomes the mean of its values."),
        "sign_max": N_("maximum"),
        "sign_average": N_("mean"),
        "fields": N_("What a value sees"),
        "fields_says": N_(
            "The same window twice, with what comes after it. Point at any value: the part of the "
            "picture that it depends on is drawn back into every layer."),
        "fields_stop": N_(
            "{layer} does not fit here: only {height}×{width} values are left, so that "
            "⌊(n + p − e) / s⌋ + 1 is 0."),
        "field": N_(
            "This value sees {height}×{width} pixels, {inside} of them in the picture. Its "
            "neighbour’s view lies {step} pixels further on."),
        "field_pixel": N_("This is one pixel of the picture itself."),
        "layer_input": N_("Picture"),
        "layer_conv": N_("Convolution"),
        "layer_relu": N_("ReLU"),
        "layer_max": N_("Max pooling"),
        "layer_average": N_("Average pooling"),
        "rows_right": N_(
            "On to dense layers: the map of one picture becomes one row of {height}·{width} = "
            "{count} values."),
        "rows_fit": N_(
            "Rows of {row}: one row for one picture, but only because the map happens to have "
            "{height}·{width} = {count} values. With another side it breaks."),
        "rows_broken": N_(
            "Rows of {row}: tf.reshape stops with an error, because {height}·{width} = {count} "
            "values cannot be cut into rows of {row}. Right is one row of {count}."),
        "rows_wrong": N_(
            "Rows of {row}: the {height}·{width} = {count} values of one picture become {rows} "
            "rows, and the network gives {rows} answers for one picture, without any error. "
            "Right is one row of {count}."),
    },
    "plane": {
        "no_answer": N_("The server did not answer. Please try again."),
        "picture": N_("The network: features at the left, hidden layers, the output at the right"),
        "surface": N_("What the network answers at every place of the plane, with the points"),
        "layers": N_("Hidden layers: {count}"),
        "less_layers": N_("Remove the last hidden layer"),
        "more_layers": N_("Add a hidden layer"),
        "less_neurons": N_("Remove a neuron from layer {layer}"),
        "more_neurons": N_("Add a neuron to layer {layer}"),
        "discrete": N_("Only the decision"),
        "show_test": N_("Points kept aside"),
        "modes": N_("What a click on the plane does"),
        "mode_ask": N_("Ask"),
        "mode_bright": N_("Draw"),
        "mode_dark": N_("Draw"),
        "mode_erase": N_("Erase"),
        "hint_ask": N_("Click on the plane, and the network says what it thinks of that place."),
        "hint_bright": N_("Click on the plane to put a blue point there."),
        "hint_dark": N_("Click on the plane to put an orange point there."),
        "hint_erase": N_("Click on a point that you drew, and it goes."),
        "called_bright": N_("At ({x}, {y}) it says blue, with {answer}."),
        "called_dark": N_("At ({x}, {y}) it says orange, with {answer}."),
        "value": N_("At ({x}, {y}) it predicts {answer}."),
        "neuron": N_("Neuron {number} of layer {layer}"),
        "output_neuron": N_("Output neuron"),
        "from": N_("from neuron {number}"),
        "bias": N_("bias"),
        "axes": N_("To the right: {right}. Up: {up}."),
        "epoch_now": N_("Epoch {epoch}"),
        "losses": N_("Loss: {train} train, {validation} validation"),
    },
    "planeinside": {
        "no_answer": N_("The server did not answer. Please try again."),
        "steps": N_("Backpropagation, step by step, for one example"),
        "before": N_("Back"),
        "after": N_("Next step"),
        "other": N_("Another example"),
        "step_inputs": N_("Features of the point ({x1}, {x2}); its true answer is {y}"),
        "step_forward": N_("Forward through layer {layer}"),
        "step_loss": N_("The loss"),
        "step_delta": N_("Back: how the loss hangs on the sums of layer {layer}"),
        "step_update": N_("Gradient and update of layer {layer}, as plain SGD would do it"),
        "histograms": N_("Activations and gradients, layer by layer"),
        "histograms_say": N_(
            "Of all training points. Where a layer's gradients crowd around zero, it hardly "
            "learns."),
        "activations": N_("activations"),
        "gradients": N_("gradients"),
        "layer": N_("Layer {number}"),
        "output": N_("Output"),
    },
}

# The hands on a run stand beside the network, too.
for _word in ("pause", "resume", "step", "step_epoch", "stop"):
    WORDS["plane"][_word] = WORDS["run"][_word]

WORDS |= TABLES | FRAUD | GRAPHS | GAN | SPEECH | SERIES | TRANSFORMER | TRANSLATE
WORDS["run"] |= SUSPICION | MADE | DISTANCE | TOLD | TRANSLATIONS

# A room that takes pictures without a network has the same pad, file and camera.
for _word in ("draw", "upload", "camera", "draw_here", "eraser", "clear", "drop", "drop_says",
              "too_big", "no_upload", "shutter", "camera_go_on", "turn_camera", "no_camera",
              "camera_refused", "needs_https"):
    WORDS["convolution"][_word] = WORDS["tryit"][_word]

# Rooms that look at many pictures at once show the same matrix, and take them with the same camera.
WORDS |= picture_words.WORDS
WORDS["inside"] |= picture_words.INSIDE
for _word in ("confusion_called", "confusion_true", "confusion_title", "confusion_cell"):
    WORDS["mistakes"][_word] = WORDS["run"][_word]
for _word in ("shutter", "camera_go_on", "turn_camera", "no_camera", "camera_refused",
              "needs_https"):
    WORDS["collect"][_word] = WORDS["tryit"][_word]
