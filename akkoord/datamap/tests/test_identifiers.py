"""Identifiers in one spelling: the same verdict as the library, never another person's address."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from akkoord.datamap.identifiers import (
    BadIdentifier,
    Fault,
    normalise_email,
    normalise_phone,
    normalise_postcode,
    phone_notations,
    plain_name,
)

NASTY = st.text("aZ0.+-_@\"' é\u0301ß\u200bxn--例<>()[]%\\", max_size=24)
LOCAL = st.text("abcXYZ019.!#$%&'*+-/=?^_`{|}~é\u0301", min_size=1, max_size=70)
DOMAIN = st.sampled_from(
    [
        "example.nl",
        "Example.COM",
        "bücher.example.nl",
        "xn--bcher-kva.example.nl",
        "a..nl",
        "example",
        "example.123",
        "-a.nl",
        "a-.nl",
        "ex_ample.nl",
        "localhost",
        "sub.example.org",
        "ab--cd.nl",
        "xn--a.nl",
        "[127.0.0.1]",
        "a" * 64 + ".nl",
        "example.nl.",
        "EXAMPLE。nl",
    ]
)


@given(st.one_of(NASTY, st.builds("{}@{}".format, LOCAL, DOMAIN), st.text(max_size=30)))
@example("a@" + "b." * 125 + "nl")
@example("a" * 64 + "@" + "b." * 94 + "nl")
@example("a" * 250 + "@example.nl")
@example("jan@xn--" + "a" * 60 + ".nl")
def test_the_verdict_is_that_of_email_validator(text: str) -> None:
    """Fast path or slow: accepted exactly when the library accepts it, with its domain."""
    try:
        theirs = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        with pytest.raises(BadIdentifier):
            normalise_email(text)
    else:
        local, _at, domain = normalise_email(text).rpartition("@")
        assert domain == theirs.ascii_domain
        assert local.lower() == local
        assert normalise_email(f"{local}@{domain}") == f"{local}@{domain}"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Jan.De.Vries+nieuws@Example.NL ", "jan.de.vries+nieuws@example.nl"),
        ("info@BÜCHER.example.nl", "info@xn--bcher-kva.example.nl"),
        ("ANDRE\u0301@example.nl", "andré@example.nl"),
    ],
)
def test_one_spelling(typed: str, kept: str) -> None:
    """Case, composition and the domain's alphabet fall away; dots and tags never."""
    assert normalise_email(typed) == kept


def test_a_fault_never_repeats_what_was_typed() -> None:
    """Error messages go to logs, and an address must not."""
    with pytest.raises(BadIdentifier) as caught:
        normalise_email("jan@@example.nl")
    assert "jan" not in str(caught.value)
    assert caught.value.reason is Fault.BAD_ADDRESS
    with pytest.raises(BadIdentifier) as caught:
        normalise_email("jan@example")
    assert caught.value.reason is Fault.BAD_DOMAIN


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06-12 34 56 78", "+31612345678"),
        ("0031 (0)6 12345678", "+31612345678"),
        ("+31 6 12345678", "+31612345678"),
        ("(020) 624 11 11", "+31206241111"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_a_number_has_one_spelling(typed: str, kept: str) -> None:
    """However it was typed."""
    assert normalise_phone(typed) == kept
    assert {normalise_phone(form) for form in phone_notations(kept) if form.startswith("+")} == {
        kept
    }


@pytest.mark.parametrize("typed", ["", "  ", "bel mij", "12", "06-1234", "0612345678 ext 4"])
def test_what_no_network_connects_is_refused(typed: str) -> None:
    """Letters, extensions, too short."""
    with pytest.raises(BadIdentifier):
        normalise_phone(typed)


def test_postcodes() -> None:
    """Dutch ones strictly, others as they are."""
    assert normalise_postcode("1234ab") == "1234 AB"
    assert normalise_postcode(" 1234  Ab ") == "1234 AB"
    assert normalise_postcode("sw1a  1aa", "GB") == "SW1A 1AA"
    for bad in ("0123 AB", "1234 SS", "1234 A", "", "1234 ABC"):
        with pytest.raises(BadIdentifier):
            normalise_postcode(bad)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("An\u202en\u202c", "An n"),
        ("  Jan \t de  Wit\r\n", "Jan de Wit"),
        ("Zo\u0065\u0308", "Zo\u00eb"),
        ("\u0645\u200c\u0646", "\u0645\u200c\u0646"),  # a joiner that a script needs
    ],
)
def test_a_name_is_one_plain_line(typed: str, kept: str) -> None:
    assert plain_name(typed) == kept
