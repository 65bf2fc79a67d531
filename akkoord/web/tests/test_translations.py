"""The Dutch of this room and of accounts is complete."""

from akkoord.web.build_translations import sources, untranslated


def test_nothing_of_these_rooms_is_untranslated() -> None:
    rooms = ("web: ", "accounts: ")
    assert [line for line in untranslated() if line.startswith(rooms)] == []
    assert {path.parts[-5] for path in sources()} >= {"web", "accounts"}
