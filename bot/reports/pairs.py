"""Two pictures side by side, for whoever looks at a proof: what it is compared with, and the proof."""

import io

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from bot.reports import drawing

HEIGHT, WIDEST = 1080, 900  # pixels of a picture: high enough to read the words of a screenshot
_VEILED = 64  # pixels on the long side: a line of a screenshot is less than one high
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_BAR, _GAP, _LETTERS = 56, 12, 30
_INK, _GROUND, _EMPTY = "#1b1b1b", "#ffffff", "#e6e6e6"


def side_by_side(left: bytes | None, right: bytes | None, titles: tuple[str, str], missing: str) -> bytes:
    """A JPEG: both pictures at one height, each below its title; `missing` stands where there is none."""
    panels = [_panel(data, missing) for data in (left, right)]
    widths = [panel.width for panel in panels]
    sheet = Image.new("RGB", (sum(widths) + _GAP, HEIGHT + _BAR), _GROUND)
    draw, x = ImageDraw.Draw(sheet), 0
    for panel, title, width in zip(panels, titles, widths, strict=True):
        text = drawing.fitted(title, _LETTERS, width - 16, bold=True)
        draw.text((x + 8, 8), text, fill=_INK, font=_font(bold=True))
        sheet.paste(panel, (x, _BAR))
        x += width + _GAP
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def veiled(data: bytes) -> bytes | None:
    """A picture of which the shapes and colours can be made out, and no word or face: so small that nothing
    else is left. None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            image.draft("RGB", (4 * _VEILED, 4 * _VEILED))
            small = ImageOps.contain(ImageOps.exif_transpose(image).convert("RGB"), (_VEILED, _VEILED))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    soft = small.filter(ImageFilter.GaussianBlur(1))
    file = io.BytesIO()
    soft.resize((soft.width * 8, soft.height * 8), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


def _panel(data: bytes | None, missing: str) -> Image.Image:
    if data is not None:
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                image.draft("RGB", (2 * WIDEST, 2 * HEIGHT))
                upright = ImageOps.exif_transpose(image).convert("RGB")
            return ImageOps.contain(upright, (WIDEST, HEIGHT)) if _tall(upright) else _on_ground(upright)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            pass  # it was kept as sound; whatever happened to it, the other one can be seen
    empty = Image.new("RGB", (480, HEIGHT), _EMPTY)
    words = drawing.fitted(missing, _LETTERS, 460)
    ImageDraw.Draw(empty).text((12, HEIGHT // 2), words, fill=_INK, font=_font(bold=False))
    return empty


def _tall(image: Image.Image) -> bool:
    return image.width * HEIGHT <= WIDEST * image.height


def _on_ground(image: Image.Image) -> Image.Image:
    """A broad picture, in the middle of its panel."""
    fitted = ImageOps.contain(image, (WIDEST, HEIGHT))
    ground = Image.new("RGB", (WIDEST, HEIGHT), _EMPTY)
    ground.paste(fitted, (0, (HEIGHT - fitted.height) // 2))
    return ground


def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(drawing.font_file(bold=bold), _LETTERS)
