"""Where staff change what a store holds, so that a place in which somebody was found can be opened.

A store without an entry has no page of its own: what stands there is emptied on the run's page, or
is sealed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.urls import reverse

PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accounts_apikey": "accounts:keys",
        "breaches_breach": "breaches:index",
        "breaches_breachlesson": "breaches:index",
        "breaches_breachnotice": "breaches:index",
        "campaigns_campaign": "campaigns:index",
        "campaigns_campaignversion": "campaigns:index",
        "campaigns_series": "campaigns:series",
        "campaigns_seriesstep": "campaigns:series",
        "campaigns_servicetemplate": "campaigns:service",
        "checkup_answer": "checkup:index",
        "checkup_assessment": "checkup:dpia",
        "checkup_risk": "checkup:dpia",
        "checkup_screening": "checkup:dpia",
        "composing_housestyle": "composing:style",
        "composing_keptletter": "campaigns:create",
        "composing_picture": "composing:pictures",
        "consent_collectingplace": "consent:collecting_places",
        "consent_detailssetting": "consent:details",
        "consent_form": "consent:forms",
        "consent_notice": "consent:wordings",
        "delivery_mailserver": "campaigns:sending",
        "imports_import": "imports:index",
        "policy_ownwords": "policy:index",
        "policy_policyversion": "policy:index",
        "referrals_programme": "referrals:index",
        "register_activityfield": "retention:catalogue",
        "register_balancingtest": "register:index",
        "register_collecting": "register:index",
        "register_fieldexception": "register:exceptions",
        "register_inspectorlink": "register:inspectors",
        "register_measure": "register:measures",
        "register_organisation": "register:settings",
        "register_personaldatafield": "register:fields",
        "register_processingactivity": "register:index",
        "register_productgroup": "register:products",
        "register_purpose": "register:topics",
        "register_purposeversion": "register:topics",
        "register_recipient": "register:companies",
        "register_retentionrule": "retention:index",
        "retention_legalhold": "retention:holds",
        "segments_group": "segments:index",
        "segments_groupversion": "segments:index",
    }
)


def page_of(store: str) -> str:
    """The address of the page on which this store's rows are changed; empty: there is none."""
    return reverse(PAGES[store]) if store in PAGES else ""
