"""Who may open which page: one table, enforced for every address.

A view says nothing about access. An address without a rule is refused, and a test goes over the
whole urlconf, so that a new page cannot be forgotten. What a role may do stands in
`accounts.access`; here stands which of it a page needs. Reading is open to all staff.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from akkoord.accounts.access import MAY, Action, actions_of, role_may
from akkoord.accounts.models import Role
from akkoord.config.errors import forbidden
from akkoord.config.readiness import has_organisation
from akkoord.consent.tablet import KEY

BEGIN = "/begin/"
LEAVE = "consent_tablet:leave"
MAY_BEGIN = "may_begin"  # in the session of who holds the first-run link


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a page, and who may post to it: every role, or those that may do an action."""

    public: bool = False
    is_staff: bool = False
    opens: Action | None = None
    writes: Action | None = None
    first_run: bool = False

    def lets(self, role: str, method: str) -> bool:
        """Whether a member of staff with this role may ask this."""
        if not self.is_staff or role not in MAY:
            return False
        needed = {self.opens} if method in SAFE else {self.opens, self.writes}
        return all(role_may(role, each) for each in needed if each)


def only(action: Action) -> Access:
    """A page for nobody but those who may do this."""
    return Access(is_staff=True, opens=action)


def writes(action: Action) -> Access:
    """Pages that all staff may read; posting is for those who may do this."""
    return Access(is_staff=True, writes=action)


SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
PUBLIC = Access(public=True)
STAFF = Access(is_staff=True)
FIRST_RUN = Access(first_run=True)  # nobody else's page: only while there is no organisation
NOBODY = Access()

# Namespace, or namespace:name for one page; the longer one wins.
RULES: dict[str, Access] = {
    "health": PUBLIC,
    # The person's own pages.
    "consent_public": PUBLIC,
    "consent_tablet": PUBLIC,  # a browser that staff set ready; any other is sent to the log-in
    "consent_tablet:leave": STAFF,
    "rights_public": PUBLIC,
    "breaches_public": PUBLIC,
    "campaigns_public": PUBLIC,
    "messages_public": PUBLIC,
    "composing_public": PUBLIC,
    "referrals_public": PUBLIC,
    "register_public": PUBLIC,
    "policy_public": PUBLIC,
    "web:language": PUBLIC,
    "web:brand_css": PUBLIC,
    # First run.
    "register:begin": FIRST_RUN,
    "insight:demo": FIRST_RUN,
    # Staff.
    "insight": STAFF,
    "insight:demo_remove": only(Action.CHANGE_SETTINGS),
    "people": writes(Action.CHANGE_PEOPLE),
    "register": writes(Action.CHANGE_REGISTER),
    "register:inspectors": only(Action.CHANGE_REGISTER),
    "register:company_contract": only(Action.CHANGE_REGISTER),
    "register:topic_create": only(Action.MAKE_TOPIC),
    "register:measuring": only(Action.MAKE_TOPIC),
    "register:topic_revise": only(Action.MAKE_TOPIC),
    "register:topic_end": only(Action.CHANGE_REGISTER),
    "register:settings": only(Action.CHANGE_SETTINGS),
    "register:books": only(Action.CHANGE_SETTINGS),
    "register:seller": only(Action.CHANGE_SETTINGS),
    "register:topic_customers": writes(Action.MAKE_TOPIC),
    "register:topic_published": writes(Action.MAKE_TOPIC),
    "register:products": writes(Action.MAKE_TOPIC),
    "register:product_change": writes(Action.MAKE_TOPIC),
    "register:balancing": writes(Action.MAKE_TOPIC),
    "register:balancing_end": writes(Action.MAKE_TOPIC),
    "register:post_check": writes(Action.MAKE_TOPIC),
    "register:topic_channels": writes(Action.MAKE_TOPIC),
    "register:activity_fields": writes(Action.MAKE_TOPIC),
    "register:field_release": writes(Action.MAKE_TOPIC),
    "register:fields": writes(Action.MAKE_TOPIC),
    "register:field_create": only(Action.MAKE_TOPIC),
    "register:field_choices": only(Action.MAKE_TOPIC),
    # What nobody may keep is opened by the owner alone (art. 9(2)).
    "register:exception_create": only(Action.CHANGE_SETTINGS),
    "register:exception": writes(Action.CHANGE_SETTINGS),
    "register:exception_end": writes(Action.CHANGE_SETTINGS),
    "consent": writes(Action.RECORD_CONSENT),
    "consent:details": writes(Action.CHANGE_REGISTER),
    "consent:person_special": only(Action.CHANGE_REGISTER),  # the roles that one may open it to
    "consent:form_create": only(Action.PUBLISH_FORM),
    "consent:form_edit": only(Action.PUBLISH_FORM),
    "consent:form_publish": only(Action.PUBLISH_FORM),
    "consent:form_preview": only(Action.PUBLISH_FORM),
    "consent:form_close": only(Action.PUBLISH_FORM),
    "consent:push_create": only(Action.PUBLISH_FORM),
    "consent:push_edit": only(Action.PUBLISH_FORM),
    "consent:push_publish": only(Action.PUBLISH_FORM),
    "trail": STAFF,
    "backups": only(Action.CHANGE_SETTINGS),
    "segments": writes(Action.WRITE_CAMPAIGN),
    "segments:create": only(Action.WRITE_CAMPAIGN),
    "composing": writes(Action.WRITE_CAMPAIGN),
    "composing:choose": only(Action.WRITE_CAMPAIGN),
    "campaigns:start_blocks": only(Action.WRITE_CAMPAIGN),
    "campaigns:editor": only(Action.WRITE_CAMPAIGN),
    "campaigns:block": only(Action.WRITE_CAMPAIGN),
    "campaigns:head": only(Action.WRITE_CAMPAIGN),
    "campaigns:draft": only(Action.WRITE_CAMPAIGN),
    "campaigns:otherwise": only(Action.WRITE_CAMPAIGN),
    "campaigns:draw": only(Action.WRITE_CAMPAIGN),
    "campaigns:canvas": only(Action.WRITE_CAMPAIGN),
    "campaigns:draw_back": only(Action.WRITE_CAMPAIGN),
    "campaigns:beginning_remove": only(Action.WRITE_CAMPAIGN),
    "campaigns:keep": only(Action.WRITE_CAMPAIGN),
    "campaigns": writes(Action.WRITE_CAMPAIGN),
    "campaigns:create": only(Action.WRITE_CAMPAIGN),
    "campaigns:create_push": only(Action.WRITE_CAMPAIGN),
    "campaigns:create_letter": only(Action.WRITE_CAMPAIGN),
    "campaigns:letters_make": only(Action.SEND_CAMPAIGN),
    "campaigns:letters_download": only(Action.SEND_CAMPAIGN),
    "campaigns:letters_anew": only(Action.SEND_CAMPAIGN),
    "campaigns:letters_away": only(Action.SEND_CAMPAIGN),
    "campaigns:letters_handed": only(Action.SEND_CAMPAIGN),
    "campaigns:revise": only(Action.WRITE_CAMPAIGN),
    "campaigns:copy": only(Action.WRITE_CAMPAIGN),
    "campaigns:test": only(Action.SEND_CAMPAIGN),
    "campaigns:send": only(Action.SEND_CAMPAIGN),
    "campaigns:steer": only(Action.SEND_CAMPAIGN),
    "campaigns:service_create": only(Action.WRITE_CAMPAIGN),
    "campaigns:service_write": only(Action.WRITE_CAMPAIGN),
    "campaigns:service_about": only(Action.SEND_CAMPAIGN),
    "campaigns:agreements": only(Action.CHANGE_PEOPLE),
    "campaigns:agreement_end": only(Action.CHANGE_PEOPLE),
    "campaigns:agreement_file": only(Action.CHANGE_PEOPLE),
    "campaigns:agreement_file_undo": only(Action.CHANGE_PEOPLE),
    "campaigns:service_send": only(Action.SEND_CAMPAIGN),
    "campaigns:ab_set_up": only(Action.WRITE_CAMPAIGN),
    "campaigns:ab_act": only(Action.SEND_CAMPAIGN),
    "campaigns:series_create": only(Action.WRITE_CAMPAIGN),
    "campaigns:series_change": only(Action.WRITE_CAMPAIGN),
    "campaigns:step_add": only(Action.WRITE_CAMPAIGN),
    "campaigns:step_change": only(Action.WRITE_CAMPAIGN),
    "campaigns:step_move": only(Action.WRITE_CAMPAIGN),
    "campaigns:step_remove": only(Action.WRITE_CAMPAIGN),
    "campaigns:series_steer": only(Action.SEND_CAMPAIGN),
    "campaigns:series_people": only(Action.READ_PEOPLE),
    "campaigns:series_person": only(Action.READ_PEOPLE),
    "campaigns:series_take_out": only(Action.CHANGE_PEOPLE),
    "campaigns:sending": STAFF,
    "campaigns:sending_cap": only(Action.CHANGE_SETTINGS),
    "campaigns:sending_pace": only(Action.CHANGE_SETTINGS),
    "campaigns:server_add": only(Action.CHANGE_SETTINGS),
    "campaigns:server_remove": only(Action.CHANGE_SETTINGS),
    "campaigns:trial_add": only(Action.SEND_CAMPAIGN),
    "campaigns:trial_remove": only(Action.SEND_CAMPAIGN),
    "campaigns:server_test": only(Action.CHANGE_SETTINGS),
    "campaigns:server_whose": only(Action.CHANGE_SETTINGS),
    "campaigns:server_provider": only(Action.CHANGE_SETTINGS),
    "campaigns:account_add": only(Action.CHANGE_SETTINGS),
    "campaigns:account_key": only(Action.CHANGE_SETTINGS),
    "campaigns:hook_set_up": only(Action.CHANGE_SETTINGS),
    "campaigns:hook_look": only(Action.CHANGE_SETTINGS),
    "campaigns:hook_make": only(Action.CHANGE_SETTINGS),
    "campaigns:hook_proof": only(Action.CHANGE_SETTINGS),
    "campaigns:hook_remove": only(Action.CHANGE_SETTINGS),
    "campaigns:when": only(Action.SEND_CAMPAIGN),
    "campaigns:unplan": only(Action.SEND_CAMPAIGN),
    "referrals": writes(Action.WRITE_CAMPAIGN),
    "messages": STAFF,
    "imports": writes(Action.IMPORT),
    "imports:bring_in": only(Action.IMPORT),
    "imports:sales_bring_in": only(Action.IMPORT),
    "imports:sale_by_hand": writes(Action.RECORD_CONSENT),
    "imports:contact_left": only(Action.CHANGE_PEOPLE),
    "imports:decide_column": only(Action.CHANGE_REGISTER),
    "rights": writes(Action.ANSWER_REQUEST),
    "rights:open": STAFF,  # whoever hears a request writes it down
    "rights:export": only(Action.EXPORT),
    "rights:bundle": only(Action.EXPORT),
    "rights:letter_file": only(Action.ANSWER_REQUEST),
    "rights:extension_file": only(Action.ANSWER_REQUEST),
    "rights:forget": only(Action.ERASE),
    "rights:look_again": only(Action.ERASE),
    "rights:lists": only(Action.ERASE),
    "rights:list_new": only(Action.ERASE),
    "rights:list": only(Action.ERASE),
    "rights:list_ask": only(Action.ERASE),
    "rights:list_approve": only(Action.ERASE),
    "rights:list_refuse": only(Action.ERASE),
    "rights:list_stop": only(Action.ERASE),
    "rights:list_report": only(Action.ERASE),
    "rights:list_paper": only(Action.ERASE),
    "rights:place_empty": only(Action.ERASE),
    "rights:place_keep": only(Action.ERASE),
    "rights:left_disk": only(Action.ERASE),
    "retention": writes(Action.ERASE),
    "retention:people": only(Action.ERASE),
    "retention:field_go": writes(Action.MAKE_TOPIC),
    "policy": writes(Action.CHANGE_REGISTER),
    "checkup": writes(Action.CHANGE_REGISTER),
    "checkup:dossier": only(Action.EXPORT),
    # Whoever notices a leak writes it down; who decides and tells people is another matter.
    "breaches": STAFF,
    "breaches:people": only(Action.DECIDE_LEAK),
    "breaches:decide": writes(Action.DECIDE_LEAK),
    "breaches:close": only(Action.DECIDE_LEAK),
    "breaches:reopen": only(Action.DECIDE_LEAK),
    "breaches:authority": writes(Action.DECIDE_LEAK),
    "breaches:letter": writes(Action.DECIDE_LEAK),
    "breaches:letter_send": only(Action.DECIDE_LEAK),
    "breaches:letter_steer": only(Action.DECIDE_LEAK),
    "breaches:post": only(Action.DECIDE_LEAK),
    "breaches:post_file": only(Action.DECIDE_LEAK),
    "breaches:post_choose": only(Action.DECIDE_LEAK),
    "breaches:post_handed": only(Action.DECIDE_LEAK),
    "breaches:public": writes(Action.DECIDE_LEAK),
    "delivery": STAFF,
    "web": STAFF,
    "accounts": STAFF,
    "accounts:staff": only(Action.SEE_STAFF),
    "accounts:staff_create": only(Action.MANAGE_STAFF),
    "accounts:staff_role": only(Action.MANAGE_STAFF),
    "accounts:staff_off": only(Action.MANAGE_STAFF),
    "accounts:keys": only(Action.MANAGE_STAFF),
    "accounts:key_create": only(Action.MANAGE_STAFF),
    "accounts:key_revoke": only(Action.MANAGE_STAFF),
    # A key, not a log-in, opens these (`api.keys`); the description is for everybody.
    "api": PUBLIC,
    "api_docs": PUBLIC,
    "api_nothing": PUBLIC,
    # Log-in (allauth). Staff are added by the owner, so signing up and log-in by mail are nobody's.
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_change_password": STAFF,
    "account_set_password": STAFF,
    "account_reauthenticate": STAFF,
    "account_email": NOBODY,
    "account_confirm_email": NOBODY,
    "account_email_verification_sent": NOBODY,
    "account_signup": NOBODY,
    "account_confirm_login_code": NOBODY,
    # The second factor.
    "mfa_authenticate": PUBLIC,  # between the password and the session
    "mfa_reauthenticate": STAFF,
    "mfa_index": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": STAFF,
    "mfa_generate_recovery_codes": STAFF,
    "mfa_view_recovery_codes": STAFF,
    "mfa_download_recovery_codes": STAFF,
}

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=()"
# Addresses that hold a token: not told to other hosts, not kept, not found by search engines.
# "no-referrer" would be wrong: browsers then post with "Origin: null", which CSRF must refuse.
TOKEN_PATHS = (
    *("/b/", "/ouder/", "/u/", "/v/", "/waarom/", "/voorkeuren/", "/mijn/", "/begin/"),
    *("/tip/", "/ja/", "/hooks/", "/inzage/"),
    *("/p/v/", "/p/stop/", "/p/koppel/", "/p/samen/"),
    "/account/password/reset/key/",
)
SILENT_PATHS = ("/inzage/",)  # nothing is posted there: no referrer at all


def rule_for(match: ResolverMatch) -> Access | None:
    """The rule of an address; None when nobody wrote one."""
    if match.namespace:
        name = f"{match.namespace}:{match.url_name or ''}"
        return RULES.get(name) or RULES.get(match.namespace)
    return RULES.get(match.url_name or "")


def roles_at(address: str, method: str = "GET") -> frozenset[str]:
    """Which roles may ask this address of ours; what stands after the question mark is no part."""
    rule = rule_for(resolve(address.partition("?")[0]))
    return frozenset(role for role in MAY if rule is not None and rule.lets(role, method))


class AccessMiddleware:
    """Enforces the table, and keeps pages out of caches and referrers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers that the address asks for."""
        # Lazy: a page that does not ask touches no session.
        request.may = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: actions_of(getattr(request.user, "role", ""))
        )
        request.roles_at = roles_at  # type: ignore[attr-defined]  # rooms do not know the table
        response = self.get_response(request)
        if request.path.startswith(TOKEN_PATHS):
            is_silent = request.path.startswith(SILENT_PATHS)
            response.headers["Referrer-Policy"] = "no-referrer" if is_silent else "same-origin"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        match = request.resolver_match
        rule = rule_for(match) if match else None
        if rule is None or not rule.public or request.path.startswith(TOKEN_PATHS):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None to go on; else a redirect to the log-in or the first run, or a refusal."""
        match = request.resolver_match
        rule = rule_for(match) if match else None
        if rule is None:
            return forbidden(request)
        if rule.public:
            return None
        if rule.first_run:
            return _first_run(request)
        if not request.user.is_authenticated:
            return _to_log_in(request) if rule.is_staff else forbidden(request)
        if KEY in request.session and match and match.view_name != LEAVE:
            return redirect(LEAVE)  # logged in on the tablet: first the PIN
        role = getattr(request.user, "role", "")
        return None if rule.lets(role, request.method or "") else forbidden(request)


def _first_run(request: HttpRequest) -> HttpResponse | None:
    """The first run is for who sits at the machine or holds the link that `serve` printed."""
    from akkoord.datamap.keys import sign_token

    if has_organisation():
        if request.user.is_authenticated and getattr(request.user, "role", "") == Role.OWNER:
            return None
        return redirect("/")
    token = request.GET.get("token", "")
    if token and constant_time_compare(token.encode(), sign_token("begin", b"").encode()):
        request.session[MAY_BEGIN] = True
        return redirect(BEGIN)  # the token leaves the address bar
    if getattr(request, "from_this_machine", False) or request.session.get(MAY_BEGIN):
        return None
    return forbidden(request)


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """To the log-in page and back; to the first run when nobody was here yet."""
    if not has_organisation():
        target = BEGIN
    else:
        back = request.get_full_path() if request.method == "GET" else "/"
        target = redirect_to_login(back).headers["Location"]
    if request.headers.get("HX-Request"):
        # A part of a page cannot show the log-in page; the browser goes there instead.
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
