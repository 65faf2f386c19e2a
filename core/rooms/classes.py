"""Names of classes, for data sets that several rooms have."""

from core.i18n import N_

CLOTHES = (N_("T-shirt/top"), N_("Trouser"), N_("Pullover"), N_("Dress"), N_("Coat"),
           N_("Sandal"), N_("Shirt"), N_("Sneaker"), N_("Bag"), N_("Ankle boot"))
THINGS = (N_("airplane"), N_("automobile"), N_("bird"), N_("cat"), N_("deer"),
          N_("dog"), N_("frog"), N_("horse"), N_("ship"), N_("truck"))

LEAST = 3
"""Pictures of a class that a visitor must bring: one to learn, to validate and to test each."""

TOO_FEW = N_("“{name}” has {count} pictures; each class needs at least {least}. Add some.")
