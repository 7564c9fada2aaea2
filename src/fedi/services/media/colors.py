"""The colours that a player takes from the picture of a sleeve: of its edge, and two that can be read upon that."""

import io

from PIL import Image

Color = tuple[int, int, int]
SIDE = 100
PALETTE = 10
READABLE = 3.0
"""The contrast that two colours should have (WCAG 2.1, 1.4.11)."""


def of(picture: bytes) -> dict[str, str]:
    """Return `background`, `foreground` and `accent` as #rrggbb."""
    with Image.open(io.BytesIO(picture)) as found:
        image = found.convert("RGB").resize((SIDE, SIDE))
    background = _palette(_edge(image))[0]
    others = _palette(image)
    readable = [each for each in others if contrast(each, background) >= READABLE] or [_plain(background)]
    foreground = max(readable, key=lambda each: contrast(each, background))
    accent = max(readable, key=lambda each: max(each) - min(each))
    return {"background": _hex(background), "foreground": _hex(foreground), "accent": _hex(accent)}


def contrast(one: Color, other: Color) -> float:
    """Return how well one colour stands out from another: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _hex(color: Color) -> str:
    return "#" + bytes(color).hex()


def _plain(background: Color) -> Color:
    return (0, 0, 0) if _luminance(background) > 0.18 else (255, 255, 255)


def _luminance(color: Color) -> float:
    parts = [value / 255 for value in color]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _edge(image: Image.Image) -> Image.Image:
    """Return the left and right borders side by side."""
    edge = Image.new("RGB", (20, SIDE))
    edge.paste(image.crop((0, 0, 10, SIDE)), (0, 0))
    edge.paste(image.crop((SIDE - 10, 0, SIDE, SIDE)), (10, 0))
    return edge


def _palette(image: Image.Image) -> list[Color]:
    """Return the colours of a picture, the most frequent first."""
    few = image.quantize(PALETTE)
    table = few.getpalette() or []
    counted = sorted(few.getcolors() or [], reverse=True)
    places = [place for _, place in counted if isinstance(place, int)]
    return [(table[3 * place], table[3 * place + 1], table[3 * place + 2]) for place in places]
