"""What the staff frame needs on every page: navigation, the current section, links of the user.

Nothing here asks the database: values that do are lazy, and only the templates that show them
pay for them. Targets that do not exist (yet) are left out.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from akkoord.web.brand import brand
from akkoord.web.why import WHY, Why

# key, label, icon, target, pages under it, namespaces that belong to it
SECTIONS: tuple[tuple[str, Any, str, str, tuple[tuple[Any, str], ...], tuple[str, ...]], ...] = (
    ("start", _("Start"), "home", "insight:start", (), ()),
    (
        "people",
        _("People"),
        "users",
        "people:index",
        (
            (_("Everybody"), "people:index"),
            (_("Import"), "imports:index"),
            (_("Sales"), "imports:sales"),
        ),
        ("people", "imports"),
    ),
    (
        "consent",
        _("Consent"),
        "circle-check",
        "consent:forms",
        (
            (_("Forms"), "consent:forms"),
            (_("Topics"), "register:topics"),
            (_("Collecting places"), "consent:collecting_places"),
            (_("Tell a friend"), "referrals:index"),
            (_("Proof"), "trail:index"),
        ),
        ("consent", "trail", "referrals"),
    ),
    (
        "campaigns",
        _("Letters"),
        "send",
        "campaigns:index",
        (
            (_("Letters"), "campaigns:index"),
            (_("Series"), "campaigns:series"),
            (_("Groups"), "segments:index"),
            (_("Pictures"), "composing:pictures"),
            (_("Style"), "composing:style"),
            (_("Sending letters"), "campaigns:sending"),
        ),
        ("campaigns", "messages", "segments", "composing"),
    ),
    (
        "insight",
        _("Insight"),
        "chart-bar",
        "insight:overview",
        ((_("Letters"), "insight:overview"), (_("What people choose"), "insight:choices")),
        ("insight",),
    ),
    ("register", _("Register"), "book-2", "register:index", (), ("register",)),
    (
        "care",
        _("Care"),
        "heart-handshake",
        "rights:index",
        (
            (_("Requests"), "rights:index"),
            (_("How long"), "retention:index"),
            (_("Data leaks"), "breaches:index"),
            (_("Backups"), "backups:index"),
            (_("Privacy policy"), "policy:index"),
            (_("Check-up"), "checkup:index"),
        ),
        ("rights", "retention", "backups", "checkup", "breaches", "policy"),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go."""

    label: Any
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the navigation with the pages under it."""

    key: str
    label: Any
    icon: str
    url: str
    is_current: bool
    pages: tuple[Link, ...]


def address_of(name: str) -> str:
    """The address of a named page, empty when there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def section_of(request: HttpRequest) -> str:
    """The section that a page belongs to; a view may say another one in `section`."""
    match = request.resolver_match
    if match is None:
        return ""
    name, room = match.url_name or "", match.namespace
    if match.view_name == "insight:start":
        return "start"
    if room == "register" and name.startswith("topic"):
        return "consent"
    if room == "consent" and name.startswith("person_"):
        return "people"
    return next((entry[0] for entry in SECTIONS if room in entry[5]), "")


def navigation(request: HttpRequest) -> list[NavEntry]:
    """The seven entries with their state."""
    current, here = section_of(request), request.path
    entries = []
    for key, label, icon, target, pages, _rooms in SECTIONS:
        links = tuple(
            Link(text, url, here == url) for text, name in pages if (url := address_of(name))
        )
        url = address_of(target) or (links[0].url if links else "")
        entries.append(
            NavEntry(key, label, icon, url, key == current, links if len(links) > 1 else ())
        )
    return entries


class Frame:
    """The frame of a page, worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def nav(self) -> list[NavEntry]:
        """The navigation."""
        return navigation(self._request)

    @property
    def section(self) -> str:
        """The current section's key."""
        return section_of(self._request)

    @property
    def why(self) -> Why | None:
        """Why this page is there; None for a page that is not in the table (`web.why`)."""
        match = self._request.resolver_match
        return WHY.get(match.view_name) if match else None

    @property
    def search_url(self) -> str:
        """Where the search on top goes."""
        return address_of("people:index")

    @property
    def search_text(self) -> str:
        """What was searched for, when this page is the answer."""
        return self._request.GET.get("q", "") if self._request.path == self.search_url else ""

    @property
    def user_links(self) -> list[tuple[str, Link]]:
        """The user menu: icon and link."""
        found = [
            *(self._settings_links() if "change-settings" in self._may else ()),
            *(self._staff_links() if "see-staff" in self._may else ()),
            ("user-circle", Link(_("My account"), address_of("accounts:profile"))),
            ("shield-lock", Link(_("Second factor"), address_of("mfa_index"))),
            ("mailbox", Link(_("Built-in mailbox"), address_of("delivery:index"))),
        ]
        return [(icon, link) for icon, link in found if link.url]

    @property
    def _may(self) -> frozenset[str]:
        """What the reader may do."""
        return getattr(self._request, "may", frozenset())

    def _settings_links(self) -> list[tuple[str, Link]]:
        return [("settings", Link(_("Settings"), address_of("register:settings")))]

    def _staff_links(self) -> list[tuple[str, Link]]:
        return [("users-group", Link(_("Staff accounts"), address_of("accounts:staff")))]

    @property
    def leak_url(self) -> str:
        """Where anybody who works here says that data leaked."""
        return address_of("breaches:begin")

    @property
    def home_url(self) -> str:
        """Where the name in the corner leads."""
        return address_of("insight:start") or "/"

    @property
    def log_out_url(self) -> str:
        """Where logging out is posted."""
        return address_of("account_logout")

    @property
    def language_url(self) -> str:
        """Where a language is chosen."""
        return address_of("web:language")

    @property
    def progress_url(self) -> str:
        """What the progress strip polls."""
        return address_of("web:progress")

    @property
    def request_url(self) -> str:
        """Where anybody asks something about their data, without an account."""
        return address_of("rights_public:request_new")

    @property
    def brand_css_url(self) -> str:
        """The organisation's colour as a stylesheet."""
        return address_of("web:brand_css")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` for the staff frame, `brand` for every page."""
    return {"frame": Frame(request), "brand": SimpleLazyObject(brand)}
