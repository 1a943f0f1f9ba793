"""The read models of the pages. Pure: which rows stand for which record."""

from typing import Final

from connectors.portal import referral_inbox, review_queue, worklist
from hub.projection import Projection, ReadModel
from hub.records import CarerReferral, InvolvementAlert, ReviewItem

WORKLIST: Final = Projection("worklist", InvolvementAlert, worklist.TABLE, worklist.rows_from)
REFERRAL_INBOX: Final = Projection(
    "referral_inbox", CarerReferral, referral_inbox.TABLE, referral_inbox.rows_from
)
REVIEW_QUEUE: Final = Projection(
    "review_queue", ReviewItem, review_queue.TABLE, review_queue.rows_from
)

PORTAL: Final[tuple[ReadModel, ...]] = (WORKLIST, REFERRAL_INBOX, REVIEW_QUEUE)
