"""Evidence of consent off-line: files, calls, constraints, export and erasure."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from akkoord.accounts.actions import create_staff
from akkoord.consent.evidence import Proof
from akkoord.consent.evidence_erase import remove_empty_lists
from akkoord.consent.evidence_files import (
    JPEG,
    LARGEST,
    PDF,
    PNG,
    BadFile,
    FileFault,
    clean_file,
    content_for_export,
    keep_file,
)
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.models import (
    CollectionPoint,
    EvidenceFile,
    EvidenceRow,
    PermissionEvent,
    SignUp,
    Standing,
)
from akkoord.consent.notices import declare_wording
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.scripts import keep_script
from akkoord.consent.tests import factories as make
from akkoord.datamap.attachments import MAGIC, AttachmentGone, sweep_orphans
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method
from akkoord.people.actions import PersonRefused
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.people.points import AddressFacts, add_point
from akkoord.rights.export import export_document
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureItem, ErasureRun
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


def photo(kind="JPEG", size=(40, 30), exif=None) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "white").save(drawn, kind, **({"exif": exif} if exif else {}))
    return drawn.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 22.0, 12.0)
    return photo(exif=exif)


@pytest.fixture
def topic():
    make.make_organisation()
    return make.make_topic(channels=("email", "phone", "sms", "post"))


def grant(topic, method=Method.PAPER, **values):
    notice = values.pop("notice", None) or declare_wording(
        text="Ja, graag.", source="Winkel", actor=make.STAFF, at=make.NOW
    )
    return EvidenceGrant(
        version=make.version_of(topic),
        method=method,
        happened_at=make.NOW,
        notice=notice,
        proof=values.pop("proof", make.PROOF),
        **values,
    )


def record(point, topic, **values):
    return record_evidence_grant(
        point_id=point.id, grant=grant(topic, **values), actor=make.STAFF, at=make.NOW
    )


def number(person, channel=Channel.PHONE, value="06 12345678"):
    return add_point(
        person_id=person.id,
        facts=AddressFacts(channel, value=value),
        at=make.NOW,
        actor=make.STAFF,
    )


# ---- the file ----


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(photo(), JPEG), (photo("PNG"), PNG), (make.PDF, PDF)],
)
def test_a_file_is_what_its_content_says(content, media_type) -> None:
    assert clean_file(content)[0] == media_type


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"x" * (LARGEST + 1), FileFault.TOO_LARGE),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileFault.HEIC),
        (b"<html><script>alert(1)</script>", FileFault.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileFault.UNKNOWN),
        (b"GIF89a" + b"\0" * 20, FileFault.UNKNOWN),
        (photo()[:200], FileFault.DAMAGED),
        (b"\xff\xd8\xff" + b"<script>" * 9, FileFault.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, FileFault.DAMAGED),
        (b"%PDF-1.7 cut off", FileFault.DAMAGED),
        (make.PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), FileFault.LOCKED),
    ],
)
def test_what_cannot_be_evidence_is_refused(content, fault) -> None:
    with pytest.raises(BadFile) as bad:
        clean_file(content)
    assert bad.value.fault is fault


def test_a_picture_bomb_is_refused() -> None:
    drawn = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(drawn, "PNG")  # 18 kB, 144 million pixels
    with pytest.raises(BadFile) as bad:
        clean_file(drawn.getvalue())
    assert bad.value.fault is FileFault.TOO_MANY_PIXELS


def test_the_place_and_the_camera_do_not_come_along() -> None:
    content = photo_with_place()
    assert b"Camera of Anna" in content
    _type, kept = clean_file(content)
    assert b"Camera of Anna" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_file_is_encrypted_on_disk_with_a_key_of_its_own(topic) -> None:
    point = make.make_point()
    first, second = record(point, topic), None
    file = EvidenceFile.objects.get()
    path = Path(settings.DATA_DIR) / file.path
    assert path.read_bytes().startswith(MAGIC)
    assert b"%PDF" not in path.read_bytes()
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"
    assert content_for_export(file.id) == (PDF, make.PDF)
    assert first.evidence["file"] == str(file.id)
    assert first.evidence["file_sha256"] == file.sha256
    # Another row's key opens nothing, and neither does a changed file.
    second = keep_file(make.PDF, person_id=point.person_id, actor=make.STAFF, at=make.NOW)
    EvidenceFile.objects.filter(id=file.id).update(wrapped_key=second.wrapped_key)
    with pytest.raises(AttachmentGone):
        content_for_export(file.id)
    path = Path(settings.DATA_DIR) / second.path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(AttachmentGone):
        content_for_export(second.id)


def test_a_file_without_a_row_is_swept_away_after_an_hour(topic) -> None:
    point = make.make_point()
    kept = keep_file(make.PDF, person_id=point.person_id, actor=make.STAFF, at=make.NOW)
    with transaction.atomic():
        lost = keep_file(make.PDF, person_id=point.person_id, actor=make.STAFF, at=make.NOW)
        transaction.set_rollback(True)
    orphan, other = (Path(settings.DATA_DIR) / each.path for each in (lost, kept))
    assert sweep_orphans(at=make.NOW) == 0  # it may still be waiting for its row
    for path in (orphan, other):
        os.utime(path, (0, 0))
    sweep_orphans(at=make.NOW)
    assert not orphan.exists()
    assert other.exists()


# ---- the yes ----


@pytest.mark.parametrize(
    ("method", "proof"),
    [
        (Method.PAPER, Proof()),
        (Method.COUNTER, Proof()),
        (Method.CHECKOUT, Proof()),
        (Method.PHONE, Proof(caller="Anouk", recording="1182", shows_number=True)),
        (Method.PHONE, Proof(caller="Anouk", script="1", shows_number=True)),
    ],
)
def test_inv07_without_evidence_it_does_not_become_consent(topic, method, proof) -> None:
    with pytest.raises(ConsentRefused) as refused:
        record(make.make_point(), topic, method=method, proof=proof)
    assert refused.value.reason is Reason.NO_EVIDENCE
    assert not PermissionEvent.objects.exists()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("method", "channel", "evidence", "constraint"),
    [
        ("paper", "email", {}, "consent_paper_has_its_scan"),
        ("counter", "email", {}, "consent_counter_has_its_act"),
        ("phone", "email", {"caller": "A"}, "consent_call_has_its_recording"),
        ("paper", "phone", {"file": "1"}, "consent_inv20_objection_offered"),
    ],
)
def test_inv07_inv20_the_database_refuses_it_too(
    topic, method, channel, evidence, constraint
) -> None:
    point = make.make_point()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PermissionEvent.objects.create(
            person_ref=point.person_id,
            contact_point_ref=point.id,
            purpose_version=make.version_of(topic),
            channel=channel,
            basis="consent",
            state="given",
            happened_at=make.NOW,
            recorded_at=make.NOW,
            actor_kind="staff",
            method=method,
            notice=make.make_notice(),
            evidence=evidence,
            commitment=b"",
        )


def test_a_scan_that_cannot_be_evidence_leaves_nothing(topic) -> None:
    with pytest.raises(BadFile):
        record(make.make_point(), topic, proof=Proof(scan=b"<html>"))
    assert not PermissionEvent.objects.exists()


def test_inv13_a_mail_address_by_telephone_waits_and_a_number_does_not(topic) -> None:
    point = make.make_point()
    script = keep_script(text="U spreekt met…", language="nl", at=make.NOW, actor=make.STAFF)
    asked = record(point, topic, method=Method.PHONE, notice=script)
    assert asked.state == "requested"
    assert SignUp.objects.get().contact_point_id == point.id
    called = record(number(point.person), topic, method=Method.PHONE, notice=script)
    assert called.state == "confirmed"
    assert called.evidence["script"] == "1"
    assert Standing.objects.get(channel="phone").state == "confirmed"


def test_inv12_each_channel_has_a_yes_of_its_own(topic) -> None:
    point = make.make_point()
    record(number(point.person), topic)
    standings = dict(Standing.objects.values_list("channel", "state"))
    assert standings == {"phone": "given"}
    record(number(point.person, Channel.SMS), topic)
    assert Standing.objects.filter(channel="sms").count() == 1
    assert not Standing.objects.filter(channel="email").exists()


def test_inv12_words_about_mail_carry_no_yes_for_calls(topic) -> None:
    point = make.make_point()
    shown = make.make_form(topic)
    words = {"shown": shown, "notice": shown.notice}
    with pytest.raises(ConsentRefused) as refused:
        record(number(point.person), topic, **words)
    assert refused.value.reason is Reason.BASIS_NOT_FOR_CHANNEL
    event = record(point, topic, **words)
    assert event.collection_point_id == shown.id
    assert event.notice_id == shown.notice_id


def test_inv12_a_topic_that_does_not_call_carries_no_yes_for_calls() -> None:
    make.make_organisation()
    mail_only = make.make_topic("mail")
    with pytest.raises(ConsentRefused) as refused:
        record(number(make.make_point().person), mail_only)
    assert refused.value.reason is Reason.NO_CHOICE


def test_inv20_a_call_permission_needs_the_right_of_objection(topic) -> None:
    point = number(make.make_point().person)
    with pytest.raises(ConsentRefused) as refused:
        record(point, topic, proof=Proof(scan=make.PDF))
    assert refused.value.reason is Reason.NO_OBJECTION_OFFERED
    assert not EvidenceFile.objects.exists()


def test_inv16_inv17_a_customer_is_not_called_without_a_yes(topic) -> None:
    from akkoord.permission.queries import ask

    point = number(make.make_point().person)  # an eenmanszaak counts as a person
    event = record(point, topic)
    assert ask([point.id], topic, "phone", at=make.NOW)[point.id].allowed
    Standing.objects.filter(event_id=event.id).update(basis="existing-customer")
    assert not ask([point.id], topic, "phone", at=make.NOW)[point.id].allowed


def test_inv14_the_parents_yes_stands_in_the_evidence(topic) -> None:
    point = make.make_point()
    Person.objects.update(is_known_child=True)
    event = record(point, topic, has_parent_consent=True)
    assert event.evidence["parent_consent"] is True


# ---- more addresses ----


def test_post_is_an_address_of_its_own_with_a_name_and_a_door(topic) -> None:
    person = make.make_point().person
    facts = AddressFacts(
        Channel.POST, street="Dorpsstraat", house_number="12", postcode="1234ab", city="Ergens"
    )
    with pytest.raises(PersonRefused, match="achternaam"):
        add_point(person_id=person.id, facts=facts, at=make.NOW, actor=make.STAFF)
    Person.objects.update(given_name="Anna", family_name="Bakker")
    point = add_point(person_id=person.id, facts=facts, at=make.NOW, actor=make.STAFF)
    assert point.value == "Dorpsstraat 12, 1234 AB Ergens"
    assert PostalAddress.objects.get().postcode == "1234 AB"
    assert add_point(person_id=person.id, facts=facts, at=make.NOW, actor=make.STAFF) == point
    # Whoever shares the door has a letterbox of their own name.
    other = make.make_point("bram@example.nl").person
    Person.objects.filter(id=other.id).update(given_name="Bram", family_name="Bakker")
    theirs = add_point(person_id=other.id, facts=facts, at=make.NOW, actor=make.STAFF)
    assert theirs.normalised != point.normalised


def test_a_number_belongs_to_one_person(topic) -> None:
    number(make.make_point().person)
    with pytest.raises(PersonRefused, match="Iemand anders"):
        number(make.make_point("b@example.nl").person)
    with pytest.raises(PersonRefused, match="geen telefoonnummer"):
        number(make.make_point("c@example.nl").person, value="112233")


# ---- the pages ----


@pytest.fixture
def staff(client, topic):
    owner = create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")
    client.force_login(owner)
    return client


def form_data(topic, point, **values):
    return {
        "address": f"email:{point.id}",
        "topic": str(topic.id),
        "method": "paper",
        "happened_on": "2026-01-02",
        "words": "typed",
        "wording": "Ja, mail mij.",
        "where": "Kaartje",
        "was_ticked": "on",
        "scan": SimpleUploadedFile("kaart.jpg", photo_with_place()),
    } | values


def post(staff, topic, **values):
    point = ContactPoint.objects.filter(channel="email").first() or make.make_point()
    url = reverse("consent:person_grant", args=[point.person_id])
    data = form_data(topic, point, **values)
    return staff.post(url, {key: value for key, value in data.items() if value is not None})


def test_inv45_a_scan_is_seen_by_staff_in_a_sandbox_and_the_trail_says_who(staff, topic) -> None:
    assert post(staff, topic).status_code == 302
    file = EvidenceFile.objects.get()
    answer = staff.get(reverse("consent:evidence_file", args=[file.id]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    read = Change.objects.get(action="evidence.read")
    assert (read.object_id, read.subject_id) == (file.id, file.person_id)
    assert read.actor_id is not None
    page = staff.get(reverse("people:person", args=[file.person_id])).content.decode()
    assert reverse("consent:evidence_file", args=[file.id]) in page
    staff.logout()
    assert staff.get(reverse("consent:evidence_file", args=[file.id])).status_code == 302


def test_a_pdf_is_downloaded_not_shown(staff, topic) -> None:
    post(staff, topic, scan=SimpleUploadedFile("x.jpg", make.PDF))
    answer = staff.get(reverse("consent:evidence_file", args=[EvidenceFile.objects.get().id]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scan": None}, "scan"),
        ({"scan": SimpleUploadedFile("x.jpg", b"\0\0\0\x18ftypheic")}, "scan"),
        ({"scan": SimpleUploadedFile("x.pdf", b"%PDF-" + b"x" * (LARGEST + 2_000_000))}, "scan"),
        ({"method": "phone"}, "recording"),
        ({"method": "checkout"}, "receipt"),
        ({"wording": ""}, "wording"),
        ({"happened_on": "2099-01-01"}, "happened_on"),
        ({"address": "new-phone", "number": "12"}, "number"),
        ({"address": "new-post", "postcode": "1234 AB"}, "postcode"),
        ({"words": f"notice:{uuid7()}"}, "words"),
    ],
)
def test_bad_input_is_told_at_the_field_and_nothing_is_kept(staff, topic, values, field) -> None:
    page = post(staff, topic, **values)
    assert page.status_code == 200
    assert f"id_{field}_error" in page.content.decode()
    assert not PermissionEvent.objects.exists()
    assert not EvidenceFile.objects.exists()
    assert ContactPoint.objects.count() == 1


def test_inv20_a_new_number_is_entered_with_its_yes_or_not_at_all(staff, topic) -> None:
    page = post(staff, topic, address="new-phone", number="06 12345678")
    assert page.status_code == 200
    assert not ContactPoint.objects.filter(channel="phone").exists()
    data = {"address": "new-phone", "number": "06 12345678", "offers_objection": "on"}
    assert post(staff, topic, **data).status_code == 302
    assert Standing.objects.get().channel == "phone"


def test_inv07_nobody_said_yes_to_a_form_before_it_was_there(staff, topic) -> None:
    shown = make.make_form(topic)
    CollectionPoint.objects.filter(id=shown.id).update(published_at="2026-01-03T12:00Z")
    early = post(staff, topic, words=f"form:{shown.id}")
    assert "Dit formulier was er die dag nog niet." in early.content.decode()
    assert not PermissionEvent.objects.exists()
    assert post(staff, topic, words=f"form:{shown.id}", happened_on="2026-01-03").status_code == 302


def test_inv07_the_words_are_a_published_version_or_a_script(staff, topic) -> None:
    shown = make.make_form(topic)
    day = f"{shown.published_at:%Y-%m-%d}"
    assert post(staff, topic, words=f"form:{shown.id}", happened_on=day).status_code == 302
    event = PermissionEvent.objects.get()
    assert (event.collection_point_id, event.is_declared) == (shown.id, False)
    new = reverse("consent:script_create")
    assert staff.get(new).status_code == 200
    text = {"text": "U spreekt met Fietsen Jansen.", "language": "nl"}
    assert staff.post(new, text).status_code == 302
    script = event.notice.__class__.objects.get(kind="script")
    assert "Fietsen Jansen" in staff.get(reverse("consent:wordings")).content.decode()
    call = {
        "method": "phone",
        "scan": None,
        "caller": "Anouk",
        "recording": "1182",
        "shows_number": "on",
        "offers_objection": "on",
        "address": "new-phone",
        "number": "06 12345678",
        "words": f"notice:{script.id}",
    }
    assert post(staff, topic, **call).status_code == 302
    assert Standing.objects.get(channel="phone").state == "confirmed"


# ---- the person's rights ----


def test_the_person_takes_the_scan_along(topic) -> None:
    point = make.make_point()
    record(point, topic)
    files = export_document(point.person, at=make.NOW)["files"]
    assert [each["media_type"] for each in files] == [PDF]


def test_inv35_the_scan_goes_with_the_person_and_others_do_not_block_it(
    topic, django_capture_on_commit_callbacks
) -> None:
    mine, other = make.make_point(), make.make_point("b@example.nl")
    record(mine, topic)
    record(other, topic)
    file = EvidenceFile.objects.get(person_id=mine.person_id)
    path = Path(settings.DATA_DIR) / file.path
    with django_capture_on_commit_callbacks(execute=True):
        forget(person_id=mine.person_id, by="staff", actor=make.STAFF, at=make.NOW)
    run = ErasureRun.objects.get()
    assert run.state == ErasureRun.State.CLEAN, run.findings
    assert not path.exists()
    assert EvidenceFile.objects.get().person_id == other.person_id


def test_inv35_a_list_that_others_stand_on_stays_for_them_and_is_told(
    topic, django_capture_on_commit_callbacks
) -> None:
    people = [make.make_point(f"{name}@example.nl") for name in ("anna", "bram")]
    sheet = keep_file(make.PDF, person_id=None, actor=make.STAFF, at=make.NOW)
    for row, point in enumerate(people, 1):
        event = record(point, topic, proof=Proof(file=sheet, row=row))
        EvidenceRow.objects.create(
            file=sheet, person_id=point.person_id, row=row, event_id=event.id
        )
    path = Path(settings.DATA_DIR) / sheet.path
    for number_left, point in enumerate(reversed(people)):
        with django_capture_on_commit_callbacks(execute=True):
            forget(person_id=point.person_id, by="staff", actor=make.STAFF, at=make.NOW)
        told = ErasureItem.objects.filter(store="consent_evidencefile", ground="somebody-elses")
        assert told.count() == 1  # of the first of them only
        assert path.exists() is (number_left == 0)
    assert not EvidenceFile.objects.exists()


def test_a_list_without_lines_goes_after_a_day(topic, django_capture_on_commit_callbacks) -> None:
    sheet = keep_file(make.PDF, person_id=None, actor=make.STAFF, at=make.NOW)
    assert remove_empty_lists(at=make.NOW + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_empty_lists(at=make.NOW + timedelta(hours=25)) == 1
    assert not (Path(settings.DATA_DIR) / sheet.path).exists()
