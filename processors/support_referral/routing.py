"""Which service is asked: by the carer's area and age."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from hub.ages import age_on
from hub.records import Agreement, CarerPicture
from processors.support_referral.policy import AgeBand, ReferralPolicy

LONDON: Final = ZoneInfo("Europe/London")
INWARD: Final = 3
"""Characters of the inward code, the same in every postcode (Royal Mail, Programmers' Guide)."""
LONGEST_OUTWARD: Final = 4


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
    fitting = [
        (len(start), area.code)
        for area in policy.areas
        for start in area.postcodes
        if begins(picture.postcode or "", start)
    ]
    if fitting:
        return max(fitting)[1]
    by_practice = (area.code for area in policy.areas if picture.practice_ods in area.practices)
    return next(by_practice, None)


def begins(postcode: str, start: str) -> bool:
    """Whether a postcode lies in a district (`LE1`, `EC1` with its letters) or a sector of one (`LE1 8`).

    LE1 8VC is not in LE18: the last three characters are the inward code, whether a blank was sent or not.
    """
    outward, inward = parted(postcode)
    district, _, sector = start.partition(" ")
    if sector:
        return outward == district and inward.startswith(sector)
    return outward.startswith(district) and not outward[len(district) :][:1].isdigit()


def parted(postcode: str) -> tuple[str, str]:
    """Outward and inward code, at the blank, or before the last three characters of a whole one."""
    parts = postcode.upper().split()
    if len(parts) > 1:
        return parts[0], "".join(parts[1:])
    compact = "".join(parts)
    return (
        (compact[:-INWARD], compact[-INWARD:]) if len(compact) > LONGEST_OUTWARD else (compact, "")
    )


def age_band(picture: CarerPicture, day: date, policy: ReferralPolicy) -> AgeBand:
    """The carer's age band on a day, never stored: it changes by itself."""
    born = picture.birth_on
    if born is None:
        return "unknown"
    age = age_on(born, day)
    if age < policy.young_carer_below:
        return "young_carer"
    return "young_adult" if age <= policy.young_adult_up_to else "adult"
