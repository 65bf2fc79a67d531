"""A restore that is killed late."""

from pathlib import Path

import pytest

from akkoord.config.tests.house import ON_A_SERVER, House

pytestmark = ON_A_SERVER
FROM = "from pathlib import Path\nfrom akkoord.config import backup as b\n"
KILLED = """
import os
from akkoord.config import folders_aside
exchange = folders_aside.exchange
def killed(new):
    exchange(new)
    if new.name == {after!r}:
        os._exit(0)
folders_aside.exchange = killed
b.put_back(Path({path!r}), replace=True)
"""
KILLED_AT_ITS_END = """
import os
from akkoord.config import folders_aside
folders_aside.drop = lambda: os._exit(0) if folders_aside._aside("uploads").exists() else None
b.put_back(Path({path!r}), replace=True)
"""
KILLED_IN_THE_MIDDLE = """
import os
b._fill = lambda path, new: os._exit(0)
b.put_back(Path({path!r}), replace=True)
"""
CUT_SHORT = """
half = Path({path!r} + ".half")
half.write_bytes(Path({path!r}).read_bytes()[:-40])
try: b.put_back(half, replace=True)
except b.BackupProblem: print("refused")
"""


def upload(house: House, text: str) -> Path:
    path = house.data / "uploads" / "list.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize("after", ["attachments", "uploads"])
def test_a_restore_that_is_killed_late_leaves_what_was_there_whole(
    house: House, after: str
) -> None:
    """Killed with the folders exchanged and the old database aside: both go back together."""
    path = str(house.data.parent / "one.akkoord")
    listed = upload(house, "in the backup")
    house.run("backup", path)
    listed.write_text("of today")
    house.python(FROM + KILLED.format(path=path, after=after))
    assert house.run("ledger", "verify", fails=True)["reason"] == "not-ready"
    assert house.python(FROM + CUT_SHORT.format(path=path)) == "refused"
    assert listed.read_text() == "of today"
    assert house.may_mail("evi")
    house.run("restore", path, "--replace")
    assert listed.read_text() == "in the backup"
    assert not list(house.data.glob("*.before"))


def test_what_a_killed_restore_left_aside_never_comes_back(house: House) -> None:
    """Killed when it was done but for tidying, and the next one killed half-way: the folders of
    before the first are nobody's to put back."""
    path = str(house.data.parent / "one.akkoord")
    listed = upload(house, "in the backup")
    house.run("backup", path)
    listed.write_text("of before")
    house.python(FROM + KILLED_AT_ITS_END.format(path=path))
    assert listed.read_text() == "in the backup"
    assert list(house.data.glob("*.before"))
    listed.write_text("of today")
    house.python(FROM + KILLED_IN_THE_MIDDLE.format(path=path))
    assert house.python(FROM + CUT_SHORT.format(path=path)) == "refused"
    assert listed.read_text() == "of today"
