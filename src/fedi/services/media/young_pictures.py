"""Pictures of young kinds, AVIF and HEIC, made a JPEG or PNG. Runs in the child of `sandbox` only."""

from pathlib import Path

import pillow_heif
from PIL import Image

from fedi.errors import ClientError
from fedi.services.media import pictures

QUALITY = 95
"""What is made here is encoded once more."""


def decode(source: Path, target: Path) -> None:
    """Write the first picture of a file upright, in sRGB, and without metadata.

    Raises ClientError for one that is too large or cannot be read.
    """
    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(source, formats=["HEIF", "AVIF"]) as image:
            still = pictures.upright(image)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        raise ClientError("Validation failed: File could not be processed") from None
    still = pictures.fitted(still)
    if still.mode == "RGBA":
        still.save(target, "PNG", compress_level=1)
    else:
        still.convert("RGB").save(target, "JPEG", quality=QUALITY)
