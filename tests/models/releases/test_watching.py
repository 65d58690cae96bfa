"""One progress message, edited in place: fresh or not at all, and the result always."""

from datetime import datetime

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import people, roles
from models.people.people import Person
from models.releases import deliveries, releases, watching
from models.releases.releases import Release
from tests import scene
from tests.chat import Stage


class Watched:
    """A running release of some people, with somebody who watches it."""

    def __init__(self, stage: Stage, people: int = 4, *, watched: bool = True) -> None:
        self.stage = stage
        self.boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
        for number in range(people):
            stage.person(f"Orang {number}")
        scene.item(stage)
        self.id = scene.release(stage, by=self.boss, send=False)
        if watched:
            with stage.session() as session, session.begin():
                outbox.queue(
                    session, stage.now, "reply:1", "telegram", str(self.boss.chat), Post("general.error")
                )
                watching.watch(
                    session.get_one(Release, self.id), "telegram", str(self.boss.chat), "reply:1", 15.0
                )

    def message_is_out(self) -> None:
        scene.turned_out(self.stage, scene.rows(self.stage, Outbound.key == "reply:1"), outbox.SENT)

    def sent(self, number: int) -> None:
        waiting = [card for card in scene.cards(self.stage) if card.status == outbox.QUEUED]
        scene.turned_out(self.stage, waiting[:number], outbox.SENT)

    def follow(self, seconds: float = 2) -> bool:
        self.stage.later(seconds=seconds)
        with self.stage.session() as session, session.begin():
            return watching.follow(
                session, session.get_one(Release, self.id), self.stage.now, self.stage.programme
            )

    def ends(self) -> None:
        """Everything has gone out, and the round after it has noticed."""
        self.sent(99)
        captions = scene.rows(self.stage, Outbound.part == "caption")
        scene.turned_out(self.stage, captions, outbox.SENT)
        assert [release.id for release in scene.settle(self.stage)] == [self.id]

    def edits(self) -> list[Outbound]:
        return scene.rows(self.stage, Outbound.op == "edit")

    def shown(self) -> str:
        return [heard.text for heard in self.stage.heard(self.boss.chat) if heard.op == "edit"][-1]


def test_nothing_is_edited_before_the_message_is_out(stage: Stage) -> None:
    watched = Watched(stage)
    watched.sent(1)
    assert not watched.follow()
    watched.message_is_out()
    assert watched.follow()
    (edit,) = watched.edits()
    assert (edit.target_key, edit.address) == ("reply:1", str(watched.boss.chat))
    assert edit.expires_at is not None
    assert (edit.expires_at - stage.now).total_seconds() == 5


def test_an_edit_is_made_only_when_there_is_something_new(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    watched.sent(1)
    assert [watched.follow(), watched.follow(), watched.follow()] == [True, False, False]
    watched.sent(1)
    assert watched.follow()
    assert len({edit.key for edit in watched.edits()}) == 2


def test_the_same_two_seconds_are_shown_once(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    stage.now = stage.now.replace(second=0)
    watched.sent(1)
    assert watched.follow(0)
    watched.sent(1)
    assert not watched.follow(1)
    assert watched.follow(1)  # what could not be shown then is shown now


def test_the_message_says_how_far_it_is_and_how_long_it_takes(stage: Stage) -> None:
    watched = Watched(stage, people=100)
    watched.message_is_out()
    for _ in range(10):  # two people a second, for 20 seconds
        watched.sent(4)
        watched.follow()
    text = watched.shown()
    assert "Terkirim 40 dari 100 ASN" in text
    assert "▓▓▓▓░░░░░░ 40%" in text
    seconds = watched.edits()[-1].body["params"]["seconds"]
    assert 24 <= seconds <= 36  # 60 people at two a second, the guess of the start nearly forgotten


def test_while_it_is_paused_no_time_is_promised(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    watched.sent(1)
    watched.follow()
    with stage.session() as session, session.begin():
        releases.pause(session, session.get_one(Release, watched.id), None, stage.now)
    assert watched.follow()
    assert watched.shown().startswith("Siaran dijeda")
    assert "Sisa waktu" not in watched.shown()
    assert list(stage.heard(watched.boss.chat)[-1].actions) == ["Lanjutkan", "Hentikan"]


def test_the_result_stands_in_the_message_at_the_end_once(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    watched.sent(1)
    watched.follow()
    watched.ends()
    assert watched.follow()
    assert not watched.follow()
    assert watched.shown().startswith("Siaran selesai")
    assert "Terkirim: 4 dari 4 ASN" in watched.shown()
    assert [edit.status for edit in watched.edits()] == [outbox.CANCELLED, outbox.QUEUED]
    assert watched.edits()[-1].expires_at is None


def test_the_result_waits_for_the_message_it_goes_into(stage: Stage) -> None:
    watched = Watched(stage)
    watched.ends()
    assert watched.follow()
    (edit,) = watched.edits()
    assert (edit.status, edit.follows) == (outbox.WAITING, "reply:1")


def test_the_result_names_why_people_did_not_get_it(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    blocked = scene.cards(stage)[0]
    with stage.session() as session, session.begin():
        people.block(session, "telegram", blocked.address, stage.now)
    scene.turned_out(stage, [blocked], outbox.FAILED, "blocked")
    scene.turned_out(stage, scene.cards(stage)[1:2], outbox.FAILED, "refused")
    watched.ends()
    watched.follow()
    assert (
        "Tidak terkirim: 2\n• akun memblokir bot atau sudah tidak ada: 1\n"
        "• ditolak oleh Telegram atau WhatsApp: 1" in watched.shown()
    )
    assert list(stage.heard(watched.boss.chat)[-1].actions) == ["Siapa yang belum?", "Kirim ulang yang gagal"]


def test_a_release_that_nobody_watches_tells_the_controllers_its_result(stage: Stage) -> None:
    watched = Watched(stage, watched=False)
    other = stage.person("Pak Wakil", "BAPPEDA", role="controller")
    watched.sent(1)
    assert not watched.follow()
    watched.ends()
    assert watched.follow()
    assert not watched.follow()
    for who in (watched.boss, other):
        (result,) = [heard for heard in who.hears() if "Siaran selesai" in heard.text]
        assert result.op == "send"


def test_who_may_release_no_longer_is_not_told(stage: Stage) -> None:
    watched = Watched(stage, watched=False)
    with stage.session() as session, session.begin():
        boss = session.get_one(Person, watched.boss.person_id)
        roles.revoke(session, boss, "controller", None, stage.now, by=None)
    watched.ends()
    assert not watched.follow()


def test_a_retry_shows_its_own_result_again(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    scene.turned_out(stage, scene.cards(stage)[:1], outbox.FAILED, "refused")
    watched.ends()
    watched.follow()
    stage.later(minutes=5)
    with stage.session() as session, session.begin():
        assert deliveries.retry(session, session.get_one(Release, watched.id), None, stage.now) == 1
    assert watched.follow()
    assert watched.shown().startswith("Sedang menyiarkan")
    watched.ends()
    assert watched.follow()
    assert "Terkirim: 4 dari 4 ASN" in watched.shown()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unreachable", "tidak ada akun yang aktif"),
        ("week closed", "waktunya habis"),
        ("too late", "waktunya habis"),
        ("release stopped", "siaran dihentikan"),
        ("channel", "gangguan jaringan"),
        ("never heard of", "sebab lain"),
    ],
)
def test_every_reason_has_words(stage: Stage, reason: str, words: str) -> None:
    watched = Watched(stage, people=1)
    watched.message_is_out()
    scene.turned_out(stage, scene.cards(stage), outbox.CANCELLED, reason)
    watched.ends()
    watched.follow()
    assert f"• {words}: 1" in watched.shown()


def test_times_are_kept_as_they_were(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    watched.sent(1)
    watched.follow()
    with stage.session() as session:
        seen = session.get_one(Release, watched.id).watched
    assert datetime.fromisoformat(seen["at"]) == stage.now


def correct(stage: Stage, **later: float) -> int:
    stage.later(**later)
    with stage.session() as session, session.begin():
        return watching.correct(session, stage.now, stage.programme)


def fails_afterwards(stage: Stage, watched: Watched, number: int = 1) -> None:
    """A channel reports that messages were lost which it had taken."""
    sent = [card for card in scene.cards(stage) if card.status == outbox.SENT]
    scene.turned_out(stage, sent[:number], outbox.FAILED, "number")


@pytest.mark.parametrize("edited", [True, False], ids=["in its message", "anew"])
def test_a_result_that_changes_within_the_hour_is_told_once_when_the_hour_is_over(
    stage: Stage, edited: bool
) -> None:
    watched = Watched(stage, watched=edited)
    if edited:
        watched.message_is_out()
    watched.ends()
    watched.follow()
    fails_afterwards(stage, watched)
    assert correct(stage, minutes=30) == 0
    assert correct(stage, minutes=31) == 1
    assert [correct(stage, minutes=59), correct(stage, minutes=2), correct(stage, hours=2)] == [0, 0, 0]
    said = [heard.text for heard in stage.heard(watched.boss.chat) if "Siaran selesai" in heard.text]
    assert len(said) == 2
    assert "Terkirim: 3 dari 4 ASN" in said[-1]


def test_a_result_that_stays_as_it_was_told_is_not_told_again(stage: Stage) -> None:
    watched = Watched(stage)
    watched.message_is_out()
    scene.turned_out(stage, scene.cards(stage)[:1], outbox.FAILED, "refused")
    watched.ends()
    watched.follow()
    assert correct(stage, hours=2) == 0


def test_at_night_nobody_is_told_of_a_changed_result(stage: Stage) -> None:
    watched = Watched(stage, watched=False)
    watched.ends()
    watched.follow()
    fails_afterwards(stage, watched)
    stage.now = stage.programme.quiet_from(stage.now)
    assert correct(stage, hours=1) == 0
    stage.now = stage.programme.quiet_until(stage.now)
    assert correct(stage) == 1
