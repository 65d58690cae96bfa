"""43 OPD are looked through by page, or found by a part of the name, wherever one is chosen."""

import pytest

from tests import scene
from tests.chat import Chatter, Heard, Stage
from tests.hearing import text

NAMES = [f"Dinas Urusan {chr(65 + nth // 26)}{chr(65 + nth % 26)}" for nth in range(41)]
TARGET = "Dinas Perhubungan"
# What is typed, or (">") pressed, until an OPD is asked for.
WAYS = {
    "/tim": ["/tim"],
    "/undangan": ["/undangan"],
    "/peran": ["/peran citra dewi", ">Beri peran", ">Editor"],
    "/belum": ["/belum"],
    "joining": ["198502022010012002", "Ani Wijaya"],
}


@pytest.fixture
def many(stage: Stage) -> Stage:
    for nth, name in enumerate(NAMES):
        stage.agency(f"D{nth:02}", name)
    stage.agency("DISHUB", TARGET)
    return stage


def asked(stage: Stage, way: str) -> Chatter:
    """Somebody who has just been asked for an OPD."""
    role = "controller" if way == "/belum" else "admin"
    who = stage.stranger() if way == "joining" else stage.person("Bu Admin", "DINKES", role=role)
    stage.person("Citra Dewi")
    if way == "/belum":
        scene.item(stage)
        scene.release(stage)
    if way == "joining":
        who.shares_contact("+6285299998888")
    for said in WAYS[way]:
        who.presses(said[1:]) if said.startswith(">") else who.says(said)
    return who


def done(heard: list[Heard]) -> bool:
    """Whether the target was chosen."""
    return TARGET in text(heard) and "Pilih OPD" not in text(heard)


@pytest.mark.parametrize("way", WAYS)
def test_by_page(many: Stage, way: str) -> None:
    who = asked(many, way)
    (page,) = who.presses("Daftar OPD")
    assert "Pilih OPD (43)" in page.text
    pages = 1
    while TARGET not in page.text:
        assert len(page.actions) <= 10, "a list of WhatsApp has ten"
        page = who.presses("Berikutnya")[-1]
        pages += 1
    assert pages <= 6
    number = next(line for line in page.text.splitlines() if TARGET in line).partition(".")[0]
    assert done(who.says(number))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("typed", ["hubung", "dishub", "dinas perhubugan"])
def test_by_a_part_of_the_name(many: Stage, way: str, typed: str) -> None:
    who = asked(many, way)
    heard = who.says(typed)
    if typed == "dinas perhubugan":  # mistyped: offered, and chosen by its button
        heard = who.presses(TARGET)
    assert done(heard)
