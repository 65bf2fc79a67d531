"""The footer that every marketing mail carries: who sends it, from where, and the ways out.

Tw 11.7 asks for the real identity of the sender and a valid address for a request to stop; INV-21.
The words stand here, not in the translations of the screens: they belong to the language of the
letter, whatever language the person at the screen reads.
"""

from __future__ import annotations

from dataclasses import dataclass

WORDS = {
    "nl": {
        "unsubscribe_url": "Afmelden",
        "preferences_url": "Mijn voorkeuren",
        "why_url": "Waarom krijg ik dit?",
        "web": "Bekijk in uw browser",
        "contact": "Vragen? {contact}",
        "reason": "U krijgt deze mail van {organisation}",
        "topic": "U krijgt deze mail van {organisation} voor het onderwerp “{topic}”",
        "bought": "Dit bericht gaat over uw aankoop van {bought} bij {organisation}",
        "agreed": "Dit bericht gaat over uw {bought} bij {organisation}",
        "leak": "Wij moeten u dit laten weten (art. 34 AVG). Het is geen reclame. {organisation}",
    },
    "en": {
        "unsubscribe_url": "Unsubscribe",
        "preferences_url": "My preferences",
        "why_url": "Why do I get this?",
        "web": "View in your browser",
        "contact": "Questions? {contact}",
        "reason": "You get this mail from {organisation}",
        "topic": "You get this mail from {organisation} for the topic “{topic}”",
        "bought": "This message is about your purchase of {bought} at {organisation}",
        "agreed": "This message is about your {bought} at {organisation}",
        "leak": "We must let you know this (article 34 GDPR). It is no advertising. {organisation}",
    },
}


@dataclass(frozen=True, slots=True)
class Footer:
    """What the footer says. `contact`: an e-mail address or telephone number that answers.

    `topic`: the one that somebody gets it under, for a letter about several. `is_agreed`: it is
    about an agreement and not about a purchase; `is_leak`: about a data leak, which is a duty.
    """

    organisation: str
    postal_address: str
    contact: str
    topic: str = ""
    is_agreed: bool = False
    is_leak: bool = False

    def lines(self, language: str, *, bought: str = "") -> list[str]:
        """The lines above the ways out. `bought`: the day of the purchase that it is about."""
        words = WORDS.get(language, WORDS["en"])
        address = ", ".join(
            part.strip() for part in self.postal_address.splitlines() if part.strip()
        )
        about = "leak" if self.is_leak else "agreed" if self.is_agreed else "bought"
        why = words[about if bought else "topic" if self.topic else "reason"]
        said = {"organisation": self.organisation.strip(), "bought": bought, "topic": self.topic}
        return [
            f"{why.format(**said)}, {address}.",
            words["contact"].format(contact=self.contact.strip()),
        ]

    def in_browser(self, language: str) -> str:
        """The words of the link to the letter on the web."""
        return WORDS.get(language, WORDS["en"])["web"]

    def ways_out(self, language: str, *, is_service: bool = False) -> list[tuple[str, str]]:
        """The words of the links, with the name of the slot that each leads to.

        A service message has no way out of the contract, and none of marketing either: it carries
        the link to one's own choices alone.
        """
        words = WORDS.get(language, WORDS["en"])
        names = ("preferences_url",) if is_service else tuple(words)[:3]
        return [(words[name], name) for name in names]
