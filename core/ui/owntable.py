"""A visitor's own table: upload it, correct what its columns are, choose what is predicted."""

from html import escape
from pathlib import Path

import streamlit as st

from core import i18n, own
from core.i18n import N_, t
from core.params import Params
from core.rooms import Room
from core.rooms.columns import CATEGORY, NUMBER, OUT, choices, guess
from core.settings import settings
from core.ui import files
from core.ui import knobs as widgets
from core.ui.parts import part

EXAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "mlp" / "iris.csv"
LETTERS = {NUMBER: N_("number"), CATEGORY: N_("category"), OUT: N_("left out")}
GOALS = {NUMBER: N_("a value"), CATEGORY: N_("a class")}
SEPARATORS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs"), "|": N_("bars")}
MOST_LISTED = 60  # columns whose kind can be changed here
PREVIEW = 5  # rows


@part("own")
def panel(room: Room, params: Params) -> None:
    """Upload, and what was found in the file."""
    st.header(t("Your own table"))
    bring, found = st.columns([2, 3], gap="large")
    with bring:
        st.markdown(t("A CSV or TSV file of at most {limit} MB: one row for each case, one column "
                      "for each thing you know of it, the names in the first row. Encoding, "
                      "separator and types are found; you can correct them.",
                      limit=settings().table_bytes // 1_000_000))
        st.download_button(t("Example: iris.csv"), EXAMPLE.read_bytes(), EXAMPLE.name, "text/csv",
                           icon=":material/table:", on_click="ignore")
        files.own_data(room, "table", guess)
    told = own.told(params.own) if params.dataset == "own" and params.own else None
    if told and len(params.columns) != len(told["columns"]):  # a link that names only the table
        widgets.assign(room, params.model_copy(update=guess(told)))
        st.rerun()
    with found:
        if told is None:
            st.markdown(f":gray[{t('What was found in your table will stand here.')}]")
        else:
            _found(told)
            _target(room, params, told)
            _columns(room, params, told)


def _found(told: dict) -> None:
    """How the file is written, and its first rows."""
    says = [t("{rows} rows and {columns} columns, separated by {separator}, in {encoding}.",
              rows=i18n.number(told["rows"]), columns=len(told["columns"]),
              separator=t(SEPARATORS[told["separator"]]), encoding=told["encoding"].upper())]
    if not told["header"]:
        says.append(t("The first row holds no names, so the columns are numbered."))
    st.markdown(" ".join(says))
    head = "".join(f'<th scope="col">{escape(each["name"])}</th>' for each in told["columns"])
    rows = "".join("<tr>" + "".join(f"<td>{escape(str(cell)[:40])}</td>" for cell in row) + "</tr>"
                   for row in told["preview"][:PREVIEW])
    st.html(f'<div class="pc-strip" tabindex="0"><table class="pc-differences">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")


def _target(room: Room, params: Params, told: dict) -> None:
    """What is predicted, and whether it is a class or a value."""
    places = [place for place, each in enumerate(told["columns"]) if len(choices(each)) > 1]
    if not places or params.target >= len(told["columns"]):
        return
    names = {place: told["columns"][place]["name"] for place in places}
    left, right = st.columns(2)
    key = f"{room.name}.own.{params.own}"
    with left:
        st.selectbox(
            t("What is to be predicted"), places, format_func=names.get,
            index=places.index(params.target) if params.target in places else 0,
            key=f"{key}.target.{params.target}", placeholder=t("Choose"),
            on_change=lambda: _aim(room, params, told,
                                   st.session_state[f"{key}.target.{params.target}"]))
    kinds = [each for each in choices(told["columns"][params.target]) if each != OUT]
    now = params.columns[params.target:params.target + 1]
    with right:
        chosen = f"{key}.goal.{params.target}.{now}"
        st.selectbox(t("It is"), kinds, format_func=lambda letter: t(GOALS[letter]), key=chosen,
                     index=kinds.index(now) if now in kinds else 0, placeholder=t("Choose"),
                     disabled=len(kinds) < 2,
                     on_change=lambda: _set(room, params, params.target, st.session_state[chosen]))


def _columns(room: Room, params: Params, told: dict) -> None:
    """What each column is."""
    with st.expander(t("Columns that the network receives"), expanded=len(told["columns"]) <= 12), \
            st.container(height=420 if len(told["columns"]) > 7 else "content", border=False):
        listed = list(enumerate(zip(told["columns"], params.columns)))[:MOST_LISTED]
        for place, (column, letter) in listed:
            if place != params.target:
                _column(room, params, place, column, letter)
        if len(told["columns"]) > MOST_LISTED:
            st.caption(t("{count} more columns are taken as they were found.",
                         count=len(told["columns"]) - MOST_LISTED))


def _column(room: Room, params: Params, place: int, column: dict, letter: str) -> None:
    name, kind = st.columns([3, 2], vertical_alignment="center")
    name.html(f'<b>{escape(column["name"])}</b><br><small>{escape(_says(column))}</small>')
    key = f"{room.name}.own.{params.own}.{place}.{letter}"
    options = choices(column)
    kind.selectbox(column["name"], options, format_func=lambda each: t(LETTERS[each]), key=key,
                   index=options.index(letter) if letter in options else 0,
                   label_visibility="collapsed", placeholder=t("Choose"),
                   on_change=lambda: _set(room, params, place, st.session_state[key]))


def _says(column: dict) -> str:
    """What is known of a column."""
    parts = []
    if column["counter"]:
        parts.append(t("numbers the rows"))
    if column["type"] == "text":
        parts.append(t("too many different words"))
    known = column["levels"] or column["values"]
    if known:
        shown = ", ".join(known[:3]) + (" …" if len(known) > 3 else "")
        parts.append(t("{count} different: {shown}", count=len(known), shown=shown))
    if column["missing"]:
        parts.append(t("{count} missing", count=i18n.number(column["missing"])))
    return " · ".join(parts) or t("numbers")


def _set(room: Room, params: Params, place: int, letter: str) -> None:
    """Take a column for something else."""
    letters = params.columns[:place] + letter + params.columns[place + 1:]
    widgets.assign(room, params.model_copy(update={"columns": letters}))


def _aim(room: Room, params: Params, told: dict, target: int) -> None:
    """Predict another column; the former one becomes an input."""
    usual = guess(told)["columns"]
    letters = [*params.columns]
    letters[params.target] = usual[params.target]
    letters[target] = choices(told["columns"][target])[0]
    widgets.assign(room, params.model_copy(update={"columns": "".join(letters), "target": target}))
