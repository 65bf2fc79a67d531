"""What a privacy policy must tell before it may be published (INV-43)."""

from dataclasses import replace

import pytest

from akkoord.law.policy_rules import (
    ARTICLES,
    ActivityTold,
    Gap,
    PolicyElement,
    PolicyTold,
    RecipientTold,
    gaps,
    leaves_eea,
)

USE = ActivityTold("letters", "News.", "You said yes.", False, "", ["E-mail"], ["Until you stop."])
HOUSE = RecipientTold("post", "Post house", "Letters", "NL", "")
WHOLE = PolicyTold("Shop", "Dam 1", "info@shop.example", [USE], [HOUSE])


def test_inv43_a_whole_policy_lacks_nothing() -> None:
    assert gaps(WHOLE) == ()


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        (replace(WHOLE, controller=" "), Gap(PolicyElement.CONTROLLER)),
        (replace(WHOLE, address=""), Gap(PolicyElement.CONTROLLER)),
        (replace(WHOLE, contact=""), Gap(PolicyElement.CONTACT)),
        (replace(WHOLE, activities=[]), Gap(PolicyElement.ACTIVITIES)),
        *(
            (replace(WHOLE, activities=[replace(USE, **lacking)]), Gap(element, "letters"))
            for lacking, element in (
                ({"purpose": ""}, PolicyElement.PURPOSE),
                ({"basis": " "}, PolicyElement.BASIS),
                ({"needs_interest": True}, PolicyElement.INTEREST),
                ({"categories": []}, PolicyElement.CATEGORIES),
                ({"terms": []}, PolicyElement.TERM),
            )
        ),
        (
            replace(WHOLE, recipients=[replace(HOUSE, service="")]),
            Gap(PolicyElement.RECIPIENT, "post"),
        ),
        (
            replace(WHOLE, recipients=[replace(HOUSE, country="US")]),
            Gap(PolicyElement.TRANSFER, "post"),
        ),
    ],
)
def test_inv43_each_element_that_is_missing_is_named(told: PolicyTold, missing: Gap) -> None:
    assert gaps(told) == (missing,)


def test_a_transfer_with_a_ground_is_told() -> None:
    abroad = replace(HOUSE, country="us", safeguard="Standard clauses")
    assert gaps(replace(WHOLE, recipients=[abroad])) == ()
    assert leaves_eea("us")
    assert not leaves_eea("no")  # Norway is in the EEA


def test_every_element_has_its_article() -> None:
    assert set(ARTICLES) == set(PolicyElement)
