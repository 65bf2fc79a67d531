"""Why a page of staff asks what it asks: one table, of the name of a view to its sentence.

Shown under the lead of every such page (`web/staff_page.html`), in the words of who works there
and with the article in small print (AVG 5(2): who can say why, can show it). A test goes over all
addresses of staff, so that a new page cannot be forgotten.
"""

from typing import Final

from akkoord.web.why import care, consent, house, letters, people, register
from akkoord.web.why.rows import Why

__all__ = ["WHY", "Why"]

WHY: Final[dict[str, Why]] = {
    view: why
    for room in (house, people, consent, letters, register, care)
    for why, views in room.ROWS
    for view in views
}
