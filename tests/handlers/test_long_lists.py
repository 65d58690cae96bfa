"""Lists that go on over pages: on WhatsApp a page is a list behind one button, and has ten lines at the most
(docs/channels.md). A page with more would be numbered lines there, and the number has to be typed."""

from datetime import date

import pytest

from bot.channels import whatsapp_content
from models.content import states
from models.digests import decisions
from models.people import roles
from models.people.people import Person
from tests import meeting, proving, scene
from tests.chat import Chatter, Heard, Stage
from tests.scene import Group

MANY = 25


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """Somebody who may do everything, where there is much of everything."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    for nth in range(MANY):
        stage.person(f"Pegawai {nth:02}", f"OPD{nth:02}")
        scene.item(stage, "BAPPEDA", title=f"Vaksin {nth}", week="2026-W46", status=states.CLOSED)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        for role in roles.ROLES:
            roles.grant(session, person, role, None, stage.now, by=None)
        for nth in range(MANY):
            text, due = f"Menambah editor {nth}", date(2026, 12, 30)
            decisions.record(session, text, "Sekretaris", due, person, stage.now, stage.programme)
    return who


def pages(heard: list[Heard], boss: Chatter) -> list[Heard]:
    """All pages of a list, from the first on."""
    found = [heard[-1]]
    while any("Berikutnya" in label for label in found[-1].actions):
        found.append(boss.presses("Berikutnya")[-1])
    return found


def fits(page: Heard) -> bool:
    return len(page.actions) <= whatsapp_content.ITEMS


@pytest.mark.parametrize(
    ("says", "presses"),
    [
        ("/konten", ""),
        ("/konten vaksin", ""),
        ("/keputusan", ""),
        ("/rencana", "plan.opds:0"),
        ("/rencana", "plan.small:0"),
        ("/undangan", "invite.ofs:0"),
        ("/peringkat", ""),
    ],
)
def test_every_page_of_a_list_is_a_list_on_whatsapp(
    stage: Stage, boss: Chatter, says: str, presses: str
) -> None:
    heard = boss.says(says)
    if presses:
        heard = boss.presses("", action=presses)
    for nth, page in enumerate(pages(heard, boss)):
        assert fits(page), (nth, list(page.actions))


def test_every_page_of_the_menu_is_one(stage: Stage, boss: Chatter) -> None:
    first = boss.says("menu")[-1]
    seen = [first]
    while (page := boss.presses("Lainnya")[-1]).text != first.text:
        seen.append(page)
    assert len(seen) > 1
    assert all(map(fits, seen))


def test_every_page_of_the_pack_is_one(stage: Stage, boss: Chatter) -> None:
    Group(stage).hears(boss, "/rabuan")
    scene.item(stage)
    scene.release(stage)
    meeting.announce(stage, meeting.close(stage))
    for label in ("Lihat per OPD", "digest.lacking", "digest.small"):
        heard = boss.presses(label) if " " in label else boss.presses("", action=f"{label}:{meeting.WEEK}")
        found = pages(heard, boss)
        assert all(map(fits, found)), [list(page.actions) for page in found]


def test_every_page_of_the_own_proofs_is_one(stage: Stage) -> None:
    siti = scene.receiver(stage, "Siti Rahma")
    for nth in range(1, MANY):
        meeting.share(siti, nth)
    proving.examine(stage)
    found = pages(siti.says("/bukti"), siti)
    assert len(found) > 2
    assert all(map(fits, found))
