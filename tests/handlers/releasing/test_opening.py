"""WhatsApp in what a controller sees of a release, and the button that opens the window."""

from datetime import timedelta

import pytest

from models.programme import weeks
from models.programme.programme import Programme
from models.programme.whatsapp import Prices, Whatsapp
from models.releases import releases
from models.releases.releases import Release
from tests import scene, windowed
from tests.chat import Chatter, Stage

WEEK = "2026-W48"


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    return stage.person("Budi", "BAPPEDA", role="controller")


def crowd(stage: Stage, number: int) -> None:
    for nth in range(number):
        windowed.person(stage, f"Orang {nth}", f"+6281{nth}")


def test_the_preview_counts_openers_and_their_cost(stage: Stage, boss: Chatter) -> None:
    stage.programme = Programme(whatsapp=Whatsapp(prices=Prices(utility=450, service=100)))
    windowed.approve(stage)
    crowd(stage, 2)
    windowed.person(stage, "Baru menulis", "+6289", timedelta(hours=1))
    scene.item(stage)
    (preview,) = boss.says("/siar")  # two openers, and three times an item
    assert "• WhatsApp: 3 ASN" in preview.text
    assert "Pesan pembuka WhatsApp: 2 ASN\n" in preview.text + "\n"
    assert "Perkiraan biaya: Rp1.800" in preview.text
    assert "2 pesan pembuka dan paling banyak 9 pesan isi" in preview.text


def test_the_result_counts_what_the_preview_did_and_says_why_it_is_less(stage: Stage, boss: Chatter) -> None:
    stage.programme = Programme(whatsapp=Whatsapp(prices=Prices(utility=450, service=100)))
    windowed.approve(stage)
    crowd(stage, 2)
    windowed.person(stage, "Baru menulis", "+6289", timedelta(hours=1))
    scene.item(stage)
    boss.says("/siar")
    boss.presses("Siarkan")
    windowed.deliver(stage, rounds=2)  # two openers that nobody answers; a card and its words
    stage.now = weeks.closing(WEEK, stage.programme)
    scene.settle(stage)
    (shown,) = boss.says("/siar 48")
    assert "Biaya WhatsApp: Rp1.100 untuk 2 pesan pembuka dan 2 pesan isi." in shown.text
    assert "Perkiraan sebelum siaran: Rp1.800" in shown.text
    assert "Lebih sedikit dari perkiraan, karena" in shown.text


def test_a_result_says_why_it_is_more_than_was_expected(stage: Stage, boss: Chatter) -> None:
    stage.programme = Programme(whatsapp=Whatsapp(prices=Prices(utility=450, service=100)))
    windowed.person(stage, "Baru menulis", "+6289", timedelta(hours=1))
    scene.item(stage)
    boss.says("/siar")
    boss.presses("Siarkan")
    windowed.person(stage, "Baru bergabung", "+6288", timedelta(hours=1))
    with stage.session() as session, session.begin():
        releases.serve(session, session.query(Release).one(), stage.now)
    windowed.deliver(stage, rounds=2)
    stage.now = weeks.closing(WEEK, stage.programme)
    scene.settle(stage)
    (shown,) = boss.says("/siar 48")
    assert "Biaya WhatsApp: Rp400 untuk 0 pesan pembuka dan 4 pesan isi." in shown.text
    assert "Perkiraan sebelum siaran: Rp300" in shown.text
    assert "Lebih banyak dari perkiraan, karena" in shown.text


def test_a_release_on_telegram_alone_says_nothing_of_a_cost(stage: Stage, boss: Chatter) -> None:
    stage.person("Siti")
    scene.item(stage)
    boss.says("/siar")
    boss.presses("Siarkan")
    stage.sent()
    stage.now = weeks.closing(WEEK, stage.programme)
    scene.settle(stage)
    assert "iaya" not in boss.says("/siar 48")[0].text


def test_the_preview_says_until_when_openers_are_spread(stage: Stage, boss: Chatter) -> None:
    stage.programme = Programme(whatsapp=Whatsapp(portfolio_limit=1))
    windowed.approve(stage)
    crowd(stage, 3)
    scene.item(stage)
    (preview,) = boss.says("/siar")
    assert "Pesan pembuka WhatsApp: 3 ASN, bertahap sampai" in preview.text
    assert "27 November 2026" in preview.text


def test_without_anybody_on_whatsapp_the_preview_says_nothing_of_it(stage: Stage, boss: Chatter) -> None:
    stage.person("Siti")
    scene.item(stage)
    (preview,) = boss.says("/siar")
    assert "WhatsApp" not in preview.text
    assert "Perkiraan biaya: Rp0" in preview.text


def test_a_release_that_needs_a_template_says_what_to_do_first(stage: Stage, boss: Chatter) -> None:
    crowd(stage, 1)
    scene.item(stage)
    (answer,) = boss.says("/siar")
    assert "templat konten belum diajukan ke WhatsApp" in answer.text
    assert "python -m bot whatsapp templates" in answer.text
    assert not scene.open_releases(stage)


def test_progress_and_result_name_those_who_have_not_answered(stage: Stage, boss: Chatter) -> None:
    windowed.approve(stage)
    crowd(stage, 2)
    scene.item(stage)
    boss.says("/siar")
    boss.presses("Siarkan")
    windowed.take(stage)
    (shown,) = boss.says("/siar")
    assert "Menunggu dibuka di WhatsApp: 2" in shown.text
    stage.now = weeks.closing(WEEK, stage.programme)
    scene.settle(stage)
    (shown,) = boss.says("/siar 48")
    assert "• pesan pembuka di WhatsApp belum dijawab: 2" in shown.text
    (missing,) = boss.presses("Siapa yang belum?")
    assert "Orang 0 (Dinas Kesehatan): pesan pembuka di WhatsApp belum dijawab" in missing.text
