"""Which service is asked: by the carer's area and age on the day when they agreed."""

from typing import Final
from zoneinfo import ZoneInfo

from hub import services
from hub.ages import AgeBand, age_band
from hub.records import Agreement, CarerPicture
from processors.support_referral.policy import ReferralPolicy

LONDON: Final = ZoneInfo("Europe/London")


def service_for(picture: CarerPicture, agreement: Agreement, policy: ReferralPolicy) -> str | None:
    """The first service that takes this carer; None when none does, or when nobody knows where they live."""
    area = services.area_of(picture.postcode, picture.practice_ods, policy.areas)
    service = services.service_for(area, band_of(picture, agreement, policy), policy.services)
    return service.ods_code if service else None


def band_of(picture: CarerPicture, agreement: Agreement, policy: ReferralPolicy) -> AgeBand:
    """The carer's age band on the day of their agreement, in London."""
    return age_band(
        picture.birth_on,
        agreement.given_at.astimezone(LONDON).date(),
        young_below=policy.young_carer_below,
        young_up_to=policy.young_adult_up_to,
    )
