"""Every role at every address of the staff pages, asked for real: who is let in and who is not.

The table is written out once more here, on purpose: it is the specification, the code's own table
is not read.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.config.tests.test_access import PAGES
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailboxMessage
from akkoord.people.tests.factories import make_point
from akkoord.register.tests.factories import make_organisation

OWNER, MARKETER, OFFICER = "owner", "marketer", "privacy-officer"
EVERYBODY = {OWNER, MARKETER, OFFICER}
REACH, CARE = {OWNER, MARKETER}, {OWNER, OFFICER}

# Who may open a page at all; all staff may read what does not stand here.
OPEN = {
    "register:topic_end": CARE,
    "register:inspectors": CARE,
    "register:company_contract": CARE,
    "register:settings": {OWNER},
    "register:books": {OWNER},
    "register:seller": {OWNER},
    "register:exception_create": {OWNER},
    "consent:person_special": CARE,
    "consent:form_create": REACH,
    "consent:form_edit": REACH,
    "consent:form_preview": REACH,
    "consent:form_publish": REACH,
    "consent:form_close": REACH,
    "consent:push_create": REACH,
    "consent:push_edit": REACH,
    "consent:push_publish": REACH,
    "campaigns:create": REACH,
    "campaigns:start_blocks": REACH,
    "campaigns:editor": REACH,
    "campaigns:block": REACH,
    "campaigns:head": REACH,
    "campaigns:draft": REACH,
    "campaigns:otherwise": REACH,
    "campaigns:draw": REACH,
    "campaigns:canvas": REACH,
    "campaigns:draw_back": REACH,
    "campaigns:keep": REACH,
    "campaigns:beginning_remove": REACH,
    "composing:choose": REACH,
    "segments:create": REACH,
    "campaigns:create_push": REACH,
    "campaigns:revise": REACH,
    "campaigns:copy": REACH,
    "campaigns:test": REACH,
    "campaigns:send": REACH,
    "campaigns:steer": REACH,
    "campaigns:service_create": REACH,
    "campaigns:service_write": REACH,
    "campaigns:service_about": REACH,
    "campaigns:agreements": EVERYBODY,
    "campaigns:agreement_end": EVERYBODY,
    "campaigns:agreement_file": EVERYBODY,
    "campaigns:agreement_file_undo": EVERYBODY,
    "campaigns:service_send": REACH,
    "campaigns:create_letter": REACH,
    "campaigns:letters_make": REACH,
    "campaigns:letters_download": REACH,
    "campaigns:letters_anew": REACH,
    "campaigns:letters_away": REACH,
    "campaigns:letters_handed": REACH,
    "campaigns:when": REACH,
    "campaigns:unplan": REACH,
    "campaigns:ab_set_up": REACH,
    "campaigns:ab_act": REACH,
    "campaigns:series_create": REACH,
    "campaigns:series_change": REACH,
    "campaigns:step_add": REACH,
    "campaigns:step_change": REACH,
    "campaigns:step_move": REACH,
    "campaigns:step_remove": REACH,
    "campaigns:series_steer": REACH,
    "campaigns:sending_cap": {OWNER},
    "campaigns:sending_pace": {OWNER},
    "campaigns:server_add": {OWNER},
    "campaigns:server_remove": {OWNER},
    "campaigns:trial_add": REACH,
    "campaigns:trial_remove": REACH,
    "campaigns:server_test": {OWNER},
    "campaigns:server_whose": {OWNER},
    "campaigns:server_provider": {OWNER},
    "campaigns:account_add": {OWNER},
    "campaigns:account_key": {OWNER},
    "campaigns:hook_set_up": {OWNER},
    "campaigns:hook_look": {OWNER},
    "campaigns:hook_make": {OWNER},
    "campaigns:hook_proof": {OWNER},
    "campaigns:hook_remove": {OWNER},
    "imports:bring_in": REACH,
    "imports:sales_bring_in": REACH,
    "imports:decide_column": CARE,
    "backups:index": {OWNER},
    "backups:make": {OWNER},
    "backups:setting": {OWNER},
    "backups:tried": {OWNER},
    "backups:copy": {OWNER},
    "backups:download": {OWNER},
    "rights:export": CARE,
    "checkup:dossier": CARE,
    "breaches:people": CARE,
    "breaches:close": CARE,
    "breaches:reopen": CARE,
    "breaches:letter_send": CARE,
    "breaches:letter_steer": CARE,
    "breaches:post": CARE,
    "breaches:post_file": CARE,
    "breaches:post_choose": CARE,
    "breaches:post_handed": CARE,
    "rights:bundle": CARE,
    "rights:letter_file": CARE,
    "rights:extension_file": CARE,
    "rights:forget": CARE,
    "rights:look_again": CARE,
    "retention:people": CARE,
    "rights:lists": CARE,
    "rights:list_new": CARE,
    "rights:list": CARE,
    "rights:list_ask": CARE,
    "rights:list_approve": CARE,
    "rights:list_refuse": CARE,
    "rights:list_stop": CARE,
    "rights:list_report": CARE,
    "rights:list_paper": CARE,
    "rights:place_empty": CARE,
    "rights:place_keep": CARE,
    "rights:left_disk": CARE,
    "insight:demo_remove": {OWNER},
    "accounts:staff": CARE,
    "accounts:staff_create": {OWNER},
    "accounts:staff_role": {OWNER},
    "accounts:staff_off": {OWNER},
    "accounts:keys": {OWNER},
    "accounts:key_create": {OWNER},
    "accounts:key_revoke": {OWNER},
}
# Who may post to the pages of a room; everybody where the room does not stand here.
WRITE = {
    "campaigns": REACH,
    "composing": REACH,
    "campaigns:sending": EVERYBODY,
    "campaigns:series_people": EVERYBODY,
    "campaigns:series_person": EVERYBODY,
    "campaigns:series_take_out": EVERYBODY,
    "segments": REACH,
    "imports": REACH,
    "imports:sale_by_hand": EVERYBODY,
    "imports:contact_left": EVERYBODY,
    "rights": CARE,
    "rights:open": EVERYBODY,
    "register": CARE,
    "register:topic_create": EVERYBODY,
    "register:measuring": EVERYBODY,
    "register:topic_revise": EVERYBODY,
    "register:topic_customers": EVERYBODY,
    "register:topic_published": EVERYBODY,
    "register:products": EVERYBODY,
    "register:product_change": EVERYBODY,
    "register:topic_channels": EVERYBODY,
    "register:balancing": EVERYBODY,
    "register:balancing_end": EVERYBODY,
    "register:post_check": EVERYBODY,
    "register:activity_fields": EVERYBODY,
    "register:field_release": EVERYBODY,
    "register:fields": EVERYBODY,
    "register:field_create": EVERYBODY,
    "register:field_choices": EVERYBODY,
    "register:exception": {OWNER},
    "register:exception_end": {OWNER},
    "consent:details": CARE,
    "retention": CARE,
    "retention:field_go": EVERYBODY,
    "policy": CARE,
    "checkup": CARE,
    "breaches:decide": CARE,
    "breaches:authority": CARE,
    "breaches:letter": CARE,
    "breaches:public": CARE,
    "referrals": REACH,
}
# Rooms whose pages are for staff; the person's own are asked for elsewhere.
PUBLIC = {
    "consent_public",
    "rights_public",
    "breaches_public",
    "register_public",
    "policy_public",
    "composing_public",
    "referrals_public",
    "consent_tablet",
    "",
}
ROOMS = {namespace for namespace, _, _ in PAGES} - PUBLIC
NOT_STAFF = {"register:begin", "insight:demo", "web:language", "web:brand_css"}
SAMPLES = {"uuid": uuid.UUID(int=9), "slug": "x", "str": "x", "int": 1}


def address_of(name: str, pattern: str) -> str:
    """The address with values that nothing has."""
    values = {each: SAMPLES[kind] for kind, each in re.findall(r"<(\w+):(\w+)>", pattern)}
    if acts := re.search(r"\(\?P<act>(\w+)", pattern):
        (key,) = re.findall(r"\(\?P<(\w+_id)>", pattern)
        values = {key: str(SAMPLES["uuid"]), "act": acts.group(1)}
    return reverse(name, kwargs=values)


def staff_pages() -> Iterator[tuple[str, str]]:
    for namespace, name, pattern in PAGES:
        if namespace in ROOMS and f"{namespace}:{name}" not in NOT_STAFF:
            yield f"{namespace}:{name}", pattern


def may(role: str, page: str, *, posting: bool) -> bool:
    if role not in OPEN.get(page, EVERYBODY):
        return False
    room = page.partition(":")[0]
    return not posting or role in WRITE.get(page, OPEN.get(page, WRITE.get(room, EVERYBODY)))


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_opens_and_writes_what_the_table_says(client: Client, role: str) -> None:
    make_organisation()
    client.raise_request_exception = False
    wrong = []
    staff = Staff.objects.create_user("wie@example.nl", "x" * 20, role=role, name="W")
    client.force_login(staff)
    for page, pattern in staff_pages():
        address = address_of(page, pattern)
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            is_let_in = answer.status_code != 403
            allowed = may(role, page, posting=method == "post")
            if is_let_in is not allowed or answer.status_code >= 500:
                wrong.append(f"{method} {page}: {answer.status_code}")
    staff.refresh_from_db()
    assert (staff.role, staff.is_active) == (role, True)  # it was this role all the time
    assert client.session.get("_auth_user_id") == str(staff.pk)
    assert not wrong, f"{role}: " + ", ".join(wrong)


def test_the_table_names_pages_that_exist() -> None:
    known = {page for page, _ in staff_pages()}
    assert {each for each in (*OPEN, *WRITE) if ":" in each} <= known
    assert {each for each in WRITE if ":" not in each} <= ROOMS


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_button_that_a_role_may_not_press_is_not_shown(client: Client, role: str) -> None:
    make_organisation()
    person = make_point().person
    client.force_login(Staff.objects.create_user("m@example.nl", "x" * 20, role=role, name="M"))
    for page, link, roles in (
        (reverse("campaigns:index"), reverse("campaigns:create"), REACH),
        (reverse("people:index"), reverse("register:settings"), {OWNER}),
        (
            reverse("rights:keep", args=[person.id]),
            reverse("rights:forget", args=[person.id]),
            CARE,
        ),
        (
            reverse("rights:keep", args=[person.id]),
            reverse("rights:export", args=[person.id]),
            CARE,
        ),
        (
            reverse("people:person", args=[person.id]),
            reverse("rights:forget", args=[person.id]),
            CARE,
        ),
        (reverse("consent:forms"), reverse("consent:form_create"), REACH),
    ):
        shown = f'"{link}"' in client.get(page).content.decode()
        assert shown is (role in roles), f"{link} on {page}"


@pytest.mark.django_db
def test_a_colleagues_mail_is_not_read_in_the_mailbox() -> None:
    """Who reads the mail with the way to a new password becomes the colleague."""
    owner, marketer = make_staff(OWNER, "o@example.nl"), make_staff(MARKETER, "m@example.nl")
    rows = {
        address: MailboxMessage.objects.create(
            received_at=timezone.now(),
            sender="akkoord@example.nl",
            recipient=address,
            subject="Nieuw wachtwoord",
            raw=b"Subject: Nieuw wachtwoord\r\n\r\nhttps://example.nl/sleutel\r\n",
            subject_id=subject,
        )
        for address, subject in (
            (owner.email, None),
            (marketer.email, None),
            ("klant@example.nl", uuid7()),
        )
    }
    seen = {}
    for staff in (owner, marketer):
        client = Client(headers={"accept-language": "nl"})
        client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get("/mailbox/").content.decode()
        seen[staff] = {each for each in rows if each in page}
        for address, row in rows.items():
            status = 200 if address in seen[staff] else 404
            for url in (f"/mailbox/{row.id}/", f"/mailbox/{row.id}/document/"):
                assert client.get(url).status_code == status
    assert seen[owner] == set(rows)
    assert seen[marketer] == {marketer.email, "klant@example.nl"}
