"""The words for the states of a run."""

from core.i18n import N_

STATES = {
    "queued": N_("waiting"),
    "starting": N_("about to begin"),
    "running": N_("training"),
    "paused": N_("paused"),
    "finished": N_("finished"),
    "stopped": N_("stopped"),
    "failed": N_("failed"),
    "lost": N_("lost"),
}
