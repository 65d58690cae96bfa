"""`/siar`: preview, start, hold, end, and who did not get it."""

import pytest

from models.content import states
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases
from models.releases.releases import Release
from tests import scene
from tests.chat import Chatter, Heard, Stage


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller; three people of one OPD wait for an approved item."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    for number in range(3):
        stage.person(f"Orang {number}")
    scene.item(stage)
    return who


def release(stage: Stage) -> Release | None:
    with stage.session() as session:
        return releases.of_week(session, "2026-W48")


def texts(heard: list[Heard]) -> list[str]:
    return [each.text for each in heard]


def test_the_preview_says_whom_it_reaches_and_how_long_it_takes(stage: Stage, boss: Chatter) -> None:
    stage.person("Belum", joined=False)
    blocked = stage.person("Rina")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(blocked.chat), stage.now)
    (preview,) = boss.says("/siar")
    assert "• Telegram: 3 ASN" in preview.text
    assert "OPD dengan konten sendiri: 1" in preview.text
    assert "Bergabung tetapi tanpa konten: 1 ASN" in preview.text  # Bu Kepala herself
    assert "Tidak terjangkau: 1 ASN" in preview.text
    assert "Belum bergabung: 1 ASN" in preview.text
    assert "Perkiraan lama: 0 detik" in preview.text
    assert list(preview.actions) == ["Siarkan", "Batal"]
    assert release(stage) is None


def test_the_preview_names_the_provincial_item(stage: Stage, boss: Chatter) -> None:
    scene.item(stage, None, title="Anggaran terbuka")
    assert "menerima konten provinsi: Anggaran terbuka" in boss.says("/siar")[0].text


def test_what_one_controller_approved_is_not_released_by_hand_in_an_election(
    stage: Stage, boss: Chatter
) -> None:
    boss.says("/siar")
    span = {"begin": "2026-11-20", "until": "2026-12-10"}
    stage.programme = Programme.model_validate({**stage.programme.model_dump(), "election": [span]})
    assert "belum ada konten" in boss.presses("Siarkan")[-1].text.lower()
    assert release(stage) is None


def test_batal_starts_nothing(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    (answer,) = boss.presses("Batal")
    assert answer.op == "edit"
    assert release(stage) is None


def test_siarkan_starts_it_and_one_message_shows_how_it_goes(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    started, progress = boss.presses("Siarkan")
    assert (started.op, progress.op) == ("edit", "send")
    assert "Terkirim 0 dari 3 ASN" in progress.text
    assert list(progress.actions) == ["Jeda", "Hentikan"]
    found = release(stage)
    assert found is not None
    assert (found.watcher_key, found.watcher_address) == (progress.key, str(boss.chat))
    assert found.started_by == boss.person_id


def test_siarkan_by_its_number_does_the_same(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    boss.says("1")
    assert release(stage) is not None


def test_siarkan_pressed_twice_is_refused_the_second_time(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    boss.presses("Siarkan")
    (answer,) = boss.presses("", action="release.go:2026-W48")
    assert "sudah dimulai sebelumnya" in answer.text
    assert scene.count(stage, Release) == 1


def test_siar_again_shows_the_progress_and_moves_the_watch(stage: Stage, boss: Chatter) -> None:
    other = stage.person("Pak Wakil", "BAPPEDA", role="controller")
    boss.says("/siar")
    boss.presses("Siarkan")
    (progress,) = other.says("/siar 48")
    assert progress.text.startswith("Sedang menyiarkan")
    found = release(stage)
    assert found is not None
    assert found.watcher_address == str(other.chat)


def test_jeda_and_lanjutkan_change_the_message_that_was_pressed(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    boss.presses("Siarkan")
    (paused,) = boss.presses("Jeda")
    assert (paused.op, list(paused.actions)) == ("edit", ["Lanjutkan", "Hentikan"])
    with stage.session() as session:
        assert len(releases.halted(session)) == 1
    (running,) = boss.presses("Lanjutkan")
    assert (running.op, list(running.actions)) == ("edit", ["Jeda", "Hentikan"])
    with stage.session() as session:
        assert releases.halted(session) == []


def test_hentikan_asks_once_more_and_then_ends_it(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    boss.presses("Siarkan")
    (asked,) = boss.presses("Hentikan")
    assert "3 ASN belum menerima" in asked.text
    (kept,) = boss.presses("Tidak, teruskan")
    assert kept.op == "edit"
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.QUEUED: 3}
    boss.presses("Hentikan", action=next(iter(asked.actions.values())))
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.CANCELLED: 3}
    result = stage.heard(boss.chat)[-2]
    assert (result.op, result.text.split(" ·")[0]) == ("edit", "Siaran dihentikan")
    assert "• siaran dihentikan: 3" in result.text


def test_after_the_end_siar_says_who_did_not_get_it_and_tries_just_those_again(
    stage: Stage, boss: Chatter
) -> None:
    boss.says("/siar")
    boss.presses("Siarkan")
    failed = scene.cards(stage)[:1]
    scene.turned_out(stage, failed, outbox.FAILED, "refused")
    stage.sent()
    scene.settle(stage)
    (result,) = boss.says("/siar 48")
    assert "Terkirim: 2 dari 3 ASN" in result.text
    assert "• ditolak oleh Telegram atau WhatsApp: 1" in result.text
    (missing,) = boss.presses("Siapa yang belum?")
    assert "• Orang 0 (Dinas Kesehatan): ditolak oleh Telegram atau WhatsApp" in missing.text
    (progress,) = boss.presses("Kirim ulang yang gagal")
    assert "Terkirim 2 dari 3 ASN" in progress.text
    assert [card.id for card in scene.cards(stage) if card.status == outbox.QUEUED] == [failed[0].id]
    stage.sent()
    scene.settle(stage)
    assert "Tidak ada kiriman" in boss.presses("", action=f"release.retry:{failed[0].release_id}")[0].text
    assert "Semua penerima" in boss.presses("", action=f"release.missing:{failed[0].release_id}")[0].text


def test_more_names_than_fit_stand_on_further_pages(stage: Stage, boss: Chatter) -> None:
    for number in range(20):
        stage.person(f"Tambahan {number:02}")
    found = scene.release(stage, send=False)
    scene.turned_out(stage, scene.cards(stage), outbox.FAILED, "refused")
    (missing,) = boss.presses("", action=f"release.missing:{found}")
    assert missing.text.count("ditolak") == 20
    assert "Nomor 1 sampai 20" in missing.text
    (rest,) = boss.presses("Lainnya", action=f"release.missing:{found}:1")
    assert rest.text.count("ditolak") == 3
    assert "Nomor 21 sampai 23" in rest.text
    assert "Kirim ulang yang gagal" in rest.actions


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/siar 47", "minggunya sudah ditutup"),
        ("/siar 49", "Belum ada konten yang disetujui untuk minggu 2 – 9 Desember 2026."),
        ("/siar besok", "misalnya /siar 48"),
        ("/siar 54", "misalnya /siar 48"),
    ],
)
def test_a_week_that_cannot_be_released_is_explained(boss: Chatter, said: str, answer: str) -> None:
    assert answer in boss.says(said)[0].text


def test_a_coming_week_is_shown_but_cannot_be_started_yet(stage: Stage, boss: Chatter) -> None:
    scene.item(stage, week="2026-W49", title="Minggu depan")
    (preview,) = boss.says("/siar 49")
    assert "Minggu itu dibuka Rabu, 2 Desember 2026, 07.30 WIB." in preview.text
    assert preview.actions == {}
    boss.presses("", action="release.go:2026-W49")
    assert scene.count(stage, Release) == 0


def test_nothing_approved_is_said_so(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", role="controller")
    scene.item(stage, status=states.SUBMITTED)
    assert "Belum ada konten yang disetujui" in boss.says("/siar")[0].text


@pytest.mark.parametrize(
    "action",
    ["release.go:2026-W48", "release.pause:{}", "release.resume:{}", "release.stop:{}", "release.halt:{}",
     "release.missing:{}", "release.retry:{}"],
)  # fmt: skip
def test_nobody_else_can_press_a_button_of_the_release(stage: Stage, boss: Chatter, action: str) -> None:
    siti = stage.person("Siti")
    if "{}" in action:
        action = action.format(scene.release(stage, send=False))
    (answer,) = siti.presses("", action=action)
    assert answer.key.endswith(":refused")
    assert scene.statuses(stage, Outbound.part == "card").get(outbox.CANCELLED) is None
    assert [found.status for found in scene.open_releases(stage)] in ([], [releases.RUNNING])


def test_nobody_else_sees_siar(stage: Stage, boss: Chatter) -> None:
    siti = stage.person("Siti")
    assert siti.says("/siar")[0].key.endswith(":refused")


def test_a_week_that_closed_meanwhile_cannot_be_started(stage: Stage, boss: Chatter) -> None:
    boss.says("/siar")
    stage.now = weeks.closing("2026-W48", stage.programme)
    assert "minggunya sudah ditutup" in boss.presses("Siarkan")[0].text


def test_the_preview_says_what_it_costs_and_who_gets_what(stage: Stage, boss: Chatter) -> None:
    (preview,) = boss.says("/siar")
    assert "Perkiraan biaya: Rp0" in preview.text
    assert "Tidak menerima apa pun: Dinas BAPPEDA" in preview.text
    scene.item(stage, None, title="Anggaran terbuka")
    (preview,) = boss.says("/siar")
    assert "Menerima konten provinsi: Dinas BAPPEDA" in preview.text
    assert "Tidak menerima apa pun" not in preview.text


def test_many_opd_without_an_item_are_named_in_part_and_counted(stage: Stage, boss: Chatter) -> None:
    for number in range(15):
        stage.agency(f"O{number:02}", f"Dinas ke-{number:02}")
    (preview,) = boss.says("/siar")
    assert "dan 4 OPD lainnya" in preview.text


def test_the_preview_counts_the_pictures_of_albums(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    people_ = [stage.person(f"Orang {number}") for number in range(12)]
    with stage.session() as session, session.begin():
        scene.person(session, people_[0]).saver = True
    scene.item(stage, media=True, album=9)
    (preview,) = boss.says("/siar")
    assert "Gambar album yang dikirim: 110" in preview.text  # eleven people, ten pictures
    assert "Perkiraan lama: 4 detik" in preview.text  # (2 x 12 + 110) / 30


def test_a_retry_leaves_out_who_blocked_the_bot(stage: Stage, boss: Chatter) -> None:
    found = scene.release(stage, send=False)
    first, second, third = scene.cards(stage)
    scene.turned_out(stage, [first], outbox.FAILED, "refused")
    scene.turned_out(stage, [second], outbox.FAILED, "blocked")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", second.address, stage.now)
    stage.sent()
    scene.settle(stage)
    boss.presses("", action=f"release.retry:{found}")
    cards = {card.id: card.status for card in scene.cards(stage)}
    assert cards == {first.id: outbox.QUEUED, second.id: outbox.FAILED, third.id: outbox.SENT}
    keys = [row.key for row in scene.rows(stage, Outbound.release_id == found)]
    assert len(keys) == len(set(keys)) == 6
