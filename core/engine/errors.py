"""Errors that a visitor reads: one sentence as a message, with its values."""

from core.errors import VisitorError
from core.i18n import N_, t

ENDS = {
    "done": N_("Finished."),
    "early": N_("Finished early: the validation loss had stopped falling. The network has the "
                "weights of its best epoch."),
    "visitor": N_("Stopped at step {step}. The network keeps what it has learned so far."),
    "unstarted": N_("Taken out of the queue before it began."),
    "not_a_number": N_("At step {step} the loss was no number any more: the steps were so large "
                       "that the weights ran away. A smaller learning rate helps."),
    "killed": N_("The trainer was lost in mid-run. The curves are kept; start the run again and "
                 "a new trainer takes it."),
    "server": N_("The server stopped while this run was training. The curves are kept; start the "
                 "run again."),
    "error": N_("The training broke off: {error}"),
}
"""What the page says when a run has ended, by the reason in its ``end`` event."""


class EngineError(VisitorError):
    """The engine cannot do what was asked."""


def broken_end(error: BaseException) -> dict:
    """The ``end`` of a run whose training raised ``error``."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    if isinstance(error, KilledWorker | CancelledError):  # the second: its scheduler was lost
        return {"state": "lost", "reason": "killed"}
    if isinstance(error, VisitorError):
        return {"state": "failed", "reason": "told", "msgid": error.msgid,
                "values": error.values}
    return {"state": "failed", "reason": "error",
            "error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}


def end_says(event: dict) -> str:
    """The sentence for an ``end`` event in the current language."""
    if event["reason"] == "told":
        return t(event["msgid"], **event["values"])
    return t(ENDS[event["reason"]], **{key: event[key] for key in ("step", "error")
                                       if key in event})
