"""What the shell needs of a store, in verbs. One behaviour suite runs over the memory store and PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol, Self
from uuid import UUID

from hub.decisions import Event
from hub.errors import Rejected
from hub.identity import dead_letter_id
from hub.outcomes import AlertKnown, ReferralKnown
from hub.processor import StateKey
from hub.projection import Json, ReadModel, Row
from hub.records.registry import Record


class Fenced(Exception):
    """Another owner, or another writer: what is in memory is worth nothing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One region as held by one worker.

    Attributes:
        region: The region's number.
        epoch: Counts owners; raised when a region is claimed.
        batch_no: Counts batches; the last one that the holder knows to be committed.
    """

    region: int
    epoch: int
    batch_no: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A reminder that is waited for. A processor has at most one of a name for one subject."""

    processor: str
    subject: UUID
    reminder: str
    due_at: datetime
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that could not be used, with the bytes."""

    dead_letter_id: UUID
    processor: str | None
    topic: str | None
    offset: int | None
    event_id: UUID | None
    code: str
    expression: str
    reason: str
    defect: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A dead letter that is not settled, as it lies in the store.

    Attributes:
        source: The sender, for bytes that a door refused; else None.
        processor: The processor that failed; None when nothing was decoded.
        topic: Where it was read; None when it never reached a topic.
        first_at: When it was kept first, UTC: for bytes that a door refused, when they were received.
    """

    dead_letter_id: UUID
    source: str | None
    processor: str | None
    topic: str | None
    offset: int | None
    code: str
    expression: str
    reason: str
    defect: bool
    value: bytes
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Remembered:
    """A row of state to write, as a value and as the bytes of it."""

    processor: str
    key: UUID
    value: Record
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be relayed to its topic."""

    topic: str
    key: UUID
    event_id: UUID
    value: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that one batch changes; the store makes it durable in one transaction or not at all.

    Attributes:
        offsets: Topic -> next offset, for the topics that moved.
        inbox: Event id -> what became of it: `processed`, or `ignored: <reason>`.
        settled: Dead letters that were processed after all.
    """

    offsets: Mapping[str, int]
    inbox: Mapping[UUID, str]
    state: Sequence[Remembered]
    outbox: Sequence[Outgoing]
    refusals: Sequence[Refusal]
    settled: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What one processor's state came to after some batches.

    Attributes:
        batch_no: The last batch that it holds.
        rows: The rows that those batches changed, as they stand now: as of this batch or a later one.
    """

    batch_no: int
    rows: Sequence[object]


class Unit(Protocol):
    """One transaction of one region."""

    def fence(self) -> Mapping[str, int]:
        """Lock the region's row and give the next offset of each in-topic.

        Raises:
            Fenced: Epoch or batch number are not those of the lease.
        """
        ...

    def seen(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these were processed before (within the 14 days that the inbox is kept)."""
        ...

    def states(self, processor: str, keys: Iterable[StateKey]) -> Mapping[StateKey, Any]:
        """The rows of state that exist."""
        ...

    def arm(self, armed: Iterable[Deadline], cancelled: Iterable[tuple[str, UUID, str]]) -> None:
        """Set and cancel reminders. Each replaces the one of the same processor, subject and name."""
        ...

    def take_due(self, before: datetime) -> Sequence[Deadline]:
        """Take away the reminders due before a time, the earliest first."""
        ...

    def write(self, batch: Written) -> None:
        """Write everything, advance offsets and batch number."""
        ...

    def next_due(self) -> datetime | None:
        """The earliest reminder that is waited for, after what this unit changed."""
        ...

    def letter(self, dead_letter_id: UUID) -> KeptLetter | None:
        """A dead letter of this region, or of no region, that is not settled."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row that waits to be told."""

    id: int
    topic: str
    key: UUID
    event_id: UUID
    value: bytes


@dataclass(frozen=True, slots=True)
class OutboxEdges:
    """Where a relay may begin: the region's epoch, the first row that is left (0 when none), the next id."""

    epoch: int
    first: int
    next: int


class Store(Protocol):
    """The truth of all regions. Every call is one short transaction and blocks; callers run it in a thread.

    All of them raise `Unavailable` when the database is away.
    """

    def renew_and_claim(
        self, held: Mapping[int, int], room: int, ready: Sequence[int] = ()
    ) -> tuple[frozenset[int], tuple[Lease, ...]]:
        """Renew what is held (region -> epoch) and claim up to `room` free regions, on the database's clock.

        A region that was given back is free at once, and one whose owner went silent too for whoever has its memory
        (`ready`); for others a little later.
        """
        ...

    def release(self, held: Mapping[int, int]) -> None:
        """Give regions back at once, so that the next owner need not wait for the lease to end."""
        ...

    def settled(self, lease: Lease) -> bool:
        """Whether the batch after `lease.batch_no` was committed, when the answer to its commit was lost.

        Raises:
            Fenced: Somebody else owns the region.
        """
        ...

    def unit(self, lease: Lease) -> AbstractContextManager[Unit]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        ...

    def offsets(self, region: int) -> Mapping[str, int]:
        """Next offset of each in-topic: these rows say which in-topics make a region."""
        ...

    def next_due(self, region: int) -> datetime | None:
        """The earliest reminder that is waited for."""
        ...

    def slice_of(
        self, region: int, processor: str, kind: type[Any], after: UUID | None, most: int
    ) -> Sequence[tuple[UUID, Any]]:
        """Rows of a kind of state in order of their keys, from after a key on: a cold load runs in such slices."""
        ...

    def changed_since(self, region: int, processor: str, batch_no: int) -> Changed | None:
        """What the batches after this one changed, perhaps not yet all of them; None when that is no longer known."""
        ...

    def others(self, held: Sequence[int]) -> Mapping[int, int]:
        """The regions that are not held, with the number of the last batch of each."""
        ...

    def make_room(self) -> None:
        """Make room for the days to come, and let go what is no longer kept."""
        ...

    def edges(self, region: int) -> OutboxEdges:
        """Where the relay may begin."""
        ...

    def waiting(self, region: int, start: int, most: int) -> Sequence[OutboxRow]:
        """Rows to be told from an id on, in order."""
        ...

    def prune(self, region: int, below: int) -> None:
        """Delete rows that were told."""
        ...


class Publisher(Protocol):
    """Say an event on the topic of its type."""

    async def publish(self, event: Event, key: UUID) -> None:
        """Return when every in-sync copy has it.

        Raises:
            Rejected: It is larger than the log takes.
            Unavailable: It may or may not be there; the same again is safe.
        """
        ...


class BulkPublisher(Publisher, Protocol):
    """Say many events."""

    async def publish_all(self, said: Sequence[tuple[Event, UUID]]) -> None:
        """Return when every in-sync copy has all of them, each with its key.

        Raises:
            Rejected: One is larger than the log takes; none was said.
            Unavailable: Some may or may not be there; the same again is safe.
        """
        ...


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that a door cannot use.

    Attributes:
        source: The sender by its name in the configuration, or the door when it is not known.
        region: The sender's region; None when the sender is not known.
    """

    source: str
    region: int | None
    code: str
    expression: str
    reason: str
    defect: bool
    value: bytes

    @classmethod
    def because(cls, error: Rejected, source: str, region: int | None, value: bytes) -> Self:
        """The dead letter of bytes that can never be right. Without the bytes a sender has one that counts them all."""
        kept = value if error.keeps_bytes else b""
        return cls(source, region, error.code, error.expression, error.reason, False, kept)

    @classmethod
    def by_defect(
        cls, defect: Exception, said: str, source: str, region: int | None, value: bytes
    ) -> Self:
        """The dead letter of bytes on which the hub failed: the kind of the fault, never its words."""
        return cls(source, region, type(defect).__name__, "", said, True, value)

    @property
    def dead_letter_id(self) -> UUID:
        """Its id: the same bytes from the same sender are one dead letter."""
        return dead_letter_id(self.source, sha256(self.value).hexdigest())


@dataclass(frozen=True, slots=True)
class Ignored:
    """Well-formed bytes that mean nothing to the hub."""

    source: str
    event: str
    reason: str
    value: bytes


class Door(Protocol):
    """Make durable what will not reach a topic, before it is answered. Blocks; raises `Unavailable`."""

    def keep_refused(self, refused: Refused) -> None:
        """Keep a dead letter; the same bytes again count up the same one."""
        ...

    def keep_ignored(self, ignored: Ignored) -> None:
        """Keep what was ignored, with the reason, for 28 days."""
        ...


@dataclass(frozen=True, slots=True)
class Projected:
    """What one batch changes in a read model.

    Attributes:
        gone: Keys of rows that were erased; removed before `rows` are written.
        refusals: What could not be used, each with its partition.
        positions: Partition -> next offset, so that a database that went back is noticed.
    """

    model: ReadModel
    rows: Sequence[Row]
    gone: Sequence[UUID]
    refusals: Sequence[tuple[int, Refusal]]
    positions: Mapping[int, int]


class ReadModels(Protocol):
    """The tables that pages read. Blocks; callers run it in a thread; raises `Unavailable`."""

    def generation(self) -> int:
        """Counts how often the tables were begun anew; each time, the topics are read from their start."""
        ...

    def positions(self, model: ReadModel) -> Mapping[int, int]:
        """Partition -> next offset, as written with the rows."""
        ...

    def write(self, batches: Sequence[Projected]) -> None:
        """Write rows that are newer than what is there, of all these read models or of none.

        Raises:
            Rejected: The database does not take one of the values.
        """
        ...

    def rebuild(self) -> None:
        """Empty the tables and read everything again."""
        ...


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """An open alert as a page shows it, with nothing that its trust may not see."""

    alert_id: UUID
    version: int
    region: int
    site_ods: str | None
    ward: str | None
    bed: str | None
    family_name: str
    given_names: str
    birth_on: date | None
    nhs_number: str | None
    hospital_number: str | None
    carers: Sequence[Json]
    what_to_do: str
    due_at: datetime | None
    expected_discharge_at: datetime | None
    status: str
    level: int
    went_home: bool
    behind: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenOnWard:
    """How many alerts are open on a ward of a site; either is None when nobody said it."""

    ward: str | None
    site_ods: str | None
    number: int


class Worklist(Protocol):
    """What a trust has to do. Blocks; raises `Unavailable`."""

    def open_for(self, trust_ods: str, ward: str | None = None) -> Sequence[WorklistRow]:
        """Open alerts of a trust, or of one of its wards, by ward, bed and due time; what has no place comes last.

        The ward `""` is that of alerts without one.
        """
        ...

    def wards(self, trust_ods: str) -> Sequence[OpenOnWard]:
        """Where alerts of a trust are open, in the order of the list."""
        ...

    def one(self, trust_ods: str, alert_id: UUID) -> WorklistRow | None:
        """An alert of this trust, open or closed; None when there is none, or it is another's."""
        ...


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """An open referral as a page shows it, with nothing that its service may not see."""

    referral_id: UUID
    version: int
    region: int
    family_name: str
    given_names: str
    birth_on: date | None
    age_band: str
    postcode: str | None
    contacts: Sequence[Json]
    needs: Json
    relationships: Sequence[Json]
    cared_for_given_name: str | None
    expected_discharge_at: datetime | None
    state: str
    last_answer: str | None
    last_answer_at: datetime | None
    what_to_do: str
    changed_at: datetime


class ReferralInbox(Protocol):
    """What a service has to do. Blocks; raises `Unavailable`."""

    def open_for(self, service_ods: str) -> Sequence[ReferralRow]:
        """Open referrals of a service, the one that waits longest first."""
        ...

    def one(self, service_ods: str, referral_id: UUID) -> ReferralRow | None:
        """A referral of this service, open or closed; None when there is none, or it is another's."""
        ...


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in to the pages.

    Attributes:
        ods_code: The organisation that they act for.
        staff_id: How they say who they are; empty until they have said it.
    """

    ods_code: str
    staff_id: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A session that begins.

    Attributes:
        secret_sha256: SHA-256 of what the browser shows from now on; the secret itself is kept nowhere.
        at: Now; aware.
        ends_at: After which it is over, used or not; aware.
    """

    secret_sha256: str = field(repr=False)
    at: datetime
    ends_at: datetime


class Sessions(Protocol):
    """Who may open the pages, the same at every gateway. Blocks; raises `Unavailable`."""

    def offer(self, secret_sha256: str, ods_code: str, until: datetime) -> None:
        """Keep a link that opens one session for an organisation, until then."""
        ...

    def redeem(self, secret_sha256: str, opening: Opening) -> str | None:
        """Use up a link and open a session; the organisation, or None when it is used, too old or none of ours."""
        ...

    def open(self, ods_code: str, opening: Opening) -> None:
        """Open a session for an organisation that has proved who it is."""
        ...

    def resume(self, secret_sha256: str, at: datetime, idle: timedelta) -> Session | None:
        """A session that is used again; None when it has ended, or was not used for as long as `idle`."""
        ...

    def say_who(self, secret_sha256: str, staff_id: str) -> None:
        """Keep the staff id for the rest of the session."""
        ...

    def close(self, secret_sha256: str) -> None:
        """End a session."""
        ...


class Ledger(Protocol):
    """What was told, to whom, in its current version. Blocks; raises `Unavailable`.

    It follows the topics by a fraction of a second: whoever was told by another way may know of something first.
    """

    def alert(self, alert_id: UUID) -> AlertKnown | None:
        """An alert, whoever owns it: the door asks for the owner before it says that there is one."""
        ...

    def referral(self, referral_id: UUID) -> ReferralKnown | None:
        """A referral, whoever owns it."""
        ...

    def alerts_of(self, owner_ods: str, page: "Page") -> Sequence[AlertKnown]:
        """Alerts of a trust in order of their last change, the oldest first."""
        ...

    def referrals_of(self, owner_ods: str, page: "Page") -> Sequence[ReferralKnown]:
        """Referrals of a service in order of their last change, the oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of what an organisation was told.

    Attributes:
        after: Changed at or after this; with `after_id`, after that one. Aware.
        statuses: Only these, by the record's own words; empty = all.
        most: How many.
    """

    after: datetime | None = None
    after_id: UUID | None = None
    statuses: frozenset[str] = frozenset()
    most: int = 50


@dataclass(frozen=True, slots=True)
class Staged:
    """An entry of a register as a file has it; of a person nothing but what the source calls the entry.

    Attributes:
        number: Its row in the file.
        record: The source record that it speaks of.
        entry: What its source calls it.
        code_system: With `code`, what it says of the carer: needed to end it.
        linked: Whether it names somebody cared for.
        active: Whether it says that somebody is a carer.
        digest: Of what it says; `GONE` when it is no longer listed; None when the row cannot be used, and what is
            known stays.
        said_on: When it was written down, if the file says so.
    """

    number: int
    record: UUID
    entry: str
    code_system: str
    code: str
    linked: bool
    active: bool
    digest: bytes | None
    said_on: date | None = None


GONE = b""
"""The digest of what is no longer listed."""


@dataclass(frozen=True, slots=True)
class ToTell:
    """A row that says something new.

    Attributes:
        known: Its entry was told of before.
        linked: It named somebody cared for, when it was told of last.
    """

    number: int
    known: bool
    linked: bool


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A file of a register that was taken whole.

    Attributes:
        made_at: When it was made, as far as that can be told; an older one is refused after it.
        read_at: When it was taken.
    """

    sha256: str
    made_at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is being taken; the same after a crash.

    Attributes:
        number: Counts the files of this sender.
        moment: The time of what it says; later than that of every file before it.
        began_at: When it was first taken up.
    """

    number: int
    moment: datetime
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file says against what was told before.

    Attributes:
        standing: Entries that stood before: listed, and said to be carers.
        ended: Entries that stood, and would no longer.
        doubled: The second row of an entry that has two; None when none has.
    """

    standing: int
    added: int
    changed: int
    ended: int
    unchanged: int
    refused: int
    doubled: int | None = None


class Register(Protocol):
    """What was told of the entries of one sender, held by one process. Blocks; raises `Unavailable`."""

    def last(self) -> RegisterFile | None:
        """The last file that was taken whole."""
        ...

    def repeats(self, sha256: str) -> bool:
        """Whether this is the last file that was taken whole, and none was taken up since: part of it may be told."""
        ...

    def clear(self) -> None:
        """Nothing is staged."""
        ...

    def begin(self, sha256: str, made_at: datetime, now: datetime) -> Reading:
        """Take up a file, or the same one again."""
        ...

    def stage(self, rows: Sequence[Staged]) -> None:
        """Put down what the file has, in its order."""
        ...

    def compare(self, *, whole: bool, by_day: bool) -> Difference:
        """Hold what is staged against what was told; `whole`: what is not there is ended.

        Of two rows of an entry the later one counts: by day and place where `by_day`, else by place alone.
        """
        ...

    def to_tell(self, after: int, most: int) -> Sequence[ToTell]:
        """Rows after one that say something new, in order."""
        ...

    def told(self, rows: Sequence[int]) -> None:
        """These rows are on the log: what they say was told."""
        ...

    def to_end(self, most: int) -> Sequence[Staged]:
        """Entries that were told of and are no longer listed, in no order."""
        ...

    def ended(self, records: Sequence[UUID]) -> None:
        """The end of these is on the log."""
        ...

    def finish(self, now: datetime) -> None:
        """The whole file was told."""
        ...


class Registers(Protocol):
    """What was told of registers, so that the next file of each can be held against it."""

    def held(self, sender: str) -> AbstractContextManager[Register | None]:
        """The register of a sender, for this process alone; None while another one has it. Blocks."""
        ...
