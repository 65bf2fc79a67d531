"""The Dutch of this room and of accounts is complete."""

from pathlib import Path

from django.utils.translation import gettext, override, pgettext

from akkoord.web.build_translations import contradictions, repeated, sources, untranslated


def test_nothing_of_these_rooms_is_untranslated() -> None:
    rooms = ("web: ", "accounts: ")
    assert [line for line in untranslated() if line.startswith(rooms)] == []
    assert {path.parts[-5] for path in sources()} >= {"web", "accounts"}


def test_no_text_has_two_meanings_in_the_joined_catalogue() -> None:
    assert contradictions() == []


def test_a_text_with_two_meanings_is_found(tmp_path: Path) -> None:
    for room, dutch in (("one", "bezwaar maken"), ("two", "onderwerp")):
        folder = tmp_path / room / "locale" / "nl" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(f'msgid "object"\nmsgstr "{dutch}"\n')
    (found,) = contradictions(tmp_path)
    assert "'bezwaar maken' (one)" in found
    assert "'onderwerp' (two)" in found


def test_a_text_that_stands_twice_in_one_file_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "locale" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    once = 'msgid "Stop"\nmsgstr "Stoppen"\n\n'
    apart = 'msgctxt "noun"\nmsgid "Stop"\nmsgstr "Halte"\n\n'
    (folder / "django.po").write_text(once + apart)
    assert repeated(tmp_path) == []
    (folder / "django.po").write_text(once + apart + once)
    (found,) = repeated(tmp_path)
    assert found.startswith("one: Stop (stands twice")
    assert repeated() == []


def test_the_rights_on_a_notice_end_with_the_right_to_object() -> None:
    with override("nl"):
        assert pgettext("right", "object") == "bezwaar maken"
        assert gettext("Why") == "Waarom"
        assert gettext("Subject") != gettext("Topic")
