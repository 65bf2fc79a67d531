"""`akkoord readability`: how easy a text reads."""

from pathlib import Path
from typing import Any

import click
from inscriptis import get_text  # type: ignore[import-untyped,unused-ignore]

from akkoord.cli.output import answer, json_option, refuse
from akkoord.policy.readability import Reading, read

_MOST_BYTES = 10 * 1024 * 1024
_HTML = {".html", ".htm"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@json_option
def command(file: Path, language: str) -> None:
    """Measure FILE (plain text, Markdown or HTML): Flesch-Douma, Brouwer, or Flesch for English."""
    if file.stat().st_size > _MOST_BYTES:
        refuse("This file is over 10 MB; no text for people is.", {"reason": "too-big"})
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        refuse("This file is no text in UTF-8.", {"reason": "bad-encoding"})
    if file.suffix.lower() in _HTML:
        text = get_text(text)
    reading = read(text, language=language)
    if reading.score is None:
        refuse("There is no sentence in this file.", {"reason": "empty"})
    answer(_as_json(reading), _as_text(reading))


def _as_json(reading: Reading) -> dict[str, Any]:
    def rounded(score: float | None) -> float | None:
        return None if score is None else round(score, 2)

    return {
        "language": reading.language,
        "flesch_douma": rounded(reading.flesch_douma),
        "brouwer": rounded(reading.brouwer),
        "flesch": rounded(reading.flesch),
        "words": reading.words,
        "sentences": reading.sentences,
        "syllables": reading.syllables,
        "ease": reading.ease,
        "long_sentences": [{"words": s.words, "text": s.text} for s in reading.long_sentences],
        "passive_sentences": [{"words": s.words, "text": s.text} for s in reading.passive],
        "office_words": [
            {"word": w.found, "plain": w.plain, "times": w.times} for w in reading.office_words
        ],
    }


def _as_text(reading: Reading) -> str:
    lines = [
        f"{reading.score:.0f} of 100 ({reading.ease}); 60 and more is plain language.",
        f"{reading.words} words in {reading.sentences} sentences, {reading.syllables} syllables.",
    ]
    if reading.brouwer is not None:
        lines.append(f"Brouwer: {reading.brouwer:.0f}.")
    lines += [f"Long ({each.words} words): {each.text}" for each in reading.long_sentences]
    lines += [f"Passive: {each.text}" for each in reading.passive]
    lines += [f"Instead of “{w.found}” ({w.times}): {w.plain}" for w in reading.office_words]
    return "\n".join(lines)
