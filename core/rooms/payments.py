"""What is said of card payments, and which files hold real ones."""

from core.i18n import N_

FILES = ("tabular/creditcard.csv", "creditcard.csv", "tabular/creditcard_sample.csv.gz",
         "creditcard_sample.csv.gz")
"""Where the real payments may lie in the data folder, the whole set first."""

CLASSES = (N_("normal"), N_("fraud"))
COLUMNS = (N_("Time"), N_("Amount"))
NOT_HERE = N_("The real payments are not on this machine. Whoever runs this copy can put {file} "
              "into its data folder; choose the invented payments until then.")
NO_LEDGER = N_("Bring a file of your own, or choose another data set.")
GONE = N_("Your file is not here any more. Upload it again.")
TOO_LATE = N_("In the order of time, one of training, validation and test would be without a "
              "fraud. Choose the random split, or bring more payments.")
FEWEST = 30  # frauds of an own file: six for each test
FEE = 5.0  # euros that a false alarm costs unless the visitor says otherwise
