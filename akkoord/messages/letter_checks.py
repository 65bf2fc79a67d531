"""What an editor would say of a letter before it leaves: words, pictures, colours, readability.

Pure: it reads the compiled letter and fetches nothing. None of it stops a letter; the author
decides. What the law asks is not here but in the compiler, which nobody can overrule.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from akkoord.messages.compile import Compiled, MessageSource

MOST_PREHEADER = 110  # letters; mail programs show some 35 to 110 of them
FEWEST_WORDS = 20  # beside a picture; a letter of pictures is empty for who does not load them
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text of normal size
HARD_TO_READ = 48  # LIX; newspapers for everybody lie near 40, law texts above 55
_SENTENCES_TO_JUDGE = 4
_LONG_WORD = 7  # letters, as LIX counts
_FOOTER = "\n-- \n"

# Words that filters weigh, in both languages; one of them in a subject is enough to look twice.
_SPAM_WORDS = re.compile(
    r"\b(100% gratis|geheel gratis|klik hier|nu of nooit|gegarandeerd|geld terug|snel geld|"
    r"u heeft gewonnen|gefeliciteerd u|winnaar|geen risico|zonder risico|wonder\w*|"
    r"click here|act now|risk[- ]free|guaranteed|you(?:'ve| have) won|winner|no obligation|"
    r"earn money|miracle|casino|viagra|crypto)\b",
    re.IGNORECASE,
)
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_FETCHED = re.compile(r"url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0)}
_VOID = frozenset({"img", "br", "hr", "meta", "link", "input", "col", "area", "base"})
_UNSEEN = frozenset({"style", "title", "script", "head"})
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Remark:
    """A code, its place in the letter, and the word or number that it is about."""

    code: str
    place: str = "body"
    about: str = ""


def remarks_on(source: MessageSource, compiled: Compiled, *, own: str) -> list[Remark]:
    """Everything worth a second look, the subject first. `own`: the host that we are."""
    letter = _Letter()
    letter.feed("".join(compiled.html.texts))
    letter.close()
    words = "".join(compiled.text.texts).split(_FOOTER)[0]
    subject = "".join(compiled.subject.texts)
    return [
        *_on_subject(subject),
        *_on_preheader(source.preheader.strip(), subject),
        *_on_words(words, letter),
        *(Remark("low-contrast", about=text) for text in letter.faint[:3]),
        *(Remark("link-without-tls", about=link) for link in letter.plain_links[:3]),
        *(Remark("image-elsewhere", about=host) for host in letter.hosts_but(own)[:3]),
    ]


def _on_subject(subject: str) -> Iterator[Remark]:
    letters = [each for each in subject if each.isalpha()]
    loud = sum(each.isupper() for each in letters) * 2 > len(letters) >= 8
    if loud or subject.count("!") > 1 or "!!" in subject:
        yield Remark("shouts", "subject")
    if found := _SPAM_WORDS.search(subject):
        yield Remark("spam-word", "subject", found[0])


def _on_preheader(preheader: str, subject: str) -> Iterator[Remark]:
    if not preheader:
        yield Remark("no-preheader", "preheader")
    elif preheader.lower() == subject.strip().lower():
        yield Remark("preheader-repeats", "preheader")
    elif len(preheader) > MOST_PREHEADER:
        yield Remark("long-preheader", "preheader", str(len(preheader)))


def _on_words(text: str, letter: "_Letter") -> Iterator[Remark]:
    plain = re.sub(r"https?://\S+", " ", text)
    words = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", plain)
    if letter.images and len(words) < FEWEST_WORDS:
        yield Remark("pictures-only")
    spam = sorted({found[0].lower() for found in _SPAM_WORDS.finditer(plain)})
    if len(spam) > 1:
        yield Remark("spam-word", about=", ".join(spam[:5]))
    if (score := lix(plain)) is not None and score > HARD_TO_READ:
        yield Remark("hard-to-read", about=str(round(score)))


def lix(text: str) -> float | None:
    """How hard a text is to read: words per sentence plus the share of words over six letters.

    LIX (C.H. Björnsson, Läsbarhet, 1968), which needs no syllables and so serves both languages.
    None for a text that is too short to judge.
    """
    sentences = [each for each in re.split(r"[.!?:]+(?:\s|$)|\n\s*\n", text) if each.strip()]
    words = re.findall(r"[^\W\d_]+", text)
    if len(sentences) < _SENTENCES_TO_JUDGE or not words:
        return None
    long = sum(len(word) >= _LONG_WORD for word in words)
    return len(words) / len(sentences) + 100 * long / len(words)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        each / 255 / 12.92 if each / 255 <= 0.04045 else ((each / 255 + 0.055) / 1.055) ** 2.4
        for each in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(slots=True)
class _Open:
    tag: str
    ink: Colour
    paper: Colour
    is_seen: bool = True


class _Letter(HTMLParser):
    """Reads the finished HTML: pictures, links without https, and text that hardly shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.images = 0
        self.faint: list[str] = []
        self.plain_links: list[str] = []
        self._fetched: list[str] = []
        self._open = [_Open("", _NAMED["black"], _NAMED["white"])]

    def hosts_but(self, own: str) -> list[str]:
        """Other hosts that a reader's mail program fetches something from, each once."""
        hosts = dict.fromkeys(urlsplit(each).netloc.lower() for each in self._fetched)
        return [each for each in hosts if each and each != own.lower()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens: what it changes of the colours holds inside it."""
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.images += 1
        self._fetched += [values.get("src", ""), values.get("background", "")]
        self._fetched += _FETCHED.findall(values.get("style", ""))
        if tag == "a" and values.get("href", "").lower().startswith("http://"):
            self.plain_links.append(values["href"])
        if tag in _VOID:
            return
        style = _declarations(values.get("style", ""))
        around = self._open[-1]
        paper = style.get("background-color") or style.get("background") or values.get("bgcolor")
        self._open.append(
            _Open(
                tag,
                _colour(style.get("color", "")) or around.ink,
                _colour(paper or "") or around.paper,
                # MJML hides the preview line, white on white
                around.is_seen and tag not in _UNSEEN and style.get("display") != "none",
            )
        )

    def handle_endtag(self, tag: str) -> None:
        """A tag closes, and whatever was left open in it."""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Text, in the colours that hold here."""
        here, text = self._open[-1], " ".join(data.split())
        if not text or not here.is_seen:
            return
        if contrast(here.ink, here.paper) < LEAST_CONTRAST and here.ink != here.paper:
            self.faint.append(text[:40])


def _declarations(style: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in style.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _colon, value in pairs}


def _colour(text: str) -> Colour | None:
    if text in _NAMED:
        return _NAMED[text]
    if found := _HEX.search(text):
        digits = found[1] if len(found[1]) == 6 else "".join(each * 2 for each in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.search(text):
        red, green, blue = (min(int(each), 255) for each in found.groups())
        return red, green, blue
    return None
