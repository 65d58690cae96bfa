"""What openers cost, and a release that needs one which may not be sent."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme.programme import Programme
from models.programme.whatsapp import Prices, Whatsapp
from models.refused import Refused
from models.releases import audiences
from models.releases.releases import Release
from models.sending.recording import Outcome
from models.whatsapp import openers, prices, templates
from tests import scene, windowed
from tests.chat import Stage
from tests.opening import ask, beyond, crowd, dues, programme


def test_the_cost_is_estimated_by_category_and_counted_from_what_was_sent(stage: Stage) -> None:
    stage.programme = programme()
    windowed.approve(stage)
    addresses = crowd(stage, 3)
    with stage.session() as session:
        assert prices.estimate(session, 3, openers.CONTENT, stage.programme) == 300
    ask(stage, addresses[:2])
    windowed.deliver(stage)
    ask(stage, addresses[2:])
    with stage.session() as session:
        assert prices.spent(session, date(2026, 11, 30), stage.programme) == 200
        assert prices.spent(session, date(2026, 12, 1), stage.programme) == 0
        assert prices.committed(session, stage.now, stage.programme) == 300


def recategorised(stage: Stage, category: str) -> None:
    """WhatsApp counts the template as something else from now on."""
    with stage.session() as session, session.begin():
        found = templates.known(session, openers.CONTENT)
        assert found is not None
        found.category = category


def spent(stage: Stage) -> int:
    with stage.session() as session:
        return prices.spent(session, date(2026, 11, 30), stage.programme)


def test_what_went_out_keeps_the_price_that_it_had_then(stage: Stage) -> None:
    stage.programme = programme()
    windowed.approve(stage)
    addresses = crowd(stage, 4)
    ask(stage, addresses[:2])
    windowed.deliver(stage)
    recategorised(stage, "marketing")
    assert spent(stage) == 200, "another category changes nothing of what is past"
    ask(stage, addresses[2:3])
    windowed.deliver(stage)
    assert spent(stage) == 200 + 800
    stage.programme = Programme(whatsapp=Whatsapp(prices=Prices(utility=7, marketing=9)))
    assert spent(stage) == 200 + 800, "nor do other prices"
    ask(stage, addresses[3:])
    with stage.session() as session:
        assert prices.committed(session, stage.now, stage.programme) == 200 + 800 + 9
    windowed.deliver(stage)
    assert spent(stage) == 200 + 800 + 9


def test_an_opener_that_is_tried_again_costs_what_it_does_when_it_goes_out(stage: Stage) -> None:
    stage.programme = programme()
    windowed.approve(stage)
    ask(stage, crowd(stage, 1))
    (row,) = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, error="away", attempt=1)])
    recategorised(stage, "marketing")
    with stage.session() as session:
        assert prices.committed(session, stage.now, stage.programme) == 800
    windowed.deliver(stage)
    assert spent(stage) == 800


def test_an_opener_from_before_prices_were_kept_costs_what_it_would_now(stage: Stage) -> None:
    stage.programme = programme()
    windowed.approve(stage)
    ask(stage, crowd(stage, 1))
    windowed.deliver(stage)
    with stage.session() as session, session.begin():
        session.query(Outbound).filter_by(part=openers.PART).one().price = None
    assert spent(stage) == 100


def test_the_cost_of_a_release_counts_each_message_that_went_out(stage: Stage) -> None:
    stage.programme = Programme(whatsapp=Whatsapp(prices=Prices(utility=100, service=10)))
    windowed.approve(stage)
    windowed.person(stage, "Lama diam", "+62810")
    windowed.person(stage, "Baru menulis", "+62811", timedelta(hours=1))
    stage.person("Di Telegram")
    scene.item(stage)
    number = scene.release(stage, send=False)
    rows = windowed.take(stage)
    pieces = {
        row.id: ("SM1", "SM2") if row.part == "card" and row.channel == "whatsapp" else () for row in rows
    }
    windowed.record(
        stage, [Outcome(row.id, row.key, outbox.SENT, f"SM{row.id}", pieces=pieces[row.id]) for row in rows]
    )
    windowed.deliver(stage, rounds=2)  # the opener of one, the words to copy of the other
    with stage.session() as session:
        cost = prices.of_release(session, number, openers.CONTENT, stage.programme)
        assert cost == prices.Cost(openers=1, messages=3, rupiah=130)
        expected = prices.expected(session, 2, 1, openers.CONTENT, stage.programme)
        assert expected == prices.Cost(openers=1, messages=6, rupiah=160)


def test_beyond_the_months_ceiling_openers_are_held_and_the_controllers_told_once(stage: Stage) -> None:
    boss = beyond(stage, ceiling=250, people_=4)
    windowed.take(stage)
    assert dues(stage) == {stage.now: 2}
    windowed.deliver(stage)
    for _ in range(3):
        stage.later(minutes=1)
        with stage.session() as session, session.begin():
            assert openers.keep(session, stage.now, stage.programme) == 0
    (told,) = [heard for heard in boss.hears() if "Batas biaya" in heard.text]
    assert "Pesan pembuka berikutnya ditahan" in told.text
    numbers = re.findall(r"Rp(\d+)|(\d+)", told.text)
    assert [price for price, _ in numbers if price] == ["250", "250", "500", "250"]
    assert {other for _, other in numbers if other} == {"2026"}, "how many they are nobody knows yet"
    assert list(told.actions) == ["Naikkan batas", "Tetap tahan"]
    stage.programme = programme(ceiling=1000)
    stage.later(minutes=1)
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now, stage.programme) == 2


def test_an_opener_counts_in_the_month_in_which_it_is_due(stage: Stage) -> None:
    """The last days of November: what there is room for in December is December's money."""
    stage.programme = programme(limit=1, ceiling=100)
    stage.now = datetime(2026, 11, 30, 5, tzinfo=UTC)
    windowed.approve(stage)
    addresses = crowd(stage, 3)
    assert ask(stage, addresses[:1]) == 1
    windowed.deliver(stage)
    assert ask(stage, addresses[1:]) == 1, "one in December, and no other"
    with stage.session() as session:
        assert prices.committed(session, stage.now, stage.programme) == 100
        december = stage.now + timedelta(hours=20)
        assert prices.committed(session, december, stage.programme) == 100


# -- a release that needs a template ---------------------------------------------------------------


def test_a_release_that_needs_a_template_which_is_not_approved_is_refused(stage: Stage) -> None:
    crowd(stage, 1)
    scene.item(stage)
    with pytest.raises(Refused, match=r"releasing\.template_missing") as caught:
        scene.release(stage)
    assert caught.value.params["state"] == {"text": "releasing.template_new"}
    assert scene.count(stage, Release) == 0
    windowed.approve(stage, openers.CONTENT)
    scene.release(stage, send=False)


@pytest.mark.parametrize("state", [one for one in templates.STATES if one != templates.APPROVED])
def test_only_an_approved_template_will_do(stage: Stage, state: str) -> None:
    windowed.approve(stage)
    with stage.session() as session, session.begin():
        found = templates.known(session, openers.CONTENT)
        assert found is not None
        templates.checked(session, found, state, stage.now, "Isinya kurang jelas.")
    crowd(stage, 1)
    scene.item(stage)
    with pytest.raises(Refused) as caught:
        scene.release(stage)
    assert caught.value.params["state"] == {"text": f"releasing.template_{state}"}
    assert caught.value.params["reason"] == "Isinya kurang jelas."


def test_where_all_windows_are_open_no_template_is_needed(stage: Stage) -> None:
    windowed.person(stage, "Siti", "+62811", timedelta(hours=2))
    stage.person("Budi")
    scene.item(stage)
    with stage.session() as session:
        plan = audiences.items(session, "2026-W48")
        assert audiences.asked_first(session, plan, stage.now) == 0
    scene.release(stage, send=False)


def test_who_is_written_to_on_telegram_needs_no_opener(stage: Stage) -> None:
    windowed.account(stage, stage.person("Siti"), "+62811")
    scene.item(stage)
    scene.release(stage, send=False)
    assert [row.channel for row in scene.cards(stage)] == ["telegram"]
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.QUEUED: 1}
