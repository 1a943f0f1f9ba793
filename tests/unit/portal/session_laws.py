"""What holds for whatever keeps links and sessions, in memory or in PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hub.ports.sessions import Opening, Session, Sessions

AT = datetime(2026, 11, 3, 9, 12, tzinfo=UTC)
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)


def opening(secret: str, at: datetime = AT) -> Opening:
    return Opening(secret, at, at + LONGEST)


def a_link_opens_one_session(sessions: Sessions) -> None:
    sessions.offer("link", "RWE", AT + IDLE)
    assert sessions.redeem("link", opening("one")) == "RWE"
    assert sessions.redeem("link", opening("two")) is None
    assert sessions.resume("one", AT, IDLE) == Session("RWE", "")
    assert sessions.resume("two", AT, IDLE) is None


def of_many_clicks_at_the_same_moment_one_opens(sessions: Sessions) -> None:
    sessions.offer("link-of-many", "RWE", AT + IDLE)
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda number: sessions.redeem("link-of-many", opening(f"many-{number}")), range(12)
            )
        )
    assert sorted(answers, key=str) == [None] * 11 + ["RWE"]


def a_link_is_good_until_its_time(sessions: Sessions) -> None:
    sessions.offer("in-time", "RWE", AT + IDLE)
    sessions.offer("late", "RWE", AT + IDLE)
    just_before = AT + IDLE - timedelta(seconds=1)
    assert sessions.redeem("in-time", opening("a", just_before)) == "RWE"
    assert sessions.redeem("late", opening("b", AT + IDLE)) is None
    assert sessions.resume("b", AT + IDLE, IDLE) is None


def a_link_that_nobody_offered_opens_nothing(sessions: Sessions) -> None:
    assert sessions.redeem("made up", opening("x")) is None
    assert sessions.resume("x", AT, IDLE) is None


def a_session_lives_while_it_is_used_and_not_longer_than_its_end(sessions: Sessions) -> None:
    sessions.open("RR8", opening("used"))
    at = AT
    while at + timedelta(minutes=14) < AT + LONGEST:
        at += timedelta(minutes=14)
        assert sessions.resume("used", at, IDLE) == Session("RR8", "")
    assert sessions.resume("used", AT + LONGEST, IDLE) is None
    assert at > AT + LONGEST - IDLE, "it was used until shortly before"


def a_session_that_is_not_used_ends(sessions: Sessions) -> None:
    sessions.open("RR8", opening("idle"))
    assert sessions.resume("idle", AT + IDLE, IDLE) is None
    assert sessions.resume("idle", AT + IDLE - timedelta(seconds=1), IDLE) == Session("RR8", "")


def the_staff_id_is_kept_in_its_own_session(sessions: Sessions) -> None:
    sessions.open("RWE", opening("mine"))
    sessions.open("RWE", opening("yours"))
    sessions.say_who("mine", "40123456")
    assert sessions.resume("mine", AT, IDLE) == Session("RWE", "40123456")
    assert sessions.resume("yours", AT, IDLE) == Session("RWE", "")


def a_session_that_was_ended_stays_so(sessions: Sessions) -> None:
    sessions.open("RWE", opening("closed"))
    sessions.close("closed")
    sessions.close("closed")
    assert sessions.resume("closed", AT, IDLE) is None


LAWS = (
    a_link_opens_one_session,
    of_many_clicks_at_the_same_moment_one_opens,
    a_link_is_good_until_its_time,
    a_link_that_nobody_offered_opens_nothing,
    a_session_lives_while_it_is_used_and_not_longer_than_its_end,
    a_session_that_is_not_used_ends,
    the_staff_id_is_kept_in_its_own_session,
    a_session_that_was_ended_stays_so,
)
