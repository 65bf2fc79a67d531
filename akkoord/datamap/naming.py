"""What a file, a table in it or a column is called, without what may tell who somebody is.

Addresses and telephone numbers say nothing of a file, and they would stay behind when their person
goes (art. 5(1)(c) GDPR). A name that is left is found by its erasure (`datamap.loose`).
"""

import re
from pathlib import PurePosixPath

from akkoord.law.sensitive import classes_in
from akkoord.law.telling_texts import ADDRESS, TELEPHONE

LEFT_OUT = "…"
_SUFFIX = re.compile(r"\.(?:csv|tsv|txt|xlsx|xlsm|zip|xml|png|jpe?g|gif|webp)$", re.IGNORECASE)


def plain_title(text: str, most: int = 200) -> str:
    """A name without folders, addresses, numbers to call and signs that steer a terminal."""
    name = PurePosixPath(text.replace("\\", "/")).name
    return without_identifiers(name)[:most]


def file_title(text: str) -> str:
    """The name under which a file is kept: without what it says of everybody in it (INV-32)."""
    name = plain_title(text)
    if not classes_in(name):
        return name
    suffix = _SUFFIX.search(name)
    return LEFT_OUT + (suffix[0] if suffix else "")


def without_identifiers(text: str) -> str:
    """A text in one line, in which every address and number to call is left out."""
    text = "".join(sign for sign in text if sign.isprintable())
    suffix = _SUFFIX.search(text)
    stem, end = (text[: suffix.start()], suffix[0]) if suffix else (text, "")
    return TELEPHONE.sub(LEFT_OUT, ADDRESS.sub(LEFT_OUT, stem)) + end
