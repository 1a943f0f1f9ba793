"""The read models of the pages. Pure: which rows stand for which record."""

from typing import Final

from connectors.portal import referral_inbox, worklist
from hub.projection import Projection, ReadModel
from hub.records import CarerReferral, InvolvementAlert

WORKLIST: Final = Projection("worklist", InvolvementAlert, worklist.TABLE, worklist.rows_from)
REFERRAL_INBOX: Final = Projection(
    "referral_inbox", CarerReferral, referral_inbox.TABLE, referral_inbox.rows_from
)

PORTAL: Final[tuple[ReadModel, ...]] = (WORKLIST, REFERRAL_INBOX)
