"""Which service is asked: by the carer's area and age."""

from datetime import date
from zoneinfo import ZoneInfo

from hub.records import Agreement, CarerPicture
from processors.support_referral.policy import AgeBand, ReferralPolicy

LONDON = ZoneInfo("Europe/London")


def service_for(picture: CarerPicture, agreement: Agreement, policy: ReferralPolicy) -> str | None:
    """The first service that takes this carer; None when none does, or when nobody knows where they live."""
    area = area_of(picture, policy)
    band = age_band(picture, agreement.given_at.astimezone(LONDON).date(), policy)
    taking = "adult" if band == "unknown" else band
    fitting = (each for each in policy.services if area in each.areas and taking in each.age_bands)
    first = next(fitting, None)
    return first.ods_code if first else None


def area_of(picture: CarerPicture, policy: ReferralPolicy) -> str | None:
    """The local authority of a carer: by postcode, the longest beginning first; else by practice."""
    postcode = (picture.postcode or "").replace(" ", "").upper()
    fitting = [
        (len(start), area.code)
        for area in policy.areas
        for start in area.postcodes
        if postcode and postcode.startswith(start)
    ]
    if fitting:
        return max(fitting)[1]
    by_practice = (area.code for area in policy.areas if picture.practice_ods in area.practices)
    return next(by_practice, None)


def age_band(picture: CarerPicture, day: date, policy: ReferralPolicy) -> AgeBand:
    """The carer's age band on a day, never stored: it changes by itself."""
    born = picture.birth_on
    if born is None:
        return "unknown"
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age < policy.young_carer_below:
        return "young_carer"
    return "young_adult" if age <= policy.young_adult_up_to else "adult"
