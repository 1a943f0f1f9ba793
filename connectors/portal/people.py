"""People as pages name them."""

from collections.abc import Sequence
from datetime import datetime

from hub.projection import Json
from hub.records import Coding, ExpectedDischarge, HumanName, Needs, Telecom


def family_name(names: Sequence[HumanName]) -> str:
    """The family name of the first name; the whole of a name that was sent unsplit."""
    return next(iter(names), HumanName()).family or (
        "" if given_names(names) else next(iter(names), HumanName()).text or ""
    )


def given_names(names: Sequence[HumanName]) -> str:
    """The given names of the first name."""
    return " ".join(next(iter(names), HumanName()).given)


def called(names: Sequence[HumanName]) -> str:
    """How somebody is called in a sentence."""
    first = next(iter(next(iter(names), HumanName()).given), "")
    return " ".join(part for part in (first, family_name(names)) if part) or "this carer"


def contact_from(telecom: Telecom) -> Json:
    """A way to reach somebody, with the note on when it is safe."""
    return {
        "system": telecom.system,
        "value": telecom.value,
        "use": telecom.use,
        "note": telecom.note,
    }


def needs_from(needs: Needs | None) -> Json:
    """Language and formats; None when nothing was said."""
    if needs is None:
        return None
    return {
        "language": needs.language,
        "interpreter": needs.interpreter,
        "formats": list(needs.formats),
    }


def role_from(role: Coding) -> Json:
    """What somebody is to somebody."""
    return {"system": role.system, "code": role.code, "display": role.display}


def expected_at(expected: ExpectedDischarge | None) -> datetime | None:
    """When somebody is expected home, if that is known."""
    return None if expected is None else expected.at
