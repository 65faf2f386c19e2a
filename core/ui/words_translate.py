"""The words of the browser modules on translation, by module."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

TRANSLATIONS = {
    "translation_right": N_("Word for word what a person wrote."),
    "translation_person": N_("A person wrote:"),
    "translation_unknown": N_("The network does not know this word."),
    "translation_end": N_("end"),
    "translation_looks": N_("“{a}” looks at “{b}” with {share}."),
    "translation_deaf": N_("Nothing leads from the sentence to what is written: there is no "
                           "attention to show."),
}

TRANSLATE = {
    "translate": {
        "no_answer": NO_ANSWER,
        "placeholder": N_("Type a sentence"),
        "examples": N_("Sentences to begin with"),
        "read_aloud": N_("Read aloud"),
        "beams": N_("Beginnings that compete"),
        "greedy": N_("1: greedy"),
        "penalty": N_("Length penalty"),
        "type_first": N_("Type a sentence, and it is translated here."),
        "point": N_("Point at what was written, and you see where the network looked."),
        "unknown": N_("The network has never learned: {words}. It has to guess."),
        "unknown_piece": N_("The network does not know this word."),
        "deaf": N_("This network has no cross-attention: whatever you type, it writes the same."),
        "matrix": N_("Where it looks"),
        "matrix_says": N_("Each row is a piece that was written, each column one that was read; "
                          "the darker, the more it looked there."),
        "which_head": N_("Whose attention is shown"),
        "mean": N_("all heads of the last layer"),
        "head": N_("head {n}"),
        "layer_head": N_("layer {layer}, head {n}"),
        "end": N_("end"),
        "looks": N_("“{a}” looks at “{b}” with {share}."),
    },
    "beams": {
        "says": N_("Each column is a step: the beginnings that were kept, best first, with their "
                   "scores. Lines show what grew out of what; the thick one won."),
        "nothing": N_("Translate a sentence above, and its beginnings compete here."),
        "ended": N_("Whole sentences and their scores"),
        "end": N_("end"),
    },
}
