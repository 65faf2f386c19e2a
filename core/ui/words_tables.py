"""The words of the browser modules on tables, by module."""

from core.i18n import N_

NO_ANSWER = N_("The server did not answer. Please try again.")

TABLES = {
    "tabletry": {
        "no_answer": NO_ANSWER,
        "rows": N_("Begin with a row from the test split"),
        "row": N_("{n} · {true}"),
        "usual": N_("the usual row"),
        "is_true": N_("In the table this row is: {true}."),
        "is_right": N_("Right: in the table this row is {true}, too."),
        "more_columns": N_("{n} more columns keep the values of the row."),
        "moved": N_("What moved the answer"),
        "moved_says": N_(
            "From {usual} for the usual row to {answer} for this one ({name}). Bars to the right "
            "raised it, bars to the left lowered it; together they make the whole difference."),
        "others": N_("{n} others"),
    },
    "tablereport": {
        "no_answer": NO_ANSWER,
        "class": N_("The class in question"),
        "threshold": N_("It says “{name}” from a probability of {share} on"),
        "threshold_says": N_(
            "Of {all} rows that are “{name}” it finds {found}. Of {called} that it calls “{name}”, "
            "{right} are."),
        "called": N_("called {name}"),
        "is": N_("is {name}"),
        "not": N_("not {name}"),
        "accuracy": N_("Accuracy"),
        "accuracy_says": N_("the share of rows that it gets right"),
        "recall": N_("Recall"),
        "recall_says": N_("of all “{name}”, the share that it finds"),
        "precision": N_("Precision"),
        "precision_says": N_("of all that it calls “{name}”, the share that is"),
        "auc_says": N_("1: it ranks every row rightly; 0.5: chance"),
        "roc": N_("ROC: what it finds, and how many false alarms"),
        "roc_says": N_(
            "Each point of the curve is a threshold; yours is the dot. Chance is the dotted line."),
        "false_alarms": N_("False alarms"),
        "pr": N_("Precision and recall"),
        "pr_says": N_("Whoever calls everything so is right in {share}: the dotted line."),
        "calibration": N_("Calibration: may one believe its probabilities?"),
        "calibration_says": N_(
            "On the dotted line one may: of what it gives 80 %, 80 % come true. Each dot is an "
            "eighth of the rows."),
        "said": N_("Probability that it gave"),
        "was": N_("Share that came true"),
        "confusion_title": N_("Confusion matrix"),
        "confusion_true": N_("true class"),
        "confusion_called": N_("the network called it"),
        "confusion_cell": N_("True {a}, called {b}: {n}"),
        "confusion_worst": N_("The most frequent mistake: true {a}, called {b} ({n}×)."),
        "confusion_none": N_("No mistake at all on the test split."),
        "rmse": N_("Typical error (RMSE)"),
        "rmse_says": N_("the root of the mean squared error, in the unit of the column"),
        "mae": N_("Mean error"),
        "mae_says": N_("by so much it is off on average"),
        "guess": N_("Without any network"),
        "guess_says": N_("the RMSE of whoever always says the mean"),
        "r2_says": N_("1: perfect; 0: no better than the mean"),
        "values": N_("True and predicted values"),
        "values_says": N_("Each dot is a row of the test split; on the dotted line it is right."),
        "true_value": N_("true value"),
        "said_value": N_("predicted value"),
        "errors": N_("How far off it is"),
        "errors_says": N_("Left of zero it said too little, right of it too much."),
        "error": N_("predicted minus true"),
        "rows_count": N_("rows"),
    },
    "tableinside": {
        "no_answer": NO_ANSWER,
        "importance": N_("Which columns it needs (permutation importance)"),
        "importance_loss": N_(
            "A column is shuffled over the test rows: so much does the error of the probabilities "
            "(Brier score) rise, which is {base}. Columns that say the same share their "
            "importance. Choose one."),
        "importance_error": N_(
            "A column is shuffled over the test rows: so much does the typical error rise, which "
            "is {base}. Columns that say the same share their importance. Choose one."),
        "class": N_("The class in question"),
        "probability": N_("its probability"),
        "answer": N_("the answer"),
        "dependence": N_("How the answer follows: {column}"),
        "dependence_says": N_(
            "Partial dependence: the thick line is the mean over test rows when only this column "
            "changes, thin lines are single rows."),
    },
}
