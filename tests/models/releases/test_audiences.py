"""Who gets which item: own OPD's, else the province's, else nothing; each once, and nobody forgotten."""

from datetime import timedelta

from models.content import content
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from models.programme import weeks
from models.releases import audiences, mailing, releases
from tests import scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"


def audience(stage: Stage) -> audiences.Audience:
    with stage.session() as session:
        return audiences.measure(session, WEEK)


def serve(stage: Stage, release_id: int, who: Chatter | None = None) -> int:
    """Fills the audience of a release once more; how many people that added."""
    with stage.session() as session, session.begin():
        release = session.get_one(releases.Release, release_id)
        person = session.get_one(Person, who.person_id) if who else None
        return releases.serve(session, release, stage.now, person)


def titles(stage: Stage, who: Chatter) -> list[str]:
    """The titles of the cards that somebody has."""
    with stage.session() as session:
        return [
            content.params(session, card.item_id)["title"] for card in scene.cards(stage, who) if card.item_id
        ]


def test_everybody_gets_the_item_of_the_own_opd_else_that_of_the_province(stage: Stage) -> None:
    siti, budi = stage.person("Siti", "DINKES"), stage.person("Budi", "DISDIK")
    scene.item(stage, "DINKES", title="Imunisasi")
    scene.item(stage, None, title="Anggaran terbuka")
    scene.release(stage)
    assert titles(stage, siti) == ["Imunisasi"]
    assert titles(stage, budi) == ["Anggaran terbuka"]


def test_without_own_and_provincial_item_nothing_is_sent_and_it_is_counted(stage: Stage) -> None:
    stage.person("Siti", "DINKES")
    budi = stage.person("Budi", "DISDIK")
    scene.item(stage, "DINKES")
    assert audience(stage) == audiences.Audience(1, 1, 0, 1, 2, {"telegram": 1})
    scene.release(stage)
    assert titles(stage, budi) == []


def test_the_audience_counts_the_unreachable_and_those_who_have_not_joined(stage: Stage) -> None:
    stage.person("Siti", "DINKES")
    blocked = stage.person("Rina", "DINKES")
    stage.person("Belum", "DINKES", joined=False)
    block(stage, blocked)
    scene.item(stage, "DINKES")
    found = audience(stage)
    assert (found.people, found.reachable, found.unreachable) == (2, 1, 1)
    assert (found.roster, found.not_joined, found.without_item) == (3, 1, 0)
    assert found.channels == {"telegram": 1}


def test_what_was_measured_is_what_is_queued(stage: Stage) -> None:
    for number in range(4):
        stage.person(f"Orang {number}", "DINKES")
    block(stage, stage.person("Rina", "DISDIK"))
    scene.item(stage, None)
    found = audience(stage)
    scene.release(stage, send=False)
    states = scene.statuses(stage, Outbound.part == "card")
    assert states == {outbox.QUEUED: found.reachable, outbox.SKIPPED: found.unreachable}


def test_card_and_caption_come_in_order_and_carry_the_disclosure_line(stage: Stage) -> None:
    siti = stage.person("Siti", "DINKES")
    scene.item(stage, "DINKES", media=True)
    scene.release(stage, send=False)
    card, caption = scene.rows(stage, Outbound.person_id == siti.person_id)
    assert (card.part, card.status, card.follows) == ("card", outbox.QUEUED, None)
    assert (caption.part, caption.status, caption.follows) == ("caption", outbox.WAITING, card.key)
    assert card.body["with_media"] is True
    heard = siti.hears()[-1].text
    assert heard == "Ayo ke Puskesmas! #JambiSehat\n\nSaya ASN Pemprov Jambi"


def test_who_saves_data_gets_text_and_a_button_for_the_picture(stage: Stage) -> None:
    siti, budi = stage.person("Siti", "DINKES"), stage.person("Budi", "DINKES")
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).saver = True
    item = scene.item(stage, "DINKES", media=True)
    scene.release(stage, send=False)
    assert "with_media" not in scene.cards(stage, siti)[0].body
    assert siti.hears()[0].actions["Gambar lengkap (9 byte)"] == f"share.media:{item}"
    assert scene.cards(stage, budi)[0].body["with_media"] is True
    assert "Gambar lengkap (9 byte)" not in budi.hears()[0].actions


def test_who_saves_data_has_no_such_button_where_there_is_no_picture(stage: Stage) -> None:
    siti = stage.person("Siti", "DINKES")
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).saver = True
    scene.item(stage, "DINKES", media=False)
    scene.release(stage, send=False)
    assert "Gambar lengkap (9 byte)" not in siti.hears()[0].actions


def test_filling_again_adds_nothing(stage: Stage) -> None:
    stage.person("Siti", "DINKES")
    block(stage, stage.person("Rina", "DINKES"))
    scene.item(stage, "DINKES")
    release = scene.release(stage, send=False)
    before = [(row.id, row.status, row.due_at) for row in scene.rows(stage)]
    stage.later(minutes=5)
    assert serve(stage, release) == 0
    assert [(row.id, row.status, row.due_at) for row in scene.rows(stage)] == before


def test_somebody_who_can_be_reached_later_gets_it_later(stage: Stage) -> None:
    rina = stage.person("Rina", "DINKES")
    block(stage, rina)
    scene.item(stage, "DINKES")
    release = scene.release(stage)
    assert [row.status for row in scene.cards(stage, rina)] == [outbox.SKIPPED]
    unblock(stage, rina)
    assert serve(stage, release) == 1
    rows = scene.rows(stage, Outbound.person_id == rina.person_id)
    assert [(row.part, row.status) for row in rows] == [("card", outbox.QUEUED), ("caption", outbox.WAITING)]
    assert rows[0].address == str(rina.chat)
    assert serve(stage, release) == 0


def test_somebody_who_blocked_in_between_gets_it_after_coming_back(stage: Stage) -> None:
    rina = stage.person("Rina", "DINKES")
    scene.item(stage, "DINKES")
    release = scene.release(stage, send=False)
    scene.turned_out(stage, scene.cards(stage, rina), outbox.FAILED, "blocked")
    block(stage, rina)
    assert serve(stage, release) == 0
    unblock(stage, rina)
    assert serve(stage, release) == 1
    rows = scene.rows(stage, Outbound.person_id == rina.person_id)
    assert [(row.part, row.status) for row in rows] == [("card", outbox.QUEUED), ("caption", outbox.WAITING)]


def test_a_card_that_arrived_is_never_sent_again(stage: Stage) -> None:
    rina = stage.person("Rina", "DINKES")
    scene.item(stage, "DINKES")
    release = scene.release(stage)
    block(stage, rina)
    unblock(stage, rina)
    assert serve(stage, release) == 0
    assert serve(stage, release, rina) == 0


def test_somebody_who_joins_in_mid_week_gets_the_running_item_at_once(stage: Stage) -> None:
    stage.person("Siti", "DINKES")
    scene.item(stage, "DINKES")
    release = scene.release(stage)
    scene.settle(stage)
    stage.later(days=2)
    budi, rina = stage.person("Budi", "DINKES"), stage.person("Rina", "DINKES")
    assert serve(stage, release, budi) == 1
    assert [len(scene.cards(stage, who)) for who in (budi, rina)] == [1, 0]
    scene.settle(stage)  # and who was not served at once is found by the next round
    assert len(scene.cards(stage, rina)) == 1
    assert scene.cards(stage, budi)[0].expires_at == weeks.closing(WEEK, stage.programme)


def test_nobody_joins_a_release_that_was_stopped_or_is_over(stage: Stage) -> None:
    siti = stage.person("Siti", "DINKES")
    scene.item(stage, "DINKES")
    release = scene.release(stage)
    with stage.session() as session, session.begin():
        releases.stop(session, session.get_one(releases.Release, release), None, stage.now)
    budi = stage.person("Budi", "DINKES")
    assert serve(stage, release, budi) == 0
    stage.later(days=8)
    assert serve(stage, release, siti) == 0


def test_somebody_who_left_or_withdrew_is_no_audience(stage: Stage) -> None:
    left, withdrew = stage.person("Left", "DINKES"), stage.person("Withdrew", "DINKES")
    with stage.session() as session, session.begin():
        session.get_one(Person, left.person_id).active = False
        session.get_one(Person, withdrew.person_id).joined_at = None
    scene.item(stage, "DINKES")
    assert audience(stage).people == 0
    scene.release(stage, send=False)
    assert scene.cards(stage) == []


def test_the_expected_duration_is_two_messages_a_person() -> None:
    assert audiences.seconds(15_000, 30.0) == timedelta(seconds=1000)


def block(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(who.chat), stage.now)


def unblock(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        account = people.account(session, "telegram", str(who.chat))
        assert account is not None
        people.unblock(account)


def lacking(stage: Stage, release_id: int) -> bool:
    with stage.session() as session:
        release = session.get_one(releases.Release, release_id)
        return mailing.lacking(session, release.id, release.plan(session))


def blocks(stage: Stage, who: Chatter, status: str = people.BLOCKED) -> None:
    with stage.session() as session, session.begin():
        account = people.account(session, "telegram", str(who.chat))
        assert account is not None
        account.status = status


def test_nobody_is_lacking_once_everybody_has_a_row_those_out_of_reach_included(stage: Stage) -> None:
    siti = stage.person("Siti")
    blocks(stage, siti)
    stage.person("Budi")
    stage.person("Tono", "DISHUB")  # without an item
    scene.item(stage, "DINKES")
    release_id = scene.release(stage)
    assert scene.statuses(stage, Outbound.part == "card") == {"sent": 1, "skipped": 1}
    assert not lacking(stage, release_id)
    assert serve(stage, release_id) == 0


def test_a_week_long_whoever_joins_or_comes_back_is_found_by_the_next_look(stage: Stage) -> None:
    siti, budi = stage.person("Siti"), stage.person("Budi")
    blocks(stage, siti)
    scene.item(stage, "DINKES", urgent=True)
    scene.item(stage, "DINKES", title="Minggu ini")
    release_id = scene.release(stage)
    stage.later(days=3)
    late = stage.person("Rina")  # on the roster, joined, but nobody told the release of it
    assert lacking(stage, release_id)
    assert serve(stage, release_id) == 1
    assert not lacking(stage, release_id)
    assert len(scene.cards(stage, late)) == 1
    blocks(stage, siti, people.ACTIVE)
    assert lacking(stage, release_id)
    assert serve(stage, release_id) == 1
    assert scene.cards(stage, siti)[0].status == outbox.QUEUED
    scene.turned_out(stage, scene.cards(stage, budi), outbox.FAILED, "blocked")
    assert lacking(stage, release_id)  # the account is active: it was unblocked meanwhile
    scene.turned_out(stage, scene.cards(stage, budi), outbox.FAILED, "refused")
    assert not lacking(stage, release_id)
