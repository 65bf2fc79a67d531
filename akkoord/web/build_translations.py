"""Compile every room's Dutch: `python -m akkoord.web.build_translations`.

The compiled files are not kept in the repository. gettext's `msgfmt` is not needed: polib does it.
A translation that is missing or marked fuzzy is an error with `--strict`, and so is a text that has
another Dutch in another room: Django joins all rooms into one catalogue, where one of them wins.
A text that stands twice inside one file is one, too.
"""

import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def sources(package: Path = PACKAGE) -> list[Path]:
    """All files with translations, in a fixed order."""
    return sorted(package.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_translations(package: Path = PACKAGE) -> list[Path]:
    """Write a .mo beside every .po that is newer; answers what was written."""
    written = []
    for source in sources(package):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".mo.draft")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)  # a page that is being made never reads half a file
        written.append(target)
    return written


def untranslated(package: Path = PACKAGE) -> list[str]:
    """`room: text` for every text without a translation, or with one marked as a guess."""
    missing = []
    for source in sources(package):
        room = source.relative_to(package).parts[0]
        catalogue = polib.pofile(str(source))
        missing += [f"{room}: {entry.msgid}" for entry in catalogue.untranslated_entries()]
        missing += [f"{room}: {entry.msgid} (fuzzy)" for entry in catalogue.fuzzy_entries()]
    return missing


def contradictions(package: Path = PACKAGE) -> list[str]:
    """Texts that say one thing in one room and another in the next, with the rooms.

    The same word with two meanings gets a context: `pgettext("right", "object")`.
    """
    said: dict[tuple[str, str], dict[str, list[str]]] = {}
    for source in sources(package):
        language, room = source.parts[-3], source.relative_to(package).parts[0]
        for entry in polib.pofile(str(source)):
            dutch = entry.msgstr or " / ".join(entry.msgstr_plural.values())
            key = (language, f"{entry.msgctxt}: {entry.msgid}" if entry.msgctxt else entry.msgid)
            said.setdefault(key, {}).setdefault(dutch, []).append(room)
    return [
        f"{text}: " + ", ".join(f"{dutch!r} ({', '.join(who)})" for dutch, who in found.items())
        for (_language, text), found in said.items()
        if len(found) > 1
    ]


def repeated(package: Path = PACKAGE) -> list[str]:
    """Texts that stand twice inside one file: gettext itself refuses such a file."""
    found = []
    for source in sources(package):
        room, seen = source.relative_to(package).parts[0], set()
        for entry in polib.pofile(str(source)):
            key = (entry.msgctxt, entry.msgid)
            if key in seen:
                found.append(f"{room}: {entry.msgid} (stands twice, again at line {entry.linenum})")
            seen.add(key)
    return found


def main(arguments: list[str]) -> int:
    """The command; status 1 with --strict when a text is missing, twice or contradicts itself."""
    compile_translations()
    missing = [*untranslated(), *contradictions(), *repeated()]
    for line in missing:
        print(line, file=sys.stderr)
    return 1 if missing and "--strict" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
