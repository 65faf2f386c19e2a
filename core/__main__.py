"""The command line: ``python -m core list`` and ``python -m core run <room> --set epochs=3``.

A run here is the same as one on a page: the same program, recorder and store, without the
server and its workers.
"""

import argparse
import json
import os
import secrets
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

from core.catalogue import ROOMS, room
from core.engine.errors import broken_end, end_says
from core.params import Params, from_text
from core.rooms import Room
from core.settings import settings
from core.store import Store

BAR = 24  # characters of the progress bar


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit status."""
    options = _parser().parse_args(arguments)
    return options.do(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description="Perceptorium")
    commands = parser.add_subparsers(required=True, metavar="list | run")
    listing = commands.add_parser("list", help="the rooms that train")
    listing.add_argument("--json", action="store_true", help="print a JSON array of names")
    listing.set_defaults(do=_list)
    run = commands.add_parser("run", help="train a room's network and keep the run")
    run.add_argument("room", choices=[each.name for each in ROOMS if each.trains])
    run.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="values",
                     help="a hyperparameter, as in a link")
    run.add_argument("--seed", type=int, help="short for --set seed=…")
    run.add_argument("--json", action="store_true",
                     help="print one JSON object with the final figures as the last line")
    run.set_defaults(do=_run)
    return parser


def _list(options: argparse.Namespace) -> int:
    names = [each.name for each in ROOMS if each.trains]
    print(json.dumps(names) if options.json else "\n".join(names))
    return 0


def _run(options: argparse.Namespace) -> int:
    here = room(options.room)
    try:
        params = _params(here, options)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    result = train(here, params, Progress() if sys.stderr.isatty() else lambda event: None)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name} {value:.4f}" for name, value in result["metrics"].items()))
    if result["state"] != "finished":
        print(result["says"], file=sys.stderr)
    return 0 if result["state"] == "finished" else 1


def _params(here: Room, options: argparse.Namespace) -> Params:
    """The hyperparameters. Unlike a link, a command with a wrong value is refused."""
    given = dict(each.partition("=")[::2] for each in options.values)
    if options.seed is not None:
        given["seed"] = str(options.seed)
    params, corrections = from_text(here.params, given)
    if corrections:
        wrong = ", ".join(f"{each.name}={each.given} ({each.reason})" for each in corrections)
        raise ValueError(f"cannot be used: {wrong}")
    return params


def train(here: Room, params: Params, watch) -> dict:
    """Train in this process and keep the run. ``watch`` sees each event as it comes."""
    from core.training.recorder import Recorder
    from core.training.session import Session

    store, run_id, events = Store(settings().home), secrets.token_hex(6), []
    store.create(run_id, room=here.name, params=params, owner="", name="")

    def send(event: dict) -> None:
        events.append({"seq": len(events) + 1, **event})
        store.journal(run_id, events[-1])
        if event["type"] == "epoch":
            store.metrics(run_id, event["epoch"], event["step"], event["values"])
        watch(event)

    session = Session(here, params, Recorder(send))
    try:
        end = session.run()
    except Exception as error:  # what a program can raise is not ours to list
        end = broken_end(error)
    send({"type": "end", **end})
    store.finish(run_id, state=end["state"], metrics=end.get("metrics", {}), events=events,
                 model=session.pack() if end["state"] != "failed" else None,
                 snapshots=session.snapshots, context=session.context)
    return {"run_id": run_id, "room": here.name, "state": end["state"],
            "metrics": end.get("metrics", {}), "steps_per_second": end.get("steps_per_second"),
            "says": end_says(end)}


class Progress:
    """A progress bar on the terminal."""

    def __init__(self) -> None:
        self.steps = 1

    def __call__(self, event: dict) -> None:
        if event["type"] == "begin":
            self.steps = event["steps"]
        if event["type"] in ("batch", "epoch"):
            share = event["step"] / self.steps
            done = "#" * round(BAR * share)
            figures = "  ".join(f"{name} {value:.4f}" for name, value in event["values"].items()
                                if value is not None)
            print(f"\r[{done:<{BAR}}] {share:4.0%}  {figures}\033[K", end="",
                  file=sys.stderr, flush=True)
        if event["type"] in ("epoch", "end"):
            print(file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
