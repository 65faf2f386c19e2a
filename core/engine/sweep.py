"""The same run again with one hyperparameter changed: once, or over up to eight values.

Nothing else differs, the seed included, so all of them start from the same weights.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from core.engine.errors import EngineError
from core.i18n import N_
from core.params import Knob, Params, from_text, knobs, to_text
from core.rooms import Metric

MOST = 8
KINDS = {"int", "float", "bool", "choice"}
KEPT_SAME = {"seed", "dataset"}  # where training starts from, and what it is measured on


def changeable(params: type[Params]) -> list[Knob]:
    """The hyperparameters of which one can be changed alone."""
    return [each for each in knobs(params) if each.kind in KINDS and each.name not in KEPT_SAME]


def proposals(params: Params, knob: Knob) -> list[Any]:
    """Other values worth trying."""
    value = getattr(params, knob.name)
    if knob.kind == "choice":
        return [each for each in knob.choices if each != value]
    if knob.kind == "bool":
        return [not value]
    if knob.log or knob.kind == "int":
        factors = (0.1, 0.3, 3, 10) if knob.log else (0.5, 2)
        near = [float(f"{(value or 1) * factor:.2g}") for factor in factors]
    else:
        step = knob.step or 0.1
        near = [round(value + many * step, 6) for many in (-4, -2, 2, 4)]
    inside = [min(max(each, knob.low), knob.high) for each in near]
    texts = [str(round(each) if knob.kind == "int" else each) for each in inside]
    return [getattr(each, knob.name) for each in variants(params, knob.name, texts)]


def variants(params: Params, name: str, texts: Iterable[str]) -> list[Params]:
    """``params`` with another value of one hyperparameter each; equal ones count once, and those
    that change nothing not at all.

    Raises:
        EngineError: a value cannot be read or is out of bounds, or there are too many.
    """
    found = []
    for text in filter(None, (each.strip() for each in texts)):
        values, corrections = from_text(type(params), {name: text})
        if corrections:
            raise EngineError(N_("“{value}” cannot be used here. Choose another value."),
                              {"value": text})
        changed = params.model_copy(update={name: getattr(values, name)})
        if changed != params and changed not in found:
            found.append(changed)
    if len(found) > MOST:
        raise EngineError(N_("At most {count} values can be tried at once."), {"count": MOST})
    return found


def differing(many: Sequence[Params]) -> list[str]:
    """The names of the hyperparameters that are not the same in all."""
    texts = [to_text(each) for each in many]
    return [name for name in (texts[0] if texts else {})
            if len({each[name] for each in texts}) > 1]


def figure(events: Iterable[dict], metric: Metric) -> float | None:
    """What a run has reached: the metric after its last epoch, on validation where there is one."""
    last = next((event["values"] for event in reversed(list(events)) if event["type"] == "epoch"),
                {})
    return last.get(f"val_{metric.name}", last.get(metric.name))


def best(figures: Sequence[float | None], metric: Metric) -> int | None:
    """The place of the best figure; ``None`` if there is none."""
    known = [place for place, each in enumerate(figures) if each is not None]
    sign = 1 if metric.higher_is_better else -1
    return max(known, key=lambda place: sign * figures[place], default=None)
