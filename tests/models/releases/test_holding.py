"""A release that pauses itself when sending goes wrong, once, and not for what is the people's own."""

from datetime import timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import audit
from models.releases import holding, releases
from models.releases.releases import Release
from tests import counting, scene
from tests.chat import Chatter, Heard, Stage


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller, and forty people to whom a release is on its way."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    for number in range(40):
        stage.person(f"Orang {number:02}")
    scene.item(stage)
    scene.release(stage, send=False)
    return who


def ends(stage: Stage, first: int, last: int, status: str, reason: str = "") -> None:
    """The cards from `first` on up to `last` ended now."""
    with stage.session() as session, session.begin():
        for card in scene.cards(stage)[first:last]:
            found = session.get_one(Outbound, card.id)
            found.status, found.reason, found.due_at = status, reason, stage.now
            found.sent_at = stage.now if status == outbox.SENT else None


def look(stage: Stage, *, failures: float = 0.2, least: int = 10) -> holding.Strain | None:
    with stage.session() as session, session.begin():
        (release,) = releases.running(session)
        return holding.look(session, release, stage.now, failures=failures, least=least)


def status(stage: Stage) -> str:
    (release,) = scene.open_releases(stage)
    return release.status


def told(boss: Chatter) -> list[Heard]:
    return [heard for heard in boss.hears() if "dijeda oleh program" in heard.text]


def test_too_many_failures_pause_it_and_controllers_are_told_why(stage: Stage, boss: Chatter) -> None:
    ends(stage, 0, 12, outbox.SENT)
    ends(stage, 12, 15, outbox.FAILED, "refused")
    ends(stage, 15, 16, outbox.FAILED, "channel")
    seen = look(stage)
    assert seen == holding.Strain(16, 4, "refused")
    assert status(stage) == releases.PAUSED
    (alert,) = told(boss)
    assert "Dari 16 kiriman terakhir, 4 gagal." in alert.text
    assert "Sebab terbanyak: ditolak oleh Telegram atau WhatsApp." in alert.text
    assert list(alert.actions) == ["Lanjutkan", "Hentikan", "Lihat yang gagal"]
    with stage.session() as session:
        paused = [one for one in session.query(audit.Entry) if one.act == "paused"]
    assert [(one.actor_id, one.reason) for one in paused] == [(None, holding.REASON)]
    assert look(stage) is None  # it is paused: nobody is told twice
    assert len(told(boss)) == 1


@pytest.mark.parametrize(
    ("sent", "failed", "reason"),
    [(30, 5, "refused"), (0, 9, "refused"), (0, 40, "blocked"), (40, 0, "")],
    ids=["too small a part", "too few results", "the people's own", "none"],
)
def test_what_is_no_alarm_pauses_nothing(
    stage: Stage, boss: Chatter, sent: int, failed: int, reason: str
) -> None:
    ends(stage, 0, sent, outbox.SENT)
    ends(stage, sent, sent + failed, outbox.FAILED, reason)
    assert look(stage) is None
    assert status(stage) == releases.RUNNING


def test_blocked_accounts_do_not_hide_failures(stage: Stage, boss: Chatter) -> None:
    ends(stage, 0, 20, outbox.FAILED, "blocked")
    ends(stage, 20, 28, outbox.SENT)
    ends(stage, 28, 31, outbox.FAILED, "channel")
    assert look(stage) == holding.Strain(11, 3, "channel")


def test_after_a_resume_only_what_happens_from_then_on_counts(stage: Stage, boss: Chatter) -> None:
    ends(stage, 0, 12, outbox.FAILED, "refused")
    assert look(stage) is not None
    stage.later(minutes=1)
    boss.presses("Lanjutkan", action=told(boss)[0].actions["Lanjutkan"])
    assert status(stage) == releases.RUNNING
    stage.now += timedelta(seconds=2)
    assert look(stage) is None
    ends(stage, 12, 22, outbox.SENT)
    assert look(stage) is None
    stage.now += timedelta(seconds=2)
    ends(stage, 22, 32, outbox.FAILED, "refused")
    assert look(stage) == holding.Strain(20, 10, "refused")
    assert len(told(boss)) == 2


def test_only_the_newest_results_count(stage: Stage, boss: Chatter) -> None:
    ends(stage, 0, 10, outbox.FAILED, "refused")
    stage.now += timedelta(seconds=1)
    ends(stage, 10, 30, outbox.SENT)
    (release,) = scene.open_releases(stage)
    with stage.session() as session:
        assert holding.strain(session, release, window=20) == holding.Strain(20, 0)
        assert holding.strain(session, release, window=25) == holding.Strain(25, 5, "refused")


def test_a_release_that_is_held_is_not_retried_behind_its_back(stage: Stage, boss: Chatter) -> None:
    ends(stage, 0, 12, outbox.FAILED, "refused")
    look(stage)
    (missing,) = boss.presses("Lihat yang gagal")
    assert "Orang 00 (Dinas Kesehatan): ditolak oleh Telegram atau WhatsApp" in missing.text
    assert "Kirim ulang yang gagal" not in missing.actions
    number = next(iter(scene.open_releases(stage))).id
    assert "sedang dijeda" in boss.presses("", action=f"release.retry:{number}")[0].text
    assert isinstance(scene.open_releases(stage)[0], Release)
    assert status(stage) == releases.PAUSED


def test_the_newest_results_are_read_from_the_end_of_an_index(stage: Stage, boss: Chatter) -> None:
    """However large a release is: neither all its rows are read nor sorted."""
    (release,) = scene.open_releases(stage)
    with stage.session() as session:
        with counting.statements(stage.engine) as asked:
            holding.strain(session, release)
        ((statement, values),) = [one for one in asked if "outbox" in one[0]]
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # its table is tiny here
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
            explain = "EXPLAIN (COSTS OFF) "
        else:
            explain = "EXPLAIN QUERY PLAN "
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))
    assert "ix_outbox_release_sent" in plan
    assert "ix_outbox_release_failed" in plan
