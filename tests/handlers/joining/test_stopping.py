"""What a member decides about themselves: stopping, what is stored, saving data."""

import pytest
from sqlalchemy import select

from models.membership.consents import Consent
from models.messages.outbox import Outbound
from models.people.people import Person
from tests.chat import Stage
from tests.handlers.joining.joining import NIP, PHONE, joined
from tests.hearing import text

# -- stopping, privacy, data saving ----------------------------------------------------------------


def test_stopping_asks_once_and_then_it_is_done(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "yakin" in text(siti.says("/berhenti"))
    assert joined(stage, siti.person_id)
    heard = siti.presses("Ya, berhenti")
    assert "sudah berhenti" in text(heard)
    assert not joined(stage, siti.person_id)
    with stage.session() as session:
        last = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert last is not None
        assert not last.given
    assert "memang belum ikut" in text(siti.says("/berhenti"))


@pytest.mark.parametrize("answer", ["tidak", "2", "batal", "0"])
def test_not_stopping_changes_nothing(stage: Stage, answer: str) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("/berhenti")
    siti.says(answer)
    assert joined(stage, siti.person_id)


def test_stopping_by_word(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("/berhenti")
    assert "ya untuk berhenti" in text(siti.says("bagaimana ya kak"))
    siti.says("Berhenti!")
    assert not joined(stage, siti.person_id)


def test_privacy_shows_what_is_stored_masked(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", phone=PHONE, nip=NIP)
    said = text(siti.says("/privasi"))
    assert "Siti Rahma" in said
    assert "****2001" in said
    assert NIP not in said
    assert PHONE not in said
    assert "Setelah Anda setuju" in text(stage.stranger().says("/privasi"))


def test_saving_data_is_switched_on_and_off(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "aktif" in text(siti.says("/hematdata"))
    with stage.session() as session:
        assert session.get_one(Person, siti.person_id).saver
    assert "mati" in text(siti.presses("", action="saver"))


def test_the_menu_list_of_the_chat_follows_joining_and_stopping(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    siti.says("ya")
    siti.says("/berhenti")
    siti.says("ya")
    with stage.session() as session:
        rows = session.scalars(select(Outbound).where(Outbound.op == "commands").order_by(Outbound.id)).all()
    named = [[name for name, _ in row.body["commands"]] for row in rows]
    assert "berhenti" in named[0]
    assert "start" not in named[0]
    assert named[1] == ["start", "bantuan", "cek", "privasi"]
    assert {row.body["scope"] for row in rows} == {"chat"}
