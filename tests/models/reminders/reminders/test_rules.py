"""A table of who gets a reminder, and in which words."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.texts import rendering
from models.messages import outbox
from models.messages.post import Post
from models.people import breaks, people
from models.people.people import Person
from models.programme import weeks
from models.releases.releases import FINISHED, Release
from models.shares import shares, standings
from tests import scene
from tests.chat import Chatter, Stage
from tests.models.reminders.reminders.acts import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEEK,
    Happening,
    change,
    later,
    leave,
    not_this_week,
    prove,
    remind,
    reminders_of,
    stop,
)


def both(*happenings: Happening) -> Happening:
    def happens(stage: Stage, who: Chatter) -> None:
        for one in happenings:
            one(stage, who)

    return happens


def not_received(stage: Stage, who: Chatter) -> None:
    scene.turned_out(stage, scene.cards(stage, who), outbox.FAILED, "refused")


def block(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(who.chat), stage.now)


def past(*weeks_: str) -> Happening:
    """Earlier weeks, the newest last: "proved", "received" and nothing shown, "nothing" received, or the
    state of what was sent."""

    def happens(stage: Stage, who: Chatter) -> None:
        item = scene.cards(stage, who)[0].item_id
        with stage.session() as session, session.begin():
            person = session.get_one(Person, who.person_id)
            for back, what in enumerate(reversed(weeks_), 1):
                week = weeks.shift(WEEK, -back)
                opens, closes = weeks.opening(week, stage.programme), weeks.closing(week, stage.programme)
                release = Release(week=week, started_at=opens, closes_at=closes, status=FINISHED)
                session.add(release)
                session.flush()
                if what == "nothing":
                    continue
                outbox.queue(
                    session, opens, f"past:{week}:{person.id}", "telegram", "0", Post("x"), part="card",
                    person_id=person.id, release_id=release.id, item_id=item, status=outbox.SENT,
                )  # fmt: skip
                if what != "received":
                    status = standings.ACCEPTED if what == "proved" else what
                    session.add(
                        shares.Share(
                            person_id=person.id, opd_id=person.opd_id, item_id=item, week=week,
                            platform="facebook", status=status, late=False, at=opens, updated_at=opens,
                        )
                    )  # fmt: skip

    return happens


def sent(*statuses: str) -> Happening:
    """Shares of this week, one after the other, that ended up in these states."""

    def happens(stage: Stage, who: Chatter) -> None:
        for status in statuses:
            prove(stage, who, status)

    return happens


def becomes(status: str) -> Happening:
    """What becomes of the newest share."""

    def happens(stage: Stage, who: Chatter) -> None:
        with stage.session() as session, session.begin():
            query = select(shares.Share).where(shares.Share.person_id == who.person_id)
            share = session.scalars(query.order_by(shares.Share.id.desc())).first()
            assert share is not None
            share.status = status

    return happens


def back(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        assert breaks.resume(session, session.get_one(Person, who.person_id))


def asks(stage: Stage, who: Chatter) -> None:
    assert later(stage, who, 5) is not None
    stage.sent()


def leaves(stage: Stage, who: Chatter) -> None:
    change(stage, who, active=False)


def withdraws_consent(stage: Stage, who: Chatter) -> None:
    change(stage, who, joined_at=None)


def does_nothing(_stage: Stage, _who: Chatter) -> None:
    pass


STEADILY = past("proved", "proved", "proved", "proved")
NONE = ""
# The rules: what somebody did before Friday's reminder, between it and Monday's, and which text each is.
RULES: list[tuple[str, Happening, Happening, str, str]] = [
    # How they have taken part so far.
    ("never took part", does_nothing, does_nothing, "never_first", "never_last"),
    ("received, never showed any", past(*["received"] * 5), does_nothing, "never_first", "never_last"),
    ("took back the only one", past("withdrawn"), does_nothing, "never_first", "never_last"),
    ("only ever said sudah", past("claimed", "claimed"), does_nothing, "never_first", "never_last"),
    ("once, long ago", past("proved", *["received"] * 5), does_nothing, "sometimes_first", "sometimes_last"),
    ("tried, and was rejected", past("rejected"), does_nothing, "sometimes_first", "sometimes_last"),
    ("three weeks, not yet steady", past(*["proved"] * 3), does_nothing, "sometimes_first", "sometimes_last"),
    ("missed the last", past(*["proved"] * 4, "received"), does_nothing, "sometimes_first", "sometimes_last"),
    ("missed one of four", past("proved", "received", "proved", "proved", "proved"), does_nothing,
     "sometimes_first", "sometimes_last"),
    ("the last four weeks", STEADILY, does_nothing, "always_first", "always_last"),
    ("four since a gap", past("received", *["proved"] * 4), does_nothing, "always_first", "always_last"),
    ("received nothing in between", past("proved", "proved", "nothing", "proved", "proved"), does_nothing,
     "always_first", "always_last"),
    # What they did this week.
    ("said sudah, new", sent("claimed"), does_nothing, "never_first_claimed", "never_last_claimed"),
    ("said sudah, at times", both(past("proved"), sent("claimed")), does_nothing,
     "sometimes_first_claimed", "sometimes_last_claimed"),
    ("said sudah, always", both(STEADILY, sent("claimed")), does_nothing,
     "always_first_claimed", "always_last_claimed"),
    ("said sudah after the first", does_nothing, sent("claimed"), "never_first", "never_last_claimed"),
    ("showed it", sent("received"), does_nothing, NONE, NONE),
    ("showed it, accepted", sent("accepted"), does_nothing, NONE, NONE),
    ("showed it after the first", does_nothing, sent("received"), "never_first", NONE),
    ("was rejected", sent("rejected"), does_nothing, "rejected_first", "rejected_last"),
    ("was rejected, though steady", both(STEADILY, sent("rejected")), does_nothing,
     "rejected_first", "rejected_last"),
    ("was rejected, said sudah again", sent("rejected", "claimed"), does_nothing,
     "rejected_first", "rejected_last"),
    ("was rejected, sent a new one", sent("rejected", "received"), does_nothing, NONE, NONE),
    ("appeals", sent("appealed"), does_nothing, NONE, NONE),
    ("appeals, was rejected again", sent("appealed"), becomes("rejected"), NONE, "rejected_last"),
    ("showed it, rejected afterwards", sent("received"), becomes("rejected"), NONE, "rejected_last"),
    ("showed it, took it back", sent("received"), becomes("withdrawn"), NONE, "never_last"),
    # What they asked for.
    ("on leave", leave(TUESDAY), does_nothing, NONE, NONE),
    ("on leave over the weekend", leave(FRIDAY + timedelta(days=2)), does_nothing, NONE, "never_last"),
    ("leave that is over", leave(FRIDAY - timedelta(hours=1)), does_nothing, "never_first", "never_last"),
    ("leave after the first", does_nothing, leave(TUESDAY), "never_first", NONE),
    ("back earlier", leave(TUESDAY), back, NONE, "never_last"),
    ("not this week", not_this_week, does_nothing, NONE, NONE),
    ("not this week, after all", not_this_week, back, NONE, "never_last"),
    ("later: that was the second", does_nothing, asks, "never_first", NONE),
    # Who cannot be, or is not to be reminded at all.
    ("never received it", not_received, does_nothing, NONE, NONE),
    ("left the service", leaves, does_nothing, NONE, NONE),
    ("withdrew the consent", withdraws_consent, does_nothing, NONE, NONE),
    ("blocked us", block, does_nothing, NONE, NONE),
    ("blocked us after the first", does_nothing, block, "never_first", NONE),
    ("the release was stopped", stop, does_nothing, NONE, NONE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "between", "first", "last"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES]
)
def test_who_is_reminded_and_how(
    stage: Stage, siti: Chatter, before: Happening, between: Happening, first: str, last: str
) -> None:
    before(stage, siti)
    assert remind(stage, 1, FRIDAY) == bool(first)
    assert texts(stage, siti)[:1] == ([f"reminding.{first}"] if first else [])
    stage.sent()
    between(stage, siti)
    known = len(texts(stage, siti))
    assert remind(stage, 2, MONDAY) == bool(last)
    assert texts(stage, siti)[known:] == ([f"reminding.{last}"] if last else [])


def texts(stage: Stage, who: Chatter) -> list[str]:
    return [row.body["text"] for row in reminders_of(stage, who)]


def test_every_text_of_a_reminder_is_in_the_table_and_can_be_said() -> None:
    rows = {text for rule in RULES for text in rule[3:] if text}
    assert len(rows) == 14
    about = {"closes": "2026-12-02T00:30:00+00:00", "title": "Imunisasi gratis"}
    said = [
        rendering.render(f"reminding.{name}", about, markup="plain", zone="Asia/Jakarta") for name in rows
    ]
    assert len(set(said)) == len(rows)
    for text in said:
        assert "Imunisasi gratis" in text
        assert "Rabu, 2 Desember 2026, 07.30 WIB" in text
        assert len(text) < 420  # a screen of a small phone
        assert not re.search(r"\b(belum pernah|tidak pernah|malas|wajib|harus|sanksi|gagal)\b", text)


def test_who_said_sudah_is_not_asked_again_whether_they_have_shared(stage: Stage, siti: Chatter) -> None:
    prove(stage, siti, standings.CLAIMED)
    remind(stage)
    assert list(siti.hears()[-1].actions) == ["Nanti", "Sedang cuti", "Jangan minggu ini"]


def test_the_last_reminder_has_other_words(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    remind(stage, 2, MONDAY)
    first, last = (heard.text for heard in siti.hears()[-2:])
    assert first.startswith("Ada konten baru dari kantor Anda:\nImunisasi gratis")
    assert last.startswith("Masih ada waktu untuk ikut minggu ini:\nImunisasi gratis")
    assert "Rabu, 2 Desember 2026, 07.30 WIB" in last


def test_the_picture_comes_along_by_reference_or_on_request(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    assert reminders_of(stage, siti)[0].body["with_media"] is True
    change(stage, siti, saver=True)
    remind(stage, 2, MONDAY)
    last = reminders_of(stage, siti)[1]
    assert "with_media" not in last.body
    assert siti.hears()[-1].actions["Lihat gambar"] == "share.media"
