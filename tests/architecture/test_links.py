"""Every field in which staff type the address of a page refuses what is no page."""

import importlib
import pkgutil
import re

import pytest
from django import forms

import akkoord
from akkoord.consent.sign_up_form import SignUpForm
from akkoord.rights.public_form import PublicRequestForm

NAMES = re.compile(r"(^|_)(url|link|website|page)$")
TRAPS = {
    (SignUpForm, "website"),
    (PublicRequestForm, "website"),
}  # for machines: people do not see it


def link_fields() -> list[tuple[type[forms.BaseForm], str]]:
    for module in pkgutil.walk_packages(akkoord.__path__, "akkoord."):
        if re.search(r"\.(\w*forms?|\w+_form)$", module.name):
            importlib.import_module(module.name)
    found, waiting = [], [forms.BaseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("akkoord."):
            found += [
                (kind, name)
                for name, field in getattr(kind, "base_fields", {}).items()
                if NAMES.search(name) and isinstance(field, forms.CharField)
            ]
    return sorted(
        {each for each in found if each not in TRAPS}, key=lambda each: (each[0].__name__, each[1])
    )


def test_there_are_such_fields() -> None:
    assert {name for _, name in link_fields()} >= {"terms_url", "privacy_url", "website", "link"}


@pytest.mark.parametrize(("form", "name"), link_fields())
def test_a_link_that_runs_is_refused(form: type[forms.BaseForm], name: str) -> None:
    with pytest.raises(forms.ValidationError):
        form.base_fields[name].clean("javascript:alert(1)")
