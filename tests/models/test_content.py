"""The life of an item: which ways exist, who may go them, and what each leaves behind."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.texts import rendering
from models import authors, content, fields, files, listings, people, releases, roles, slots, weeks
from models.audit import Entry
from models.content import APPROVED, CLOSED, DRAFT, DROPPED, RELEASED, RETURNED, SUBMITTED, TRANSITIONS, Item
from models.people import Opd, Person
from models.refused import Refused
from tests.chat import WEDNESDAY, Stage

STATES = (DRAFT, SUBMITTED, RETURNED, APPROVED, RELEASED, CLOSED, DROPPED)
ACTS = ("submit", "drop", "approve", "return", "release", "close")
GOOD = {
    "title": "Puskesmas Rawasari buka sampai malam",
    "what": "Mulai 1 Desember Puskesmas Rawasari melayani sampai pukul 21.00.",
    "why": "Warga yang bekerja sampai sore tetap bisa berobat.",
    "caption": "Pulang kerja baru sempat berobat? Kini bisa.",
    "source_url": "https://dinkes.jambiprov.go.id/berita/malam",
}


@pytest.fixture
def session(stage: Stage) -> Iterator[Session]:
    with stage.session() as opened, opened.begin():
        yield opened


def cast(session: Session, name: str, role: str = "", opd: str = "DINKES") -> Person:
    """Somebody of the roster with a role."""
    agency = people.opd(session, opd)
    if agency is None:
        agency = Opd(code=opd, name=f"Dinas {opd}")
        session.add(agency)
        session.flush()
    person = Person(name=name, opd_id=agency.id, active=True, created_at=WEDNESDAY)
    session.add(person)
    session.flush()
    if role:
        roles.grant(session, person, role, None, WEDNESDAY, by=None)
    return person


def written(session: Session, author: Person, week: str = "2026-W49", *, provincial: bool = False) -> Item:
    """A draft that lacks nothing."""
    item = content.start(session, author, None if provincial else author.opd_id, WEDNESDAY)
    for field, value in GOOD.items():
        content.fill(session, item, field, value, WEDNESDAY)
    content.illustrate(session, item, None, WEDNESDAY)
    content.plan(session, item, week, WEDNESDAY)
    return item


def put(session: Session, item: Item, status: str) -> None:
    """Sets a state behind the back of the rules, as the starting point of a test."""
    session.execute(update(Item).where(Item.id == item.id).values(status=status, version=1))
    session.refresh(item)


def trail(session: Session, item: Item) -> list[Entry]:
    rows = select(Entry).where(Entry.subject == "item", Entry.subject_id == str(item.id)).order_by(Entry.id)
    return list(session.scalars(rows))


def refusal(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.key


# -- the table ---------------------------------------------------------------------------------


def reachable(without: set[str]) -> set[str]:
    """The states that a draft can come to when nobody does any of these acts."""
    known = {DRAFT}
    for _ in STATES:
        known |= {
            step.to for (state, act), step in TRANSITIONS.items() if state in known and act not in without
        }
    return known


def test_every_state_can_be_reached_and_no_way_leads_around_an_approval() -> None:
    assert reachable(set()) == set(STATES)
    assert reachable({"approve"}) == {DRAFT, SUBMITTED, RETURNED, DROPPED}


def test_every_decision_of_a_reviewer_needs_four_eyes_and_every_return_a_reason() -> None:
    for (_, act), step in TRANSITIONS.items():
        assert step.four_eyes == (step.capability == "approve")
        assert step.reason == (act == "return")
        assert step.own == (step.capability == "submit")


@pytest.mark.parametrize("state", STATES)
def test_an_item_goes_the_ways_of_the_table_and_no_other(session: Session, state: str) -> None:
    author, controller = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    people_ = {"submit": author, "drop": author, "approve": controller, "return": controller}
    for act in ACTS:
        item, by = written(session, author), people_.get(act)
        put(session, item, state)
        step, rows = TRANSITIONS.get((state, act)), len(trail(session, item))
        if step is None:
            key = refusal(content.move, session, item, act, by, WEDNESDAY, reason="angka keliru")
            assert key in ("reviewing.too_late", "reviewing.somebody_first", "reviewing.you_before")
            assert (item.status, len(trail(session, item))) == (state, rows)
        else:
            content.move(session, item, act, by, WEDNESDAY, reason="angka keliru")
            last = trail(session, item)[-1]
            assert item.status == step.to
            assert (last.act, last.before, last.after) == (act, state, step.to)
            assert last.actor_id == (by.id if by else None)
            assert len(trail(session, item)) == rows + 1
        put(session, item, DROPPED)  # out of the way of the next


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_whatever_is_tried_an_item_is_released_only_after_somebody_else_approved_it(
    stage: Stage, data: st.DataObject
) -> None:
    with stage.session() as session, session.begin() as transaction:
        author = cast(session, "Siti", "creator")
        roles.grant(session, author, "controller", None, WEDNESDAY, by=None)  # the hard case
        others = [
            cast(session, "Budi", "controller"),
            cast(session, "Ani", "editor"),
            cast(session, "Joko", "creator", "DISDIK"),
            cast(session, "Rina"),
            None,
        ]
        item = written(session, author)
        for _ in range(data.draw(st.integers(4, 14))):
            # Mostly what the table knows, so that the walks get somewhere; and mostly by those who matter.
            known = [act for state, act in TRANSITIONS if state == item.status and act != "drop"]
            act = data.draw(st.sampled_from([*known * 4, *ACTS]))
            by = data.draw(st.sampled_from([author] * 4 + others[:1] * 2 + others))
            before, rows = item.status, len(trail(session, item))
            try:
                content.move(session, item, act, by, WEDNESDAY, reason="angka keliru")
            except Refused:
                assert (item.status, len(trail(session, item))) == (before, rows)
            else:
                assert TRANSITIONS[before, act].to == item.status
                assert len(trail(session, item)) == rows + 1
        _check(trail(session, item), author)
        transaction.rollback()


def _check(rows: list[Entry], author: Person) -> None:
    """The audit rows form one chain, and what was decided was decided by somebody else."""
    assert [row.before for row in rows[1:]] == [row.after for row in rows[:-1]]
    for number, row in enumerate(rows):
        if row.act in ("approve", "return"):
            assert row.actor_id not in (None, author.id)
        if row.act in ("submit", "drop"):
            assert row.actor_id == author.id
        if row.act == "release":
            assert row.actor_id is None
            since = [earlier.act for earlier in rows[:number]]
            assert since[-1] == "approve"  # nothing came between the approval and the release


# -- who may -----------------------------------------------------------------------------------


def test_nobody_approves_or_returns_their_own_item(session: Session) -> None:
    author = cast(session, "Siti", "creator")
    roles.grant(session, author, "controller", None, WEDNESDAY, by=None)
    item = written(session, author)
    content.move(session, item, "submit", author, WEDNESDAY)
    for act in ("approve", "return"):
        assert refusal(content.move, session, item, act, author, WEDNESDAY, reason="coba saja") == (
            "reviewing.own_item"
        )
    assert listings.to_review(session, author) == []
    assert listings.own_waiting(session, author) == 1


def test_only_a_controller_decides(session: Session) -> None:
    author = cast(session, "Siti", "creator")
    item = written(session, author)
    content.move(session, item, "submit", author, WEDNESDAY)
    for role in ("creator", "editor", "planner", "tag", "leader", "admin", ""):
        other = cast(session, "Joko", role)
        assert refusal(content.move, session, item, "approve", other, WEDNESDAY) == "roles.may_not"


def test_a_team_writes_for_its_own_opd_only(session: Session) -> None:
    siti, joko = cast(session, "Siti", "creator"), cast(session, "Joko", "creator", "DISDIK")
    assert refusal(content.start, session, joko, siti.opd_id, WEDNESDAY) == "roles.may_not"
    assert refusal(content.start, session, joko, None, WEDNESDAY) == "roles.may_not"
    item = written(session, siti)
    assert refusal(content.own, session, joko, item.id) == "submitting.unknown"
    assert refusal(content.move, session, item, "submit", joko, WEDNESDAY) == "roles.may_not"


def test_a_colleague_of_the_team_cannot_send_a_draft_for_its_author(session: Session) -> None:
    siti, ani = cast(session, "Siti", "creator"), cast(session, "Ani", "editor")
    item = written(session, siti)
    assert refusal(content.move, session, item, "submit", ani, WEDNESDAY) == "roles.may_not"


def test_the_provincial_item_is_written_by_controllers_admins_and_the_provincial_team(
    session: Session,
) -> None:
    def whom(person: Person) -> list[str]:
        return [opd.code if opd else "province" for opd in authors.homes(session, person, "PROV")]

    assert whom(cast(session, "Budi", "controller")) == ["province"]
    assert whom(cast(session, "Adi", "admin")) == ["province"]
    assert whom(cast(session, "Pia", "creator", "PROV")) == ["PROV", "province"]
    assert whom(cast(session, "Siti", "creator")) == ["DINKES"]
    assert whom(cast(session, "Rina")) == []


def test_the_provincial_team_sends_what_it_wrote_for_the_province(session: Session) -> None:
    pia = cast(session, "Pia", "creator", "PROV")
    item = content.start(session, pia, None, WEDNESDAY, "PROV")
    for field, value in GOOD.items():
        content.fill(session, item, field, value, WEDNESDAY)
    content.illustrate(session, item, None, WEDNESDAY)
    content.plan(session, item, "2026-W49", WEDNESDAY)
    assert refusal(content.move, session, item, "submit", pia, WEDNESDAY) == "roles.may_not"
    content.move(session, item, "submit", pia, WEDNESDAY, provincial="PROV")
    assert item.status == SUBMITTED


def test_who_lost_the_role_sends_no_more(session: Session) -> None:
    author = cast(session, "Siti", "creator")
    item = written(session, author)
    roles.revoke(session, author, "creator", author.opd_id, WEDNESDAY, by=None)
    assert refusal(content.move, session, item, "submit", author, WEDNESDAY) == "roles.may_not"


# -- what a decision is about ------------------------------------------------------------------


def test_a_reviewer_decides_on_the_version_that_was_shown(session: Session) -> None:
    author, budi = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    item = written(session, author)
    content.move(session, item, "submit", author, WEDNESDAY)
    content.move(session, item, "return", budi, WEDNESDAY, reason="angka keliru", seen=(1, SUBMITTED))
    content.move(session, item, "submit", author, WEDNESDAY)
    assert item.version == 2
    assert (
        refusal(content.move, session, item, "approve", budi, WEDNESDAY, seen=(1, SUBMITTED))
        == "reviewing.newer"
    )
    content.move(session, item, "approve", budi, WEDNESDAY, seen=(2, SUBMITTED))
    # Somebody who saw it before the approval returns nothing by mistake.
    rudi, seen = cast(session, "Rudi", "controller"), (2, SUBMITTED)
    key = refusal(content.move, session, item, "return", rudi, WEDNESDAY, reason="angka keliru", seen=seen)
    assert (key, item.status) == ("reviewing.somebody_first", APPROVED)
    key = refusal(content.move, session, item, "approve", budi, WEDNESDAY, seen=(2, SUBMITTED))
    assert key == "reviewing.you_before"
    content.move(session, item, "return", rudi, WEDNESDAY, reason="angka keliru", seen=(2, APPROVED))


def compete(stage: Stage, tries: Sequence[tuple[int, str, int]]) -> list[str]:
    """Decisions (item, act, reviewer) that begin at the same moment, each in a transaction of its own."""
    gate = threading.Barrier(len(tries))

    def decide(one: tuple[int, str, int]) -> str:
        number, act, who = one
        gate.wait(timeout=30)
        try:
            with stage.session() as session, session.begin():
                item, by = session.get_one(Item, number), session.get_one(Person, who)
                content.move(session, item, act, by, WEDNESDAY, reason="angka keliru")
        except Refused as refused:
            return refused.key
        return "done"

    with ThreadPoolExecutor(len(tries)) as pool:
        return sorted(pool.map(decide, tries))


def test_of_two_reviewers_at_the_same_moment_one_decides(stage: Stage) -> None:
    for round_ in range(6):
        with stage.session() as session, session.begin():
            author = cast(session, "Siti", "creator", f"OPD{round_}")
            budi, rudi = cast(session, "Budi", "controller"), cast(session, "Rudi", "controller")
            item = written(session, author)
            content.move(session, item, "submit", author, WEDNESDAY)
        tries = [(item.id, "approve", budi.id), (item.id, "approve", rudi.id)]
        assert compete(stage, tries) == ["done", "reviewing.somebody_first"]
        with stage.session() as session:
            acts = [row.act for row in trail(session, session.get_one(Item, item.id))]
        assert acts == ["start", "submit", "approve"]


def test_of_two_items_for_one_week_approved_at_the_same_moment_one_is(stage: Stage) -> None:
    for round_ in range(6):
        with stage.session() as session, session.begin():
            author = cast(session, "Siti", "creator", f"OPD{round_}")
            budi, rudi = cast(session, "Budi", "controller"), cast(session, "Rudi", "controller")
            items = [written(session, author) for _ in range(2)]
            for item in items:
                content.move(session, item, "submit", author, WEDNESDAY)
        tries = [(item.id, "approve", who.id) for item, who in zip(items, (budi, rudi), strict=True)]
        assert compete(stage, tries) == ["done", "reviewing.week_taken"]


def test_a_return_needs_a_reason_that_says_something(session: Session) -> None:
    author, budi = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    item = written(session, author)
    content.move(session, item, "submit", author, WEDNESDAY)
    for reason in ("", "   ", "no", "x" * 501):
        key = refusal(content.move, session, item, "return", budi, WEDNESDAY, reason=reason)
        assert (key, item.status) == ("reviewing.reason_missing", SUBMITTED)


def test_the_second_item_for_the_same_week_is_not_approved(session: Session) -> None:
    author, budi = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    first, second = written(session, author), written(session, author)
    for item in (first, second):
        content.move(session, item, "submit", author, WEDNESDAY)
    content.move(session, first, "approve", budi, WEDNESDAY)
    assert refusal(content.move, session, second, "approve", budi, WEDNESDAY) == "reviewing.week_taken"
    assert second.status == SUBMITTED
    third = content.start(session, author, author.opd_id, WEDNESDAY)
    assert refusal(content.plan, session, third, "2026-W49", WEDNESDAY) == "submitting.week_taken"


def test_what_was_sent_is_frozen(session: Session) -> None:
    item = written(session, cast(session, "Siti", "creator"))
    for status in (SUBMITTED, APPROVED, RELEASED, CLOSED, DROPPED):
        put(session, item, status)
        for call in (
            lambda: content.fill(session, item, "title", "Judul yang lain", WEDNESDAY),
            lambda: content.illustrate(session, item, None, WEDNESDAY),
            lambda: content.plan(session, item, "2026-W50", WEDNESDAY),
        ):
            assert refusal(call) == "submitting.frozen"


def test_an_unfinished_item_is_not_sent(session: Session) -> None:
    author = cast(session, "Siti", "creator")
    item = content.start(session, author, author.opd_id, WEDNESDAY)
    assert content.missing(item) == list(fields.FIELDS)
    content.fill(session, item, "title", GOOD["title"], WEDNESDAY)
    assert content.missing(item)[0] == "what"
    assert refusal(content.move, session, item, "submit", author, WEDNESDAY) == "submitting.incomplete"


# -- what may stand in a field -----------------------------------------------------------------


@pytest.mark.parametrize("field", ["title", "what", "why", "caption"])
def test_a_text_is_as_long_as_its_limits_allow(field: str) -> None:
    least, most = fields.LIMITS[field]
    assert len(fields.text(field, "x" * least)) == least
    assert len(fields.text(field, "x" * most)) == most
    assert refusal(fields.text, field, "x" * (least - 1)) == "submitting.too_short"
    assert refusal(fields.text, field, "x" * (most + 1)) == "submitting.too_long"
    assert refusal(fields.text, field, "😀" * (most // 2 + 1)) == "submitting.too_long"
    assert refusal(fields.text, field, " " * most) == "submitting.too_short"


@pytest.mark.parametrize(
    ("written_", "kept"),
    [
        ("https://dinkes.go.id/a", "https://dinkes.go.id/a"),
        ("dinkes.jambiprov.go.id/berita/1", "https://dinkes.jambiprov.go.id/berita/1"),
        ("ini sumbernya https://dinkes.go.id/a ya", "https://dinkes.go.id/a"),
        ("https://dinkes.go.id/a?x=1&y=2#b", "https://dinkes.go.id/a?x=1&y=2#b"),
        ("ada di kantor kami", None),
        ("ftp://dinkes.go.id/a", None),
        ("javascript://dinkes.go.id/a", None),
        ("http://localhost/admin", None),
        ("https://user:rahasia@dinkes.go.id", None),
        ("https://..", None),
        ("https://[::1", None),
        ("https://satu.go.id/a https://dua.go.id/b", None),
    ],
)
def test_a_source_is_one_address_on_the_web(written_: str, kept: str | None) -> None:
    if kept is None:
        assert refusal(fields.text, "source_url", written_) == "submitting.source_wrong"
    else:
        assert fields.text("source_url", written_) == kept


@pytest.mark.parametrize(
    ("kind", "mime", "size", "key"),
    [
        ("photo", "image/jpeg", 99_000, ""),
        ("video", "video/mp4", fields.FILE_BYTES, ""),
        ("video", "video/mp4", fields.FILE_BYTES + 1, "submitting.media_large"),
        ("document", "image/png", 99_000, ""),
        ("document", "application/pdf", 99_000, ""),
        ("document", "application/vnd.android.package-archive", 99_000, "submitting.media_wrong"),
        ("document", "", 99_000, "submitting.media_wrong"),
    ],
)
def test_a_file_is_a_picture_a_video_or_a_paper_of_bearable_size(
    kind: str, mime: str, size: int, key: str
) -> None:
    media = files.Media(kind=kind, mime=mime, size=size)
    if key:
        assert refusal(fields.check_file, media) == key
    else:
        fields.check_file(media)


def test_the_largest_card_fits_under_a_picture_and_the_largest_caption_into_a_message() -> None:
    most = {field: limit for field, (_, limit) in fields.LIMITS.items()}
    params = {
        "id": 123456,
        "title": "W" * most["title"],
        "what": "W" * most["what"],
        "why": "W" * most["why"],
        "caption": "W" * most["caption"],
        "source_url": "https://x.go.id/".ljust(most["source_url"], "W"),
        "week": "2026-W53",
        "opd": "Dinas Pemberdayaan Perempuan, Perlindungan Anak dan Pengendalian Penduduk Provinsi Jambi",
        "province": "Kepulauan Bangka Belitung",
        "version": 12,
    }
    assert rendering.fits("sharing.card", params, rendering.TELEGRAM_CAPTION, markup="html")
    assert rendering.fits("sharing.caption", params, rendering.TELEGRAM_TEXT, markup="html")


# -- weeks -------------------------------------------------------------------------------------


def test_the_next_four_free_weeks_are_offered_and_the_taken_ones_named(
    stage: Stage, session: Session
) -> None:
    author, budi = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    item = written(session, author, "2026-W49")
    content.move(session, item, "submit", author, WEDNESDAY)
    content.move(session, item, "approve", budi, WEDNESDAY)
    ahead = slots.ahead(session, author.opd_id, WEDNESDAY, stage.programme)
    assert [(slot.week, slot.taken and slot.taken.id) for slot in ahead] == [
        ("2026-W48", None),  # it is 10.00; the release is at 13.00
        ("2026-W49", item.id),
        ("2026-W50", None),
        ("2026-W51", None),
        ("2026-W52", None),
    ]
    assert ahead[0].release_at == WEDNESDAY + timedelta(hours=3)
    later = slots.ahead(session, author.opd_id, WEDNESDAY + timedelta(hours=3), stage.programme)
    assert later[0].week == "2026-W49"
    assert [slot.week for slot in slots.ahead(session, None, WEDNESDAY, stage.programme)] == [
        "2026-W48",
        "2026-W49",
        "2026-W50",
        "2026-W51",
    ]


def test_a_week_that_was_released_is_offered_no_more(stage: Stage, session: Session) -> None:
    author, budi = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    item = written(session, author, "2026-W48")
    content.move(session, item, "submit", author, WEDNESDAY)
    content.move(session, item, "approve", budi, WEDNESDAY)
    assert slots.is_open(session, "2026-W48", WEDNESDAY, stage.programme)
    closes_at = weeks.closing("2026-W48", stage.programme)
    releases.start(session, "2026-W48", WEDNESDAY, closes_at, province="Jambi", by=budi)
    assert not slots.is_open(session, "2026-W48", WEDNESDAY, stage.programme)
    assert slots.ahead(session, None, WEDNESDAY, stage.programme)[0].week == "2026-W49"


def test_a_week_that_is_over_is_closed_for_decisions(stage: Stage, session: Session) -> None:
    assert not slots.is_open(session, "2026-W47", WEDNESDAY, stage.programme)


# -- lists -------------------------------------------------------------------------------------


def test_a_list_holds_what_a_person_may_see(session: Session) -> None:
    siti, joko = cast(session, "Siti", "creator"), cast(session, "Joko", "creator", "DISDIK")
    budi, rina = cast(session, "Budi", "controller"), cast(session, "Rina")
    mine, theirs = written(session, siti), written(session, joko)
    gone = written(session, siti)
    content.move(session, gone, "drop", siti, WEDNESDAY)
    assert [item.id for item in listings.latest(session, siti)[0]] == [mine.id]
    assert {item.id for item in listings.latest(session, budi)[0]} == {mine.id, theirs.id}
    assert listings.latest(session, rina) == ([], 0)
    assert listings.visible(session, budi, theirs.id) is theirs
    assert refusal(listings.visible, session, siti, theirs.id) == "browsing.unknown"
    assert refusal(listings.visible, session, siti, 999) == "browsing.unknown"


def test_the_items_of_others_are_found_by_part_of_a_name(session: Session) -> None:
    siti, rina = cast(session, "Siti", "creator"), cast(session, "Rina")
    joko, tono = cast(session, "Joko", "creator", "DISDIK"), cast(session, "Tono", "creator", "PUPR")
    admin = cast(session, "Adi", "admin")
    items = [written(session, who, "2026-W48") for who in (siti, joko, tono)]
    items.append(written(session, admin, "2026-W48", provincial=True))
    unreleased = written(session, cast(session, "Wati", "creator", "BAPPEDA"), "2026-W48")
    for item in items:
        put(session, item, RELEASED)

    def seen(name: str = "") -> list[int]:
        return [item.id for item in listings.others(session, rina, "2026-W48", name)[0]]

    own, disdik, pupr, provincial = (item.id for item in items)
    assert seen() == [provincial, disdik, pupr]
    assert seen("dis") == [disdik]
    assert seen("DISDIK") == [disdik]
    assert seen("%") == []
    assert own not in seen("dinkes")
    assert listings.released(session, pupr, "2026-W48").id == pupr
    assert refusal(listings.released, session, unreleased.id, "2026-W48") == "browsing.gone"
    assert refusal(listings.released, session, pupr, "2026-W49") == "browsing.gone"
