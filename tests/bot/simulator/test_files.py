"""Files: what becomes of a photo, ids, and downloads."""

import struct
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from bot.simulator import mp4
from tests.simulated import Simulated


async def last(sim: Simulated) -> dict[str, object]:
    message: dict[str, object] = (await sim.ok("getUpdates", {"offset": -1}))[0]["message"]
    return message


async def download(sim: Simulated, file_id: str) -> tuple[int, bytes]:
    path = (await sim.ok("getFile", {"file_id": file_id}))["file_path"]
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sim.url}/file/bot{sim.token}/{path}") as response,
    ):
        return response.status, await response.read()


@pytest.mark.anyio
async def test_a_photo_is_recompressed_in_three_sizes_without_exif(
    sim: Simulated, user: int, picture: bytes
) -> None:
    await sim.people.photo(user, picture, "bukti #Jambi")
    message = (await sim.ok("getUpdates"))[0]["message"]
    sizes = message["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [(90, 68), (320, 240), (1280, 960)]
    assert len({size["file_id"] for size in sizes} | {size["file_unique_id"] for size in sizes}) == 6
    assert message["caption_entities"][0]["type"] == "hashtag"
    status, data = await download(sim, sizes[-1]["file_id"])
    assert (status, len(data)) == (200, sizes[-1]["file_size"])
    with Image.open(BytesIO(data)) as photo:
        assert (photo.format, photo.size, len(photo.getexif())) == ("JPEG", (1280, 960), 0)


@pytest.mark.anyio
async def test_a_document_keeps_its_bytes(sim: Simulated, user: int, picture: bytes) -> None:
    await sim.people.document(user, picture, "foto.jpg")
    document = (await sim.ok("getUpdates"))[0]["message"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("foto.jpg", "image/jpeg")
    assert await download(sim, document["file_id"]) == (200, picture)


@pytest.mark.anyio
async def test_every_use_of_a_stored_file_has_ids_of_its_own(sim: Simulated, user: int, small: bytes) -> None:
    key = await sim.people.upload(small)
    for _ in range(2):
        await sim.people.photo(user, key)
    one, two = [update["message"]["photo"][-1] for update in await sim.ok("getUpdates")]
    assert one["file_id"] != two["file_id"]
    assert one["file_unique_id"] != two["file_unique_id"]
    assert (await download(sim, one["file_id"]))[1] == (await download(sim, two["file_id"]))[1]


@pytest.mark.anyio
async def test_a_download_link_lasts_an_hour(sim: Simulated, user: int, small: bytes) -> None:
    sent = await sim.ok("sendPhoto", {"chat_id": user}, photo=small)
    file_id = sent["photo"][-1]["file_id"]
    path = (await sim.ok("getFile", {"file_id": file_id}))["file_path"]
    url = f"{sim.url}/file/bot{sim.token}/{path}"
    async with aiohttp.ClientSession() as session:
        assert (await session.get(url)).status == 200
        await sim.people.clock(advance=3601)
        assert (await session.get(url)).status == 404
        assert (await session.get(url.replace(sim.token, "1:wrong"))).status == 401
        assert (await download(sim, file_id))[0] == 200


@pytest.mark.anyio
@pytest.mark.parametrize(("size", "ok"), [((9000, 1000), True), ((9001, 1000), False), ((2100, 100), False)])
async def test_dimensions_of_photos_have_limits(
    sim: Simulated, user: int, size: tuple[int, int], ok: bool
) -> None:
    buffer = BytesIO()
    Image.new("1", size).save(buffer, "PNG")
    status, body = await sim.api("sendPhoto", {"chat_id": user}, photo=buffer.getvalue())
    assert status == (200 if ok else 400)
    assert ok or body["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


@pytest.mark.anyio
async def test_people_see_media_by_a_link(sim: Simulated, user: int, small: bytes) -> None:
    await sim.ok("sendPhoto", {"chat_id": user, "caption": "Poster"}, photo=small)
    shown = (await sim.people.history(user))["messages"][-1]
    assert (shown["text"], shown["media"]["kind"], shown["media"]["width"]) == ("Poster", "photo", 64)
    async with aiohttp.ClientSession() as session, session.get(sim.url + shown["media"]["url"]) as response:
        assert (response.status, response.content_type) == (200, "image/jpeg")


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def test_a_videos_header_tells_its_shape() -> None:
    head = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 45_900) + bytes(80))
    track = _box(b"tkhd", bytes(76) + struct.pack(">HHHH", 720, 0, 1280, 0))
    data = _box(b"ftyp", b"isom") + _box(b"mdat", bytes(500)) + _box(b"moov", head + _box(b"trak", track))
    assert mp4.shape(data) == (720, 1280, 45)
    assert mp4.shape(b"no video at all") == (0, 0, 0)
