"""Who gets in, for how long, and what a browser may be made to send."""

from datetime import timedelta

import pytest

from connectors.portal.keys import digest_of, form_token
from tests.unit.portal.desk_kit import NOW, SERVICE_TOKEN, TOKEN, Page, alert


def cookie_of(answer) -> str:
    return answer.headers["set-cookie"]


def test_a_token_that_is_typed_opens_the_page_of_its_organisation(kit):
    answer = kit.client.post("/login", data={"key": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/worklist")
    assert "University Hospitals of Leicester" in kit.client.get("/worklist").text
    service = kit.browser()
    assert service.post("/login", data={"key": SERVICE_TOKEN}).headers["location"] == "/inbox"


@pytest.mark.parametrize("key", ["", "a-wrong-token", TOKEN + " x", "x" * 5000])
def test_another_token_opens_nothing_and_is_not_shown_again(kit, key):
    answer = kit.client.post("/login", data={"key": key})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "This is no token that is good here" in answer.text
    assert key == "" or key not in answer.text


def test_a_token_is_good_until_its_last_day(kit):
    kit.now = NOW.replace(year=2027, month=1, day=31)
    assert kit.client.post("/login", data={"key": TOKEN}).status_code == 303
    kit.now += timedelta(days=1)
    assert kit.browser().post("/login", data={"key": TOKEN}).status_code == 403


def test_a_link_is_not_used_up_by_looking_at_it(kit):
    secret = kit.link()
    for _ in range(3):
        seen = kit.browser().get(f"/login/{secret}")
        assert seen.status_code == 200
        assert "set-cookie" not in seen.headers
    form = Page(seen.text)
    assert form.actions == ["/login/link"]
    answer = kit.client.post("/login/link", data=form.forms[0])
    assert (answer.status_code, answer.headers["location"]) == (303, "/worklist")
    assert kit.client.get("/worklist").status_code == 200


def test_a_link_works_once(kit):
    secret = kit.link()
    assert kit.client.post("/login/link", data={"secret": secret}).status_code == 303
    other = kit.browser()
    again = other.post("/login/link", data={"secret": secret})
    assert (again.status_code, "set-cookie" in again.headers) == (403, False)
    assert "used already, or is too old" in again.text
    assert other.get("/worklist").status_code == 303


def test_a_link_that_is_too_old_opens_nothing(kit):
    secret = kit.link(good_for=timedelta(minutes=15))
    kit.now += timedelta(minutes=15)
    assert kit.client.post("/login/link", data={"secret": secret}).status_code == 403


def test_a_link_of_an_organisation_that_is_gone_opens_nothing(kit):
    secret = kit.link("GONE1")
    assert kit.client.post("/login/link", data={"secret": secret}).status_code == 403


def test_secrets_are_kept_as_digests_alone(kit):
    kit.link()
    kit.signed_in()
    (secret,) = kit.client.cookies.values()
    kept = str(kit.sessions)
    assert digest_of("a-secret") in kept
    assert digest_of(secret) in kept
    assert "a-secret" not in kept
    assert secret not in kept


def test_the_cookie_is_for_this_host_and_no_script(kit):
    plain = cookie_of(kit.client.post("/login", data={"key": TOKEN}))
    assert plain.startswith("carers-hub=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(plain.split("; "))
    assert "Domain" not in plain
    assert "Max-Age" not in plain, "it goes when the browser is closed"
    assert "Secure" not in plain
    locked = cookie_of(kit.browser("https://testserver").post("/login", data={"key": TOKEN}))
    assert locked.startswith("__Host-carers-hub=")
    assert "Secure" in locked.split("; ")


def test_a_plain_cookie_is_not_taken_over_tls(kit):
    kit.signed_in()
    (secret,) = kit.client.cookies.values()
    locked = kit.browser("https://testserver")
    locked.cookies.set("carers-hub", secret)
    assert locked.get("/worklist").status_code == 303


def test_every_sign_in_has_a_secret_of_its_own_and_ends_the_one_before(kit):
    kit.signed_in()
    (first,) = kit.client.cookies.values()
    kit.signed_in()
    (second,) = kit.client.cookies.values()
    assert first != second
    assert list(kit.sessions.sessions) == [digest_of(second)]


def test_whoever_is_not_signed_in_is_asked_to_whatever_the_address(kit):
    kit.show(alert())
    for path in ("/", "/worklist", f"/alert/{alert().alert_id}", "/alert/x", "/inbox"):
        answer = kit.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_session_that_is_not_used_ends_and_the_page_says_why(kit):
    kit.signed_in()
    kit.now += timedelta(minutes=14)
    assert kit.client.get("/worklist").status_code == 200
    kit.now += timedelta(minutes=15)
    answer = kit.client.get("/worklist")
    assert answer.headers["location"] == "/login?why=ended"
    assert "carers-hub" not in kit.client.cookies
    assert "You were signed out" in kit.client.get("/login?why=ended").text


def test_a_session_ends_after_twelve_hours_of_use(kit):
    kit.signed_in()
    begun = kit.now
    while kit.now < begun + timedelta(hours=12) - timedelta(minutes=10):
        kit.now += timedelta(minutes=10)
        assert kit.client.get("/worklist").status_code == 200
    kit.now = begun + timedelta(hours=12)
    assert kit.client.get("/worklist").status_code == 303


def test_signing_out_ends_the_session_for_everybody_who_holds_its_cookie(kit):
    kit.signed_in()
    thief = kit.browser()
    thief.cookies = kit.client.cookies
    form = kit.own_form_of("/worklist", "/logout")
    answer = kit.client.post("/logout", data=form)
    assert answer.headers["location"] == "/login?why=out"
    assert kit.client.get("/worklist").status_code == 303
    assert thief.get("/worklist").status_code == 303


# Forms that others send


def test_a_form_without_its_token_does_nothing(kit):
    kit.show(alert()).signed_in()
    path = f"/alert/{alert().alert_id}"
    form = {**kit.own_form(path), "outcome": "contacted_able", "staff_id": "40123456"}
    for token in ("", "x", form_token("another session")):
        answer = kit.client.post(path, data={**form, "token": token})
        assert answer.status_code == 403
        assert kit.client.post("/logout", data={"token": token}).status_code == 403
    assert kit.log.said == []
    assert kit.client.post(path, data=form).status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_from_another_site_does_nothing(kit, site):
    kit.show(alert()).signed_in()
    path = f"/alert/{alert().alert_id}"
    form = {**kit.own_form(path), "outcome": "contacted_able", "staff_id": "40123456"}
    elsewhere = {"Sec-Fetch-Site": site}
    assert kit.client.post(path, data=form, headers=elsewhere).status_code == 403
    assert kit.browser().post("/login", data={"key": TOKEN}, headers=elsewhere).status_code == 403
    secret = kit.link()
    used = kit.browser().post("/login/link", data={"secret": secret}, headers=elsewhere)
    assert used.status_code == 403
    assert kit.log.said == []


def test_a_form_of_the_same_origin_is_taken(kit):
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert kit.client.post("/login", data={"key": TOKEN}, headers=headers).status_code == 303


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 403),
        (b"key=x", "text/plain", 403),
        (b"key=x", None, 403),
        (b"x=" + b"y" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"k%d=" % n for n in range(60)), "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form_of_ours_is_refused(kit, body, kind, status):
    headers = {"Content-Type": kind} if kind else {}
    assert kit.client.post("/login", content=body, headers=headers).status_code == status


def test_a_link_that_holds_markup_is_shown_as_text(kit):
    shown = kit.client.get('/login/"><script>x</script>')
    assert "<script>" not in shown.text


def test_a_cookie_is_deleted_only_where_there_was_one(kit):
    assert "set-cookie" not in kit.client.get("/worklist").headers
    kit.client.cookies.set("carers-hub", "an old one")
    assert "Max-Age=0" in cookie_of(kit.client.get("/worklist"))
