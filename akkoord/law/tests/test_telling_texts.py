"""Loose texts that name somebody by an address or a number, and those that do not."""

import pytest

from akkoord.law.telling_texts import tells_who


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Geschil over factuur 2026-104", False),
        ("Zaak C/13/748211, rechtbank Amsterdam", False),
        ("Mail van j.wit@example.nl", True),
        ("Belde met 06 12 34 56 78", True),
        ("Belde met +31 6 12345678", True),
        ("Rekening NL91 ABNA 0417 1643 00", True),
        ("BSN 111222333", True),
    ],
)
def test_a_text_tells_who_by_an_address_or_a_number(text: str, does: bool) -> None:
    assert tells_who(text) is does
