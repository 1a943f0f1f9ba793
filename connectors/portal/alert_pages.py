"""One alert: the form by which a contact is recorded, and the steps that take one click."""

from typing import Final
from uuid import UUID

from starlette.responses import Response

from connectors.portal import contact_form
from connectors.portal.alert_shown import AlertShown, alert_from
from connectors.portal.answering import (
    after,
    answer_from,
    is_shown,
    known_of,
    remember_who,
    row_asked,
    said_before,
    status_of,
)
from connectors.portal.contact_form import Contact, Step
from connectors.portal.desk import Desk, Visit
from connectors.portal.form import WORN_OUT, Fault, Faults, Typed, as_filled_in
from connectors.portal.keys import new_nonce
from connectors.portal.rendering import page, to
from hub.errors import Rejected, Unavailable
from hub.outcomes import alert_outcome
from hub.ports.pages import WorklistRow

GONE: Final = Fault(
    "carer", "This carer is no longer named in this alert. Open it again from the list"
)


async def show_alert(desk: Desk, visit: Visit) -> Response:
    """An alert with the form of a contact; a closed one without."""
    row = await row_asked(desk.worklist.one, visit)
    alert = alert_from(row, visit.now)
    typed = {
        "carer": contact_form.chosen_before_typing(alert),
        "staff_id": visit.visitor.staff_id,
        "nonce": new_nonce(),
        "version": str(alert.version),
    }
    said = await said_before(desk.worklist.one, alert_from, visit)
    return page("alert.html", {**of_form(visit, alert, typed), "said": said})


async def record_contact(desk: Desk, visit: Visit) -> Response:
    """The form of a contact."""
    row = await row_asked(desk.worklist.one, visit)
    alert = alert_from(row, visit.now)
    contact = contact_form.contact_from(visit.typed, alert, visit.now)
    if isinstance(contact, tuple):
        return form_again(visit, alert, contact)
    try:
        await publish(desk, visit, row.alert_id, contact, contact.link_id)
    except Rejected as error:
        return form_again(visit, alert, (GONE if error.code == "no-such-carer" else WORN_OUT,))
    except Unavailable:
        return form_again(visit, alert, (), not_saved=True)
    return await told(desk, visit, row)


async def take_step(desk: Desk, visit: Visit) -> Response:
    """One click: seen, or taken on. Whoever has not said who they are is asked."""
    row = await row_asked(desk.worklist.one, visit)
    alert = alert_from(row, visit.now)
    step = contact_form.step_from({"staff_id": visit.visitor.staff_id, **visit.typed})
    if isinstance(step, tuple):
        return step_again(visit, alert, step)
    try:
        await publish(desk, visit, row.alert_id, step, None)
    except Rejected:
        return step_again(visit, alert, (WORN_OUT,))
    except Unavailable:
        return step_again(visit, alert, (), not_saved=True)
    return await told(desk, visit, row)


async def publish(
    desk: Desk, visit: Visit, alert_id: UUID, what: Contact | Step, link_id: UUID | None
) -> None:
    """Say it on the log, and remember who did.

    Raises:
        Rejected: It names a carer or a version that the alert has not.
        Unavailable: It may or may not be there; the same form again is safe.
    """
    known = await known_of(desk.ledger.alert, visit, alert_id, what.said.seen_version)
    answer = answer_from(visit, alert_id, (what.kind, link_id or ""), what.said)
    event = alert_outcome(known, answer, what.kind, link_id)
    await remember_who(desk, visit, what.said.by)
    await desk.publisher.publish(event, alert_id)


async def told(desk: Desk, visit: Visit, before: WorklistRow) -> Response:
    """It is saved: back to the list, or to the alert when it was closed meanwhile and stands in no list."""

    def version() -> int | None:
        now = desk.worklist.one(visit.ods_code, before.alert_id)
        return now.version if now else None

    shown = await is_shown(version, before.version)
    alert = alert_from(before, visit.now)
    if not alert.is_open:
        return to(after(f"/alert/{alert.alert_id}", visit, alert.alert_id, shown=shown))
    ward = {"ward": visit.typed["ward"]} if "ward" in visit.typed else {}
    return to(after("/worklist", visit, alert.alert_id, shown=shown, **ward))


def form_again(
    visit: Visit, alert: AlertShown, faults: Faults, *, not_saved: bool = False
) -> Response:
    """The form as it was filled in, with what is wrong."""
    shown = of_form(visit, alert, visit.typed, faults, not_saved=not_saved)
    return page("alert.html", {**shown, "said": None}, *status_of(not_saved=not_saved))


def step_again(
    visit: Visit, alert: AlertShown, faults: Faults, *, not_saved: bool = False
) -> Response:
    """The step once more, with the question who takes it."""
    typed = {"staff_id": visit.visitor.staff_id, **visit.typed}
    shown = of_form(visit, alert, typed, faults, not_saved=not_saved)
    return page("step.html", shown, *status_of(not_saved=not_saved))


def of_form(
    visit: Visit, alert: AlertShown, typed: Typed, faults: Faults = (), *, not_saved: bool = False
) -> dict[str, object]:
    """What the templates of a form need."""
    return {
        "visitor": visit.visitor,
        "alert": alert,
        "choices": contact_form.choices_for(alert.carers),
        "ward": typed.get("ward", visit.query.get("ward")),
        **as_filled_in(typed, faults, not_saved=not_saved),
    }
