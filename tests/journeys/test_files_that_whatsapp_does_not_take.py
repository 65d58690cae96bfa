"""Films and pictures that WhatsApp does not take: nobody there goes without."""

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot.files import measuring
from models.content.content import Item
from models.messages import files, outbox
from tests import scene
from tests.bot import filming
from tests.chat import Chatter, Stage
from tests.phoning import WhatsApp

MB = 1024 * 1024
LINK = re.compile(r"http://\S+")


@dataclass
class Release:
    """An item of one file, and a programme whose people are on WhatsApp."""

    stage: Stage
    folder: Path

    @property
    def line(self) -> WhatsApp:
        assert isinstance(self.stage.line, WhatsApp)
        return self.stage.line

    def item(self, data: bytes, kind: str, **more: Any) -> int:
        """An item whose file is this one, as it is kept when somebody sends it; its number."""
        path = self.folder / "sent"
        path.write_bytes(data)
        number = scene.item(self.stage, media=True, **more)
        kept, measured = measuring.keep(self.line.site.store, path, self.stage.now)
        with self.stage.session() as session, session.begin():
            media = session.get_one(files.Media, session.get_one(Item, number).media_id)
            media.kind, media.key, media.mime, media.size = kind, kept.key, kept.mime, kept.size
            media.codec, media.sound, media.name = measured.codec, measured.sound, ""
        return number

    def shown(self, who: Chatter) -> list[dict[str, Any]]:
        """What is on somebody's phone."""
        seen = self.line.portal.call(self.line.site.seen, who.address)
        return [one for one in seen.values() if one["from_program"]]

    def opens(self, link: str) -> tuple[int, bytes, str]:
        """What a phone's browser gets."""

        async def get() -> tuple[int, bytes, str]:
            async with self.line.site.http.get(link) as answer:
                return answer.status, await answer.read(), answer.headers.get("Content-Disposition", "")

        return self.line.portal.call(get)


@pytest.fixture
def whatsapp(whatsapp_stage: Stage, tmp_path: Path) -> Release:
    return Release(whatsapp_stage, tmp_path)


def film(folder: Path, size: int = 0, **how: Any) -> bytes:
    """A film, with an empty box behind it where it has to have that size."""
    data = filming.film(folder / "film", 30, **how)
    more = max(0, size - len(data))
    return data + (more.to_bytes(4, "big") + b"free" + bytes(more - 8) if more else b"")


FILMS: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "large": (lambda folder: film(folder, 17 * MB), "Videonya 17 MB, terlalu besar"),
    "hevc": (lambda folder: film(folder, codec="libx265"), "Jenis video ini tidak dapat dikirim"),
    "webm": (
        lambda folder: film(folder, codec="libvpx-vp9", form="webm"),
        "Jenis video ini tidak dapat dikirim",
    ),
}


@pytest.mark.parametrize("kind", FILMS)
def test_who_is_on_whatsapp_gets_the_card_with_a_link_to_the_film(whatsapp: Release, kind: str) -> None:
    make, words = FILMS[kind]
    siti = whatsapp.stage.person("Siti Rahma")
    data = make(whatsapp.folder)
    whatsapp.item(data, "video")
    scene.release(whatsapp.stage)

    [card] = [one for one in whatsapp.shown(siti) if words in one["body"]]
    assert "Imunisasi gratis untuk balita" in card["body"]
    assert not any(one["media"] for one in whatsapp.shown(siti))
    assert {row.status for row in scene.cards(whatsapp.stage)} == {outbox.SENT}
    [link] = LINK.findall(card["body"].partition(words)[2])
    status, got, kept = whatsapp.opens(link)
    assert (status, got) == (200, data)
    assert kept.startswith("attachment"), "it is to be kept and shared, not only watched"


def test_the_link_lasts_as_long_as_the_item_is_out(whatsapp: Release) -> None:
    siti = whatsapp.stage.person("Siti Rahma")
    whatsapp.item(film(whatsapp.folder, 17 * MB), "video")
    scene.release(whatsapp.stage)
    [link] = [
        found for one in whatsapp.shown(siti) for found in LINK.findall(one["body"]) if "/media/" in found
    ]
    for days, status in ((7, 200), (2, 404)):
        whatsapp.stage.later(days=days)
        whatsapp.line.portal.call(whatsapp.line.site.tell_time, whatsapp.stage.now)
        assert whatsapp.opens(link)[0] == status
    assert "Tautan berlaku 8 hari." in " ".join(one["body"] for one in whatsapp.shown(siti))


def test_who_saves_data_gets_the_link_when_the_film_is_asked_for(whatsapp: Release) -> None:
    siti = whatsapp.stage.person("Siti Rahma")
    siti.says("/hematdata")
    whatsapp.item(film(whatsapp.folder, 17 * MB), "video", small=True)
    scene.release(whatsapp.stage)
    assert [one["media"][0]["mime"] for one in whatsapp.shown(siti) if one["media"]] == ["image/jpeg"]
    siti.presses("Video lengkap (")
    assert "terlalu besar untuk dikirim lewat WhatsApp" in whatsapp.shown(siti)[-1]["body"]


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


NOISE = Image.frombytes("RGB", (1500, 1300), os.urandom(1500 * 1300 * 3))
PICTURES = {
    "webp": saved(Image.new("RGB", (1200, 1080), "green"), "WEBP"),
    "heavy": saved(NOISE, "PNG"),
    "gif": saved(Image.new("P", (1200, 1080)), "GIF"),
    "cmyk": saved(Image.new("CMYK", (1200, 1080)), "JPEG"),
}


@pytest.mark.parametrize("form", PICTURES)
def test_who_is_on_whatsapp_gets_a_copy_of_the_picture(whatsapp: Release, form: str) -> None:
    people = [whatsapp.stage.person(name) for name in ("Siti Rahma", "Budi Santoso")]
    whatsapp.item(PICTURES[form], "photo")
    scene.release(whatsapp.stage)
    for who in people:
        [media] = [media for one in whatsapp.shown(who) for media in one["media"]]
        assert media["mime"] == "image/jpeg"
        assert 0 < media["size"] < 5 * MB
    assert {row.status for row in scene.cards(whatsapp.stage)} == {outbox.SENT}
    with whatsapp.stage.session() as session:
        made = session.scalars(select(files.Media).where(files.Media.purpose == "pair")).all()
    assert len(made) == 1, "it is made once for all of them"


def test_an_album_goes_out_as_far_as_whatsapp_takes_it(whatsapp: Release) -> None:
    siti = whatsapp.stage.person("Siti Rahma")
    whatsapp.item(film(whatsapp.folder, 17 * MB), "video", album=2)
    scene.release(whatsapp.stage)
    shown = whatsapp.shown(siti)
    assert len([media for one in shown for media in one["media"]]) == 2
    assert len([one for one in shown if "terlalu besar untuk dikirim lewat WhatsApp" in one["body"]]) == 1
