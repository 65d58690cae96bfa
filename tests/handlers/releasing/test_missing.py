"""`/belum` and the friendly nudge, in chat."""

from datetime import UTC, datetime

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.breaks import Rest
from models.people.people import Person
from models.reminders import reminders
from tests import scene
from tests.chat import Chatter, Heard, Stage

FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB


@pytest.fixture
def rina(stage: Stage) -> Chatter:
    """The planner of an OPD with three people more, none of whom has shown anything."""
    who = stage.person("Rina Planner", role="planner")
    for nth, name in enumerate(("Siti Rahma", "Budi Santoso", "Cici Lestari")):
        stage.person(name, phone=f"+62812000000{nth}")
    stage.person("Dodi", joined=False)
    scene.item(stage)
    scene.release(stage)
    stage.now = FRIDAY
    return who


def last(heard: list[Heard]) -> Heard:
    return heard[-1]


def nudges(stage: Stage) -> list[Outbound]:
    return scene.rows(stage, Outbound.part == reminders.REMINDER)


def rest(stage: Stage, name: str) -> None:
    with stage.session() as session, session.begin():
        person = session.query(Person).filter_by(name=name).one()
        session.add(Rest(person_id=person.id, until=datetime(2026, 12, 20, tzinfo=UTC), why="leave"))


def test_the_counts_come_first_and_the_names_by_a_button(stage: Stage, rina: Chatter) -> None:
    rina.sends_photo(caption="facebook")
    rest(stage, "Cici Lestari")
    (card,) = rina.says("/belum")
    assert card.text == (
        "Dinas Kesehatan\nPada minggu 25 November – 2 Desember 2026\n\n"
        "Pegawai dalam daftar: 5\nSudah menerima konten: 4\n"
        "✓ Sudah berbagi: 1\nBelum ada kabar: 2\nSedang cuti: 1\nBelum bergabung di sini: 1"
    )
    assert list(card.actions) == ["Lihat nama (3)", "Yang lain (1)", "Ingatkan dengan ramah"]
    (names,) = rina.says("1")
    assert "• Budi Santoso\n• Cici Lestari – cuti\n• Siti Rahma\n" in names.text
    assert "812" not in names.text
    assert "• Dodi – belum bergabung" in last(rina.presses("Yang lain")).text


def test_names_come_by_page_with_buttons_and_numbers(stage: Stage, rina: Chatter) -> None:
    for nth in range(30):
        stage.person(f"Pegawai {nth:02}", joined=False)
    rina.says("/belum")
    first = last(rina.presses("Yang lain (31)"))
    assert "(1–20 dari 31)" in first.text
    assert len(first.actions) == 1
    second = last(rina.says("1"))
    assert "(21–31 dari 31)" in second.text
    assert "• Pegawai 29 – belum bergabung" in second.text
    assert rina.presses("", action=f"missing.apart:{_opd(stage)}:9")[-1].text.startswith(
        "Daftarnya sudah habis"
    )


def _opd(stage: Stage) -> int:
    return stage.agency().id


def test_before_the_release_there_is_nothing_to_wait_for(stage: Stage) -> None:
    rina = stage.person("Rina", role="editor")
    assert "belum disiarkan" in last(rina.says("/belum")).text
    assert "Rabu, 25 November 2026, 13.00 WIB" in last(rina.says("/belum")).text


def test_a_preview_the_number_and_a_button_that_sends(stage: Stage, rina: Chatter) -> None:
    rina.says("/belum")
    preview, asked = rina.presses("Ingatkan dengan ramah")
    assert preview.text.startswith(
        "Salam dari tim PPID Dinas Kesehatan!\nKonten kita minggu ini:\nImunisasi gratis"
    )
    assert preview.text.endswith("Rina Planner, PPID Dinas Kesehatan")
    assert preview.actions == {}
    assert "Penerimanya 3 orang" in asked.text
    rina.says("ya")
    rina.says("ok")
    assert nudges(stage) == []
    rina.says("/belum")
    rina.presses("Ingatkan dengan ramah")
    (sent,) = rina.presses("Kirim ke 3 orang")
    assert (sent.op, "kepada 3 orang" in sent.text) == ("edit", True)
    rows = nudges(stage)
    assert len(rows) == 3
    assert rina.person_id not in {row.person_id for row in rows}
    received = stage.heard(int(rows[0].address))[-1]
    assert received.text == preview.text
    assert next(iter(received.actions)) == "Sudah saya bagikan"


def test_cancelled_nothing_goes_out(stage: Stage, rina: Chatter) -> None:
    rina.says("/belum")
    rina.presses("Ingatkan dengan ramah")
    assert "tidak ada yang dikirim" in last(rina.presses("Batal")).text
    assert nudges(stage) == []


def test_the_second_in_a_week_is_told_who_did_it_and_when(stage: Stage, rina: Chatter) -> None:
    rina.says("/belum")
    rina.presses("Ingatkan dengan ramah")
    budi = stage.person("Budi Editor", role="editor")
    budi.says("/belum")
    budi.presses("Ingatkan dengan ramah")
    rina.presses("Kirim ke")
    refused = last(budi.presses("Kirim ke"))
    assert "sudah dikirim oleh Rina Planner, Jumat, 27 November 2026, 10.00 WIB" in refused.text
    assert len(nudges(stage)) == 3
    (card,) = budi.says("/belum")
    assert "sudah dikirim Rina Planner" in card.text
    assert "Ingatkan dengan ramah" not in card.actions


def test_at_night_everybody_rests(stage: Stage, rina: Chatter) -> None:
    rina.says("/belum")
    stage.now = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)  # 21.00 WIB
    assert "Sabtu, 28 November 2026, 07.00 WIB" in last(rina.presses("Ingatkan dengan ramah")).text


def test_a_controller_names_an_opd_and_looks(stage: Stage, rina: Chatter) -> None:
    eva = stage.person("Eva", "KOMINFO", role="controller")
    (asked,) = eva.says("/belum")
    assert asked.text.startswith("OPD mana")
    (card,) = eva.says("kesehatan")
    assert card.text.startswith("Dinas Kesehatan")
    assert list(card.actions) == ["Lihat nama (4)", "Yang lain (1)"]
    assert eva.says("/belum kesehatan")[-1].text == card.text
    refused = last(eva.presses("", action=f"missing.ask:{_opd(stage)}"))
    assert "oleh tim PPID OPD itu sendiri" in refused.text


def test_nobody_sees_another_opd_or_anything_in_a_group(stage: Stage, rina: Chatter) -> None:
    other = stage.person("Fani", "LAIN", role="editor")
    for action in ("of", "page", "apart", "ask", "send"):
        refused = last(other.presses("", action=f"missing.{action}:{_opd(stage)}"))
        assert "hanya untuk petugas" in refused.text or "sendiri" in refused.text
    group = scene.Group(stage)
    assert "hanya dapat dipakai di percakapan pribadi" in group.hears(rina, "/belum")[-1].text
    assert nudges(stage) == []


def test_belum_said_to_a_reminder_is_an_answer_and_no_command(stage: Stage, rina: Chatter) -> None:
    siti = stage.person("Siti Baru")
    for words in ("belum", "Belum kak"):
        (answer,) = siti.says(words)
        assert answer.text.startswith("Tidak apa-apa. Waktunya sampai Rabu, 2 Desember 2026, 07.30 WIB.")
        assert list(answer.actions) == ["Nanti", "Sedang cuti", "Jangan minggu ini"]
    assert rina.says("belum sempat")[-1].text.startswith("Tidak apa-apa")
    assert rina.says("belum")[-1].text.startswith("Dinas Kesehatan")
    assert "hanya untuk petugas" in siti.says("/belum")[-1].text


def test_who_has_had_two_gets_no_third_by_it(stage: Stage, rina: Chatter) -> None:
    for nth in (1, 2):
        with stage.session() as session, session.begin():
            reminders.send(session, "2026-W48", nth, stage.now, stage.programme)
        stage.sent()
    rina.says("/belum")
    assert "tidak ada yang perlu diingatkan lagi" in last(rina.presses("Ingatkan dengan ramah")).text
    assert {row.status for row in nudges(stage)} == {outbox.SENT}
