"""What tests do with a room's program."""

from core.export import program_of_run
from core.params import Params, to_text
from core.rooms import Room
from core.store import Kept
from core.training.recorder import Recorder
from core.training.session import Session


def trained(program, params):
    """A network, its data and its final figures."""
    data = program.load(params)
    model = program.build(params, data)
    program.train(params, model, data)
    return model, data, program.score(params, model, data)


def taken_home(room: Room, params: Params) -> tuple[str, dict]:
    """The program of a run with these hyperparameters, and the run's figures."""
    events = []
    end = Session(room, params, Recorder(events.append)).run()
    kept = Kept("0" * 12, "a run", room.name, to_text(params), params.seed, "somebody", "finished",
                "", 0.0, 1.0, {}, {"tensorflow-cpu": "2.21.0", "keras": "3.15.1"})
    return program_of_run(kept, [*events, {"type": "end", **end}]), end["metrics"]
