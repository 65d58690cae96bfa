"""Items as somebody sees them."""

from sqlalchemy.orm import Session

from models.content.states import RELEASED
from models.editorial import listings
from tests.casting import PROGRAMME, cast, go, put, refusal, submitted, written


def test_a_list_holds_what_a_person_may_see(session: Session) -> None:
    siti, joko = cast(session, "Siti", "creator"), cast(session, "Joko", "creator", opd="DISDIK")
    budi, rina = cast(session, "Budi", "controller"), cast(session, "Rina")
    mine, theirs = written(session, siti), written(session, joko)
    gone = written(session, siti)
    go(session, gone, "drop", siti)
    assert [item.id for item in listings.latest(session, siti)[0]] == [mine.id]
    assert {item.id for item in listings.latest(session, budi)[0]} == {mine.id, theirs.id}
    assert listings.latest(session, rina) == ([], 0)
    assert listings.visible(session, budi, theirs.id) is theirs
    assert refusal(listings.visible, session, siti, theirs.id) == "browsing.unknown"
    assert refusal(listings.visible, session, siti, 999) == "browsing.unknown"


def test_the_items_of_others_are_found_by_part_of_a_name(session: Session) -> None:
    siti, rina = cast(session, "Siti", "creator"), cast(session, "Rina")
    joko, tono = cast(session, "Joko", "creator", opd="DISDIK"), cast(session, "Tono", "creator", opd="PUPR")
    admin = cast(session, "Adi", "admin")
    items = [written(session, who, "2026-W48") for who in (siti, joko, tono)]
    items.append(written(session, admin, "2026-W48", provincial=True))
    unreleased = written(session, cast(session, "Wati", "creator", opd="BAPPEDA"), "2026-W48")
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


def test_the_items_of_the_province_are_seen_by_the_team_that_writes_them(session: Session) -> None:
    pia, eva = cast(session, "Pia", "creator", opd="PROV"), cast(session, "Eva", "editor", opd="PROV")
    item = written(session, pia, provincial=True)
    assert listings.visible(session, eva, item.id, "PROV") is item
    assert not listings.may_see(session, cast(session, "Siti", "editor"), item, "PROV")
    assert refusal(listings.visible, session, eva, item.id) == "browsing.unknown"


def test_what_waits_of_ones_own_is_counted_apart(session: Session) -> None:
    siti = cast(session, "Siti", "creator", "editor")
    submitted(session, siti)
    assert listings.to_review(session, siti, PROGRAMME) == []
    assert listings.own_waiting(session, siti) == 1
