"""What WhatsApp takes of a file, and what goes there in place of one that it does not take.

Of a picture a copy is made that it takes. Of a film or a paper nothing can be made: who is there gets a line
with an address to open (bot/outbound/downloads.py). Nobody goes without.
https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
"""

from models.content import measures
from models.content.measures import Measured

PAPER_TYPES = (
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
# Why it does not take one, beside a picture: each has a sentence.
COPIED = "picture"
LINKED = ("film_large", "film_format", "paper_large", "paper_format")


def objection(measured: Measured) -> str:
    """Why WhatsApp does not take a file: COPIED, one of LINKED, or "" where it does."""
    if measured.kind == measures.PICTURE:
        return "" if _takes_picture(measured) else COPIED
    if measured.kind == measures.FILM:
        if not measures.plays(measured):
            return "film_format"
        return "film_large" if measured.size > measures.WHATSAPP_FILM else ""
    if measured.mime not in PAPER_TYPES:
        return "paper_format"
    return "paper_large" if measured.size > measures.WHATSAPP_FILM else ""


def _takes_picture(picture: Measured) -> bool:
    small = picture.size <= measures.WHATSAPP_PICTURE
    return small and picture.mime in measures.PICTURE_TYPES and picture.codec != "cmyk"
