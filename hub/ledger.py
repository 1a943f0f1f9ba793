"""The hub's own ledger: the current version of each alert and referral as its receiver may see it, and who that is.

Every door that is asked about one, or hears an answer to one, looks here: who owns it, in which region it lives,
which version is current. Ids that never leave (evidence, agreement) are kept beside what does.

`changed_at` is when the ledger had a version, by the database's clock: who reads on from the last one that they
have seen misses nothing, though senders' clocks differ and messages come late.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from hub.disclosure import AS_RECORDED, disclosed
from hub.fhir.task import task_from
from hub.notices import bundle_from, service_of, trust_of
from hub.projection import Column, Projection, ReadModel, Row, TableSpec
from hub.records import AgeBand, CarerReferral, InvolvementAlert


def ledger(name: str, key: str, *kept_beside: Column) -> TableSpec:
    """A table of what was told, with what never leaves beside it."""
    return TableSpec(
        name=name,
        columns=(
            Column(key, "uuid", required=True),
            Column("version", "int", required=True),
            Column("region", "int", required=True),
            Column("owner_ods", "text", required=True),
            Column("status", "text", required=True),
            Column("changed_at", "timestamptz", required=True, stamped=True),
            Column("resource", "jsonb", required=True),
            *kept_beside,
        ),
        key=key,
        indexes=(("owner_ods", "changed_at"),),
    )


ALERTS: Final = ledger(
    "alert_ledger",
    "alert_id",
    Column("evidence", "jsonb", required=True),
    Column("young", "jsonb", required=True),
)

REFERRALS: Final = ledger(
    "referral_ledger",
    "referral_id",
    Column("agreement_id", "uuid", required=True),
)


def alert_rows(alert: InvolvementAlert) -> Sequence[Row]:
    """One row: the Task; for each carer one piece of evidence, by which outcomes name them for good; who is a child."""
    cut = disclosed(alert, trust_of(alert), AS_RECORDED)
    if cut is None:
        return ()
    return (
        {
            "alert_id": alert.alert_id,
            "version": alert.version,
            "region": alert.region,
            "owner_ods": alert.trust_ods,
            "status": alert.status.value,
            "resource": task_from(cut),
            "evidence": evidence_of(alert),
            "young": young_of(alert),
        },
    )


def evidence_of(alert: InvolvementAlert) -> Mapping[str, str]:
    """Link -> one of its pieces of evidence, the same whatever their order."""
    return {
        str(each.carer.link_id): str(
            min((reason.evidence_id for reason in each.carer.evidence), key=lambda each: each.int)
        )
        for each in alert.carers
        if each.carer.evidence
    }


def young_of(alert: InvolvementAlert) -> Sequence[str]:
    """Links of the carers who are under 18."""
    return [
        str(each.carer.link_id) for each in alert.carers if each.age_band is AgeBand.YOUNG_CARER
    ]


def referral_rows(referral: CarerReferral) -> Sequence[Row]:
    """One row: the Bundle of ServiceRequest and Task, and the agreement that it rests on."""
    cut = disclosed(referral, service_of(referral), AS_RECORDED)
    if cut is None:
        return ()
    return (
        {
            "referral_id": referral.referral_id,
            "version": referral.version,
            "region": referral.region,
            "owner_ods": referral.service_ods,
            "status": referral.action.value,
            "resource": bundle_from(cut),
            "agreement_id": referral.agreement_id,
        },
    )


ALERT_LEDGER: Final = Projection("alert_ledger", InvolvementAlert, ALERTS, alert_rows)
REFERRAL_LEDGER: Final = Projection("referral_ledger", CarerReferral, REFERRALS, referral_rows)
LEDGER: Final[tuple[ReadModel, ...]] = (ALERT_LEDGER, REFERRAL_LEDGER)


def ids_from(evidence: Mapping[str, str]) -> Mapping[UUID, UUID]:
    """Link -> evidence, as ids, from a row."""
    return {UUID(link): UUID(reason) for link, reason in evidence.items()}


def links_from(young: Sequence[str]) -> frozenset[UUID]:
    """Links, as ids, from a row."""
    return frozenset(UUID(link) for link in young)
