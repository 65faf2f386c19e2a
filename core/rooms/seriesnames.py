"""What the series are called and how long they are, for pages and data alike."""

from core.i18n import N_

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
"""The 64 heights of a series that is drawn by hand, from low to high: one letter for each value."""

MOST_DRAWN = 240  # values
FEWEST = 60  # values of a series from which something can be learned
FEWEST_WINDOWS = 8  # to learn from
LENGTHS = {"noise": 172, "passengers": 144, "sunspots": 2_820, "temperatures": 3_650}

UNITS = {
    "waves": N_("value"),
    "noise": N_("value"),
    "passengers": N_("thousand passengers a month"),
    "sunspots": N_("sunspot number"),
    "temperatures": N_("°C, lowest of the day"),
    "drawn": N_("height of the line"),
}

GONE = N_("Your series is not here any more. Upload it again.")
NO_SERIES = N_("Upload a series first: a CSV file with a column of dates and a column of numbers.")
TOO_SHORT = N_("This part of the series has {n} values to learn from, too few for windows of "
               "{window} with {horizon} steps ahead. Choose a shorter window, fewer steps ahead, "
               "or a later part.")


def split_at(length: int, fold: int) -> tuple[int, int, int]:
    """Where validation and test begin and where the test ends, in a series of ``length`` values.

    The test is fifth number ``fold`` + 1; all that comes before is learned from, but for its last
    fifth, on which the network is validated: with fold 4 the parts are 64, 16 and 20 %.
    """
    begins, ends = round(length * fold / 5), round(length * (fold + 1) / 5)
    return round(0.8 * length * fold / 5), begins, ends
