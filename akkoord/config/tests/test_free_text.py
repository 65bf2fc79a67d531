"""INV-32 at every place where something may be written freely: guarded, or said here why not."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django import forms

import akkoord
from akkoord.campaigns.actions import CampaignRefused, check_draft
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_steps import check_group
from akkoord.consent.form_facts import FormFacts, FormRefused
from akkoord.datamap.naming import file_title
from akkoord.datamap.plain_words import name_problem, note_problem, plain_name, plain_note
from akkoord.register.actions import RegisterRefused, TopicWords
from akkoord.register.customers import clean_signs, enter_product_group
from akkoord.register.models import Purpose
from akkoord.retention.forms import HoldForm
from akkoord.segments.actions import GroupRejected, create_group
from akkoord.trail.actions import Actor

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ACTOR = Actor.system()
_HIDDEN = (forms.HiddenInput, forms.PasswordInput, forms.EmailInput)
PLACE, OWN, RULES, WORDS = "place", "the person's own words", "own rules", "words for all"

# Refused by the action, so that the API, the command and the page are refused alike.
BY_ACTION = {
    "register.forms.TopicForm": {"name_nl", "name_en"},
    "register.forms.ReviseTopicForm": {"name_nl", "name_en"},
    "register.forms.SetUpForm": {"topic_name"},
    "register.field_forms.AdmitForm": {"why_nl", "why_en"},
    "register.purpose_forms.WeighingForm": {"because"},
    "register.field_forms.WhyForm": {"why_nl", "why_en"},
    "register.field_forms.ChoicesForm": {"choices"},
    "register.field_forms.OwnFieldForm": {"why_nl", "why_en", "choices", "name_nl", "name_en"},
    "register.customer_forms.GroupForm": {"name", "signs"},
    "register.customer_forms.SignsForm": {"signs"},
    "campaigns.forms.CampaignForm": {"name", "segment"},
    "campaigns.forms.HeadForm": {"name", "segment"},
    "campaigns.forms.PushForm": {"name", "segment"},
    "campaigns.letter_forms.LetterForm": {"segment"},
    "campaigns.series_forms.SeriesForm": {"name", "segment"},
    "campaigns.series_forms.StepForm": {"segment"},
    "consent.builder_form.FormForm": {"name"},
}

# Why nothing is looked for; a new field stands in none of these, and its test fails.
LEFT = {
    # What the organisation says to everybody, or of itself: of nobody in particular.
    WORDS: {
        "campaigns.ab_forms.AbForm": {"subject_b"},
        "campaigns.forms.CampaignForm": {"subject", "preheader", "body", "sender_name"},
        "campaigns.forms.HeadForm": {"subject", "preheader", "sender_name"},
        "campaigns.forms.PushForm": {"subject", "body"},
        "campaigns.forms.StartForm": {"subject"},
        "campaigns.letter_forms.LetterForm": {"subject", "body"},
        "campaigns.letter_forms.PrinterForm": {"printer_name"},
        "campaigns.service_forms.ServiceForm": {"subject", "body"},
        "campaigns.whose_views.WhoseForm": {"company"},
        "campaigns.account_forms.AccountForm": {"name"},
        "composing.forms.PictureForm": {"alt"},
        "composing.forms.WordsForm": {"alt"},
        "consent.builder_form.FormForm": {
            *("intro_nl", "intro_en", "terms_version", "privacy_version"),
        },
        "consent.push_forms.PushPageForm": {"intro_nl", "intro_en"},
        "consent.details_forms.DetailsForm": {"words_nl", "words_en"},
        "consent.collecting_forms.ShownForm": {"text"},
        "consent.forms.WordingForm": {"source", "text"},
        "consent.grant_forms.ScriptForm": {"text"},
        "imports.forms.EvidenceForm": {"wording"},
        "imports.forms.UploadForm": {"wording"},
        "imports.forms.WordingForm": {"wording"},
        "policy.forms.PublishForm": {"reason_nl", "reason_en"},
        "policy.forms.WordsForm": {"nl", "en"},
        "referrals.forms.ProgrammeForm": {
            *("card_nl", "card_en", "reward_nl", "reward_en", "mail_nl", "mail_en"),
        },
        "register.forms.TopicForm": {
            *("description_nl", "description_en", "frequency_nl", "frequency_en"),
        },
        "register.forms.ReviseTopicForm": {
            *("description_nl", "description_en", "frequency_nl", "frequency_en"),
        },
        "register.forms.OrganisationForm": {"name", "address", "contact_phone", "sender_name"},
        "register.forms.SetUpForm": {"name", "address", "owner_name", "sender_name"},
        "register.customer_forms.SellerForm": {"seller"},
        "checkup.forms.AnswerForm": {"evidence"},
    },
    # What must be able to name the kinds of data; numbers in it are refused by its own rules.
    RULES: {
        "register.balancing_forms.BalancingForm": {"interest", "necessity", "balance"},
        "register.published_views.PublishedForm": {"because"},
        # An assessment must name the kinds of data that it is about; people in it are refused.
        "checkup.dpia_forms.ScreeningForm": {"reason"},
        "checkup.dpia_forms.PartForm": {"text"},
        "checkup.dpia_forms.RiskForm": {"sources", "impacts", "measures"},
        "checkup.dpia_forms.DecisionForm": {"reason", "advice"},
        # An exception names the one kind that it opens; another kind and people are refused.
        "register.exception_forms.DecisionForm": {"reason"},
        "register.exception_forms.ExceptionForm": {
            *("name_nl", "name_en", "choices", "why_nl", "why_en", "reason"),
        },
        "imports.forms.DecisionForm": {"reason"},
        "retention.forms.RuleForm": {"reason"},
        "consent.list_forms.ListForm": {"wording", "lines"},
        "rights.recipient_forms.WayForm": {"told_at"},
        "web.style_page.StyleForm": {"name", "note"},
    },
    # What a person says of themselves, or the answer: sealed, taken out or theirs to say.
    OWN: {
        "consent.enquiry_views.AnswerForm": {"text"},
        "consent.sign_up_form.SignUpForm": {"website", "message"},
        "referrals.forms.TipForm": {"sender_name", "words"},
        "rights.forms.RequestForm": {"email", "words"},
        "rights.public_form.PublicRequestForm": {"words"},
        "rights.handling_forms.LetterForm": {"text"},
    },
    # A name, an address, a number, a code: no words. Somebody may be called Christian.
    PLACE: {
        "accounts.forms.KeyForm": {"name"},
        "accounts.forms.NewStaffForm": {"name"},
        "accounts.forms.ProfileForm": {"name"},
        "campaigns.hook_forms.ProofForm": {"proof"},
        "campaigns.letter_forms.MakeForm": {"day"},
        "campaigns.sending_forms.ServerForm": {"host", "user"},
        "campaigns.when_forms.WhenForm": {"day", "clock", "spread_day", "spread_clock"},
        "consent.correction_form.CorrectionForm": {"given_name", "family_name"},
        "consent.forms.PauseForm": {"what"},
        "consent.grant_forms.GrantForm": {
            *("caller", "street", "house_number", "postcode", "city")
        },
        "consent.person_forms.FirstGrantForm": {
            *("caller", "street", "house_number", "postcode", "city")
        },
        "consent.person_forms.NewPersonForm": {"given_name", "family_name"},
        "people.forms.NamesForm": {"given_name", "family_name"},
        "referrals.forms.UseForm": {"code"},
        "rights.list_forms.NewListForm": {"lines"},
        "rights.handling_forms.FindForm": {"feit", "naam"},
    },
}
# The register and the leaks describe kinds of data and people, never a person: other rules.
OTHER_RULES = ("breaches.", "register.care_forms.", "register.entry_forms.")


def _every_form() -> Iterator[tuple[str, type[forms.BaseForm]]]:
    for module in pkgutil.walk_packages(akkoord.__path__, "akkoord."):
        if module.name.rpartition(".")[2].endswith(("forms", "form", "views")):
            importlib.import_module(module.name)
    waiting = [forms.BaseForm]
    while waiting:
        waiting += (kinds := waiting.pop().__subclasses__())
        for kind in kinds:
            if kind.__module__.startswith("akkoord.") and ".tests." not in kind.__module__:
                yield f"{kind.__module__.removeprefix('akkoord.')}.{kind.__name__}", kind


def _free(kind: type[forms.BaseForm]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = getattr(kind, "base_fields", {})
    return {
        name: field
        for name, field in fields.items()
        if type(field) is forms.CharField and not isinstance(field.widget, _HIDDEN)
    }


def test_inv32_every_free_text_is_guarded_or_said_why_not() -> None:
    holes = []
    for name, kind in _every_form():
        if name.startswith(OTHER_RULES):
            continue
        known = set(BY_ACTION.get(name, ())).union(*(each.get(name, ()) for each in LEFT.values()))
        for field, made in _free(kind).items():
            guarded = any(each in (plain_name, plain_note) for each in made.validators)
            if not guarded and field not in known:
                holes.append(f"{name}.{field}")
    assert holes == []


def test_the_lists_name_only_fields_that_exist() -> None:
    there = {name: set(_free(kind)) for name, kind in _every_form()}
    for listed in [BY_ACTION, *LEFT.values()]:
        for name, fields in listed.items():
            assert fields <= there.get(name, set()), name


@pytest.mark.parametrize("problem", [name_problem, note_problem])
def test_inv32_what_is_refused_says_the_article_and_the_way(problem: object) -> None:
    assert callable(problem)
    assert problem("Lente 2026") == ""
    sentence = problem("klanten met diabetes")
    assert "AVG 9(1)" in sentence
    assert "gezondheid" in sentence
    assert "UAVG 46" in problem("bsn 111222333")


SAYS_IT = "Klanten met diabetes"


def _topic() -> None:
    TopicWords(name_nl=SAYS_IT, name_en="News", description_nl="x", description_en="x").check()


def _group_text() -> None:
    check_group('product group = "insuline"', Purpose(), at=NOW)


@pytest.mark.parametrize(
    ("keep", "refusal"),
    [
        (_topic, RegisterRefused),
        (lambda: clean_signs(["insuline"]), RegisterRefused),
        (lambda: enter_product_group(name=SAYS_IT, at=NOW, actor=ACTOR), RegisterRefused),
        (lambda: FormFacts(name=SAYS_IT, topic_ids=()).check(), FormRefused),
        (
            lambda: create_group(
                purpose=Purpose(is_topic=True), name=SAYS_IT, text="x", at=NOW, actor=ACTOR
            ),
            GroupRejected,
        ),
        (
            lambda: create_group(
                purpose=Purpose(is_topic=True),
                name="x",
                text='town = "moslim"',
                at=NOW,
                actor=ACTOR,
            ),
            GroupRejected,
        ),
        (lambda: check_draft(Campaign(name=SAYS_IT), at=NOW), CampaignRefused),
        (lambda: check_draft(Campaign(name="x", segment='a = "homo"'), at=NOW), CampaignRefused),
        (_group_text, CampaignRefused),
    ],
)
@pytest.mark.django_db
def test_inv32_the_action_itself_refuses(
    keep: Callable[[], object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal, match=r"AVG 9\(1\)") as caught:
        keep()
    assert caught.value.field in {"name", "name_nl", "text", "segment", "signs"}


def test_inv32_a_file_is_not_kept_under_a_name_that_gives_people_away() -> None:
    assert file_title("zwangere klanten.csv") == "….csv"
    assert file_title("C:\\export\\VVD-leden.xlsx") == "….xlsx"
    assert file_title("klanten lente.csv") == "klanten lente.csv"
    assert file_title("zwangere klanten.jpg") == "….jpg"


def test_inv32_a_note_of_somebody_is_refused_at_its_field() -> None:
    form = HoldForm({"reason": "Geschil over factuur 12, klant is zwanger"})
    assert not form.is_valid()
    assert "AVG 9(1)" in form.errors["reason"][0]
    assert HoldForm({"reason": "Geschil over factuur 12"}).is_valid()
