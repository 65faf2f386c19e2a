"""How figures are measured and told: medians of alternated pairs, with their spread."""

import os
import platform
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import psutil

PAIRS = 7  # single runs of one script differ by half on shared machines
VERSIONED = ("tensorflow-cpu", "tensorflow", "keras", "streamlit")


@dataclass(frozen=True)
class Figure:
    """What was measured, once for each repetition. ``goal``: ("≤" or "≥", a value)."""

    name: str
    values: list[float]
    unit: str = ""
    goal: tuple[str, float] | None = None
    digits: int = 2

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def row(self) -> str:
        """A line of the table."""
        low, high = self._written(min(self.values)), self._written(max(self.values))
        spread = f"{low}–{high} ({len(self.values)})" if len(self.values) > 1 else "once"
        return f"| {self.name} | {self._written(self.median)} | {spread} | {self._goal()} |"

    def _goal(self) -> str:
        if self.goal is None:
            return ""
        sign, bar = self.goal
        met = self.median <= bar if sign == "≤" else self.median >= bar
        return f"{sign} {self._written(bar)}: {'met' if met else 'missed'}"

    def _written(self, value: float) -> str:
        return f"{value:,.{self.digits}f}{' ' if self.unit else ''}{self.unit}"


def alternated(ours: Callable[[], float], theirs: Callable[[], float],
               pairs: int = PAIRS) -> list[tuple[float, float]]:
    """Measure two things in turn, so that what else the machine does meets both; the order
    changes from pair to pair."""
    found = []
    for number in range(pairs):
        if number % 2:
            second = theirs()
            found.append((ours(), second))
        else:
            found.append((ours(), theirs()))
        print(f"  pair {number + 1} of {pairs}: {found[-1][0]:.2f} and {found[-1][1]:.2f} "
              f"(load {os.getloadavg()[0]:.1f})", flush=True)
    return found


def ratio(name: str, pairs: list[tuple[float, float]], goal: tuple[str, float]) -> Figure:
    """The ratios of ours to theirs, pair by pair."""
    return Figure(name, [ours / theirs for ours, theirs in pairs], goal=goal)


def machine() -> str:
    """What it was measured on, and how busy that was."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {number}" for name in VERSIONED if (number := _version(name)))
    return (f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}, "
            f"{versions}; load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores at the time")


def table(figures: list[Figure]) -> str:
    """The figures as Markdown, for the README."""
    head = "| What | Median | Least–most (of) | Goal |\n|---|---|---|---|"
    return "\n".join([head, *(figure.row() for figure in figures)])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
