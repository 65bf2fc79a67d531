"""Push from the page to the notification: our words first, then the browser's; one press stops.

Chromium subscribes nowhere without a push service of its maker's, so the page gets a subscription
at the stub; the service worker, the message and the notification are real.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from akkoord.datamap.keys import vapid_public_key
from akkoord.delivery.tests.push_service import Browser, PushService, push_service
from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_sign_up import link_in, newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A subscription as a browser gives it, and a count of how often the browser was made to ask.
STUB = """
window.asked = 0;
window.kept = %s;
const made = () => window.kept && {
  endpoint: window.kept.endpoint,
  toJSON: () => ({ endpoint: window.kept.endpoint, expirationTime: null, keys: window.kept.keys }),
  unsubscribe: async () => { localStorage.removeItem("on"); return true; },
};
PushManager.prototype.subscribe = async function (options) {
  if (!options.userVisibleOnly) throw new Error("silent");
  if (new Uint8Array(options.applicationServerKey).length !== 65) throw new Error("key");
  localStorage.setItem("on", "1");
  return made();
};
PushManager.prototype.getSubscription = async () => localStorage.getItem("on") ? made() : null;
Notification.requestPermission = async () => {
  window.asked += 1;
  return window.answer ?? "granted";
};
"""


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.PUSH_LOOPBACK = True
    with push_service(vapid_public_key()) as found:
        yield found


@pytest.fixture
def push_shop(shop: Any) -> Any:
    """The shop, whose newsletter comes as push too, with a page for it."""
    from django.utils import timezone

    from akkoord.consent.push_pages import PushPageFacts, create_push_page, publish_push_page
    from akkoord.register.actions import offer_channels
    from akkoord.trail.actions import Actor

    now, actor = timezone.now(), Actor.staff(shop.owner.pk)
    offer_channels(purpose_id=shop.topic.id, channels=["email", "push"], at=now, actor=actor)
    facts = PushPageFacts(
        name="Berichten van Fietsen van Dam", topic_ids=(shop.topic.id,), slug="berichten"
    )
    publish_push_page(
        form_id=create_push_page(facts=facts, at=now, actor=actor).id, at=now, actor=actor
    )
    shop.topic.refresh_from_db()
    return shop


def subscribe(journey: Journey, service: PushService) -> Browser:
    browser = service.subscribe()
    kept = json.dumps({"endpoint": browser.endpoint, "keys": browser.keys})
    journey.context.add_init_script(STUB % kept)
    journey.context.grant_permissions(["notifications"], origin=journey.base)
    return browser


def allow(journey: Journey, page: Page) -> None:
    """Tick and press, as a visitor does."""
    page.goto(f"{journey.base}/p/berichten/")
    page.locator("label[for=topic-1]").click()
    page.get_by_role("button", name="Toestaan").click()
    expect(page).to_have_url(re.compile("/p/v/"))


def send(shop: Any, link: str) -> None:
    from django.utils import timezone

    from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
    from akkoord.law.states import Channel
    from akkoord.trail.actions import Actor

    campaign = create_campaign(
        purpose=shop.topic,
        text=CampaignText(
            name="Winter", subject="Winterbanden zijn er", body="Kom langs.", link=link
        ),
        at=timezone.now(),
        actor=Actor.staff(shop.owner.pk),
        channel=Channel.PUSH,
    )
    send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=Actor.staff(shop.owner.pk))
    work_queue()


def deliver(journey: Journey, page: Page, text: object) -> None:
    """Give a message to the real service worker, as the browser does when it arrives."""
    session = journey.context.new_cdp_session(page)
    seen: list[Any] = []

    def keep(found: Any) -> None:
        seen.append(found)

    session.on("ServiceWorker.workerRegistrationUpdated", keep)
    session.send("ServiceWorker.enable")
    for _ in range(100):
        found = [one for each in seen for one in each["registrations"]]
        if found:
            break
        page.wait_for_timeout(50)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": journey.base,
            "registrationId": found[0]["registrationId"],
            "data": json.dumps(text),
        },
    )


SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/p/");
  return (await worker.getNotifications()).map(({ title, body, tag, actions, data }) =>
    ({ title, body, tag, actions: actions.map(({ action, title }) => ({ action, title })), data }));
}"""


def shown(page: Page) -> list[dict[str, Any]]:
    for _ in range(100):
        found: list[dict[str, Any]] = page.evaluate(SHOWN)
        if found:
            return found
        page.wait_for_timeout(50)
    raise AssertionError("no notification")


PRESS_STOP = """async () => {
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification, action: "stop" });
  self.dispatchEvent(event);
}"""


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_our_words_come_before_the_browsers(
    journey: Journey, push_shop: Any, service: PushService, width: int
) -> None:
    from akkoord.consent.models import PermissionEvent

    subscribe(journey, service)
    page = journey.page(width)
    page.goto(f"{journey.base}/p/berichten/")
    expect(page.get_by_role("button", name="Toestaan")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("window.asked") == 0  # never when the page opens
    journey.look(page)
    page.get_by_role("button", name="Toestaan").click()
    expect(page.get_by_role("alert")).to_contain_text("vinkje")
    assert page.evaluate("window.asked") == 0  # nor before a box was ticked
    page.evaluate("window.answer = 'default'")
    page.locator("label[for=topic-1]").click()
    page.get_by_role("button", name="Toestaan").click()
    expect(page.get_by_role("alert")).to_contain_text("Er is niets bewaard")
    assert page.evaluate("window.asked") == 1
    assert not PermissionEvent.objects.exists()
    page.evaluate("window.answer = 'granted'")
    page.get_by_role("button", name="Toestaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pushberichten op dit apparaat")
    journey.look(page)
    event = PermissionEvent.objects.get()
    assert (event.channel, event.state, event.method) == ("push", "given", "browser")


def test_a_message_is_shown_and_one_press_stops_it(
    journey: Journey, push_shop: Any, service: PushService
) -> None:
    from akkoord.people.models import PushDevice

    subscribe(journey, service)
    page = journey.page(PHONE)
    allow(journey, page)
    send(push_shop, "https://fietsenvandam.example.nl/winter")
    assert service.faults == []
    (received,) = service.received
    deliver(journey, page, received.text)
    (note,) = shown(page)
    assert note["title"] == "Winterbanden zijn er"
    assert note["body"] == "Kom langs."
    assert [each["action"] for each in note["actions"]] == ["stop", "page"]
    assert [each["title"] for each in note["actions"]] == ["Stoppen", "Mijn keuzes"]
    deliver(journey, page, received.text)
    page.wait_for_timeout(200)
    assert len(shown(page)) == 1  # the same message twice is one
    worker = journey.context.service_workers[0]
    worker.evaluate(PRESS_STOP)
    for _ in range(100):
        if not PushDevice.objects.exists():
            break
        page.wait_for_timeout(50)
    assert not PushDevice.objects.exists()
    page.wait_for_timeout(300)
    assert "Het is gestopt" in shown(page)[0]["body"]
    send_again = received.text["page"]
    page.goto(journey.here(str(send_again)))
    expect(page.get_by_role("heading", level=1)).to_have_text("Het is gestopt")
    journey.look(page)


def test_a_new_address_of_the_browser_is_taken_over(
    journey: Journey, push_shop: Any, service: PushService
) -> None:
    from akkoord.people.models import PushDevice

    subscribe(journey, service)
    page = journey.page(WIDE)
    allow(journey, page)
    fresh = service.subscribe("fresh")
    worker = journey.context.service_workers[0]
    worker.evaluate(
        """kept => {
          const fresh = { toJSON: () => kept, unsubscribe: async () => true };
          const event = new ExtendableEvent("pushsubscriptionchange");
          Object.defineProperty(event, "newSubscription", { value: fresh });
          self.dispatchEvent(event);
        }""",
        {"endpoint": fresh.endpoint, "keys": fresh.keys},
    )
    for _ in range(100):
        if PushDevice.objects.get().endpoint == fresh.endpoint:
            break
        page.wait_for_timeout(50)
    assert PushDevice.objects.get().endpoint == fresh.endpoint
    send(push_shop, "https://fietsenvandam.example.nl/winter")
    assert [each.endpoint for each in service.received] == [fresh.endpoint]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_device_is_put_beside_the_mail_by_the_persons_own_act(
    journey: Journey, push_shop: Any, service: PushService, width: int
) -> None:
    from akkoord.people.models import PushDevice
    from tests.browser.world import point_of, sign_up

    sign_up(push_shop, "Anna Bakker")
    subscribe(journey, service)
    page = journey.page(width)
    allow(journey, page)
    page.get_by_label("E-mailadres").fill("anna.bakker@example.nl")
    page.get_by_role("button", name="Mail mij de link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mailbox")
    journey.look(page)
    work_queue()
    page.goto(link_in(newest_mail_to("anna.bakker@example.nl"), "/p/samen/"))
    journey.look(page)
    page.get_by_role("button", name="Ja, dit apparaat is van mij").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dit apparaat staat bij uw voorkeuren"
    )
    device = PushDevice.objects.get()
    assert device.contact_point.person_id == point_of("Anna Bakker").person_id
    page.goto(f"{journey.base}/p/berichten/")
    expect(page.get_by_text("Dit apparaat krijgt al berichten")).to_be_visible()
    page.get_by_role("button", name="Bekijk wat ik koos").click()
    expect(page).to_have_url(re.compile("/p/v/"))
    page.get_by_role("button", name="Stop alle pushberichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het is gestopt")
    assert page.evaluate("localStorage.getItem('on')") is None  # the browser's side went too


def test_without_javascript_or_push_it_says_so_and_offers_mail(
    journey: Journey, push_shop: Any, chromium: Any
) -> None:
    bare = chromium.new_context(locale="nl-NL", java_script_enabled=False)
    page = bare.new_page()
    page.goto(f"{journey.base}/p/berichten/")
    expect(page.get_by_text("Pushberichten hebben JavaScript nodig")).to_be_visible()
    expect(page.get_by_role("button", name="Toestaan")).to_be_hidden()
    page.get_by_role("link", name="Krijg ze liever per e-mail").first.click()
    expect(page).to_have_url(re.compile("/f/nieuwsbrief/"))
    bare.close()
    journey.context.add_init_script("delete window.PushManager")
    page = journey.page(PHONE)
    page.goto(f"{journey.base}/p/berichten/")
    expect(page.get_by_text("Deze browser laat geen pushberichten zien")).to_be_visible()
    expect(page.get_by_role("button", name="Toestaan")).to_be_hidden()
    journey.look(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_marketer_writes_and_sends_a_push_message(
    journey: Journey, push_shop: Any, service: PushService, width: int
) -> None:
    subscribe(journey, service)
    page = journey.page(width)
    allow(journey, page)
    journey.log_in(page)
    page.goto(f"{journey.base}/campagnes/nieuw/push/")
    journey.look(page)
    page.get_by_label("Naam, voor uzelf").fill("Winter")
    page.get_by_label("Titel").fill("Winterbanden zijn er")
    page.get_by_label("Tekst").fill("Vandaag gratis gemonteerd.")
    page.get_by_label("Link").fill("https://fietsenvandam.example.nl/winter")
    page.get_by_role("button", name="Bewaren en controleren").click()
    expect(page.get_by_text("Winterbanden zijn er").first).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Nu versturen").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Nu versturen").click()
    work_queue()
    expect(page.get_by_text("Verstuurd").first).to_be_visible()
    journey.look(page)
    assert len(service.received) == 1
