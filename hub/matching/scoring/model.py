"""A model: how often each level is seen of one person and of two, how common names are, and where decisions are cut.

It is written and read as JSON, and its hash stands in every decision. A trained model of a register holds names that
many bear, with how many; names that fewer than `FEWEST_BEARERS` bear are never in it, nor is any combination of fields.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.matching.scoring.fields import FIELDS, LEVELS

FORMAT: Final = 1
FEWEST_BEARERS: Final = 5
"""Values that fewer people bear are rare ones together: nobody is to be found in a model."""
HASH_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """How common the values of one field are.

    Attributes:
        agree: The chance that two people drawn at random share a value.
        rare: The share of people who bear a value that is not listed, in the mean.
        shares: Listed values with the share of people who bear them.
    """

    agree: float = 1.0
    rare: float = 1.0
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Where decisions are cut. Measured in the reference run of the matching method; bits are log2.

    Attributes:
        auto_bits: At least so much evidence, prior included, joins by itself.
        auto_margin: And at least so much more than the runner-up.
        auto_posterior: And at least so sure among all candidates and nobody.
        review_bits: Less is no match.
        unverified_bits: The most that an NHS number without verified status counts.
        least_share: Names rarer than this count as common as this.
        most_by_name: The most that a frequency adds or takes for one name.
        most_by_contacts: The most that a contact who agrees adds to a question; 0 = nothing.
    """

    auto_bits: float = 10.0
    auto_margin: float = 4.0
    auto_posterior: float = 0.9
    review_bits: float = 0.0
    unverified_bits: float = 12.0
    least_share: float = 1e-5
    most_by_name: float = 6.0
    most_by_contacts: float = 8.0


NAMED_BY_FREQUENCY: Final = ("given", "family", "sector", "outcode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What the matcher knows of a register.

    Attributes:
        version: What people call it.
        source: What it was learned from, in words.
        trained_on: Day, ISO.
        people: Size of the register. Frozen here, so that thresholds stay put as the register grows.
        tables: Version of the name tables that it was learned with.
        same: For each field, the share of each level among pairs of one person (m), in the order of `LEVELS`.
        chance: The same among pairs of two people (u).
    """

    version: str
    source: str
    trained_on: str
    people: int
    tables: str
    same: Mapping[str, tuple[float, ...]]
    chance: Mapping[str, tuple[float, ...]]
    frequencies: Mapping[str, Frequencies]
    policy: Policy = Policy()

    @property
    def digest(self) -> str:
        """Names this very model: version and the beginning of the SHA-256 of its canonical JSON."""
        text = json.dumps(as_json(self), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return f"{self.version}#{hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]}"


class BadModel(ValueError):
    """What was read is no model of this format; says where, never what."""


DIGITS: Final = 9
"""Significant digits of a share in JSON: two machines write the same text."""


def as_json(model: Model) -> dict[str, object]:
    """The model as plain values. Levels of no chance at all are left out."""
    return {
        "format": FORMAT,
        "version": model.version,
        "source": model.source,
        "trained_on": model.trained_on,
        "people": model.people,
        "tables": model.tables,
        "policy": {name: getattr(model.policy, name) for name in Policy.__dataclass_fields__},
        "fields": {
            name: {
                level: {"m": _short(m), "u": _short(u)}
                for level, m, u in zip(levels, model.same[name], model.chance[name], strict=True)
                if m or u
            }
            for name, levels in zip(FIELDS, LEVELS, strict=True)
        },
        "frequencies": {
            name: {
                "agree": _short(each.agree),
                "rare": _short(each.rare),
                "shares": {value: _short(share) for value, share in sorted(each.shares.items())},
            }
            for name, each in model.frequencies.items()
        },
    }


def _short(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def model_from(value: object) -> Model:
    """A model from plain values.

    Raises:
        BadModel: Something is missing, is of another kind, or is a share outside 0 to 1.
    """
    top = _mapping(value, "model")
    if top.get("format") != FORMAT:
        raise BadModel(f"format: {FORMAT} is read")
    fields = _mapping(top.get("fields"), "fields")
    policy = _mapping(top.get("policy"), "policy")
    unknown = [*(set(fields) - set(FIELDS)), *(set(policy) - set(Policy.__dataclass_fields__))]
    if unknown:
        raise BadModel(f"{unknown[0]}: not known")
    people = _number(top.get("people"), "people")
    if people < 1:
        raise BadModel("people: at least one")
    return Model(
        version=str(top.get("version", "")),
        source=str(top.get("source", "")),
        trained_on=str(top.get("trained_on", "")),
        people=int(people),
        tables=str(top.get("tables", "")),
        same={name: _levels_from(fields, number, "m") for number, name in enumerate(FIELDS)},
        chance={name: _levels_from(fields, number, "u") for number, name in enumerate(FIELDS)},
        frequencies={
            name: _frequencies_from(_mapping(top.get("frequencies"), "frequencies"), name)
            for name in NAMED_BY_FREQUENCY
        },
        policy=Policy(**{name: _number(each, f"policy.{name}") for name, each in policy.items()}),
    )


def _levels_from(fields: Mapping[str, object], number: int, which: str) -> tuple[float, ...]:
    name = FIELDS[number]
    given = _mapping(fields.get(name), name)
    stray = set(given) - set(LEVELS[number])
    if stray:
        raise BadModel(f"{name}: a level that is not known")
    return tuple(
        _share(_mapping(given[level], name).get(which), f"{name}.{level}.{which}")
        if level in given
        else 0.0
        for level in LEVELS[number]
    )


def _frequencies_from(all_of_them: Mapping[str, object], name: str) -> Frequencies:
    given = _mapping(all_of_them.get(name), name)
    return Frequencies(
        agree=_share(given.get("agree"), f"{name}.agree"),
        rare=_share(given.get("rare"), f"{name}.rare"),
        shares={
            value: _share(share, f"{name}.shares")
            for value, share in _mapping(given.get("shares"), name).items()
        },
    )


def _mapping(value: object, place: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadModel(f"{place}: missing, or no object")
    return {str(key): each for key, each in value.items()}


def _number(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadModel(f"{place}: no number")
    return float(value)


def _share(value: object, place: str) -> float:
    number = _number(value, place)
    if not 0.0 <= number <= 1.0:
        raise BadModel(f"{place}: not between 0 and 1")
    return number
