"""Words on texts that rooms and data sets share."""

from core.i18n import N_

VERDICTS = (N_("against"), N_("in favour"))
LEAST = 1_000
"""Signs that a visitor's text must have."""

TOO_SHORT = N_("This text has {count} characters; at least {least} are needed, and 20,000 or more "
               "are better.")
