"""Names of columns and classes of the tables that come with the app, for those who translate."""

from core.i18n import N_

BREAST_CANCER = (
    N_("mean radius"), N_("mean texture"), N_("mean perimeter"), N_("mean area"),
    N_("mean smoothness"), N_("mean compactness"), N_("mean concavity"),
    N_("mean concave points"), N_("mean symmetry"), N_("mean fractal dimension"),
    N_("radius error"), N_("texture error"), N_("perimeter error"), N_("area error"),
    N_("smoothness error"), N_("compactness error"), N_("concavity error"),
    N_("concave points error"), N_("symmetry error"), N_("fractal dimension error"),
    N_("worst radius"), N_("worst texture"), N_("worst perimeter"), N_("worst area"),
    N_("worst smoothness"), N_("worst compactness"), N_("worst concavity"),
    N_("worst concave points"), N_("worst symmetry"), N_("worst fractal dimension"))
WINE = (
    N_("alcohol"), N_("malic acid"), N_("ash"), N_("alkalinity of ash"), N_("magnesium"),
    N_("total phenols"), N_("flavonoids"), N_("non-flavonoid phenols"), N_("proanthocyanins"),
    N_("colour intensity"), N_("hue"), N_("OD280/OD315 of diluted wine"), N_("proline"))
DIABETES = (
    N_("age"), N_("sex"), N_("body mass index"), N_("blood pressure"), N_("total cholesterol"),
    "LDL", "HDL", N_("total / HDL"), N_("triglycerides (log)"), N_("blood sugar"))
DIGITS = tuple(f"({row}, {column})" for row in range(1, 9) for column in range(1, 9))
TUMOURS = (N_("malignant"), N_("benign"))
GROWERS = (N_("grower 1"), N_("grower 2"), N_("grower 3"))
TARGETS = (N_("diagnosis"), N_("grower"), N_("digit"), N_("progression"))

ALL = (*BREAST_CANCER, *WINE, *DIABETES, *TUMOURS, *GROWERS, *TARGETS)
