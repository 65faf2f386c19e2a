"""The words of the browser modules that show a transformer at work."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

TOLD = {
    "writing_says": N_("Written by the network, character by character, with temperature 0.8."),
    "verdicts_says": N_("Sentences of the validation split, from “{against}” at the left to "
                        "“{favour}” at the right: {right} of {n} rightly judged."),
}

TRANSFORMER = {
    "writer": {
        "no_answer": NO_ANSWER,
        "paper": N_("The text. Type a beginning, and let the network go on."),
        "placeholder": N_("Type a beginning …"),
        "go": N_("Write on"),
        "stop": N_("Stop"),
        "clear": N_("Begin anew"),
        "temperature": N_("Temperature"),
        "top_k": N_("Top-k"),
        "top_p": N_("Top-p"),
        "off": N_("off"),
        "cut": N_("cut off"),
        "next": N_("What may come next"),
        "next_says": N_("The line is what the network says; the bar is what is drawn from after "
                        "temperature, top-k and top-p. Click one to choose it yourself."),
        "take": N_("Go on with {sign}: the network says {share}"),
        "unknown": N_("The network has never seen: {signs}"),
        "space": N_("space"),
        "line_end": N_("end of line"),
    },
    "verdict": {
        "no_answer": NO_ANSWER,
        "sentence": N_("A sentence to judge"),
        "shuffle": N_("Shuffle the words"),
        "moved": N_("The same words in another order: {before} became {after}."),
        "same": N_("The same words in another order: nothing moved, {before} before and {after} "
                   "after. This network does not know where a word stands."),
        "pushes_up": N_("Without “{word}” it would be {points} lower."),
        "pulls_down": N_("Without “{word}” it would be {points} higher."),
        "unknown": N_("The network does not know the word “{word}”."),
        "legend": N_("A coloured word pulls the answer to its side: measured by leaving it out. "
                     "Dashed: a word that the network does not know."),
    },
    "heads": {
        "no_answer": NO_ANSWER,
        "tokens": N_("The tokens. Choose one to see where it looks."),
        "samples": N_("Pictures of the test split"),
        "patch": N_("patch {row}·{column}"),
        "labelled": N_("True class: {name}."),
        "share_of": N_("{share} of its attention"),
        "looks_at": N_("“{from}” looks most at “{to}”: {share}, in head {head} of layer {layer}."),
        "looks_too": N_("“{from}” looks at “{to}”: {share}, in head {head} of layer {layer}."),
        "wall": N_("All heads: who looks (rows) at whom (columns)"),
        "head": N_("Layer {layer} · head {head}"),
        "one_head": N_("Layer {layer}, head {head}, step by step"),
        "scores": N_("1. Scores: Q·Kᵀ / √{size}"),
        "masked": N_("2. Mask: nobody sees what comes later"),
        "unmasked": N_("2. No mask: everybody sees all"),
        "weights": N_("3. Softmax: each row sums to 100%"),
        "key_says": N_("See the numbers of this pair"),
        "query": N_("query of “{name}”"),
        "key": N_("key of “{name}”"),
        "value": N_("value of “{name}”"),
        "products": N_("number by number"),
        "found": N_("sum of all values by their shares"),
        "first": N_("The first {n} of {size} numbers; the sum runs over all."),
        "lens": N_("After every layer: what would it say now?"),
        "lens_write": N_("The vector of each character after each layer, read as if the network "
                         "ended there: its guess of the next character. Deep colour: sure. "
                         "Underlined: right."),
        "lens_judge": N_("The mean of all words after each layer, read as if the network ended "
                         "there."),
        "lens_see": N_("The mean of all patches after each layer, read as if the network ended "
                       "there."),
        "after": N_("after layer {n}"),
        "at_first": N_("before layer 1"),
        "sign_here": N_("text"),
    },
}
