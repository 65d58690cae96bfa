"""Finding items: by words, rubric, OPD and week, and never one that is not for these eyes."""

from typing import Any

import pytest

from models.content import rubrics, states
from models.content.content import Item
from models.editorial import searching
from models.editorial.searching import Wish
from models.people import roles
from models.people.people import Opd, Person
from models.refused import Refused
from tests import scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"
HIDDEN = (*states.OPEN_TO_AUTHOR, *states.WAITING, states.APPROVED, states.REPLACED)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti")


def titles(stage: Stage, who: Chatter, wish: Wish | None = None, page: int = 0) -> list[str]:
    with stage.session() as session:
        found, total = searching.find(session, scene.person(session, who), wish or Wish(), page, "PROV")
        assert page or total >= len(found)
        return sorted(item.title for item in found)


def change(stage: Stage, number: int, **values: Any) -> None:
    with stage.session() as session, session.begin():
        for name, value in values.items():
            setattr(session.get_one(Item, number), name, value)


def released(stage: Stage, opd: str | None = "DISDIK", **values: Any) -> int:
    number = scene.item(stage, opd, status=values.pop("status", states.CLOSED), title=values.pop("title"))
    change(stage, number, **values)
    return number


@pytest.mark.parametrize("field", ["title", "what", "why", "caption"])
def test_a_word_is_found_in_every_text_whatever_its_case(stage: Stage, siti: Chatter, field: str) -> None:
    number = released(stage, title="Judul biasa")
    change(stage, number, **{field: "Ayo VAKSIN campak"})
    released(stage, title="Yang lain")
    [title] = titles(stage, siti, Wish(words="vaksin"))
    assert title in ("Judul biasa", "Ayo VAKSIN campak")
    assert titles(stage, siti, Wish(words="Vaksin CAMPAK")) == [title]
    assert titles(stage, siti, Wish(words="vaksin tetanus")) == []


def test_words_may_stand_in_different_texts_and_in_the_name_of_the_opd(stage: Stage, siti: Chatter) -> None:
    released(stage, title="Vaksin", caption="Untuk balita")
    released(stage, None, title="Vaksin provinsi", caption="Untuk balita")
    assert titles(stage, siti, Wish(words="balita vaksin")) == ["Vaksin", "Vaksin provinsi"]
    assert titles(stage, siti, Wish(words="vaksin disdik")) == ["Vaksin"]


@pytest.mark.parametrize("wildcard", ["%", "_", "\\", "/", "50%", "a_b", "%'; --", "/%"])
def test_what_looks_like_a_wildcard_is_a_character(stage: Stage, siti: Chatter, wildcard: str) -> None:
    released(stage, title="Tidak ada tandanya", what="aXb 500", why="w", caption="c")
    assert titles(stage, siti, Wish(words=wildcard)) == []
    number = released(stage, title="Ada", what="w", why="w", caption="c")
    change(stage, number, caption=f"Harga turun {wildcard} hari ini")
    assert titles(stage, siti, Wish(words=wildcard.split(maxsplit=1)[0])) == ["Ada"]


def test_rubric_opd_week_and_words_all_have_to_fit(stage: Stage, siti: Chatter) -> None:
    dinkes = stage.agency("DINKES")
    released(stage, "DINKES", title="Satu", rubric=rubrics.PHOTO, week=WEEK)
    released(stage, "DINKES", title="Dua", rubric=rubrics.STORY, week="2026-W47")
    released(stage, "DISDIK", title="Tiga", rubric=rubrics.PHOTO, week=WEEK)
    assert titles(stage, siti, Wish(rubric=rubrics.PHOTO)) == ["Satu", "Tiga"]
    assert titles(stage, siti, Wish(opd=dinkes.id)) == ["Dua", "Satu"]
    assert titles(stage, siti, Wish(week="2026-W47")) == ["Dua"]
    assert titles(stage, siti, Wish("satu", rubrics.PHOTO, dinkes.id, WEEK)) == ["Satu"]
    assert titles(stage, siti, Wish("dua", rubrics.PHOTO, dinkes.id, WEEK)) == []


@pytest.mark.parametrize("status", HIDDEN)
def test_what_is_not_released_is_for_its_team_and_for_those_who_oversee(
    stage: Stage, siti: Chatter, status: str
) -> None:
    number = released(stage, "DISDIK", title="Rahasia", status=status)
    opd = "DISDIK"
    sees = (
        (siti, False),
        (stage.person("Orang biasa", opd), False),
        (stage.person("Tim lain", "DINKES", role="creator"), False),
        (stage.person("Pimpinan", opd, role="leader"), False),
        (stage.person("Tim", opd, role="creator"), True),
        (stage.person("TAG", "DINKES", role="tag"), True),
        (stage.person("Pengendali", "DINKES", role="controller"), True),
        (stage.person("Admin", "DINKES", role="admin"), True),
    )
    for who, may in sees:
        assert titles(stage, who) == (["Rahasia"] if may else []), who.name
        with stage.session() as session:
            person = scene.person(session, who)
            if may:
                assert searching.visible(session, person, number, "PROV").id == number
            else:
                with pytest.raises(Refused) as caught:
                    searching.visible(session, person, number, "PROV")
                assert caught.value.key == "browsing.unknown"


def test_who_left_the_team_or_the_service_sees_its_drafts_no_longer(stage: Stage) -> None:
    released(stage, "DISDIK", title="Konsep", status=states.DRAFT)
    gone = stage.person("Gina", "DISDIK", role="creator")
    assert titles(stage, gone) == ["Konsep"]
    with stage.session() as session, session.begin():
        scene.person(session, gone).active = False
    assert titles(stage, gone) == []


def test_provincial_drafts_are_for_the_provincial_team(stage: Stage, siti: Chatter) -> None:
    released(stage, None, title="Konsep provinsi", status=states.DRAFT)
    team = stage.person("Tio", "PROV", role="creator")
    assert titles(stage, team) == ["Konsep provinsi"]
    assert titles(stage, siti) == []


def test_what_was_dropped_is_nobodys(stage: Stage) -> None:
    boss = stage.person("Andi", role="admin")
    number = released(stage, title="Dibuang", status=states.DROPPED, author_id=boss.person_id)
    assert titles(stage, boss) == titles(stage, boss, Wish(mine=True)) == []
    with stage.session() as session, pytest.raises(Refused):
        searching.visible(session, session.get_one(Person, boss.person_id), number)


def test_the_own_items_are_found_in_every_state(stage: Stage, siti: Chatter) -> None:
    released(stage, title="Punya saya", status=states.RETURNED, author_id=siti.person_id)
    released(stage, title="Bukan punya saya")
    assert titles(stage, siti, Wish(mine=True)) == ["Punya saya"]
    assert titles(stage, siti) == ["Bukan punya saya", "Punya saya"]


def test_pages_hold_each_item_once(stage: Stage, siti: Chatter) -> None:
    for nth in range(searching.PAGE * 2 + 1):
        released(stage, title=f"Judul {nth:02}")
    pages = [titles(stage, siti, page=page) for page in range(4)]
    assert [len(page) for page in pages] == [searching.PAGE, searching.PAGE, 1, 0]
    assert len({title for page in pages for title in page}) == searching.PAGE * 2 + 1
    with stage.session() as session:
        assert searching.find(session, scene.person(session, siti), Wish(), 1)[1] == searching.PAGE * 2 + 1


def test_a_wish_survives_being_stored() -> None:
    wish = Wish("vaksin", rubrics.LIVE, 7, WEEK, mine=True)
    assert Wish.of(wish.stored()) == wish
    assert Wish.of({}) == Wish()
    assert Wish.of({"something": "else"}).empty
    assert not wish.empty


def test_more_words_than_a_search_takes_are_left_out(stage: Stage, siti: Chatter) -> None:
    released(stage, title="satu dua tiga empat lima enam")
    assert titles(stage, siti, Wish(words="satu dua tiga empat lima enam tujuh")) != []
    assert titles(stage, siti, Wish(words="satu dua tiga empat lima tujuh enam")) == []


def test_a_role_that_was_given_a_moment_ago_counts(stage: Stage, siti: Chatter) -> None:
    released(stage, "DISDIK", title="Konsep", status=states.DRAFT)
    disdik = stage.agency("DISDIK")
    assert titles(stage, siti) == []
    with stage.session() as session, session.begin():
        roles.grant(session, scene.person(session, siti), "editor", disdik.id, stage.now, by=None)
    assert titles(stage, siti) == ["Konsep"]


TEXTS = (
    ("Vaksin Campak", "ÉDISI baru untuk BALITA", "Sehat\nselalu", "100% gratis_"),
    ("İstanbul", "straße", "ÄÖÜ", "ﬁrst 🎉 Merdeka"),
    ("", "", "", "vaksin"),
)
WORDS = ("vaksin", "VAKSIN", "campak", "édisi", "ÉDISI", "balita", "100%", "gratis_", "i", "İ", "ß", "äöü",
         "ÄÖÜ", "🎉", "merdeka", "campaké", "k", "dinas", "DISDIK", "nseh", "sehat")  # fmt: skip


def test_the_stored_words_find_what_the_texts_themselves_would(stage: Stage, siti: Chatter) -> None:
    """As before there was a column for it: A to Z in whatever case, everything else as it stands."""
    for nth, (title, what, why, caption) in enumerate(TEXTS):
        number = released(stage, "DISDIK" if nth % 2 else None, title=title)
        change(stage, number, what=what, why=why, caption=caption)
    for word in WORDS:
        lower = "".join(char.lower() if char.isascii() else char for char in word)
        wanted = []
        for nth, texts in enumerate(TEXTS):
            there = "\n".join([*texts, "Dinas DISDIK" if nth % 2 else ""])
            if lower in "".join(char.lower() if char.isascii() else char for char in there):
                wanted.append(texts[0])
        assert titles(stage, siti, Wish(words=word)) == sorted(wanted), word


def test_what_is_searched_changes_with_each_text_and_with_the_name_of_the_opd(
    stage: Stage, siti: Chatter
) -> None:
    number = released(stage, "DISDIK", title="Lama")
    for field in ("title", "what", "why", "caption"):
        change(stage, number, **{field: f"Baru {field}x"})
        assert len(titles(stage, siti, Wish(words=f"{field}X"))) == 1
    assert titles(stage, siti, Wish(words="lama")) == []
    with stage.session() as session, session.begin():
        session.get_one(Opd, stage.agency("DISDIK").id).name = "Dinas Pendidikan"
    assert len(titles(stage, siti, Wish(words="pendidikan"))) == 1
