"""A letter as everybody may read it: nothing of anybody in it, and no link that counts (INV-28)."""

from dataclasses import dataclass, replace

from django.conf import settings

from akkoord.messages import mime
from akkoord.messages.compile import Compiled, MessageSource, Shape, compile_message
from akkoord.messages.template import RESERVED, FieldFact


@dataclass(frozen=True, slots=True)
class PublicCopy:
    """The letter without anybody's values. `lines`: what its text says first."""

    subject: str
    html: str
    text: str


class _EveryField(dict[str, FieldFact]):
    """Nobody's value is filled in, so that no field is used, whatever the topic may use today."""

    def get(self, _name: str, _default: object = None) -> FieldFact:
        """Any field."""
        return FieldFact(within_purpose=True)


def copy_of(source: MessageSource, *, every_block: bool = False) -> PublicCopy:
    """The letter with its fields' fallbacks, and ways out that ask for an address first.

    Blocks for some people only are left out: nobody is known here, and what they say would tell
    who they are for. `every_block`: for staff, who made them.

    Raises CompileError.
    """
    compiled = compile_message(
        replace(source, counting="", web_url=""), allowed_fields=_EveryField()
    )
    page: Compiled | Shape = compiled
    if compiled.shape_of is not None:
        page = compiled.shape_of((every_block,) * len(compiled.conditions))
    ways = dict.fromkeys(RESERVED, f"{settings.BASE_URL}/voorkeuren/")
    return PublicCopy(
        subject=mime.one_line(compiled.subject.show({})),
        html=page.html.show(ways),
        text=page.text.show(ways),
    )
