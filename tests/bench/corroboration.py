"""What it does to count a contact of both: made-up households whose members have the same relatives beside them.

    python -m tests.bench.corroboration --seeds 2001 2002

Every second person is known to a practice, with a number and now and then a carer; a ward has records without a number
of people who are known and of people who are not, with errors, most with a next of kin by name and telephone. The
region is loaded twice, without and with contacts, and every join is held against the truth. Not part of the test run.

`families`: in every home that can be, a child is named after a parent, and all have one next of kin. `sparse`: of many
the ward has no home, telephone or date of birth.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import groupby
from random import Random
from typing import NamedTuple
from uuid import UUID

from deploy.matching.judging import wilson
from deploy.matching.lists import name_tables, read_model
from deploy.matching.made_up import Made, Register, number_of
from deploy.matching.slips import event_of, slipped
from hub.identity import derived, evidence_id
from hub.matching.candidates import Matcher
from hub.matching.region import RegionView
from hub.records import (
    Address,
    EvidenceKind,
    HumanName,
    LinkEvidence,
    PersonFacts,
    Precision,
    SourceRecord,
    Telecom,
    Word,
)

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SAID = Word(about="", recorded_at=WHEN, un_event=False, sequence=0, event_id=UUID(int=1))
KNOWN, FLAGGED, LISTED, RELATIVE, OF_HOME = 0.5, 0.6, 0.8, 0.8, 0.8
"""Shares: of people whom a practice knows; of those whose carer it names; of the ward's records with a next of kin, and
of these who are the same relative; of homes where that one lives, if anybody can. Ours."""
WORLDS = ("plain", "sparse", "families", "sparse families")


@dataclass(slots=True)
class World:
    """What a region is loaded with, and the truth: which person each record is of."""

    rows: list[SourceRecord | LinkEvidence] = field(default_factory=list)
    truth: dict[UUID, str] = field(default_factory=dict)
    known: dict[str, UUID] = field(default_factory=dict)
    ward: list[UUID] = field(default_factory=list)

    def add(self, name: str, made: Made, of: str) -> UUID:
        record = record_from(name, made)
        if record.record_id not in self.truth:
            self.rows.append(record)
        self.truth[record.record_id] = of
        return record.record_id

    def link(self, patient: UUID, contact: UUID, kind: EvidenceKind) -> None:
        source = kind.value
        self.rows.append(
            LinkEvidence(
                evidence_id=evidence_id(patient, contact, kind.value, source),
                patient_record=patient,
                carer_record=contact,
                kind=kind,
                source=source,
                is_carer=kind is EvidenceKind.GP_FLAG,
                active=True,
                first_said=SAID,
                last_said=SAID,
            )
        )


def record_from(name: str, made: Made) -> SourceRecord:
    born = date.fromisoformat(made.birth_date) if made.birth_date else None
    phones = [Telecom(system="phone", value=made.phone)] if made.phone else []
    mails = [Telecom(system="email", value=made.email)] if made.email else []
    given = tuple(each for each in (made.given, made.middle) if each)
    facts = PersonFacts(
        names=(HumanName(given=given, family=made.family),),
        nhs_number=made.nhs_number or None,
        birth_on=born,
        birth_precision=Precision.DAY if born else Precision.UNKNOWN,
        gender={"m": "male", "f": "female"}.get(made.sex),
        addresses=(Address(lines=(made.address_line,), postcode=made.postcode),)
        if made.postcode or made.address_line
        else (),
        telecoms=(*phones, *mails),
    )
    return SourceRecord(record_id=derived("bench", name), source="bench", facts=facts, as_of=WHEN)


def people_of(register: Register, chance: Random, how: str) -> list[list[Made]]:
    """Everybody, home by home; of `families` a child is named after a parent in every home that can be."""
    homes = [list(each) for _, each in groupby(register.people(), key=lambda each: each.household)]
    if "families" in how:
        for home in homes:
            if len(home) > 2:
                parent, child = home[chance.randrange(2)], home[2]
                home[2] = replace(child, given=parent.given, family=parent.family, sex=parent.sex)
                if chance.random() < 0.3:
                    home[2] = replace(home[2], middle=parent.middle)
    return homes


def relatives_of(
    home: Sequence[Made], homes: Sequence[Sequence[Made]], chance: Random, how: str
) -> dict[str, Made]:
    """Who stands beside each of a home: one of them for all others, or somebody elsewhere."""
    elsewhere = chance.choice(chance.choice(homes))
    together = "families" in how or chance.random() < OF_HOME
    carer = home[-1 if len(home) > 3 else 1] if len(home) > 1 else elsewhere
    found = {}
    for each in home:
        mine = carer if together and each is not carer else elsewhere
        found[each.record_id] = mine if mine is not each else elsewhere
    return found


def sparser(record: Made, chance: Random) -> Made:
    """The same with less of it."""
    if chance.random() < 0.5:
        record = replace(record, address_line="", postcode="")
    if chance.random() < 0.15:
        record = replace(record, birth_date="")
    return replace(record, phone="" if chance.random() < 0.6 else record.phone, email="")


def as_listed(contact: Made, chance: Random) -> Made:
    """Somebody as a ward lists them: a name, mostly a telephone, seldom more."""
    given = slipped(contact.given, chance) if chance.random() < 0.06 else contact.given
    has_home = chance.random() < 0.3
    return replace(
        contact,
        given=given,
        middle="",
        birth_date="",
        nhs_number="",
        email="",
        phone=contact.phone if chance.random() < 0.8 else "",
        address_line=contact.address_line if has_home else "",
        postcode=contact.postcode if has_home else "",
    )


class Making:
    """Makes one world; the same for a seed."""

    def __init__(self, seed: int, people: int, how: str) -> None:
        self.chance, self.how = Random(seed * 7 + 1), how
        self.register = Register(seed, people)
        homes = people_of(self.register, self.chance, how)
        self.beside = {
            name: each
            for home in homes
            for name, each in relatives_of(home, homes, self.chance, how).items()
        }
        self.everybody = [each for home in homes for each in home]
        self.world = World()

    def practice(self) -> None:
        """Whom it knows, and whose carers."""
        chance, world = self.chance, self.world
        for number, each in enumerate(self.everybody):
            if chance.random() < KNOWN:
                full = replace(each, nhs_number=each.nhs_number or number_of(900_000 + number))
                world.known[each.record_id] = world.add(each.record_id, full, each.record_id)
        for each in self.everybody:
            known = world.known.get(each.record_id)
            if known is not None and chance.random() < FLAGGED:
                carer = self.carer(self.beside[each.record_id])
                world.link(known, carer, EvidenceKind.GP_FLAG)

    def carer(self, of: Made) -> UUID:
        """The record of a carer, who may be no patient of the practice."""
        known = self.world.known.get(of.record_id)
        if known is not None:
            return known
        plain = replace(of, nhs_number="", middle="")
        if self.chance.random() < 0.5:
            plain = replace(plain, birth_date="")
        return self.world.add(f"carer {of.record_id}", plain, of.record_id)

    def ward(self, number: int) -> None:
        """One record of anybody, and mostly of whom it lists."""
        chance, world = self.chance, self.world
        each, other = chance.choice(self.everybody), chance.choice(self.everybody)
        record = event_of(each, other, self.register, chance, f"ward {number}")
        record = replace(record, nhs_number="")
        if "sparse" in self.how:
            record = sparser(record, chance)
        ward = world.add(f"ward {number}", record, each.record_id)
        world.ward.append(ward)
        if chance.random() < LISTED:
            is_relative = chance.random() < RELATIVE
            right = self.beside[each.record_id] if is_relative else chance.choice(self.everybody)
            contact = world.add(f"contact {number}", as_listed(right, chance), right.record_id)
            world.link(ward, contact, EvidenceKind.NK1)


def world_of(seed: int, people: int, events: int, how: str) -> World:
    making = Making(seed, people, how)
    making.practice()
    for number in range(events):
        making.ward(number)
    return making.world


class Came(NamedTuple):
    """To whom the ward's records came: each set is of these."""

    right: frozenset[UUID]
    wrong: frozenset[UUID]
    asked: frozenset[UUID]


def measured(world: World, matcher: Matcher) -> Came:
    """Wrong is whoever is one person with a record of anybody else, the ward's own and its contacts' included."""
    view = RegionView(matcher=matcher)
    view.load(world.rows)
    view.settle()
    right, wrong, asked = set[UUID](), set[UUID](), set[UUID]()
    for each in world.ward:
        one, of = view.ids_of(view.person(each)), world.truth[each]
        if world.known.get(of) in one:
            right.add(each)
        if any(world.truth[other] != of for other in one):
            wrong.add(each)
        if next(iter(view.unsure(each)), None) is not None:
            asked.add(each)
    return Came(frozenset(right), frozenset(wrong), frozenset(asked))


def share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part:>6} of {whole:>6} = {part / whole:.4f} ({low:.4f} to {high:.4f})"


def counted(world: World, without: Came, counting: Came) -> Counter[str]:
    return Counter(
        {
            "records": len(world.ward),
            "of known": sum(world.truth[each] in world.known for each in world.ward),
            **{f"{name}, without": len(each) for name, each in without._asdict().items()},
            **{f"{name}, counted": len(each) for name, each in counting._asdict().items()},
            "wrong by it": len(counting.wrong - without.wrong),
            "wrong no more": len(without.wrong - counting.wrong),
            "right no more": len(without.right - counting.right),
        }
    )


def lines_of(how: str, found: Counter[str]) -> Iterator[str]:
    yield f"{how}:"
    for name, whole in (("right", "of known"), ("wrong", "records"), ("asked", "records")):
        for which in ("without", "counted"):
            yield f"  {name + ', ' + which:<16} {share(found[f'{name}, {which}'], found[whole])}"
    of_it = ("wrong by it", "wrong no more", "right no more")
    yield "  " + "; ".join(f"{name}: {found[name]}" for name in of_it)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, nargs="+", default=[2001])
    options.add_argument("--people", type=int, default=8_000)
    options.add_argument("--events", type=int, default=3_000)
    options.add_argument("--how", nargs="+", default=WORLDS)
    options.add_argument("--most", type=float, default=8.0)
    chosen = options.parse_args()
    model, tables = read_model(), name_tables()
    policies = (replace(model.policy, most_by_contacts=most) for most in (0.0, chosen.most))
    matchers = [Matcher(replace(model, policy=each), tables) for each in policies]
    for how in chosen.how:
        pooled = Counter[str]()
        for seed in chosen.seeds:
            world = world_of(seed, chosen.people, chosen.events, how)
            found = counted(world, *(measured(world, each) for each in matchers))
            print(f"  seed {seed}: {dict(found)}", flush=True)
            pooled += found
        print(*lines_of(how, pooled), sep="\n", flush=True)


if __name__ == "__main__":
    main()
