"""Telegram: files on their way out, and the ids that they have there (`Receipt`)."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import BinaryIO

from telegram import InputFile, InputMedia, InputMediaDocument, InputMediaPhoto, InputMediaVideo

from bot.channels import Failure, OutgoingMedia, Receipt, SendError

ALBUM_KINDS: Mapping[str, Callable[[str | InputFile], InputMedia]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "document": InputMediaDocument,
}


def upload(handle: BinaryIO, media: OutgoingMedia, *, attach: bool = False) -> InputFile:
    # Not read here: the transport streams it, so that fifty uploads do not fill the memory.
    file = InputFile(
        handle, filename=media.name or Path(handle.name).name, attach=attach, read_file_handle=False
    )
    if media.mime:
        file.mimetype = media.mime
    return file


async def album_part(media: OutgoingMedia, handles: AsyncExitStack) -> InputMedia:
    """One file of an album: by its id, or open in `handles` to be uploaded."""
    if media.kind not in ALBUM_KINDS:
        raise SendError(Failure.PERMANENT, f"unknown kind of media {media.kind!r}")
    if media.remote_id:
        return ALBUM_KINDS[media.kind](media.remote_id)
    if media.path is None:
        raise SendError(Failure.PERMANENT, "media without a file and without an id")
    try:
        handle = handles.enter_context(await asyncio.to_thread(media.path.open, "rb"))
    except OSError as error:
        raise SendError(Failure.PERMANENT, f"cannot read the file: {error.strerror}") from error
    return ALBUM_KINDS[media.kind](upload(handle, media, attach=True))


def album_receipt(sent: object) -> Receipt:
    """The ids of an album's messages and of its files, in order."""
    parts = [receipt(part) for part in sent] if isinstance(sent, list) else []
    return Receipt(
        ",".join(part.external_id for part in parts),
        remote_ids=tuple(part.remote_id for part in parts),
    )


def receipt(sent: object) -> Receipt:
    """The id of the message and of its file; Telegram may file a silent video as an animation.

    Forgives every shape: the message is out, and an error here would have it sent again.
    """
    if not isinstance(sent, dict):
        return Receipt()
    external = str(sent.get("message_id", ""))
    for kind in ("photo", "animation", "video", "document", "audio"):
        file = sent.get(kind)
        if isinstance(file, list) and file:
            file = max(file, key=lambda size: size.get("width", 0) * size.get("height", 0))
        if isinstance(file, dict):
            return Receipt(external, str(file.get("file_id", "")), {"kind": kind})
    return Receipt(external)
