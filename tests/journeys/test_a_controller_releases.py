"""A controller's Wednesday: preview, release, hold, look, try again."""

from models.messages import outbox
from models.messages.outbox import Outbound
from models.releases import releases, watching
from models.releases.releases import Release
from tests import scene
from tests.chat import Chatter, Stage


def a_round(stage: Stage, seconds: float = 2) -> None:
    """What runs all the time beside the sender: releases are looked after and their progress shown."""
    stage.later(seconds=seconds)
    with stage.session() as session, session.begin():
        ended = releases.settle(session, stage.now)
        for release in [*releases.running(session), *ended]:
            watching.follow(session, release, stage.now, stage.programme)


def message(stage: Stage, who: Chatter) -> str:
    """The progress message as it stands in the chat now."""
    with stage.session() as session:
        key = session.query(Release).one().watcher_key
    assert key is not None
    return who.watches(key)


def send(stage: Stage, number: int) -> list[Outbound]:
    """So many people get card and caption."""
    cards = [card for card in scene.cards(stage) if card.status == outbox.QUEUED][:number]
    captions = scene.rows(stage, Outbound.follows.in_([card.key for card in cards]))
    scene.turned_out(stage, [*cards, *captions], outbox.SENT)
    return cards


def test_from_the_preview_to_the_last_person(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    everybody = [stage.person(f"Orang {number}") for number in range(5)]
    scene.item(stage)

    (preview,) = boss.says("/siar")
    assert f"• {stage.line.title}: 5 ASN" in preview.text
    started, progress = boss.presses("Siarkan")
    assert started.text == "Siaran minggu 25 November – 2 Desember 2026 dimulai."
    scene.turned_out(stage, [progress.row], outbox.SENT)

    send(stage, 2)
    a_round(stage)
    assert "Terkirim 2 dari 5 ASN" in message(stage, boss)

    boss.presses("Jeda", action=progress.actions["Jeda"])
    stage.person("Baru Bergabung")
    a_round(stage)
    assert message(stage, boss).startswith("Siaran dijeda")
    assert len(scene.cards(stage)) == 5  # nobody is added while it is held
    boss.presses("", action=progress.actions["Jeda"].replace("pause", "resume"))

    rina = everybody[4]
    (card,) = scene.cards(stage, rina)
    rina.blocks(card)
    a_round(stage)
    assert len(scene.cards(stage)) == 6  # … and the one who joined is found afterwards
    send(stage, 99)
    a_round(stage)
    assert message(stage, boss).startswith("Siaran selesai")
    assert "Terkirim: 5 dari 6 ASN" in message(stage, boss)

    (missing,) = boss.presses("Siapa yang belum?")
    assert "• Orang 4 (Dinas Kesehatan): akun memblokir bot atau sudah tidak ada" in missing.text
    assert missing.actions == {}  # a blocked account is not tried again …
    rina.says("menu")
    a_round(stage)
    assert scene.cards(stage, rina)[0].status == outbox.QUEUED  # … until its owner writes
    send(stage, 1)
    assert "Terkirim: 6 dari 6 ASN" in boss.says("/siar 48")[0].text


def test_a_release_by_the_clock_reports_when_it_is_done(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    stage.person("Siti")
    scene.item(stage)
    scene.release(stage, send=False)
    a_round(stage)
    assert boss.hears() == []
    send(stage, 1)
    a_round(stage)
    a_round(stage)
    (result,) = boss.hears()
    assert result.text.startswith(
        "Siaran selesai · minggu 25 November – 2 Desember 2026\nTerkirim: 1 dari 1 ASN"
    )


def test_a_release_that_is_stopped_says_so_in_its_message(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    for number in range(3):
        stage.person(f"Orang {number}")
    scene.item(stage)
    boss.says("/siar")
    _, progress = boss.presses("Siarkan")
    scene.turned_out(stage, [progress.row], outbox.SENT)
    send(stage, 1)
    boss.presses("", action=progress.actions["Hentikan"])
    boss.presses("Ya, hentikan")
    assert message(stage, boss).startswith("Siaran dihentikan")
    assert "Terkirim: 1 dari 3 ASN" in message(stage, boss)
    a_round(stage)
    assert scene.statuses(stage, Outbound.part == "caption") == {outbox.SENT: 1, outbox.CANCELLED: 2}
    assert "sudah dimulai sebelumnya" in boss.presses("", action="release.go:2026-W48")[0].text
