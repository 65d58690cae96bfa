"""Commands without their sign, as on WhatsApp, where there is no list of them; and what stays an answer."""

import pytest

from models.people import roles
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import text

WORDS = ("ajukan", "tinjau", "periksa", "Saya", "bukti", "rekap 48", "keputusan", "siar", "menu")


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who may do nearly everything."""
    who = stage.person("Siti Rahma", role="creator")
    with stage.session() as session, session.begin():
        for role in ("admin", "controller", "editor"):
            roles.grant(session, scene.person(session, who), role, None, stage.now, by=None)
    return who


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("before", ["/batal", "/peran", "/konten"])
def test_a_command_is_its_word_also_where_something_is_only_looked_for(
    siti: Chatter, before: str, word: str
) -> None:
    siti.says(before)
    with_sign = text(siti.says(f"/{word}"))
    siti.says("/batal")
    siti.says(before)
    assert text(siti.says(word)) == with_sign


def test_a_word_of_a_search_stays_one(stage: Stage) -> None:
    who = stage.person("Siti Rahma", role="planner")
    who.says("/konten")
    assert "rencana kerja" in text(who.says("rencana kerja"))


def test_who_may_not_use_a_command_said_a_word(stage: Stage) -> None:
    who = stage.person("Siti Rahma", role="creator")
    who.says("/konten")
    assert "peran" in text(who.says("peran"))  # looked for


def test_an_answer_in_words_stays_one(stage: Stage) -> None:
    who = stage.person("Siti Rahma", role="creator")
    who.says("/ajukan")
    who.says("capaian")
    assert "Langkah 3/10" in text(who.says("Rekap bantuan sosial di Jambi"))


@pytest.mark.parametrize("said", ["mulai opd_DINKES", "start opd_DINKES", "Mulai opd_dinkes"])
def test_a_stranger_comes_by_the_words_of_a_link(stage: Stage, said: str) -> None:
    stage.agency("DINKES")
    assert "Anda diundang oleh Dinas Kesehatan" in text(stage.stranger().says(said))


def test_a_stranger_may_ask_what_is_stored_and_check_a_certificate(stage: Stage) -> None:
    stranger = stage.stranger()
    assert "Data yang kami simpan" in text(stranger.says("privasi"))
    assert "tidak kami temukan" in text(stranger.says("cek ABCD-EFGH-JKMN-PQRS"))
