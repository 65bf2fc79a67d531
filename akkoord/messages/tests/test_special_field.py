"""A field of a special category stands in no letter, and says so in words of its own (art. 9)."""

import pytest
from django.utils import timezone, translation

from akkoord.messages.compile import compile_message
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import make_organisation, make_source, make_topic
from akkoord.messages.values import field_facts
from akkoord.register.models import ActivityField, PersonalDataField

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_admitted", [True, False])
def test_inv32_a_special_category_is_refused_in_words_of_its_own(is_admitted: bool) -> None:
    make_organisation()
    topic = make_topic()
    field = PersonalDataField.objects.create(
        key="diet",
        name_nl="Dieet",
        name_en="Diet",
        category="pd:X",
        is_own=True,
        created_at=timezone.now(),
    )
    if is_admitted:  # as an old register might still say; a new one refuses it
        ActivityField.objects.create(
            activity_key=topic.activity_key, field=field, admitted_at=timezone.now()
        )
    PersonalDataField.objects.filter(key="diet").update(is_special=True)
    with translation.override("nl"), pytest.raises(CompileError) as refused:
        compile_message(make_source(body="Uw {{ diet }}"), allowed_fields=field_facts(topic))
    assert (refused.value.code, refused.value.field) == ("special-category", "diet")
    sentence = compile_sentence(refused.value)
    assert "‘Dieet’ zegt iets heel persoonlijks" in sentence
    assert "Voeg het veld" not in sentence
