"""Pictures of every screen: `make screens` writes them to `screens/`, wide and on a phone.

A server of its own, with a made-up shop in a folder that goes afterwards: nothing of who runs it
is touched. Names of the files: page, width, light or dark. `python -m tests.screens start check`
takes only those pages; `python -m tests.screens docs` makes the small pictures of `docs/screens/`,
`python -m tests.screens docs results` one of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright
from pypdfium2 import PdfDocument

from tests.browser.journey import CHROMIUM, PHONE, SWITCHES, WIDE

OUT = Path("screens")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DOCS = Path("docs/screens")
# Name of the picture -> page, width, height.
SHOWN: dict[str, tuple[str, int, int]] = {
    "start": ("start", 1280, 1400),
    "letter": ("letter-blocks", 1280, 1000),
    "letters-ready": ("letter-new", 1280, 1000),
    "check": ("check", 1280, 900),
    "results": ("results", 1280, 1000),
    "builder": ("form-edit", 1280, 1000),
    "form-on-phone": ("public-form", 390, 844),
    "preferences-on-phone": ("public-centre", 390, 844),
    "import-preview": ("import-preview", 1280, 1000),
    "insight": ("choices", 1280, 1000),
    "request": ("request-several", 1280, 1100),
    "request-on-phone": ("public-request", 390, 844),
    "receipt": ("public-receipt", 1280, 1000),
    "certificate": ("certificate", 1280, 900),
    "push-check": ("push-check", 1280, 700),
    "post-letter": ("post-sheet", 910, 1287),
    "post-ready": ("post-ready", 1280, 900),
    "push-on-phone": ("public-push", 390, 844),
    "two-versions": ("two-versions-result", 1280, 1000),
    "series": ("series-demo", 1280, 1100),
    "sending": ("sending", 1280, 2100),
    "archive": ("archive", 1280, 800),
    "letter-dark": ("letter-blocks", 1280, 1000),
    "results-dark": ("results", 1280, 1000),
    "two-versions-on-phone": ("two-versions-result", 390, 844),
    "series-on-phone": ("series-demo", 390, 844),
    "leak": ("leak-decide", 1280, 1100),
    "leak-on-phone": ("leak-who", 390, 844),
    "retention-plan": ("retention", 1280, 1100),
    "duplicates": ("duplicates", 1280, 900),
    "merge": ("duplicate", 1280, 1000),
    "yearly-card": ("details", 1280, 1000),
    "yearly-card-on-phone": ("public-details", 390, 844),
    "recipients": ("recipients", 1280, 1000),
    "backups": ("backups", 1280, 1100),
    "check-up": ("checkup", 1280, 1100),
    "assessments": ("dpia", 1280, 1000),
    "assessment-step": ("dpia-risk", 1280, 1000),
    "leak-history": ("leak-history", 1280, 1000),
    "fields": ("catalogue", 1280, 1000),
    "register": ("register", 1280, 1000),
    "privacy-policy": ("public-privacy", 1280, 1000),
    "privacy-policy-on-phone": ("public-privacy", 390, 844),
    "forget-many": ("list-asked", 1280, 1000),
    "archive-on-phone-dark": ("public-archive", 390, 844),
}
PORT = int(os.environ.get("PORT", "8391"))
BASE = f"http://127.0.0.1:{PORT}"
CONTACTS = 400
LETTER_WORDS = """Beste {{ first_name | default: 'klant' }},

De winter is **zwaar** voor uw fiets. Zout en nat weer tasten de ketting aan. Wij kijken hem na:

1. Ketting en tandwielen
2. Remmen en banden
3. Licht voor en achter

# Zo werkt het

Maak een afspraak op [onze pagina](https://fietsen.example.nl/afspraak). U krijgt een kop koffie:

- maandag tot en met vrijdag van 9.00 tot 17.30 uur
- zaterdag van 10.00 tot 16.00 uur

# Tot ziens in de winkel

Met vriendelijke groet,

Fietsen Jansen
"""


@contextmanager
def served(data: Path) -> Iterator[None]:
    """`akkoord serve` on an empty data folder, until the pictures are taken."""
    for name in [name for name in os.environ if name.startswith("AKKOORD_")]:
        del os.environ[name]
    os.environ |= {
        "AKKOORD_DATA": str(data),
        "AKKOORD_BASE_URL": BASE,
        "PORT": str(PORT),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    server = subprocess.Popen([sys.executable, "-m", "akkoord", "serve"], stdout=subprocess.DEVNULL)
    try:
        _wait_for(server)
        yield
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if server.poll() is not None:
            sys.exit("The server did not start.")
        try:
            urllib.request.urlopen(f"{BASE}/health/", timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The server does not answer.")


def load_world() -> dict[str, str]:
    """The demo, one letter to check and one person forgotten; the pages' addresses by name."""
    from akkoord.config.readiness import load_django

    load_django()
    from django.utils import timezone

    from akkoord.accounts.models import Staff
    from akkoord.campaigns.actions import copy_campaign
    from akkoord.campaigns.models import Campaign
    from akkoord.consent.models import Form
    from akkoord.insight.demo import load_demo
    from akkoord.people.models import Person
    from akkoord.rights.models import ErasureRun
    from akkoord.rights.shown import forget_from_page
    from akkoord.trail.actions import Actor

    report = load_demo(contacts=CONTACTS, seed=1, at=timezone.now())
    owner = Staff.objects.get(email=report.email)
    person, leaving = Person.objects.order_by("id")[5:7]
    run = forget_from_page(
        person=leaving, by=ErasureRun.By.STAFF, actor=Actor.staff(owner.pk), at=timezone.now()
    )
    form = Form.objects.order_by("id").first()
    sent = Campaign.objects.exclude(dispatch=None).filter(channel="email").order_by("-id").first()
    assert form is not None
    assert sent is not None
    draft = copy_campaign(campaign_id=sent.id, at=timezone.now(), actor=Actor.staff(owner.pk))
    pages = (
        import_pages(owner.pk, at=timezone.now())
        | sale_pages(owner.pk, at=timezone.now())
        | push_pages(at=timezone.now())
        | consent_pages()
        | field_pages(owner.pk, at=timezone.now())
        | corrected_pages(person, owner.pk, at=timezone.now())
        | sealed_pages(at=timezone.now())
        | special_pages(owner.pk, at=timezone.now())
        | published_pages(owner.pk, at=timezone.now())
        | accuracy_pages(owner.pk, at=timezone.now())
        | group_pages(owner.pk, at=timezone.now())
        | block_pages(owner.pk, at=timezone.now())
        | referral_pages(person, owner.pk)
        | service_pages(owner.pk, at=timezone.now())
        | series_pages(owner.pk, draft.id, at=timezone.now())
        | post_pages(owner.pk, at=timezone.now())
        | trial_pages(owner.pk, at=timezone.now())
        | request_pages(person, owner.pk, at=timezone.now())
        | retention_pages(owner.pk, person.id, at=timezone.now())
        | list_pages(owner.pk, at=timezone.now())
        | leak_pages(owner.pk, at=timezone.now())
        | dpia_pages(owner.pk, at=timezone.now())
        | register_pages(owner.pk, at=timezone.now())
        | {
            "check": f"/campagnes/{draft.id}/controle/",
            "check-phone-dark": f"/campagnes/{draft.id}/controle/?scherm=telefoon&licht=donker",
            "letter-html": "/campagnes/nieuw/?hoe=html",
            "when": f"/campagnes/{draft.id}/wanneer/",
            "sending": "/campagnes/versturen/",
            "letter-sent": f"/campagnes/{sent.id}/",
            **result_pages(sent),
            "start": "/",
            "insight": "/inzicht/",
            "choices": "/inzicht/keuzes/",
            "people": "/mensen/",
            "person-add": "/formulieren/mens/nieuw/",
            "person": f"/mensen/{person.id}/",
            "keep": f"/verzoeken/persoon/{person.id}/",
            "person-same": f"/mensen/{person.id}/zelfde/?zoek=a",
            "keep-file": f"/verzoeken/persoon/{person.id}/bestand/",
            "forget": f"/verzoeken/persoon/{person.id}/vergeten/",
            "certificate": f"/verzoeken/certificaat/{run.reference}/",
            "requests": "/verzoeken/",
            "imports": "/importeren/",
            "forms": "/formulieren/",
            "form": f"/formulieren/{form.id}/",
            "form-new": "/formulieren/nieuw/",
            "form-edit": f"/formulieren/{form.id}/wijzigen/",
            "form-tablet": f"/formulieren/{form.id}/tablet/",
            "form-place": f"/formulieren/{form.id}/plaatsen/",
            "questions": "/formulieren/vragen/",
            "consent": "/formulieren/overzicht/",
            "letters": "/campagnes/",
            "letter-new": "/campagnes/nieuw/",
            "letter-markdown": "/campagnes/nieuw/?hoe=markdown",
            "topics": "/onderwerpen/",
            "register": "/register/",
            "settings": "/instellingen/",
            "trail": "/bewijs/",
            "retention": "/bewaren/",
            "backups": "/back-ups/",
            "checkup": "/controle/",
            "checkup-question": "/controle/vraag/leak-plan/",
            "checkup-plan": "/controle/plan/backup/",
            "checkup-course": "/controle/cursus/",
            "checkup-mail": "/controle/mail/",
            "dpia": "/controle/dpia/",
            "dpia-criteria": "/controle/dpia/audit-trail/criteria/",
            "policy": "/privacyverklaring/",
            "policy-publish": "/privacyverklaring/publiceren/",
            "policy-words": "/privacyverklaring/woorden/beginning/",
            "policy-elsewhere": "/privacyverklaring/elders/",
            "mailbox": "/mailbox/",
            "staff": "/medewerkers/",
            "consent-evidence": f"/formulieren/mens/{person.id}/ja/",
            "signed-list": "/formulieren/lijst/nieuw/",
            "telephone-script": "/formulieren/script/nieuw/",
            "api-keys": "/medewerkers/sleutels/",
            "api-key-new": "/medewerkers/sleutels/nieuw/",
            "public-api": "/api/docs",
            "public-form": f"/f/{form.slug}/",
            "public-privacy": "/privacy/",
            "public-preferences": "/voorkeuren/",
            "public-certificate": f"/certificaat/{run.reference}/",
            "public-my-data": my_data(person),
            **child_pages(person),
        }
    )
    return pages | {"_email": report.email, "_password": report.password}


def list_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Lists of people to forget: to look at, to approve, at work, and reported on."""
    from akkoord.accounts.models import Staff
    from akkoord.people.models import ContactPoint
    from akkoord.rights import lists
    from akkoord.rights.list_reading import read_pasted
    from akkoord.trail.actions import Actor

    other = Staff.objects.create_user("bo@example.nl", "x" * 20, name="Bo", role="privacy-officer")
    mine, theirs = Actor.staff(owner), Actor.staff(other.pk)
    points = ContactPoint.objects.filter(channel="email", ended_at=None).order_by("-id")
    addresses = list(points.values_list("value", flat=True)[:8])

    def brought_in(some: list[str], by: Actor) -> Any:
        lines = read_pasted("\n".join([*some, "onbekend@example.nl", "een regel zonder adres"]))
        return lists.make_list(lines=lines, ground="not-needed", at=at, actor=by)

    draft, asked = brought_in(addresses[:2], mine), brought_in(addresses[2:4], theirs)
    running, done = brought_in(addresses[4:6], theirs), brought_in(addresses[6:], theirs)
    for each in (asked, running, done):
        lists.ask_approval(list_id=each.id, at=at, actor=theirs)
    for each in (running, done):
        lists.approve_list(list_id=each.id, at=at, actor=mine)
    lists.work_list(list_id=done.id, at=at)
    return {
        "lists": "/verzoeken/lijsten/",
        "list-new": "/verzoeken/lijsten/nieuw/",
        "list-draft": f"/verzoeken/lijsten/{draft.id}/",
        "list-asked": f"/verzoeken/lijsten/{asked.id}/",
        "list-running": f"/verzoeken/lijsten/{running.id}/",
        "list-done": f"/verzoeken/lijsten/{done.id}/",
        "list-paper": f"/verzoeken/lijsten/{done.id}/verslag.pdf",
    }


def request_pages(person: Any, owner: UUID, *, at: datetime) -> dict[str, str]:
    """Requests in each of their steps, and the pages of who asked."""
    from akkoord.register.models import Recipient
    from akkoord.rights import answers, tokens
    from akkoord.rights.actions import RequestFacts, open_request
    from akkoord.rights.extending import extend_request
    from akkoord.rights.inbox import Asked, confirm_request, take_in, take_request
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner)

    def opened(*kinds: str, **more: Any) -> Any:
        facts = RequestFacts(kinds=kinds, channel="letter", received_at=at, **more)
        return open_request(facts=facts, at=at, actor=actor)

    several = opened("access", "rectification", "objection-use", person_id=person.id)
    unknown = opened("access", reply_to="onbekend@example.nl")
    longer = opened("access")  # on paper: no mail can tell it
    extend_request(request_id=longer.id, reason="Uw dossier is groot.", at=at, actor=actor)
    sent = opened("access", "portability", person_id=person.id)
    answers.write_letter(request_id=sent.id, text=answers.draft(sent, at=at), at=at, actor=actor)
    answers.approve_letter(request_id=sent.id, at=at, actor=actor)
    answers.deliver(request_id=sent.id, way="link", at=at, actor=actor)
    mailbox = person.points.filter(ended_at=None, channel="email").first()
    recipient = Recipient.objects.order_by("id")[0]
    typed = take_request(Asked(("access", "erasure", "objection"), mailbox.value), at=at)
    take_in(request_id=typed.id, at=at)
    asked = tokens.confirm_link(request_id=typed.id, at=at)
    counting = take_request(Asked(("rectification", "restriction"), mailbox.value), at=at)
    take_in(request_id=counting.id, at=at)
    confirm_request(request_id=counting.id, at=at)
    pages = {
        "public-answer-ready": tokens.answer_link(request_id=sent.id, at=at),
        "public-answer": tokens.fetch_link(request_id=sent.id, at=at),
        "public-request-mine": asked,
        "public-request-counts": tokens.confirm_link(request_id=counting.id, at=at),
    }
    return {name: "/" + url.split("/", 3)[3] for name, url in pages.items()} | {
        "request-several": f"/verzoeken/{several.id}/",
        "request-unknown": f"/verzoeken/{unknown.id}/?naam=Jansen",
        "request-longer": f"/verzoeken/{longer.id}/",
        "request-sent": f"/verzoeken/{sent.id}/",
        "request-letter": f"/verzoeken/{several.id}/brief.pdf",
        "request-new": "/verzoeken/nieuw/",
        "recipients": "/verzoeken/ontvangers/",
        "recipient-way": f"/verzoeken/ontvangers/{recipient.id}/",
        "recipient-hand": f"/verzoeken/persoon/{person.id}/ontvanger/",
        "public-request": "/privacyverzoek/",
    }


def result_pages(sent: Any) -> dict[str, str]:
    """What became of letters, the archive, and a letter as everybody reads it."""
    from django.utils import timezone

    from akkoord.campaigns.archive import set_archive
    from akkoord.campaigns.models import Campaign
    from akkoord.messages.clicks import web_copy_url
    from akkoord.trail.actions import Actor

    purpose = sent.purpose
    set_archive(purpose=purpose, is_open=True, at=timezone.now(), actor=Actor.system())
    letters = Campaign.objects.filter(dispatch__isnull=False, channel="email").order_by("-id")[:3]
    chosen = "&".join(f"brief={each.id}" for each in letters)
    return {
        "results": f"/inzicht/brieven/{sent.id}/",
        "compare": f"/inzicht/vergelijken/?{chosen}",
        "trends": "/inzicht/verloop/",
        "archive": "/campagnes/archief/",
        "public-archive": f"/archief/{purpose.slug}/",
        "public-letter": web_copy_url(sent.dispatch_id).removeprefix(BASE),
    }


def trial_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Own test addresses: one that said yes, one that was asked, and the owner's page."""
    from akkoord.consent.tokens import trial_link
    from akkoord.consent.trial import ask_trial, confirm_trial
    from akkoord.trail.actions import Actor

    facts: dict[str, Any] = {"language": "nl", "at": at, "actor": Actor.staff(owner)}
    agreed = ask_trial(address="proef@example.org", **facts)
    confirm_trial(trial_link(agreed.id).rstrip("/").rpartition("/")[2], at=at)
    asked = ask_trial(address="jansen.thuis@example.org", **facts)
    return {
        "public-trial": trial_link(asked.id).removeprefix(BASE),
        "public-trial-on": trial_link(agreed.id).removeprefix(BASE),
    }


def retention_pages(owner: UUID, held: UUID, *, at: datetime) -> dict[str, str]:
    """The plan with a customer of long ago and a hold, a rule with its history, a certificate."""
    from akkoord.law.retention_rules import Term
    from akkoord.people.models import Person, Purchase
    from akkoord.register.terms import RuleFacts, change_rule
    from akkoord.retention.actions import clean_up
    from akkoord.retention.holds import put_hold
    from akkoord.retention.plan import recount
    from akkoord.trail.actions import Actor

    staff = Actor.staff(owner)

    def long_ago(number: int, days: int) -> None:
        person = Person.objects.create(source="purchase", created_at=at, updated_at=at)
        Purchase.objects.create(
            person=person,
            number=f"oud-{number}",
            bought_on=(at - timedelta(days=days)).date(),
            source="till",
            created_at=at,
        )

    for number, days in enumerate((1500, 1400)):
        long_ago(number, days)
    run = clean_up(at=at, actor=staff).run
    for number, days in enumerate((1200, 1092, 1080, 1020, 1019), start=10):
        long_ago(number, days)
    for months, reason in ((24, ""), (60, "Wij geven vijf jaar garantie op frames."), (36, "")):
        facts = RuleFacts("customers", "last-purchase", Term(months=months), reason=reason)
        change_rule(facts=facts, at=at, actor=staff)
    put_hold(person_id=held, reason="Geschil over factuur 2026-104.", at=at, actor=staff)
    recount(at=at)
    return {
        "retention-rule": "/bewaren/regels/customers/",
        "retention-people": "/bewaren/wie/customers/goes/?dagen=90",
        "retention-people-held": "/bewaren/wie/customers/held/",
        "retention-holds": "/bewaren/vasthouden/",
        "retention-person": f"/bewaren/persoon/{held}/",
        "retention-stores": "/bewaren/gegevens/",
        "retention-run": f"/bewaren/opgeruimd/{run.reference}/",
    }


def leak_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """A leak whose clock runs, of the worst kind, with the people of a topic; the demo's own."""
    from decimal import Decimal

    from akkoord.breaches.actions import begin_breach, keep_step
    from akkoord.breaches.affected import ScopeFacts, add_scope
    from akkoord.register.models import Purpose
    from akkoord.trail.actions import Actor

    staff, noticed = Actor.staff(owner), at - timedelta(hours=21)
    what = "De lijst van de rit met medische bijzonderheden ging naar een andere klant."
    breach = begin_breach(
        values={"what": what, "aware_at": noticed, "found_how": "De klant belde."},
        at=noticed,
        actor=staff,
    )
    topic = Purpose.objects.filter(is_topic=True, ended_at=None).order_by("id")[0]
    add_scope(breach_id=breach.id, facts=ScopeFacts("topic", topic.id), at=at, actor=staff)
    kind = {"natures": ["confidentiality"], "cause": "wrong-recipient", "systems": ["mailbox"]}
    bad = {
        "context": 4,
        "identification": Decimal(1),
        "confidentiality": Decimal("0.25"),
        "consequences": "Iemand anders kent hun gezondheid.",
        "taken": "De klant heeft de lijst gewist.",
    }
    for step, values in (("kind", kind), ("severity", bad)):
        keep_step(breach_id=breach.id, step=step, values=values, at=at, actor=staff)
    mine = f"/datalekken/{breach.id}"
    return {
        "leaks": "/datalekken/",
        "leak-begin": "/datalekken/melden/",
        "leak-drill": "/datalekken/oefenen/",
        "leak": f"{mine}/",
        "leak-history": f"{mine}/geschiedenis/",
        "leak-kind": f"{mine}/stap/kind/",
        "leak-who": f"{mine}/wie/",
        "leak-account": f"{mine}/wie/?manier=account",
        "leak-people": f"{mine}/mensen/",
        "leak-severity": f"{mine}/stap/severity/",
        "leak-decide": f"{mine}/besluit/",
        "leak-authority": f"{mine}/ap/",
        "leak-letter": f"{mine}/brief/",
        "leak-letter-english": f"{mine}/brief/?taal=en",
        "leak-post": f"{mine}/post/",
        "leak-public": f"{mine}/openbaar/",
        "leak-protocol": "/datalekken/protocol/",
    }


def dpia_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """An assessment of which every step is filled in, and a high risk stays."""
    from akkoord.checkup import dpia
    from akkoord.law.dpia_rules import Feared, RiskFacts
    from akkoord.trail.actions import Actor

    facts: dict[str, Any] = {"key": "topic-nieuwsbrief", "at": at, "actor": Actor.staff(owner)}
    reason = "Wij zien wie welke brief opent, en verder niemand."
    dpia.screen_activity(criteria=["monitoring", "innovative"], listed=[], reason=reason, **facts)
    dpia.begin_assessment(**facts)
    for part in sorted(dpia.TEXTS):
        text = "Wij bewaren een adres en wie welke brief opent, tot iemand zich afmeldt."
        dpia.write_part(part=part, text=text, **facts)
    for feared in Feared:
        risk = RiskFacts(
            feared,
            sources="Iemand raadt een wachtwoord, of leest mee op de computer in de winkel.",
            impacts="Ongewenste mail, en een ander weet wat iemand graag leest.",
            measures="Een tweede stap bij het inloggen, en elke avond uitloggen.",
            severity=3,
            likelihood=3,
            left_severity=3,
            left_likelihood=3 if feared is Feared.ACCESS else 1,
        )
        dpia.write_risk(facts=risk, **facts)
    return {
        "dpia-one": "/controle/dpia/topic-nieuwsbrief/",
        "dpia-risk": "/controle/dpia/topic-nieuwsbrief/stap/access/",
        "dpia-decision": "/controle/dpia/topic-nieuwsbrief/stap/decision/",
    }


def register_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """The register: examples, an entry and a draft, companies, measures, links, a file."""
    from akkoord.register import companies, hand, inspecting, measures
    from akkoord.register.tests.factories import answered_example
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner)
    facts: dict[str, Any] = {"at": at, "actor": actor}
    firm = companies.enter_known(key="books-jortt", **facts)
    companies.enter_company(
        values={
            "name": "Verre Wolk Inc.",
            "service_nl": "Bewaart foto’s",
            "service_en": "Keeps photos",
            "role": "processor",
            "country": "US",
        },
        **facts,
    )
    entry = answered_example(example_key="invoices", **facts)
    hand.choose_recipients(key=entry.key, wanted={firm.key}, **facts)
    hand.publish_activity(key=entry.key, **facts)
    hand.change_activity(
        key=entry.key,
        values={"security_nl": "In het boekhoudpakket, met twee stappen om in te loggen."},
        reason="De kast is weg, alles staat nu in het pakket.",
        **facts,
    )
    companies.change_company(
        recipient_id=firm.id,
        values={"country": "BE", "review_on": at.date() + timedelta(days=90)},
        reason="Het bedrijf verhuisde naar Gent. Wij kijken na drie maanden weer.",
        **facts,
    )
    draft = hand.make_activity(
        values={"name_nl": "Fietsen uitlenen", "name_en": "Lending bicycles"}, **facts
    )
    measures.note_seen_measures(**facts)
    measures.declare_measure(
        name_nl="Werkplaats op slot",
        name_en="Workshop locked",
        review_on=at.date() + timedelta(days=200),
        **facts,
    )
    inspecting.make_link(office="Boekhouder De Vries", days=14, **facts)
    _link, token = inspecting.make_link(
        office="Autoriteit Persoonsgegevens", days=30, with_dossier=True, **facts
    )
    return {
        "register-entry": f"/register/{entry.key}/",
        "register-history": f"/register/{entry.key}/geschiedenis/",
        "register-draft": f"/register/{draft.key}/",
        "register-step": f"/register/{draft.key}/stap/4/",
        "register-examples": "/register/nieuw/",
        "register-companies": "/register/bedrijven/",
        "register-company": f"/register/bedrijven/{firm.id}/",
        "register-company-history": f"/register/bedrijven/{firm.id}/geschiedenis/",
        "register-measures": "/register/maatregelen/",
        "register-house": "/register/wie/",
        "register-links": "/register/inzage/",
        "register-bring": "/register/inlezen/",
        "public-register": f"/inzage/{token}/",
        "public-register-history": f"/inzage/{token}/{entry.key}/",
        "public-register-company": f"/inzage/{token}/bedrijf/{firm.key}/",
    }


def child_pages(person: Any) -> dict[str, str]:
    """What a parent sees who stops."""
    from akkoord.consent.tokens import parent_stop_link

    point = person.points.filter(channel="email").first()
    return {"public-parent-stop": parent_stop_link(point.id).removeprefix(BASE)}


def my_data(person: Any) -> str:
    """The person's own page with everything that is kept, by the link that went to the mailbox."""
    from django.utils import timezone

    from akkoord.rights import tokens

    point = person.points.filter(channel="email").first()
    link = tokens.mailed_link(point_id=point.id, kind=tokens.ACCESS, at=timezone.now())
    return link.removeprefix(BASE)


def field_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """A field of the shop's own, and what its newsletter may use."""
    from akkoord.register.own_fields import OwnFieldFacts, make_own_field
    from akkoord.trail.actions import Actor

    facts = OwnFieldFacts(
        name_nl="Soort fiets",
        name_en="Kind of bicycle",
        kind="choice",
        why_nl="Om te tonen wat bij u past.",
        why_en="To show what suits you.",
        choices=(("Racefiets", "Racing bicycle"), ("Bakfiets", "Cargo bicycle")),
    )
    make_own_field(facts=facts, activity_key="topic-nieuwsbrief", at=at, actor=Actor.staff(owner))
    return {
        "fields": "/velden/",
        "catalogue": "/bewaren/velden/",
        "catalogue-field": "/bewaren/veld/soort-fiets/",
        "catalogue-all": "/bewaren/velden/alles/",
        "field-new": "/velden/nieuw/",
        "field-choices": "/velden/soort-fiets/keuzes/",
        "topic-fields": "/register/topic-nieuwsbrief/velden/",
        "topic-channels": "/onderwerpen/nieuwsbrief/manieren/",
    }


def corrected_pages(person: Any, owner: UUID, *, at: datetime) -> dict[str, str]:
    """Somebody who told where they live and which bicycle they ride, and what staff say of age."""
    from akkoord.consent.tokens import fresh_link
    from akkoord.people.models import OwnFieldValue, PostalAddress
    from akkoord.register.models import PersonalDataField

    field = PersonalDataField.objects.get(key="soort-fiets")
    OwnFieldValue.objects.create(person=person, field=field, value="Bakfiets", updated_at=at)
    PostalAddress.objects.create(
        person=person,
        street="Dorpsstraat",
        house_number="12a",
        postcode="1234 AB",
        city="Amersfoort",
        created_at=at,
    )
    point = person.points.filter(channel="email").first()
    fresh = fresh_link(point_id=point.id, at=at).removeprefix(BASE)
    return {
        "person-age": f"/formulieren/mens/{person.id}/leeftijd/",
        "public-correct": fresh,
        "public-receipts-own": fresh + "bewijs/",
    }


def sealed_pages(*, at: datetime) -> dict[str, str]:
    """Two questions, one of which speaks of health and is kept apart."""
    from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
    from akkoord.consent.sign_up import SignUpFacts, request_sign_up
    from akkoord.register.models import Purpose
    from akkoord.trail.actions import Actor

    facts = FormFacts(
        name="Vraag of offerte",
        slug="vraag-apart",
        kind="question",
        topic_ids=(Purpose.objects.get(slug="nieuwsbrief").id,),
        field_keys=("email",),
    )
    form = create_form(facts=facts, at=at, actor=Actor.system())
    shown = publish_form(form_id=form.id, at=at, actor=Actor.system())[0]
    asked = [
        request_sign_up(
            collection_point=shown,
            facts=SignUpFacts(email=address, version_ids=(), message=words, ip="203.0.113.0"),
            at=at,
        ).enquiry
        for address, words in (
            ("gerda@example.nl", "Past er een mand op de Stadsfiets Amstel?"),
            ("hans@example.nl", "Ik heb diabetes. Past een koeltas op deze fiets?"),
        )
    ]
    assert asked[1] is not None
    return {"question-sealed": f"/formulieren/vragen/{asked[1].id}/"}


def special_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """A field that an exception opens, soon over; somebody who said yes, and somebody who not."""
    from akkoord.consent.special_values import write_value
    from akkoord.consent.special_yes import record_yes
    from akkoord.consent.tokens import fresh_link
    from akkoord.law.terms import law_day
    from akkoord.people.models import ContactPoint
    from akkoord.register.exception_entry import Decision
    from akkoord.register.exceptions import SpecialFieldFacts, record_exception
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner)
    reason = "Wij koken op de fietsdag. Wie iets verkeerds eet, kan ziek worden."
    facts = SpecialFieldFacts(
        "Allergie",
        "Allergy",
        "Om een lunch te maken die u kunt eten.",
        "To make a lunch that you can eat.",
        "health",
    )
    until = law_day(at) + timedelta(days=20)
    decision = Decision("9(2)(a)", reason, "owner", until)
    record_exception(facts=facts, decision=decision, at=at, actor=actor)
    living = ContactPoint.objects.filter(ended_at=None, channel="email").order_by("id")
    point, other = living[10:12]
    paper = BytesIO()
    Image.new("RGB", (60, 80), "white").save(paper, "PNG")
    record_yes(
        person_id=point.person_id,
        field_key="allergie",
        scan=paper.getvalue(),
        happened_at=at,
        at=at,
        actor=actor,
    )
    write_value(person_id=point.person_id, field_key="allergie", value="noten", at=at, actor=actor)
    return {
        "exceptions": "/velden/uitzonderingen/",
        "exception": "/velden/uitzonderingen/allergie/",
        "exception-new": "/velden/uitzonderingen/nieuw/?name_nl=Dieet&name_en=Diet&kind=health",
        "exception-register": "/register/art9-allergie/",
        "person-special": f"/formulieren/mens/{point.person_id}/gevoelig/",
        "person-special-no-yes": f"/formulieren/mens/{other.person_id}/gevoelig/",
        "public-special": fresh_link(point_id=point.id, at=at).removeprefix(BASE),
    }


def published_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """A company's address that was published for such mail, with where it stood (INV-18)."""
    from akkoord.consent.published import Publication, record_publication
    from akkoord.permission.tests.factories import make_point
    from akkoord.register.models import Purpose
    from akkoord.register.published import allow_published
    from akkoord.register.queries import current_versions
    from akkoord.trail.actions import Actor

    facts: dict[str, Any] = {"at": at, "actor": Actor.staff(owner)}
    topic = Purpose.objects.get(slug="nieuwsbrief")
    why = "Bedrijven vragen zelf om zulke post, en een antwoord is genoeg om te stoppen."
    allow_published(purpose_id=topic.id, allows=True, because=why, **facts)
    point = make_point("inkoop@wielhandel.example")
    seen = Publication(
        version=current_versions([topic])[0],
        company="Wielhandel Noord B.V.",
        legal_form="b.v.",
        url="https://wielhandel.example/contact",
        quote="Aanbiedingen voor onze winkel? Mail inkoop@wielhandel.example.",
        seen_on=at.date(),
    )
    record_publication(point_id=point.id, seen=seen, **facts)
    return {
        "person-published": f"/formulieren/mens/{point.person_id}/gepubliceerd/",
        "person-company": f"/mensen/{point.person_id}/",
        "topic-published": f"/onderwerpen/{topic.slug}/bedrijven/",
    }


def accuracy_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Two records of one person, mail that comes back, and the yearly question."""
    from akkoord.consent.details import set_details
    from akkoord.consent.tokens import details_link
    from akkoord.people.duplicates import find_duplicates
    from akkoord.people.models import ContactPoint, DuplicatePair, Person
    from akkoord.trail.actions import Actor

    # From the middle: the newest are forgotten by the lists.
    one, other, third = Person.objects.exclude(given_name="").order_by("id")[30:33]
    for each, name in ((one, "Willemijn"), (other, "W.")):
        Person.objects.filter(id=each.id).update(
            given_name=name, family_name="van den Heuvel", customer_number="K-20417"
        )
    living = ContactPoint.objects.filter(channel="email", ended_at=None).order_by("id")
    for point in living[:3]:
        ContactPoint.objects.filter(id=point.id).update(undeliverable_at=at)
    set_details(
        is_on=True, words_nl="Bedankt voor uw hulp.", words_en="", at=at, actor=Actor.staff(owner)
    )
    find_duplicates(at=at)
    pair = DuplicatePair.objects.filter(sides__person=one).first()
    assert pair is not None
    asked = living.filter(person=third).first() or living[5]
    return {
        "review": "/mensen/nakijken/?soort=bouncing",
        "duplicates": "/mensen/dubbel/",
        "duplicate": f"/mensen/dubbel/{pair.id}/",
        "details": "/formulieren/kloppen/",
        "public-details": details_link(point_id=asked.id, at=at).removeprefix(BASE),
    }


def push_pages(*, at: datetime) -> dict[str, str]:
    """The demo's page for push messages, a device alone, and a message to check."""
    from akkoord.campaigns.models import Campaign
    from akkoord.consent.models import Form
    from akkoord.consent.push_tokens import device_token
    from akkoord.people.models import PushDevice

    form = Form.objects.get(kind="push")
    campaign = Campaign.objects.get(channel="push", dispatch=None)
    device = PushDevice.objects.filter(contact_point__person__source="push").order_by("since")[0]
    point_id = device.contact_point_id
    return {
        "push-check": f"/campagnes/{campaign.id}/controle/",
        "push-new": "/campagnes/nieuw/push/",
        "push-page": f"/formulieren/push/{form.id}/",
        "push-page-new": "/formulieren/push/nieuw/",
        "push-topic": f"/onderwerpen/{campaign.purpose.slug}/wijzigen/",
        "public-push": f"/p/{form.slug}/",
        "public-push-device": f"/p/v/{device_token(point_id=point_id, at=at)}/",
        "public-push-old": f"/p/v/{device_token(point_id=point_id, at=at - timedelta(days=40))}/",
    }


def group_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Saved groups: the list, one in rows and blocks, one as text, a new one."""
    from akkoord.insight.demo_texts import OFFERS
    from akkoord.law.purpose_rules import Answer, Factor, Weighed
    from akkoord.register.models import Purpose
    from akkoord.register.own_fields import admit_field
    from akkoord.segments.actions import create_group
    from akkoord.segments.places import bring_places
    from akkoord.trail.actions import Actor

    topic = Purpose.objects.get(slug=OFFERS)
    # Made up: no table of where postcodes lie comes with Akkoord.
    made_up = ["3811;52.16;5.39", "3812;52.15;5.36", "3813;52.17;5.42", "3511;52.09;5.12"]
    bring_places(made_up, at=at, actor=Actor.staff(owner))
    fits = Weighed("Een winkel om de hoek.", answers=dict.fromkeys(Factor, Answer.FOR))
    for key in ("city", "postcode", "last_purchase"):
        admit_field(
            activity_key=topic.activity_key,
            field_key=key,
            why_nl="Een aanbod van de winkel is voor klanten in de buurt.",
            why_en="An offer of the shop is for customers nearby.",
            at=at,
            actor=Actor.staff(owner),
            weighed=fits,
        )
    text = (
        'city is "Amersfoort" and (last_purchase within 365 days or chose topic "nieuwsbrief") '
        "and not last_purchase within 30 days"
    )
    made = [
        create_group(purpose=topic, name=name, text=words, at=at, actor=Actor.staff(owner))
        for name, words in (
            ("Kocht dit jaar", text.partition(" and not")[0]),
            ("Woont dichtbij", 'within 15 km of "3811" and not within 2.5 km of "3811"'),
            ("Nog niet terug", 'not (language is "en" or last_purchase within 90 days)'),
        )
    ]
    return {
        "groups": "/groepen/",
        "group-places": "/groepen/plaatsen/",
        "group": f"/groepen/{made[0].id}/",
        "group-near": f"/groepen/{made[1].id}/",
        "group-text": f"/groepen/{made[2].id}/",
        "group-new": f"/groepen/nieuw/?onderwerp={OFFERS}",
        "group-topic": "/groepen/nieuw/",
    }


def block_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """A letter of blocks in the editor, its versions, the gallery, the style, a picture."""
    from akkoord.campaigns.actions import CampaignText, create_campaign
    from akkoord.campaigns.editing import Moment, change_blocks, fill_block
    from akkoord.composing.art import draw_scene
    from akkoord.composing.beginnings import beginning_of, with_own_drawings
    from akkoord.composing.pictures import PictureWords, keep_picture
    from akkoord.composing.tree import as_text
    from akkoord.register.models import Purpose
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner)
    picture = keep_picture(
        draw_scene("event", "#8a3b12"),
        words=PictureWords("Open dag", "Een plein met vlaggetjes en huizen"),
        at=at,
        actor=actor,
    )
    begin = beginning_of("newsletter", "nl")
    assert begin is not None
    tree = with_own_drawings(begin.tree, at=at, actor=actor)
    text = CampaignText(
        name="Nieuwsbrief december",
        subject=begin.subject,
        preheader=begin.preheader,
        body=as_text(tree),
        body_kind="blocks",
    )
    campaign = create_campaign(
        purpose=Purpose.objects.get(slug="nieuwsbrief"), text=text, at=at, actor=actor
    )
    heading = tree.blocks[4]
    change_blocks(
        campaign_id=campaign.id,
        change=fill_block(
            heading.id, {"text": "Winterbanden", "size": "medium", "align": "left"}, ""
        ),
        moment=Moment(1, at, actor),
    )
    return {
        "letter-blocks": f"/campagnes/{campaign.id}/blokken/?open={tree.blocks[3].id}",
        "letter-draw": f"/campagnes/{campaign.id}/tekenen/",
        "letter-versions": f"/campagnes/{campaign.id}/versies/",
        "letter-blocks-check": f"/campagnes/{campaign.id}/controle/",
        "letter-begin": "/campagnes/nieuw/blokken/?vanaf=offer&taal=nl",
        "letter-style": "/campagnes/stijl/",
        "pictures": "/campagnes/beelden/",
        "picture": f"/campagnes/beelden/{picture.id}/",
    }


def referral_pages(person: Any, owner: UUID) -> dict[str, str]:
    """Tell a friend: what is offered, and what a customer and a friend see."""
    from django.utils import timezone

    from akkoord.insight.demo_texts import TELL_A_FRIEND
    from akkoord.referrals.actions import make_card, record_use, save_programme
    from akkoord.referrals.tokens import never_link, tip_link
    from akkoord.trail.actions import Actor

    now = timezone.now()
    card = make_card(person_id=person.id, at=now)
    record_use(code=card.code, used_on=now.date(), at=now, actor=Actor.staff(owner))
    both = TELL_A_FRIEND | {"mail_is_on": True, "reward_nl": "", "reward_en": ""}
    save_programme(values=both, at=now, actor=Actor.staff(owner))
    point = person.points.filter(channel="email").first()
    assert point is not None
    return {
        "referrals": "/tip-een-vriend/",
        "public-tip": tip_link(point_id=point.id, at=now).removeprefix(BASE),
        "public-card": f"/kaart/{card.code}/",
        "public-never": never_link(bytes(32)).removeprefix(BASE),
    }


def import_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """An upload at each step of the wizard."""
    from akkoord.imports.actions import ImportOrder
    from akkoord.imports.receiving import receive_upload
    from akkoord.imports.tests.samples import LAPOSTA
    from akkoord.imports.upload import (
        bring_in_upload,
        choose_columns,
        run_upload,
    )
    from akkoord.trail.actions import Actor

    actor, pages = Actor.staff(owner), {}
    for step in ("columns", "preview", "result"):
        order = ImportOrder("relaties.xlsx", wording="Ja, ik wil de nieuwsbrief.", is_dry_run=True)
        record = receive_upload(BytesIO(LAPOSTA), order=order, at=at, actor=actor)
        pages[f"import-{step}"] = f"/importeren/{record.id}/"
        if step == "columns":
            continue
        roles = [part["roles"] for part in record.parts]
        choose_columns(import_id=record.id, choices=roles, at=at, actor=actor)
        run_upload(import_id=record.id, at=at)
        if step == "result":
            bring_in_upload(import_id=record.id)
            run_upload(import_id=record.id, at=at)
            pages["import-undo"] = f"/importeren/{record.id}/terug/"
    return pages


def _till(year: str) -> list[list[object]]:
    """A sheet of a till: some customers with where they live."""
    header: list[object] = ["Bonnummer", "Datum", "E-mail", "Naam", "Productgroep", "Straat"]
    header += ["Postcode", "Plaats"]
    rows: list[list[object]] = [header]
    for number in range(5):
        who = [f"{year}-{number}", f"0{number + 1}-06-{year}", f"kassa{number}@example.nl"]
        place = ["Stadsfiets", f"Dorpsstraat {number}", "1234 AB", "Utrecht"]
        rows.append([*who, f"Koper Nummer{number}", *(place if number else ["Iets", "", "", ""])])
    return rows


def series_pages(owner_id: UUID, draft_id: UUID, *, at: datetime) -> dict[str, str]:
    """A welcome series that runs with people in it, and the page for two versions of a letter."""
    from akkoord.campaigns import series_actions
    from akkoord.campaigns.models import AbTest, Series, SeriesRun
    from akkoord.campaigns.series_work import work_series
    from akkoord.register.models import Purpose
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner_id)
    busy = Series.objects.order_by("id").first()  # the demo's own, with people at every letter
    tested = AbTest.objects.order_by("id").first()
    assert busy is not None
    assert tested is not None
    series = series_actions.create_series(
        purpose=Purpose.objects.get(slug="nieuwsbrief"),
        facts=series_actions.SeriesFacts(name="Welkom", trigger="welcome"),
        at=at,
        actor=actor,
    )
    for step in series.steps.select_related("campaign"):  # the words that its author is to write
        step.campaign.body = step.campaign.body.replace("Schrijf hier uw eigen antwoorden.", "")
        step.campaign.save(update_fields=["body"])
    series_actions.turn_on(series_id=series.id, at=at - timedelta(days=60), actor=actor)
    work_series(at=at)
    run = SeriesRun.objects.filter(series=series).first()
    return {
        "series": "/campagnes/reeksen/",
        "series-new": "/campagnes/reeksen/nieuw/birthday/",
        "series-flow": f"/campagnes/reeksen/{series.id}/",
        "series-change": f"/campagnes/reeksen/{series.id}/wijzigen/",
        "series-people": f"/campagnes/reeksen/{series.id}/mensen/",
        "two-versions": f"/campagnes/{draft_id}/twee-versies/",
        "two-versions-result": f"/campagnes/{tested.campaign_id}/vergelijken/",
        "series-demo": f"/campagnes/reeksen/{busy.id}/",
    } | ({"series-person": f"/campagnes/reeksen/mens/{run.id}/"} if run else {})


def service_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Messages about a purchase: the texts, one being written, to one customer, to many, sent."""
    from akkoord.campaigns.service import ServiceText, keep_service_template, send_service
    from akkoord.campaigns.service_ready import READY
    from akkoord.people.models import Purchase
    from akkoord.register.service_purposes import service_activities
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner)
    activity = service_activities()[0].key
    kept = [
        keep_service_template(
            text=ServiceText(
                each.name, activity, each.subject, each.body, each.language, each.about
            ),
            at=at,
            actor=actor,
        )
        for each in READY[:3]
    ]
    sales = Purchase.objects.filter(person__isnull=False, reversed_on=None).order_by("-bought_on")
    chosen = list(sales.values_list("id", flat=True)[:12])
    run = send_service(
        template_id=kept[0].id,
        purchases=Purchase.objects.filter(id__in=chosen),
        at=at,
        actor=actor,
    )
    many = f"/campagnes/service/{kept[1].id}/versturen/"
    return {
        "service": "/campagnes/service/",
        "service-new": "/campagnes/service/nieuw/?van=klaar",
        "service-write": f"/campagnes/service/{kept[1].id}/",
        "service-about": f"/campagnes/service/over/{sales[0].person_id}/",
        "service-many": f"{many}?since=2020-01-01&until=2030-01-01&product_group=&place=",
        "service-sent": f"/campagnes/service/verzonden/{run.id}/",
        "agreement-file": "/campagnes/service/afspraken/",
        "agreements": f"/campagnes/service/afspraken/{sales[0].person_id}/",
    }


def post_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Letters on paper: written, weighed, one to check, one ready to print, one handed over."""
    from django.test import override_settings

    from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
    from akkoord.consent.tokens import fresh_link, why_link, withdrawal_link
    from akkoord.datamap.ids import uuid7
    from akkoord.insight.demo_texts import OFFERS
    from akkoord.messages.deliver import run_dispatch
    from akkoord.messages.letter_actions import Printer, download_letters, hand_over_letters
    from akkoord.people.models import ContactPoint
    from akkoord.permission.tests.factories import make_point, sell
    from akkoord.permission.tests.test_post import WORDS, make_letterbox
    from akkoord.register.actions import offer_channels
    from akkoord.register.balancing import write_balancing_test
    from akkoord.register.models import Purpose
    from akkoord.trail.actions import Actor

    actor = Actor.staff(owner)
    topic = Purpose.objects.get(slug=OFFERS)
    offer_channels(purpose_id=topic.id, channels=["email", "post"], at=at, actor=actor)
    topic.refresh_from_db()
    write_balancing_test(activity_key=topic.activity_key, words=WORDS, at=at, actor=actor)
    people = [("Zoë", "Müller-Lüdenscheidt"), ("Bram", "de Visser"), ("Carla", "van der Smit")]
    for number, (given, family) in enumerate(people):
        door = {"street": "Dorpsstraat", "house_number": f"{number + 3}a"}
        sell(make_letterbox(given_name=given, family_name=family, city="Amersfoort", **door))
    text = CampaignText(
        name="Onderhoud in de winter",
        subject="Onderhoud van uw fiets",
        body=LETTER_WORDS,
        language="nl",
    )
    made = []
    with override_settings(BASE_URL="https://fietsen.example.nl"):
        for turn in range(3):
            facts = {"at": at, "actor": actor}
            campaign = create_campaign(purpose=topic, text=text, channel="post", **facts)  # type: ignore[arg-type]
            made.append(campaign)
            if turn == 0:
                continue
            send_campaign(campaign_id=campaign.id, registers="not-checked", **facts)  # type: ignore[arg-type]
            campaign.refresh_from_db()
            assert campaign.dispatch is not None
            run_id = campaign.dispatch.id
            for _turn in range(60):  # the server's own worker may have taken a part
                run_dispatch(run_id, worker_id=uuid7())
                campaign.refresh_from_db()
                if campaign.dispatch.state == "ready":
                    break
                time.sleep(1)
        facts = {"run_id": campaign.dispatch_id, "at": at, "actor": actor}
        (OUT / "brieven.pdf").write_bytes(download_letters(printer=Printer(), **facts))  # type: ignore[arg-type]
        hand_over_letters(took_out=False, **facts)  # type: ignore[arg-type]
    post = ContactPoint.objects.filter(channel="post", person__family_name="de Visser").get()
    mailbox = make_point("bram@example.nl", person=post.person)
    facts = {"point_id": post.id, "purpose_id": topic.id}
    links = {
        "public-post": fresh_link(point_id=mailbox.id, at=at),
        "public-letter-why": why_link(**facts, at=at),  # type: ignore[arg-type]
        "public-letter-stop": withdrawal_link(**facts),  # type: ignore[arg-type]
    }
    return {
        "post-new": "/campagnes/nieuw/post/",
        "post-weigh": f"/register/{topic.activity_key}/brieven/",
        "post-check": f"/campagnes/{made[0].id}/controle/",
        "post-ready": f"/campagnes/{made[1].id}/",
        "post-handed": f"/campagnes/{made[2].id}/",
        "post-sheet": f"/campagnes/{made[1].id}/brief.png",
        "public-letter-code": "/brief/",
        **{name: link.removeprefix(BASE) for name, link in links.items()},
    }


def sale_pages(owner: UUID, *, at: datetime) -> dict[str, str]:
    """Invoices looked through, one sale by hand, a customer, places and products."""
    from akkoord.imports.invoices import SalesOrder
    from akkoord.imports.sales_upload import bring_in_sales, receive_sales
    from akkoord.imports.tests import ubl_samples as ubl
    from akkoord.imports.tests.samples import book
    from akkoord.insight.demo_texts import OFFERS, SHOP
    from akkoord.people.models import Purchase
    from akkoord.trail.actions import Actor

    buffer = BytesIO()
    lines = (("SF-1", "Stadsfiets Amstel", "649.00"), ("X-9", "Cadeaubon", "25.00"))
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(2):
            buyer = ubl.consumer(mail=f"koper{number}@example.nl")
            invoice = ubl.invoice(
                f"2026-{number}", seller=SHOP.name, customer=buyer, lines=lines[number : number + 1]
            )
            archive.writestr(f"factuur-{number}.xml", invoice)
        archive.writestr("inkoop.xml", ubl.invoice("G1", seller="Groothandel Wiel B.V."))
        archive.writestr("vreemd.xml", ubl.LAUGHS)
    buffer.seek(0)
    order = SalesOrder("facturen-oktober.zip", place_slug="kassa", topic_slug=OFFERS)
    sold = receive_sales(buffer, order=order, at=at, actor=Actor.staff(owner))
    years = {year: _till(year) for year in ("2025", "2026")}
    tables = receive_sales(
        BytesIO(book(years)), order=SalesOrder("kassa.xlsx"), at=at, actor=Actor.staff(owner)
    )
    till = receive_sales(
        BytesIO(book({"2024": _till("2024")})),
        order=SalesOrder("kassa-2024.xlsx"),
        at=at,
        actor=Actor.staff(owner),
    )
    bring_in_sales(import_id=till.id, at=at)
    sale = Purchase.objects.exclude(optout_shown_id=None).order_by("-bought_on", "id")[0]
    return {
        "sales": "/importeren/verkopen/",
        "sales-result": f"/importeren/verkopen/{sold.id}/",
        "sales-tables": f"/importeren/verkopen/{tables.id}/",
        "sales-in": f"/importeren/verkopen/{till.id}/",
        "sales-undo": f"/importeren/{till.id}/terug/",
        "sales-placeless": "/importeren/verkopen/plek/",
        "sale-by-hand": f"/importeren/verkopen/mens/{sale.person_id}/",
        "customer": f"/mensen/{sale.person_id}/",
        "places": "/formulieren/plekken/",
        "place": "/formulieren/plekken/kassa/",
        "products": "/producten/",
        "topic-customers": f"/onderwerpen/{OFFERS}/klanten/",
        "topic": f"/onderwerpen/{OFFERS}/",
    }


def consent_pages() -> dict[str, str]:
    """A person's own pages by their links, and what staff see of stopping."""
    from django.utils import timezone

    from akkoord.consent.models import PermissionEvent, Standing
    from akkoord.consent.receive import receive_mail
    from akkoord.consent.tokens import fresh_link, preference_link, renewal_link, withdrawal_link
    from akkoord.people.models import ContactPoint
    from akkoord.register.models import Purpose

    now = timezone.now()
    # Somebody with a confirmed yes; with devices too, where there is one.
    yeses = Standing.objects.filter(state="confirmed", channel="email")
    with_devices = yeses.filter(person__points__device__isnull=False)
    standing = (with_devices.order_by("id") or yeses.order_by("id")).first()
    assert standing is not None
    point = ContactPoint.objects.get(id=standing.contact_point_id)
    event = PermissionEvent.objects.get(id=standing.event_id)
    Standing.objects.filter(id=standing.id).update(valid_until=now + timedelta(days=9))
    question = b"From: %s\nSubject: Re: Nieuws\n\nHoe kan ik mij afmelden?\n"
    receive_mail(question % point.value.encode(), at=now)
    fresh = fresh_link(point_id=point.id, at=now)
    topic = Purpose.objects.filter(is_topic=True).order_by("created_at").first()
    assert topic is not None
    links = {
        "public-centre": fresh,
        "public-less": preference_link(point_id=point.id, at=now),
        "public-stop": withdrawal_link(point_id=point.id, purpose_id=standing.purpose_id),
        "public-receipts": fresh + "bewijs/",
        "public-receipt": f"{fresh}bewijs/{event.id}/",
        "public-renew": renewal_link(point_id=point.id, purpose_id=standing.purpose_id, at=now),
    }
    return {name: link.removeprefix(BASE) for name, link in links.items()} | {
        "topic-life": f"/onderwerpen/{topic.slug}/duur/",
        "topic": f"/onderwerpen/{topic.slug}/",
        "mails-to-read": "/formulieren/post/",
        "person-stop": f"/formulieren/mens/{point.person_id}/nee/",
        "person-consent": f"/mensen/{point.person_id}/",
    }


def log_in(context: BrowserContext, email: str, password: str) -> Page:
    """A page of the owner's."""
    page = context.new_page()
    page.goto(f"{BASE}/account/login/")
    picture(page, "log-in")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(f"{BASE}/")
    return page


def take(page: Page, pages: dict[str, str]) -> None:
    """Every page in both widths, light and dark; of a PDF the first sheet."""
    for name, path in pages.items():
        if path.endswith(".pdf"):
            paper = page.request.get(BASE + path)
            print(paper.status, name, path)
            PdfDocument(paper.body())[0].render(scale=2).to_pil().save(OUT / f"{name}.png")
            continue
        answer = page.goto(BASE + path, wait_until="networkidle")
        print(answer.status if answer else "-", name, path)
        picture(page, name)


def picture(page: Page, name: str) -> None:
    """One page in both widths, light and dark."""
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": 900 if width == WIDE else 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(150)
            page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=width == WIDE)


def take_for_docs(page: Page, pages: dict[str, str], names: list[str]) -> None:
    """The best screens, most of them by day, with few colours: under 150 kB each."""
    for name in names or SHOWN:
        which, width, height = SHOWN[name]
        is_dark = name.endswith("-dark")
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.set_viewport_size({"width": width, "height": height})
        page.goto(BASE + pages[which], wait_until="networkidle")
        page.wait_for_timeout(400)
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(96, dither=Image.Dither.NONE).save(DOCS / f"{name}.png", optimize=True)
        print(name, (DOCS / f"{name}.png").stat().st_size // 1024, "kB")


def main() -> None:
    """Serve, load, take, clear away."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    data = Path(tempfile.mkdtemp(prefix="akkoord-screens-"))
    try:
        with served(data), sync_playwright() as playwright:
            pages = load_world()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            context = browser.new_context(
                locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
            )
            email, password = pages.pop("_email"), pages.pop("_password")
            wanted = sys.argv[1:] or list(pages)
            page = log_in(context, email, password)
            if wanted[0] == "docs":
                take_for_docs(page, pages, wanted[1:])
            else:
                take(page, {name: pages[name] for name in wanted})
            browser.close()
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
