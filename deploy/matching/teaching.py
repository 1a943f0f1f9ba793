"""`hub match train`: a model from two files, held against an earlier one."""

from pathlib import Path

from deploy.exit_codes import ExitCode, Stopped
from deploy.matching.columns import rows_of
from deploy.matching.lists import read_model
from deploy.matching.running import Task, Tell, loaded, model_for
from hub.matching.scoring.model import BadModel, Model
from hub.matching.training.learning import Label
from hub.matching.training.moves import MOST_MOVED, moves


def learned(task: Task, label: Label, tell: Tell) -> Model:
    """The model of the two files.

    Raises:
        Stopped: A file has an error; says where.
    """
    register = loaded(task, tell)
    events = list(rows_of(task.events, "event_id", task.names))
    return model_for(task, register, events, label, tell)


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
