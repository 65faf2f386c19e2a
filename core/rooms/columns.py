"""What a run takes from the columns of a visitor's table.

Each column has a letter: ``n`` it is a number, ``c`` a category, ``-`` it is left out. The letters
of all columns stand in a row, as they do in a link: ``nnc-n``. One more column is the target.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.i18n import N_

NUMBER = "n"
CATEGORY = "c"
OUT = "-"
RARE = 10  # rows; of a class with fewer, nothing can be learned and measured
FEWEST = 40  # rows of a table
MOST_CLASSES = 100
MOST_INPUTS = 1_000  # numbers that the network receives of a row
MANY_LEVELS = 50  # categories beyond this are taken for names
FEW_VALUES = 10  # whole numbers up to this many are taken for classes
TARGETS = frozenset({"target", "class", "label", "y", "diagnosis", "outcome", "species", "survived",
                     "churn", "quality", "price", "目标", "类别", "标签"})

AGAIN = N_("The columns of your table are not chosen yet. Choose what is to be predicted.")
ROWS = N_("Only {rows} rows of your table can be used; at least {fewest} are needed.")
CLASSES = N_("The column to be predicted has {count} values with at least {rare} rows each. It "
             "takes 2 to {most}. Choose another column, or take it for a number.")
NOTHING = N_("No column is left for the network to receive. Take at least one.")
INPUTS = N_("The network would receive {count} numbers of each row, at most {most} are taken. "
            "Leave out the columns with the most categories.")


@dataclass(frozen=True)
class Shape:
    """How many numbers a network receives of a row, and the classes it tells apart (none: it
    predicts a value); ``problem`` is why it cannot be trained, a message."""

    inputs: int
    classes: tuple[str, ...] = ()
    problem: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def choices(column: Mapping[str, Any]) -> list[str]:
    """The letters that a column may have, the likeliest first. ``column``: as its reader told."""
    whole = all("." not in value and "e" not in value for value in column["values"] or ["."])
    category = [CATEGORY] if column["levels"] or column["values"] else []
    number = [NUMBER] if column["numbers"] else []
    if column["type"] == "number":
        few = whole and len(column["values"]) <= FEW_VALUES
        return [*(category if few else ()), NUMBER, *(() if few else category), OUT]
    mixed = column["numbers"] > sum(column["counts"] or [2 * column["numbers"]]) / 2
    return [*(number if mixed else category), *(category if mixed else number), OUT]


def guess(told: Mapping[str, Any]) -> dict[str, Any]:
    """The hyperparameters ``columns`` and ``target`` that suit a table."""
    columns = told["columns"]
    usable = [place for place, column in enumerate(columns)
              if len(choices(column)) > 1 and not column["counter"]]
    named = [place for place in usable if columns[place]["name"].strip().casefold() in TARGETS]
    target = (named or usable or [0])[-1]
    return {"target": target, "columns": "".join(
        choices(column)[0] if place == target else _letter(column, told["rows"])
        for place, column in enumerate(columns))}


def _letter(column: Mapping[str, Any], rows: int) -> str:
    """What an input column most likely is."""
    if column["type"] == "number":
        return OUT if column["counter"] else NUMBER
    first = choices(column)[0]
    many = first == CATEGORY and len(column["levels"]) > min(MANY_LEVELS, rows / 2)
    return OUT if many else first


def names(column: Mapping[str, Any]) -> list[str]:
    """The categories of a column."""
    return column["levels"] or column["values"] or []


def shape(told: Mapping[str, Any], letters: str, target: int) -> Shape:
    """What becomes of a table with these letters and this target."""
    columns = told["columns"]
    fits = len(letters) == len(columns) and target < len(columns) and letters[target] != OUT
    if not fits or any(letter not in choices(column) for letter, column in zip(letters, columns)):
        return Shape(0, problem=AGAIN)
    inputs = sum(len(names(column)) if letter == CATEGORY else letter == NUMBER
                 for place, (letter, column) in enumerate(zip(letters, columns))
                 if place != target)
    goal, classes, rows = columns[target], (), columns[target]["numbers"]
    if letters[target] == CATEGORY:
        common = [(name, count) for name, count in zip(names(goal), goal["counts"])
                  if count >= RARE]
        classes, rows = tuple(name for name, _ in common), sum(count for _, count in common)
        if not 2 <= len(classes) <= MOST_CLASSES:
            return Shape(inputs, classes, CLASSES, {"count": len(classes), "rare": RARE,
                                                    "most": MOST_CLASSES})
    if rows < FEWEST:
        return Shape(inputs, classes, ROWS, {"rows": rows, "fewest": FEWEST})
    if not inputs:
        return Shape(inputs, classes, NOTHING)
    if inputs > MOST_INPUTS:
        return Shape(inputs, classes, INPUTS, {"count": inputs, "most": MOST_INPUTS})
    return Shape(inputs, classes)
