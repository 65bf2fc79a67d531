"""Which family a browser is of, and nothing more: enough to tell one's own devices apart."""

# The first that is named decides: every browser says "Mozilla", most say "Safari" and "Chrome".
_FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chrome"),
    ("Safari/", "Safari"),
)


def browser_family(user_agent: str) -> str:
    """The family's name, without version or system; empty when it is not known."""
    for sign, family in _FAMILIES:
        if sign in user_agent:
            return family
    return ""
