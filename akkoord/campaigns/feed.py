"""An archive as a feed: RSS 2.0 and Atom 1.0, with whole addresses and no word about readers."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from akkoord.campaigns.archive import OpenArchive
from akkoord.messages.clicks import web_copy_url
from akkoord.register.models import Organisation

KINDS: dict[str, type[SyndicationFeed]] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


def feed_of(archive: OpenArchive, house: Organisation, *, kind: str, language: str) -> str:
    """The feed's whole text. `kind`: rss or atom."""
    slug = archive.topic.purpose.slug
    page = settings.BASE_URL + reverse("campaigns_public:archive", args=[slug])
    own = settings.BASE_URL + reverse("campaigns_public:feed", args=[slug, kind])
    feed = KINDS[kind](
        title=_plain(f"{archive.topic.name} – {house.name}"),
        link=page,
        description=_plain(archive.topic.description),
        language=language,
        feed_url=own,
        author_name=_plain(house.name),
    )
    # A feed says when it changed, also when a letter was taken out of it.
    feed.latest_post_date = lambda: archive.changed_at  # type: ignore[method-assign]
    for letter in archive.letters:
        if letter.dispatch is None:
            continue
        where = web_copy_url(letter.dispatch.id)
        entry: dict[str, Any] = {
            "title": _plain(letter.shown_subject),
            "link": where,
            "unique_id": where,
            "description": _plain(letter.preheader),
            "pubdate": letter.dispatch.started_at,
            "updateddate": letter.dispatch.started_at,
        }
        feed.add_item(**entry)
    return str(feed.writeString("utf-8"))


def _plain(text: str) -> str:
    """Text that XML can hold: no control characters."""
    return "".join(each for each in text if each >= " " or each in "\t\n")
