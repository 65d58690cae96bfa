"""Who did not share in a week: names for the own PPID, in private, and a text that blames nobody."""

from dataclasses import replace

import pytest

from handlers.turn import Surroundings
from models.people import roles
from models.people.people import Person
from tests import meeting, scene
from tests.chat import Chatter, Stage, Telegram
from tests.meeting import WEEK, opd_id
from tests.scene import Group


class WithNumber(Telegram):
    """People on Telegram, where we are on WhatsApp as well."""

    def around(self, stage: Stage, around: Surroundings) -> Surroundings:
        return replace(around, whatsapp="6281100000001")


@pytest.fixture
def editor(stage: Stage) -> Chatter:
    """The editor of an OPD of 24 others, of whom one has shared; the week is closed."""
    who = stage.person("Zainal Editor", role="editor")
    people = [stage.person(f"Pegawai {number:02}") for number in range(24)]
    scene.item(stage)
    scene.release(stage)
    meeting.share(people[7])
    meeting.announce(stage, meeting.close(stage))
    return who


def team(stage: Stage) -> str:
    return f"digest.team:{WEEK}:{opd_id(stage, 'DINKES')}"


def test_the_page_leads_to_the_names_twenty_at_a_time(stage: Stage, editor: Chatter) -> None:
    (first,) = editor.presses("Lihat siapa yang belum")
    heading = "Belum berbagi pada minggu 25 November – 2 Desember 2026 (1–20 dari 24)"
    assert first.text.startswith(f"{heading}\nDinas Kesehatan\n\n• Pegawai 00")
    assert "Pegawai 07" not in first.text
    (second,) = editor.presses("Berikutnya")
    assert second.op == "edit"
    assert second.text.count("•") == 4
    assert "• Zainal Editor" in second.text
    assert list(second.actions) == ["◀ Sebelumnya", "Contoh pesan ajakan", "Ingatkan minggu ini"]


def test_the_running_week_has_the_same_list_of_who_has_not_shared_until_now(
    stage: Stage, editor: Chatter
) -> None:
    scene.item(stage, week="2026-W49", title="Imunisasi")
    scene.release(stage, "2026-W49")
    editor.says("/rekap")
    (first,) = editor.presses("Lihat siapa yang belum")
    assert first.text.startswith("Belum berbagi pada minggu 2 – 9 Desember 2026 (1–20 dari 25)")
    (second,) = editor.presses("Berikutnya")
    assert second.text.count("•") == 5
    said = meeting.press(Group(stage), editor, "", action=team(stage).replace(WEEK, "2026-W49"))
    assert [one.op for one in said] == ["answer"]


def test_the_draft_can_be_copied_and_names_nobody(stage: Stage, editor: Chatter) -> None:
    editor.presses("Lihat siapa yang belum")
    how, draft = editor.presses("Contoh pesan ajakan")
    assert "Salin" in how.text
    assert draft.text == (
        "Selamat pagi, Bapak/Ibu dan rekan-rekan Dinas Kesehatan.\n"
        "Terima kasih kepada 1 dari 25 rekan yang pada minggu 25 November – 2 Desember 2026 "
        "sudah ikut berbagi pesan publik.\n"
        "Yang belum sempat, mari ikut minggu ini. Cukup satu unggahan di akun sendiri, "
        "lalu kirim tangkapan layar atau tautannya ke @satupesan_bot di Telegram.\n"
        "Kalau ada kesulitan, kami siap membantu. Terima kasih!\n"
        "Tim PPID Dinas Kesehatan"
    )


def test_the_draft_names_the_number_of_whatsapp_where_there_is_one(stage: Stage, editor: Chatter) -> None:
    stage.line = WithNumber()
    editor.presses("Lihat siapa yang belum")
    _, draft = editor.presses("Contoh pesan ajakan")
    assert "tautannya ke @satupesan_bot di Telegram atau +6281100000001 di WhatsApp." in draft.text


def test_the_way_to_the_nudge_is_that_of_belum(stage: Stage, editor: Chatter) -> None:
    editor.presses("Lihat siapa yang belum")
    assert "belum disiarkan" in editor.presses("Ingatkan minggu ini")[0].text
    scene.item(stage, week="2026-W49", title="Berikutnya")
    scene.release(stage, "2026-W49")
    (card,) = editor.presses("", action=f"missing.of:{opd_id(stage, 'DINKES')}")
    assert "Ingatkan dengan ramah" in card.actions


def test_who_came_after_the_closing_is_not_among_them_nor_who_left(stage: Stage, editor: Chatter) -> None:
    stage.later(days=1)
    stage.person("Orang Baru")
    with stage.session() as session, session.begin():
        gone = session.query(Person).filter_by(name="Pegawai 00").one()
        gone.active, gone.left_at = False, stage.now
    (first,) = editor.presses("", action=team(stage))
    assert "(1–20 dari 23)" in first.text
    assert "Pegawai 00" not in first.text
    assert "Orang Baru" not in editor.presses("Berikutnya")[0].text


@pytest.mark.parametrize(
    ("role", "opd", "sees"),
    [("controller", "BAPPEDA", True), ("admin", "BAPPEDA", True), ("creator", "DINKES", True),
     ("editor", "DISDIK", False), ("leader", "SETDA", False), ("tag", "BAPPEDA", False),
     ("", "DINKES", False)],
)  # fmt: skip
def test_names_are_for_the_own_ppid_and_for_who_may_see_who_is_missing(
    stage: Stage, editor: Chatter, role: str, opd: str, sees: bool
) -> None:
    other = stage.person("Orang Lain", opd, role=role)
    for action in (team(stage), team(stage).replace("digest.team", "absent.draft")):
        (said, *_) = other.presses("", action=action)
        assert said.key.endswith(":refused") is not sees
        assert sees or "Pegawai" not in said.text


def test_names_are_asked_for_anew_at_every_press_and_never_given_in_a_group(
    stage: Stage, editor: Chatter
) -> None:
    editor.presses("Lihat siapa yang belum")
    group = Group(stage)
    group.hears(stage.person("Bu Kepala", "BAPPEDA", role="controller"), "/rabuan")
    (toast,) = meeting.press(group, editor, "", action=team(stage))
    assert toast.op == "answer"
    assert "percakapan pribadi" in toast.text
    with stage.session() as session, session.begin():
        roles.revoke(session, scene.person(session, editor), "editor", None, stage.now, by=None)
    assert editor.presses("Berikutnya")[0].key.endswith(":refused")


def test_an_opd_in_which_everybody_shared_is_praised(stage: Stage) -> None:
    editor = stage.person("Siti Rahma", role="editor")
    scene.item(stage)
    scene.release(stage)
    meeting.share(editor)
    meeting.announce(stage, meeting.close(stage))
    assert "Luar biasa!" in editor.presses("Lihat siapa yang belum")[0].text
