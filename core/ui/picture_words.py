"""The words of the modules that look at many pictures at once, or take them."""

from core.i18n import N_

WORDS = {
    "mistakes": {
        "no_answer": N_("The server did not answer. Please try again."),
        "surest": N_("Its surest mistakes, of {n} in all"),
        "unsure": N_("No mistake among {n} pictures; of these it was least sure"),
        "cell": N_("True {a}, called {b}: {n}"),
        "right": N_("{a}, called by its name: {n}"),
        "cells": N_("Choose a cell, and its pictures are shown."),
        "all": N_("All mistakes"),
        "truth": N_("true: {name}"),
        "said": N_("it said {name}, {share}"),
        "where": N_("{a} to {b} of {n}; {all} pictures were looked at"),
        "none": N_("None among {all} pictures."),
        "back": N_("Back"),
        "next": N_("More"),
        "hear": N_("Listen to it: {name}"),
    },
    "cloud": {
        "no_answer": N_("The server did not answer. Please try again."),
        "cloud": N_("Pictures as points in the plane; arrow keys go from one to the next"),
        "pca": N_("Main directions (PCA)"),
        "tsne": N_("Arrange by neighbours (t-SNE)"),
        "tsne_soon": N_("Arranging …"),
        "pca_says": N_(
            "The plane shows {share} of the differences in the last hidden layer. A rim marks what "
            "the network gets wrong; point at a picture to see it."),
        "tsne_says": N_(
            "Who is near whom is true here; how far apart groups lie and how large they are says "
            "nothing. A rim marks what the network gets wrong."),
        "point_right": N_("{a}, {share}"),
        "point_wrong": N_("true: {a}; it said {b}, {share}"),
    },
    "augment": {
        "no_answer": N_("The server did not answer. Please try again."),
        "title": N_("At the left as it is, beside it as training sees it"),
        "before": N_("The picture as it is"),
        "after": N_("The picture as training sees it"),
    },
    "collect": {
        "no_answer": N_("The server did not answer. Please try again."),
        "open": N_("Open the camera"),
        "hold": N_("Hold to take pictures"),
        "class_n": N_("Class {n}"),
        "class_name": N_("Name of the class"),
        "pictures": N_("{n} pictures"),
        "remove": N_("Remove"),
        "forget": N_("Take this picture out"),
        "back": N_("Newer"),
        "next": N_("Older"),
        "another": N_("One more class"),
        "use": N_("Train on these pictures"),
        "save": N_("Save them (.zip)"),
        "full": N_("{n} pictures are here: no more fit."),
        "sending": N_("The pictures are being sent …"),
        "no_upload": N_("The pictures did not reach the server. Please try again."),
    },
}

INSIDE = {
    "network": N_("The layers of the network. Choose one to see what it makes of the picture."),
    "epoch": N_("Epoch"),
    "epoch_slider": N_("Look back at an epoch"),
    "latest": N_("Latest"),
    "kind_recurrent": N_("Recurrent layer"),
    "kind_reshape": N_("Same values, other shape"),
}
