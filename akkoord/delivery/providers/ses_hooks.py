"""Reports of Amazon SES: a topic of SNS that calls us, and our own set of settings that tells it.

The set has no event for opens and clicks: that is also what keeps SES from measuring (`ses`).
"""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlencode

from django.utils import timezone

from akkoord.delivery.hooks.told import inner
from akkoord.delivery.providers import talk as words
from akkoord.delivery.providers.accounts import SET, Account
from akkoord.delivery.providers.caller import Answer, Ask
from akkoord.delivery.providers.ses import asked, kind_of
from akkoord.delivery.providers.signed import signed
from akkoord.delivery.providers.talk import Found, HookFault, Talk

_EVENTS = ("BOUNCE", "COMPLAINT", "REJECT")
_TEST = "DELIVERY"
_MEASURING = {"OPEN", "CLICK"}
_SETS = "/v2/email/configuration-sets"
_THERE = "AlreadyExistsException"
_TOPIC = re.compile(r"<TopicArn>(arn:aws[a-z-]*:sns:[a-z0-9-]+:(\d{12}):[\w-]+)</TopicArn>")
_MEMBER = re.compile(r"<member>(.*?)</member>", re.DOTALL)
_PART = re.compile(r"<(Endpoint|SubscriptionArn)>([^<]*)</")


def proof(talk: Talk, account: Account) -> str:
    """Our topic, made when it is not there: SNS signs for it."""
    return _topic(talk, account)[0]


def make(talk: Talk, account: Account, address: str, *, prefix: str, testing: bool) -> None:
    """Topic, subscription, set and what it tells.

    SNS then asks us to confirm, which our own address does by itself.
    """
    topic, owner = _topic(talk, account)
    policy = json.dumps(_policy(topic, owner))
    talk.good(
        _sns(
            account,
            "SetTopicAttributes",
            TopicArn=topic,
            AttributeName="Policy",
            AttributeValue=policy,
        )
    )
    there = _subscriptions(talk, account, topic)
    if address not in there:
        talk.good(_sns(account, "Subscribe", TopicArn=topic, Protocol="https", Endpoint=address))
    for old, arn in there.items():
        if old.startswith(prefix) and old != address and arn.startswith("arn:"):
            talk.good(_sns(account, "Unsubscribe", SubscriptionArn=arn))
    _ready(talk.ask(asked(account, "POST", _SETS, {"ConfigurationSetName": SET})))
    tells = {
        "Enabled": True,
        "MatchingEventTypes": [*_EVENTS, _TEST] if testing else list(_EVENTS),
        "SnsDestination": {"TopicArn": topic},
    }
    place = f"{_SETS}/{SET}/event-destinations"
    first = talk.ask(
        asked(account, "POST", place, {"EventDestinationName": SET, "EventDestination": tells})
    )
    if kind_of(first) == _THERE:
        talk.good(asked(account, "PUT", f"{place}/{SET}", {"EventDestination": tells}))
    else:
        _ready(first)


def _ready(answer: Answer) -> None:
    """It is made, or was there already."""
    if answer.is_good or kind_of(answer) == _THERE:
        return
    raise HookFault(words.NO_RIGHTS if answer.status == 403 else words.REFUSED)


def found(talk: Talk, account: Account, *, prefix: str) -> Found:
    """What stands there."""
    answer = talk.ask(asked(account, "GET", f"{_SETS}/{SET}/event-destinations"))
    if answer.status == 404:
        return Found(frozenset())
    if not answer.is_good:
        raise HookFault(words.NO_RIGHTS if answer.status == 403 else words.REFUSED)
    listed = inner(answer.said, "EventDestinations")
    ways = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    if any(_MEASURING & set(each.get("MatchingEventTypes") or ()) for each in ways):
        return Found(frozenset(), words.MEASURES)
    ours = [each for each in ways if each.get("Name") == SET]
    topic = str(inner(ours[0], "SnsDestination", "TopicArn") or "") if ours else ""
    if not topic:
        return Found(frozenset())
    told = set(ours[0].get("MatchingEventTypes") or ())
    is_whole = ours[0].get("Enabled") is True and {"BOUNCE", "COMPLAINT"} <= told
    there = _subscriptions(talk, account, topic)
    addresses = frozenset(each for each in there if each.startswith(prefix))
    return Found(addresses, "" if is_whole else words.WRONG_EVENTS)


def _topic(talk: Talk, account: Account) -> tuple[str, str]:
    """Our topic, made when it is not there, and whose it is."""
    answer = talk.good(_sns(account, "CreateTopic", Name=SET))
    said = _TOPIC.search(answer.body.decode("utf-8", "replace"))
    if said is None:
        raise HookFault(words.REFUSED)
    return said[1], said[2]


def _subscriptions(talk: Talk, account: Account, topic: str) -> dict[str, str]:
    """Endpoints of a topic, each with its name; the first hundred, of which ours is one."""
    answer = talk.good(_sns(account, "ListSubscriptionsByTopic", TopicArn=topic))
    members = _MEMBER.findall(answer.body.decode("utf-8", "replace"))
    parts = [dict(_PART.findall(each)) for each in members]
    return {
        unescape(each["Endpoint"]): each.get("SubscriptionArn", "")
        for each in parts
        if "Endpoint" in each
    }


def _policy(topic: str, owner: str) -> dict[str, object]:
    """Only SES may tell this topic something, and only for this account."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ses.amazonaws.com"},
                "Action": "SNS:Publish",
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceAccount": owner}},
            }
        ],
    }


def _sns(account: Account, action: str, **values: str) -> Ask:
    """A signed question to SNS."""
    body = urlencode({"Action": action, "Version": "2010-03-31", **values}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return signed(
        Ask(f"sns.{account.region}.amazonaws.com", "POST", "/", headers, body),
        access_key=account.name,
        secret=account.key,
        region=account.region,
        service="sns",
        at=timezone.now(),
    )
