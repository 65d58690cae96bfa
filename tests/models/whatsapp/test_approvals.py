"""When WhatsApp is asked about our templates, and who hears that one is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from models.programme.programme import Programme
from models.programme.whatsapp import Prices, Whatsapp
from models.whatsapp import approvals, openers, prices, templates
from models.whatsapp.templates import APPROVED, DISABLED, PAUSED, PENDING, REJECTED
from tests import windowed
from tests.chat import Chatter, Stage
from tests.opening import ask, crowd

NIGHT = datetime(2026, 11, 25, 17, 1, tzinfo=UTC)  # 00.01


def due(stage: Stage) -> list[str]:
    with stage.session() as session:
        return [one.name for one in approvals.due(session, stage.now)]


def heard(
    stage: Stage, state: str, reason: str = "", name: str = openers.CONTENT, category: str = ""
) -> bool:
    with stage.session() as session, session.begin():
        return approvals.heard(session, stage.now, f"HX{name}", state, reason, stage.programme, category)


def told(*who: Chatter) -> list[list[str]]:
    return [[one.text for one in person.hears() if "Templat WhatsApp" in one.text] for person in who]


@pytest.fixture
def team(stage: Stage) -> tuple[Chatter, Chatter, Chatter]:
    return (
        stage.person("Bu Kepala", "BAPPEDA", role="controller"),
        stage.person("Pak Admin", "BAPPEDA", role="admin"),
        stage.person("Siti Rahma"),
    )


def test_one_that_waits_is_asked_for_every_hour_and_the_others_every_day(stage: Stage) -> None:
    windowed.approve(stage, openers.CONTENT, openers.NEWS)
    assert due(stage) == [], "the command has just asked"
    heard(stage, PENDING)
    stage.later(minutes=59)
    assert due(stage) == []
    stage.later(minutes=1)
    assert due(stage) == [openers.CONTENT]
    stage.later(hours=23)
    assert due(stage) == [openers.NEWS, openers.CONTENT]
    heard(stage, APPROVED)
    stage.later(hours=1)
    assert due(stage) == [openers.NEWS]


def test_what_needs_no_approval_or_is_not_made_yet_is_not_asked_for(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        shape = templates.register(session, "buttons-1", "id", "session", "1")
        templates.created(session, shape, "HXshape")
        templates.register(session, openers.NEWS, "id", "utility", "1")
    stage.later(days=3)
    assert due(stage) == []


@pytest.mark.parametrize("state", [REJECTED, PAUSED, DISABLED])
def test_one_that_is_lost_is_told_once_to_controllers_and_admins(
    stage: Stage, team: tuple[Chatter, Chatter, Chatter], state: str
) -> None:
    windowed.approve(stage)
    for _ in range(3):
        stage.later(hours=1)
        heard(stage, state, "too many complaints")
    controllers, admins, others = told(*team)
    assert len(controllers) == len(admins) == 1
    assert others == []
    assert "Templat WhatsApp konten di" in controllers[0]
    assert "Alasan: too many complaints" in controllers[0]
    with stage.session() as session:
        assert openers.CONTENT not in templates.usable(session)


def test_one_that_comes_back_is_used_again_and_told_of_when_it_is_lost_again(
    stage: Stage, team: tuple[Chatter, Chatter, Chatter]
) -> None:
    windowed.approve(stage)
    for state in (PAUSED, APPROVED, PAUSED):
        stage.later(hours=1)
        assert heard(stage, state)
    assert len(told(*team)[0]) == 2


def test_one_that_is_still_looked_at_is_nobodys_news(
    stage: Stage, team: tuple[Chatter, Chatter, Chatter]
) -> None:
    windowed.approve(stage)
    heard(stage, PENDING)
    heard(stage, APPROVED)
    assert told(*team) == [[], [], []]


def test_at_night_it_waits_until_morning(stage: Stage, team: tuple[Chatter, Chatter, Chatter]) -> None:
    windowed.approve(stage)
    stage.now = NIGHT
    heard(stage, REJECTED)
    rows = [one.row for one in team[0].hears() if "Templat WhatsApp" in one.text]
    assert [row.due_at for row in rows] == [NIGHT + timedelta(hours=6, minutes=59)]


def test_of_words_that_were_changed_meanwhile_nothing_is_noted(stage: Stage) -> None:
    windowed.approve(stage)
    with stage.session() as session, session.begin():
        found = templates.register(session, openers.CONTENT, "id", "utility", "2")
        templates.created(session, found, "HXother")
    assert not heard(stage, REJECTED)


# -- another category than it was submitted as -----------------------------------------------------


def counted(*who: Chatter) -> list[list[str]]:
    return [[one.text for one in person.hears() if "menghitung templat" in one.text] for person in who]


def test_one_that_whatsapp_counts_as_marketing_costs_that_and_it_is_told_once(
    stage: Stage, team: tuple[Chatter, Chatter, Chatter]
) -> None:
    stage.programme = Programme(whatsapp=Whatsapp(prices=Prices(utility=100, marketing=300)))
    windowed.approve(stage)
    assert heard(stage, APPROVED, category="marketing")
    stage.later(days=1)
    assert not heard(stage, APPROVED, category="marketing")
    controllers, admins, others = counted(*team)
    assert len(controllers) == len(admins) == 1
    assert others == []
    assert "templat konten sebagai promosi" in controllers[0]
    assert "dahulu Rp100, sekarang Rp300" in controllers[0]
    with stage.session() as session:
        assert prices.estimate(session, 2, openers.CONTENT, stage.programme) == 600
        assert prices.estimate(session, 2, openers.NEWS, stage.programme) == 200
    assert due(stage) == [openers.NEWS, openers.REMINDER, openers.PACK], "it is still asked for"


def test_the_ceiling_holds_by_the_price_of_that_category(stage: Stage) -> None:
    terms = Whatsapp(monthly_ceiling=500, prices=Prices(utility=100, marketing=300))
    stage.programme = Programme(whatsapp=terms)
    windowed.approve(stage)
    heard(stage, APPROVED, category="marketing")
    assert ask(stage, crowd(stage, 4)) == 1


@pytest.mark.parametrize("category", ["", "utility", "something_new"])
def test_what_is_no_other_category_that_we_know_changes_nothing(
    stage: Stage, team: tuple[Chatter, Chatter, Chatter], category: str
) -> None:
    windowed.approve(stage)
    assert not heard(stage, APPROVED, category=category)
    assert counted(*team) == [[], [], []]
