"""`hub match train`: a model from two files, held against an earlier one."""

from pathlib import Path

from deploy.exit_codes import ExitCode, Stopped
from deploy.matching.columns import both
from deploy.matching.lists import read_model
from deploy.matching.register import Tell, loaded
from deploy.matching.running import Task, model_for
from hub.matching.scoring.model import BadModel, Model
from hub.matching.training.learning import Label
from hub.matching.training.moves import MOST_MOVED, moves


def learned(task: Task, label: Label, tell: Tell) -> Model:
    """The model of the two files.

    Raises:
        Stopped: A file has an error; says where.
    """
    people, events = both(task.people, task.events, task.names)
    register = loaded(people, tell)
    return model_for(task, register, list(events.rows()), label, tell)


def refuse_moved(earlier: Path, made: Model) -> None:
    """Refuse a model that weighs something quite otherwise than an earlier one.

    Raises:
        Stopped: A weight moved too far, or the earlier file is no model.
    """
    try:
        before = read_model(earlier)
    except BadModel as error:
        raise Stopped(ExitCode.CHECK_FAILED, f"{earlier.name}: {error}.") from None
    moved = moves(before, made)
    if moved:
        raise Stopped(
            ExitCode.CHECK_FAILED,
            "\n".join(
                [
                    *(
                        f"{each.field} {each.level}: {each.before:+.1f} bits became {each.after:+.1f}"
                        for each in moved
                    ),
                    f"They moved by more than {MOST_MOVED:g} bits: see why. --sign-off takes the model all the same.",
                ]
            ),
        )
