"""The progress strip: what is running now, shown on every staff page.

Rooms above enter a callable in their `AppConfig.ready`; `web` never imports them.

    from akkoord.web.strips import Strip, running_work

    @running_work("campaigns")
    def sendings() -> list[Strip]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strip:
    """One piece of running work. `total` 0 means that its size is not known yet.

    `state` is running, paused or needs-you; `detail` is a short line ("412 of 1,102").
    """

    label: str
    done: int
    total: int
    url: str = ""
    detail: str = ""
    state: str = "running"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0


Source = Callable[[], Iterable[Strip]]
_sources: dict[str, Source] = {}


def running_work(name: str) -> Callable[[Source], Source]:
    """Enter a source of running work under a name; entering it again replaces it."""

    def enter(source: Source) -> Source:
        _sources[name] = source
        return source

    return enter


def strips() -> list[Strip]:
    """All running work; one bounded query per source is expected."""
    return [strip for source in _sources.values() for strip in source()]
