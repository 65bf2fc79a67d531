"""Colour by numbers: contrast as WCAG 2.2 defines it, and a colour made readable."""

BLACK, PAPER = "#000000", "#ffffff"
NIGHT = "#141714"
OUR_COLOUR = "#125c3c"  # `--accent` of tokens.css by day
ENOUGH = 4.5  # WCAG 2.2, 1.4.3 AA


def channels(colour: str) -> tuple[int, int, int]:
    """The three channels of #rrggbb; raises ValueError for anything else."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError("a colour is written #rrggbb")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(each) for each in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a share of `other` in it."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, ground: str, *, enough: float = ENOUGH) -> str:
    """The colour, moved to ink or to white until it can be read on this ground."""
    pole = PAPER if luminance(ground) < 0.18 else BLACK
    steps = (mixed(colour, pole, share / 20) for share in range(21))
    return next((each for each in steps if contrast(each, ground) >= enough), pole)


def text_on(colour: str) -> str:
    """White or black: whichever reads better on this colour."""
    return max((PAPER, BLACK), key=lambda each: contrast(each, colour))
