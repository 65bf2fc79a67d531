"""The words of the language of groups, in English and in Dutch."""

WORDS = frozenset(
    {
        *("and", "or", "not", "is", "contains", "starts", "with", "before", "after", "within"),
        *("days", "more", "less", "than", "empty", "chose", "topic"),
    }
)
# A word is Dutch only where a word of the language is looked for, so fields may have these names;
# but for the four with which a condition or what joins two can begin.
DUTCH = {
    "en": "and",
    "of": "or",
    "niet": "not",
    "bevat": "contains",
    "begint": "starts",
    "met": "with",
    "voor": "before",
    "na": "after",
    "binnen": "within",
    "dagen": "days",
    "meer": "more",
    "minder": "less",
    "dan": "than",
    "leeg": "empty",
    "koos": "chose",
    "onderwerp": "topic",
    "kocht": "bought",
    "besteedde": "spent",
    "keer": "times",
    "komende": "next",
    "verjaart": "anniversary",
    "precies": "exactly",
    "geleden": "ago",
    "opende": "opened",
    "klikte": "pressed",
    "brief": "letter",
    "brieven": "letters",
    "groep": "group",
}
_IN_DUTCH = {english: dutch for dutch, english in DUTCH.items()}
# "of" is "or" in Dutch, so the distance says it by itself.
_IN_OTHER_WORDS = {"at least": "minstens", "at most": "hoogstens", "km of": "km van"}
NO_FIELD = WORDS | {"en", "of", "niet", "koos"}


def said(words: str, language: str) -> str:
    """Words of the language of groups, as people of this language say them."""
    if not language.startswith("nl"):
        return words
    if words in _IN_OTHER_WORDS:
        return _IN_OTHER_WORDS[words]
    return " ".join(_IN_DUTCH.get(each, each) for each in words.split(" "))
