"""A term changes: the next who sees a form reads it; who said yes keeps what they saw (INV-7)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.consent.actions import confirm_sign_up
from akkoord.consent.jobs import lapse
from akkoord.consent.models import CollectionPoint, PermissionEvent, SignUp
from akkoord.consent.renew_notices import renew_all
from akkoord.consent.tests.factories import STAFF, make_form, make_organisation, make_topic, sign_up
from akkoord.consent.tokens import confirmation_link
from akkoord.law.retention_rules import Effect, Term, Trigger
from akkoord.register.actions import change_organisation, offer_channels
from akkoord.register.companies import change_company, end_company, enter_company
from akkoord.register.hand import choose_recipients
from akkoord.register.models import Purpose, Recipient, RetentionRule
from akkoord.register.processors import enter_mail_host, enter_mail_processor, enter_print_house
from akkoord.register.terms import RuleFacts, change_rule
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


def with_term(activity_key: str, months: int) -> RetentionRule:
    """The same rule of this activity with another term."""
    old = RetentionRule.objects.get(activity_key=activity_key, category="", valid_to=None)
    facts = RuleFacts(
        activity_key,
        Trigger(old.trigger),
        Term(months, None),
        Effect(old.action),
        reason="Zo lang kijken wij terug.",
    )
    return change_rule(facts=facts, at=timezone.now(), actor=Actor.system())


def test_inv07_the_next_showing_tells_the_new_term_and_an_earlier_yes_keeps_its_notice() -> None:
    make_organisation()
    topic, other = make_topic(), make_topic("acties")
    shown, untouched = make_form(topic), make_form(other, slug="acties")
    signed = sign_up(shown, "ann@example.nl")
    rule = with_term(topic.activity_key, 7)
    now = CollectionPoint.objects.get(form=shown.form, language="nl", ended_at=None)
    assert now.version == shown.version + 1
    assert rule.criterion_nl in now.notice.text
    assert rule.criterion_nl not in shown.notice.text
    assert now.sha256 != shown.sha256
    assert now.purpose_version_ids == shown.purpose_version_ids
    english = CollectionPoint.objects.get(form=shown.form, language="en", ended_at=None)
    assert rule.criterion_en in english.notice.text
    assert CollectionPoint.objects.get(id=untouched.id).ended_at is None
    assert rule.criterion_nl in Client().get(f"/f/{shown.form.slug}/").content.decode()
    waiting = SignUp.objects.get(contact_point=signed.contact_point)
    confirm_sign_up(
        confirmation_link(waiting.id).rstrip("/").rpartition("/")[2],
        at=timezone.now() + timedelta(minutes=1),
    )
    told = PermissionEvent.objects.filter(person_ref=signed.person_id)
    assert set(told.values_list("notice_id", "collection_point_id")) == {
        (shown.notice_id, shown.id)
    }


def test_the_same_words_make_no_new_version_and_the_act_stands_in_the_trail() -> None:
    make_organisation()
    topic = make_topic()
    shown = make_form(topic)
    with_term(topic.activity_key, 7)
    with_term(topic.activity_key, 7)
    versions = CollectionPoint.objects.filter(form=shown.form, language="nl")
    assert versions.count() == 2
    assert Change.objects.filter(action="form.renew-notice").count() == 2  # one each language


def _changed(topic: Purpose) -> None:
    company = enter_company(values=PRINTER, at=timezone.now(), actor=STAFF)
    choose_recipients(
        key=topic.activity_key,
        wanted={company.key, *_recipients(topic)},
        reason="Een verzendhuis verstuurt de brieven.",
        at=timezone.now(),
        actor=STAFF,
    )
    change_company(
        recipient_id=company.id,
        values={**PRINTER, "name": "Verzendhuis Noord"},
        at=timezone.now(),
        actor=STAFF,
        reason="Het bedrijf heet nu anders.",
    )


def _mail_provider(_topic: Purpose) -> None:
    enter_mail_processor(kind="brevo", leaves_eea=False, at=timezone.now(), actor=STAFF)


def _mail_server(_topic: Purpose) -> None:
    enter_mail_host(
        host="mx.example.nl",
        company="Hosting Zuid",
        has_contract=True,
        leaves_eea=False,
        at=timezone.now(),
        actor=STAFF,
    )


def _printer(topic: Purpose) -> None:
    enter_print_house(
        name="Drukkerij West",
        activity_key=topic.activity_key,
        has_contract=True,
        at=timezone.now(),
        actor=STAFF,
    )


def _push(topic: Purpose) -> None:
    offer_channels(purpose_id=topic.id, channels=["email", "push"], at=timezone.now(), actor=STAFF)


def _recipients(topic: Purpose) -> set[str]:
    found = Recipient.objects.filter(valid_to=None, activity_keys__contains=[topic.activity_key])
    return set(found.values_list("key", flat=True))


PRINTER = {
    "name": "Verzendhuis",
    "service_nl": "verstuurt brieven",
    "service_en": "sends letters",
    "role": "processor",
    "country": "NL",
    "contract_on": date(2026, 1, 1),
}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (_changed, "Verzendhuis Noord"),
        (_mail_provider, "Brevo"),
        (_mail_server, "Hosting Zuid"),
        (_printer, "Drukkerij West"),
        (_push, "Google"),
    ],
)
def test_who_sees_a_form_next_reads_who_receives_it_now(
    change: Callable[[Purpose], None], name: str
) -> None:
    make_organisation()
    topic = make_topic()
    shown = make_form(topic)
    assert name not in shown.notice.text
    change(topic)
    for language in ("nl", "en"):
        now = CollectionPoint.objects.get(form=shown.form, language=language, ended_at=None)
        assert name in now.notice.text
    assert name not in CollectionPoint.objects.get(id=shown.id).notice.text
    assert name in Client().get(f"/f/{shown.form.slug}/").content.decode()


def test_our_own_new_name_stands_on_the_forms_too() -> None:
    """Who answers for it, and whose computers it stands on."""
    make_organisation()
    shown = make_form(make_topic())
    change_organisation(values={"name": "Fietsen Zuid"}, at=timezone.now(), actor=STAFF)
    now = CollectionPoint.objects.get(form=shown.form, language="nl", ended_at=None)
    notice = now.snapshot["notice"]
    assert notice["controller"] == "Fietsen Zuid"
    assert {each["name"] for each in notice["recipients"]} == {"Fietsen Zuid"}


def test_the_night_tells_what_an_upgrade_mended() -> None:
    """Somebody received it by itself, and an upgrade took that away: no verb said so."""
    make_organisation()
    topic = make_topic()
    shown = make_form(topic)
    _printer(topic)
    Recipient.objects.filter(name="Drukkerij West").update(activity_keys=[])
    lapse(0)
    now = CollectionPoint.objects.get(form=shown.form, language="nl", ended_at=None)
    assert "Drukkerij West" not in now.notice.text
    assert renew_all(at=timezone.now()) == 0


def test_a_company_that_receives_nothing_more_is_told_of_no_more() -> None:
    make_organisation()
    topic = make_topic()
    shown = make_form(topic)
    _printer(topic)
    printer = Recipient.objects.get(name="Drukkerij West")
    end_company(recipient_id=printer.id, at=timezone.now(), actor=STAFF, reason="Wij drukken zelf.")
    now = CollectionPoint.objects.get(form=shown.form, language="nl", ended_at=None)
    assert "Drukkerij West" not in now.notice.text
    assert now.version == shown.version + 2
