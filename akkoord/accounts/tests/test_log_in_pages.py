"""Logging in, the lock-out and the second factor, through the pages."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from akkoord.accounts.tests.factories import PASSWORD, make_staff

LOGIN, FACTOR = "/account/login/", "/account/2fa/"


def log_in(client: Client, password: str = PASSWORD, email: str = "anouk@example.nl"):
    return client.post(LOGIN, {"login": email, "password": password})


@pytest.mark.django_db
def test_the_log_in_page_is_ours_in_dutch_and_english() -> None:
    client = Client()
    dutch = client.get(LOGIN, headers={"accept-language": "nl"}).content.decode()
    english = client.get(LOGIN, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="nl" class="alone">' in dutch
    assert '<html lang="en" class="alone">' in english
    assert "Log in" in english


@pytest.mark.django_db
def test_staff_log_in_whatever_the_case_of_their_address() -> None:
    staff = make_staff()
    client = Client()
    assert log_in(client, email="Anouk@Example.nl").status_code == 302
    assert client.session[SESSION_KEY] == str(staff.pk)


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_name_say_the_same() -> None:
    make_staff()
    wrong = log_in(Client(), "niet het wachtwoord")
    unknown = log_in(Client(), email="niemand@example.nl")
    assert SESSION_KEY not in wrong.client.session
    assert wrong.context["form"].errors == unknown.context["form"].errors


@pytest.mark.django_db
def test_somebody_switched_off_does_not_get_in() -> None:
    staff = make_staff()
    staff.is_active = False
    staff.save()
    client = Client()
    log_in(client)
    assert SESSION_KEY not in client.session


@pytest.mark.django_db
def test_locked_out_after_too_many_attempts() -> None:
    make_staff()
    client = Client()
    answers = [log_in(client, "fout").status_code for _ in range(settings.AXES_FAILURE_LIMIT + 2)]
    assert answers[-1] == 429
    log_in(client)  # the right one does not help now
    assert SESSION_KEY not in client.session


@pytest.mark.django_db
def test_a_second_factor_is_offered_set_up_and_asked() -> None:
    make_staff()
    client = Client()
    log_in(client)
    assert "/account/2fa/totp/activate/" in client.get(FACTOR).content.decode()
    page = client.get("/account/2fa/totp/activate/", follow=True)
    if page.redirect_chain:  # asks the password once more, and goes on
        again_url = page.redirect_chain[-1][0]
        page = client.post(again_url, {"password": PASSWORD}, follow=True)
    assert page.status_code == 200
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = client.post("/account/2fa/totp/activate/", {"code": code})
    assert done.status_code == 302

    again = Client()
    answer = log_in(again)
    assert answer.headers["Location"].startswith("/account/2fa/authenticate/")
    assert SESSION_KEY not in again.session
    assert again.get(answer.headers["Location"]).status_code == 200
    for page_url in ("/account/2fa/recovery-codes/", FACTOR, "/account/2fa/totp/deactivate/"):
        assert client.get(page_url).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    ["/mijn-account/", "/medewerkers/", "/medewerkers/nieuw/", "/account/password/change/"],
)
def test_staff_pages_are_made(url: str) -> None:
    staff = make_staff()
    make_staff("marketer", "bram@example.nl", name="Bram")
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(url)
    assert answer.status_code == 200
    assert 'class="staff"' in answer.content.decode()


@pytest.mark.django_db
def test_a_privacy_officer_sees_who_has_a_second_step_and_changes_nothing() -> None:
    owner = make_staff(name="Olga")
    officer = make_staff("privacy-officer", "fenna@example.nl", name="Fenna", language="en")
    client = Client()
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/medewerkers/").content.decode()
    assert "Olga" in page
    assert "second step on" in page
    assert "/medewerkers/nieuw/" not in page
    assert "/medewerkers/sleutels/" not in page
    assert f"/medewerkers/{owner.pk}/" not in page
    assert 'href="/medewerkers/"' in client.get("/mijn-account/").content.decode()
    off = client.post(f"/medewerkers/{owner.pk}/uit/")
    assert off.status_code == 403
    owner.refresh_from_db()
    assert owner.is_active


@pytest.mark.django_db
def test_an_owner_adds_somebody_with_a_good_password_only() -> None:
    client = Client()
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    facts = {"name": "Bram", "email": "bram@example.nl", "role": "marketer", "language": "nl"}
    weak = client.post("/medewerkers/nieuw/", {**facts, "password": "wachtwoord"})
    assert weak.status_code == 200
    assert weak.context["form"].errors["password"]
    assert client.post("/medewerkers/nieuw/", {**facts, "password": PASSWORD}).status_code == 302
    taken = client.post("/medewerkers/nieuw/", {**facts, "password": PASSWORD})
    assert taken.context["form"].errors["email"]
