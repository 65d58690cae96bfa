"""A few pictures that all tests here look at, made once: an item, its sibling, and people who shared them."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

from PIL import Image

from bench.screenshots import carriers, feeds, items, phones, stories
from bench.screenshots.phones import Person
from bot.vision import showing
from bot.vision.showing import Reference

DESIGN = replace(items.template(Random("tests")), size=(1080, 1350), layout=0)
NUMBERS = (11, 12, 13)


@cache
def item() -> Image.Image:
    return items.poster(DESIGN, *NUMBERS)


@cache
def sibling() -> Image.Image:
    """The next week's poster on the same template, with the same picture."""
    return items.siblings(Random("next week"), DESIGN, NUMBERS)["sibling, same photo"]


@cache
def reference() -> Reference:
    made = showing.reference(file(item(), "JPEG", quality=92))
    assert made is not None
    return made


def file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@cache
def anna() -> Person:
    """Somebody with a cheap Android phone in light mode."""
    phone = phones.Phone(720, 1600, 2.0, "android", dark=False, face="round", zoom=1.0, gestures=True)
    return replace(phones.person(Random("anna")), phone=phone)


@cache
def budi() -> Person:
    """Her colleague: same phone, same minute, same signs, no avatar either; another name and battery."""
    return replace(
        anna(), name="Budi Santoso", handle="budi_s", battery=anna().battery - 7, habits=Random("budi")
    )


@cache
def story(who: Callable[[], Person], picture: Callable[[], Image.Image]) -> Image.Image:
    return stories.whatsapp(replace(who(), habits=Random(f"story {who.__name__}")), picture())


@cache
def post(who: Callable[[], Person], picture: Callable[[], Image.Image]) -> Image.Image:
    return feeds.instagram(replace(who(), habits=Random(f"post {who.__name__}")), picture())


@cache
def sent(
    image_of: Callable[..., Image.Image], who: Callable[[], Person], picture: Callable[[], Image.Image]
) -> bytes:
    return carriers.telegram(Random("sent"), image_of(who, picture))
