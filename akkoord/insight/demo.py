"""The demo: a made-up bicycle shop with a workshop, two years of history, so that every screen has
something to show.

Everything goes through the doors that real data goes through: the register's actions, published
forms, imports, the ledger's set-based append, the gate. Only time is made up.
"""

import csv
import io
import random
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Role, Staff
from akkoord.breaches.models import Breach
from akkoord.campaigns.models import Campaign, Series, SeriesRun
from akkoord.consent.actions import (
    ShownAtSale,
    declare_wording,
    object_to_marketing,
    open_place,
    settle_customers,
    show_place,
)
from akkoord.consent.forms_publishing import (
    FormFacts,
    create_form,
    preference_point,
    publish_form,
)
from akkoord.consent.models import (
    CollectionPoint,
    Form,
    FormCount,
    PermissionEvent,
    SignUp,
    Standing,
    Suppression,
)
from akkoord.consent.notices import keep_collection_point
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.insight import demo_texts as texts
from akkoord.insight.demo_cards import keep_cards
from akkoord.insight.demo_history import Comer, History, Shown, id_at, tell, write_people
from akkoord.insight.demo_leak import tell_leak
from akkoord.insight.demo_letters import reached, send_in_the_past, write_letter
from akkoord.insight.demo_people import MadeUpPerson, made_up_people
from akkoord.insight.demo_push import OPENED, allow_on_devices, open_push, write_push
from akkoord.insight.demo_removal import LOADED, DemoRefused, remove_demo
from akkoord.insight.demo_results import come_back, let_count_sales, press_links
from akkoord.insight.demo_series import run_series
from akkoord.insight.demo_shop import (
    Known,
    customers,
    write_first_sales,
    write_purchases,
)
from akkoord.insight.demo_versions import send_two_versions
from akkoord.law.states import Method, PermissionState
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint, Person, Purchase, PushDevice
from akkoord.policy.actions import publish
from akkoord.referrals.actions import save_programme
from akkoord.register.actions import create_topic, set_up_organisation
from akkoord.register.customers import allow_customers, enter_product_group
from akkoord.register.models import Organisation, Purpose, PurposeVersion
from akkoord.register.queries import current_versions
from akkoord.rights.actions import RequestFacts, close_request, open_request
from akkoord.rights.models import RightsRequest
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.seal import seal

__all__ = ["DemoRefused", "DemoReport", "load_demo", "remove_demo"]

YEARS = timedelta(days=740)
LEAST = 40  # fewer people than this tell no story
# How many of every hundred came which way; the rest stands in the two lists.
WAYS = (("form", 40), ("counter", 14), ("checkout", 8), ("customer", 8))
OLD_LIST, TILL_LIST = 26, 4
LEAVE = 0.016  # of those whom a letter reached


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was loaded, and with what the demo's owner logs in."""

    counts: dict[str, int]
    email: str
    password: str


def load_demo(*, contacts: int = 2000, seed: int = 1, at: datetime) -> DemoReport:
    """Load the made-up shop with so many people; the same story for the same seed.

    Refused when an organisation was set up already: made-up people never stand between real ones.
    One transaction: all of it or nothing. The owner's password is made here and stored nowhere.
    """
    if Organisation.objects.exists():
        raise DemoRefused("set-up", "There is an organisation already. Take it out first.")
    if contacts < LEAST:
        raise DemoRefused("too-few", f"A demo needs at least {LEAST} people.")
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        _Demo(contacts, seed, at, password).tell()
    return DemoReport(counts=_counts(), email=texts.OWNER_EMAIL, password=password)


class _Demo:
    """One loading, from the opening of the shop to today."""

    def __init__(self, contacts: int, seed: int, at: datetime, password: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a story, no secret
        self.counting = random.Random(seed)  # noqa: S311 - so that the story stays as it was
        self.at, self.start = at, at - YEARS
        self.owner = _owner(password, at=self.start)
        self.actor = Actor.staff(self.owner.pk)
        self.topics = _open_shop(self.actor, at=self.start)
        shown = _show(self.topics, self.actor, at=self.start + timedelta(hours=2))
        publish(matters=False, at=self.start + timedelta(hours=3), actor=self.actor)
        self.history = History(
            versions=_versions(self.topics), shown=shown, staff_id=self.owner.pk, dice=self.dice
        )
        people = list(made_up_people(contacts, self.dice))
        many, few = contacts * OLD_LIST // 100, max(4, contacts * TILL_LIST // 100)
        self.old_list, self.till_list = people[:many], people[many : many + few]
        self.comers = self._come(people[many + few :])

    def tell(self) -> None:
        """Two years, letter by letter."""
        self._bring_old_list()
        since = self.start
        for letter in texts.LETTERS:
            moment = self._office_hour(letter.days_ago)
            self._live(since, moment)
            self._letter(letter, moment)
            since = moment
        self._bring_till_list()
        self._live(since, self.at)
        self._sell()
        self._ask()
        self._household()
        self._push()
        tell_leak(
            [address for _person, address in self._customers_in_good_standing(8)],
            at=self.at,
            actor=self.actor,
        )
        let_count_sales(self.topics[texts.OFFERS], at=self.at, actor=self.actor)
        run_series(self.topics, at=self.at, actor=self.actor)
        write_letter(texts.DRAFT, self.topics[texts.DRAFT.topic], at=self._ago(1), actor=self.actor)
        self._count_visits()
        publish(
            matters=False,
            reason_nl="Er kwamen onderwerpen bij. Wie er geen koos, merkt er niets van.",
            reason_en="Topics were added. Who chose none of them notices nothing.",
            at=self._ago(1),
            actor=self.actor,
        )
        record_change(actor=self.actor, action=LOADED, object_kind="organisation", at=self.at)
        seal(at=self.at)

    def _count_visits(self) -> None:
        """How often the forms were seen, begun and posted in the last three months: as many posts
        as there were sign-ups that day, and before each some who only looked."""
        since = self._ago(90)
        posts = Counter(
            (form_id, moment.date())
            for form_id, moment in SignUp.objects.filter(requested_at__gt=since).values_list(
                "collection_point__form_id", "requested_at"
            )
        )
        rows = []
        for form in Form.objects.filter(kind="newsletter").order_by("id"):
            for days in range(90):
                day = self._ago(days).date()
                posted = posts[form.id, day]
                begun = posted + self.dice.randrange(0, 2)
                seen = begun + self.dice.randrange(0, 4) + posted
                numbers = {"view": seen, "start": begun, "post": posted}
                rows += [
                    FormCount(form=form, day=day, what=what, n=n)
                    for what, n in numbers.items()
                    if n
                ]
        FormCount.objects.bulk_create(rows)

    def _ago(self, days: float) -> datetime:
        return self.at - timedelta(days=days)

    def _office_hour(self, days: int) -> datetime:
        """Ten in the morning (in UTC: eight or nine), so many days ago."""
        return self._ago(days).replace(hour=8, minute=30, second=0, microsecond=0)

    def _come(self, people: list[MadeUpPerson]) -> list[Comer]:
        """Who comes when, and how; some came yesterday and have not confirmed yet."""
        names, weights = [way[0] for way in WAYS], [way[1] for way in WAYS]
        waiting = max(3, len(people) // 120)
        children = set(range(waiting + 1, waiting + 60, 10))
        comers = []
        for place, person in enumerate(people):
            way = "waiting" if place < waiting else self.dice.choices(names, weights)[0]
            if place in children:
                way = "counter"
            days = 3 * self.dice.random() if way == "waiting" else self._days_ago()
            joined = self._ago(days)
            comers.append(
                Comer(
                    person=person,
                    way=way,
                    joined=joined,
                    person_id=id_at(joined, self.dice),
                    point_id=id_at(joined, self.dice),
                    is_child=place in children,
                )
            )
        return sorted(comers, key=lambda each: each.joined)

    def _days_ago(self) -> float:
        """More of late than long ago; nobody in the first week or today."""
        return 1 + (YEARS.days - 8) * float(self.dice.random() ** 1.3)

    def _live(self, since: datetime, until: datetime) -> None:
        """What happens between two letters."""
        comers = [each for each in self.comers if since <= each.joined < until]
        write_people(comers)
        write_first_sales(comers, self.history.shown.till, self.dice)
        for comer in comers:
            tell(self.history, comer, at=self.at)
        self.history.write_until(until)
        self._object(since, until)
        seal(at=until)

    def _object(self, since: datetime, until: datetime) -> None:
        """Now and then somebody wants no advertising any more, of any kind (art. 21(2))."""
        reachable = list(
            Standing.objects.filter(state=PermissionState.CONFIRMED, since__lt=since)
            .order_by("id")
            .values_list("person_id", flat=True)[:300]
        )
        for person_id in self.dice.sample(reachable, min(len(reachable), 2)):
            moment = since + (until - since) * self.dice.uniform(0.3, 0.9)
            object_to_marketing(
                person_id=person_id,
                method=Method.PREFERENCE_CENTRE,
                actor=Actor.person(),
                at=moment,
            )

    def _letter(self, letter: texts.DemoLetter, moment: datetime) -> None:
        """Send a letter; in the days after it some people leave."""
        campaign = write_letter(
            letter, self.topics[letter.topic], at=moment - timedelta(days=2), actor=self.actor
        )
        for dispatch in self._send(campaign, letter, moment):
            self._leave(dispatch, letter)

    def _send(
        self, campaign: Campaign, letter: texts.DemoLetter, moment: datetime
    ) -> list[Dispatch]:
        """Its run, or those of both versions and the rest."""
        if letter.subject_b:
            return send_two_versions(
                campaign, letter.subject_b, self.counting, sent_at=moment, actor=self.actor
            )
        dispatch = send_in_the_past(campaign, at=moment, actor=self.actor)
        press_links(dispatch, self.counting, at=self.at)
        if letter is texts.LETTERS[-1]:
            come_back(dispatch, at=self.at)
        return [dispatch]

    def _leave(self, dispatch: Dispatch, letter: texts.DemoLetter) -> None:
        """In the days after a letter some people stop."""
        moment = dispatch.started_at or self.at
        for message, person, point in reached(dispatch):
            if self.dice.random() > LEAVE:
                continue
            left = moment + timedelta(hours=0.2 + self.dice.expovariate(1 / 20))
            self.history.add(
                (person, point),
                letter.topic,
                PermissionState.WITHDRAWN,
                Method.ONE_CLICK,
                min(left, self.at - timedelta(minutes=1)),
                evidence={"message": str(message)},
            )

    def _bring_old_list(self) -> None:
        """The list of the system before this one, with its evidence and declared wording."""
        rows = [["Email Address", "First Name", "Last Name", *_EVIDENCE]]
        for each in self.old_list:
            asked = self.start - timedelta(days=self.dice.uniform(20, 1500))
            confirmed = asked + timedelta(minutes=self.dice.randint(1, 300))
            network = f"203.0.113.{self.dice.randint(1, 254)}"
            rows.append([each.email, each.given_name, each.family_name])
            rows[-1] += [f"{asked:%F %T}", network, f"{confirmed:%F %T}", network, ""]
        order = ImportOrder(
            texts.OLD_LIST,
            layout="mailchimp",
            topic_slug=texts.NEWS,
            wording=texts.OLD_WORDING,
        )
        import_file(_csv(rows), order=order, at=self.start + timedelta(days=1), actor=self.actor)

    def _bring_till_list(self) -> None:
        """A list from the till without any evidence: to be judged (INV-44)."""
        rows = [["E-mail", "Voornaam", "Achternaam", "Spaarpunten"]]
        for each in self.till_list:
            points = str(self.dice.randint(0, 900))
            rows.append([each.email, each.given_name, each.family_name, points])
        order = ImportOrder(texts.TILL_LIST, topic_slug=texts.NEWS, source="customers")
        import_file(_csv(rows), order=order, at=self._ago(31), actor=self.actor)

    def _sell(self) -> None:
        """The till's sales, also to people from the old list."""
        known: list[Known] = customers(self.comers, self.dice)
        points = dict(
            ContactPoint.objects.filter(
                value__in=[each.email for each in self.old_list]
            ).values_list("value", "id")
        )
        owners = dict(
            ContactPoint.objects.filter(id__in=points.values()).values_list("id", "person_id")
        )
        for each in self.old_list:
            if each.email in points and self.dice.random() < 0.4:
                point = points[each.email]
                since = self._ago(self.dice.uniform(20, YEARS.days - 20))
                known.append((each, owners[point], point, since))
        write_purchases(
            known,
            self.history.shown.till,
            {each.point_id for each in self.comers if each.way == "customer"},
            self.dice,
            at=self.at,
        )
        settle_customers(at=self.at, actor=self.actor)

    def _ask(self) -> None:
        """Requests of people: answered, open, one nearly due."""
        people = self._customers_in_good_standing(len(texts.REQUESTS))
        for request, (person_id, address) in zip(texts.REQUESTS, people, strict=False):
            received = self._ago(request.days_ago)
            opened = open_request(
                facts=RequestFacts(
                    kinds=request.kinds,
                    channel=request.channel,
                    received_at=received,
                    person_id=person_id,
                    words=request.words,
                    reply_to=address,
                    identity="staff",
                ),
                at=received,
                actor=self.actor,
            )
            if request.closed_after is not None:
                closed = received + timedelta(days=request.closed_after)
                close_request(request_id=opened.id, at=closed, actor=self.actor)

    def _customers_in_good_standing(self, count: int) -> list[tuple[UUID, str]]:
        """People of the old list who are there all the time."""
        emails = [each.email for each in self.old_list]
        stopped = Standing.objects.exclude(
            state__in=[PermissionState.GIVEN, PermissionState.CONFIRMED]
        )
        found = (
            ContactPoint.objects.filter(value__in=emails, undeliverable_at=None)
            .exclude(person_id__in=stopped.values("person_id"))
            .order_by("id")
            .values_list("person_id", "value")
        )
        return self.dice.sample(list(found), min(count, len(found)))

    def _push(self) -> None:
        """One topic comes on telephones too, since some months."""
        urgent = self.topics[texts.URGENT]
        shown = open_push(urgent, at=self._ago(OPENED), actor=self.actor)
        ((_person, address),) = self._customers_in_good_standing(1)
        mailbox = ContactPoint.objects.get(value=address, ended_at=None)
        people = len(self.comers) + len(self.old_list)
        allow_on_devices(shown, mailbox.id, people=people, dice=self.dice, at=self.at)
        write_push(urgent, at=self._ago(1), actor=self.actor)

    def _household(self) -> None:
        """Two people who share one address are one record (a household)."""
        comer = next(each for each in self.comers if each.way == "form" and not each.is_child)
        Person.objects.filter(id=comer.person_id).update(
            given_name="Kees en Marijke", updated_at=comer.joined
        )


_EVIDENCE = ("OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP", "LEID")


def _csv(rows: list[list[str]]) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def _owner(password: str, *, at: datetime) -> Staff:
    return create_staff(
        email=texts.OWNER_EMAIL,
        name=texts.OWNER_NAME,
        password=password,
        role=Role.OWNER,
        at=at,
    )


def _open_shop(actor: Actor, *, at: datetime) -> dict[str, Purpose]:
    """The organisation, and its four topics in their order."""
    set_up_organisation(facts=texts.SHOP, at=at, actor=actor)
    topics = {
        slug: create_topic(slug=slug, words=words, at=at + timedelta(minutes=place), actor=actor)
        for place, (slug, words) in enumerate(texts.TOPICS.items(), start=1)
    }
    groups = [each[0] for each in texts.PRODUCT_GROUPS]
    for name in groups:
        enter_product_group(name=name, at=at, actor=actor)
    topics[texts.OFFERS] = allow_customers(
        purpose_id=topics[texts.OFFERS].id, product_groups=groups, at=at, actor=actor
    )
    save_programme(values=texts.TELL_A_FRIEND, at=at, actor=actor)
    return topics


def _versions(topics: dict[str, Purpose]) -> dict[str, PurposeVersion]:
    return {version.purpose.slug: version for version in current_versions(topics.values())}


def _show(topics: dict[str, Purpose], actor: Actor, *, at: datetime) -> Shown:
    """Two published forms, a card on the counter, a line at the till, the preference centre."""
    versions = _versions(topics)
    news, offers, workshop, urgent = topics.values()

    def publish(name: str, english: str, *wanted: Purpose) -> dict[str, CollectionPoint]:
        facts = FormFacts(
            name=name,
            texts={"en": {"title": english}},
            topic_ids=tuple(each.id for each in wanted),
            field_keys=("email", "first_name", "last_name"),
            intro_nl="Kies wat u wilt ontvangen. U kunt dit altijd veranderen.",
            intro_en="Choose what you want to receive. You can change this at any time.",
        )
        form = create_form(facts=facts, at=at, actor=actor)
        points = publish_form(form_id=form.id, at=at, actor=actor)
        return {each.language: each for each in points}

    card = declare_wording(
        text=texts.COUNTER_WORDING, source="Kaartje op de balie", actor=actor, at=at
    )
    till = open_place(name=texts.TILL, kind="till", at=at, actor=actor)
    line, _given = show_place(
        place_id=till.id,
        shown=ShownAtSale(first_day=at.date(), text=texts.CHECKOUT_WORDING, offers_opt_out=True),
        at=at,
        actor=actor,
    )
    return Shown(
        news_form=publish("Blijf op de hoogte", "Stay informed", news, offers),
        service_form=publish(
            "Seintje van de werkplaats", "A sign from the workshop", workshop, urgent
        ),
        paper=keep_collection_point(
            kind=Method.PAPER,
            language="nl",
            snapshot={"wording": card.text, "declared": True},
            notice=card,
            versions=[versions[texts.NEWS], versions[texts.WORKSHOP]],
            at=at,
        ),
        cards=keep_cards(actor=actor, at=at),
        till=line,
        preferences=preference_point(language="nl", at=at),
    )


def _counts() -> dict[str, int]:
    """How many of each kind there are now."""
    return {
        "people": Person.objects.exclude(source="push").count(),
        "devices": PushDevice.objects.count(),
        "to_be_judged": Person.objects.filter(judge_by__isnull=False).count(),
        "topics": Purpose.objects.filter(is_topic=True).count(),
        "forms": Form.objects.count(),
        "data_leaks": Breach.objects.count(),
        "permission_events": PermissionEvent.objects.count(),
        "standings": Standing.objects.count(),
        "suppressed": Suppression.objects.count(),
        "undeliverable": ContactPoint.objects.exclude(undeliverable_at=None).count(),
        "purchases": Purchase.objects.count(),
        "campaigns_sent": Campaign.objects.filter(part="").exclude(dispatch=None).count(),
        "campaigns_draft": Campaign.objects.filter(part="", dispatch=None).count(),
        "series": Series.objects.count(),
        "in_series": SeriesRun.objects.filter(state=SeriesRun.State.WAITING).count(),
        "messages": Message.objects.count(),
        "requests": RightsRequest.objects.count(),
    }
