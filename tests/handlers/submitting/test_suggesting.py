"""/usul: an idea for the PPID team, and what becomes of it."""

from sqlalchemy import select

from models.content.content import Item
from models.editorial import suggestions
from models.editorial.suggestions import Suggestion
from models.people.audit import Entry
from tests import scene
from tests.chat import Stage
from tests.hearing import text

IDEA = "Posyandu di Desa Sungai Duren buka tiap Selasa. Banyak ibu belum tahu bahwa gratis."


def _only(stage: Stage) -> Suggestion:
    with stage.session() as session:
        return session.scalars(select(Suggestion)).one()


def test_an_idea_reaches_the_own_team_and_nobody_else(stage: Stage) -> None:
    siti, ani = stage.person("Siti"), stage.person("Ani", role="creator")
    budi = stage.person("Budi", role="editor")
    elsewhere = stage.person("Rudi", opd="DIKNAS", role="creator")
    assert "Tulis di sini" in text(siti.says("/usul"))
    assert "sudah kami kirim ke tim PPID" in text(siti.says(IDEA))
    for reader in (ani, budi):
        assert "Usul konten dari Siti" in text(reader.hears())
        assert IDEA in text(reader.hears())
    assert elsewhere.hears() == []


def test_an_idea_may_be_written_behind_the_command(stage: Stage) -> None:
    siti = stage.person("Siti")
    assert "belum punya tim PPID" in text(siti.says(f"/usul {IDEA}"))
    assert (_only(stage).text, _only(stage).status) == (IDEA, suggestions.OPEN)


def test_what_is_too_short_is_asked_again_and_news_of_a_share_is_heard(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    siti.says("/usul")
    assert "Usul perlu 15 sampai 800 huruf" in text(siti.says("posyandu"))
    assert "Usul perlu" not in text(siti.says("sudah"))
    assert "sudah kami simpan" in text(siti.says(IDEA))  # the question is still open


def test_a_team_takes_an_idea_up_once_and_its_owner_is_told(stage: Stage) -> None:
    siti, ani = stage.person("Siti"), stage.person("Ani", role="creator")
    budi = stage.person("Budi", role="creator")
    siti.says(f"/usul {IDEA}")
    before = siti._last()
    said = text(ani.presses("Jadikan konsep"))
    assert "Usul ini menjadi konsep" in said
    assert "sedang dijadikan konten" in text(siti.hears(before))
    for label in ("Belum sekarang", "Jadikan konsep"):
        assert "sudah dijawab oleh Ani" in text(budi.presses(label))
    assert scene.count(stage, Item) == 1
    found = _only(stage)
    with stage.session() as session:
        item = session.get_one(Item, found.item_id)
        assert (item.author_id, item.opd_id, item.status) == (ani.person_id, found.opd_id, "draft")
        trail = session.scalars(select(Entry).where(Entry.subject == "suggestion")).all()
    assert [(entry.actor_id, entry.before, entry.after) for entry in trail] == [
        (ani.person_id, suggestions.OPEN, suggestions.TAKEN)
    ]


def test_an_idea_for_another_time_is_answered_kindly(stage: Stage) -> None:
    siti, ani = stage.person("Siti"), stage.person("Ani", role="creator")
    siti.says(f"/usul {IDEA}")
    before = siti._last()
    assert "Siti kami beri tahu" in text(ani.presses("Belum sekarang"))
    assert "belum dapat memakainya" in text(siti.hears(before))
    assert _only(stage).status == suggestions.THANKED


def test_a_team_sees_what_waits_and_may_suggest_itself(stage: Stage) -> None:
    siti, ani = stage.person("Siti"), stage.person("Ani", role="creator")
    siti.says(f"/usul {IDEA}")
    said = text(ani.says("/usul"))
    assert "Usul yang menunggu jawaban (1)" in said
    assert "1. Siti: Posyandu di Desa Sungai Duren buka" in said
    assert IDEA in text(ani.says("1"))
    ani.says("/usul")
    assert "Tulis di sini" in text(ani.presses("Tulis usul sendiri"))
    ani.says(IDEA)
    assert "(1)" in text(ani.says("/usul"))  # one's own is for the others to answer


def test_somebody_of_another_opd_answers_nothing(stage: Stage) -> None:
    siti, rudi = stage.person("Siti"), stage.person("Rudi", opd="DIKNAS", role="creator")
    siti.says(f"/usul {IDEA}")
    number = _only(stage).id
    for action in ("open", "take", "thank"):
        heard = rudi.presses("", action=f"suggest.{action}:{number}")
        assert "tidak ada di daftar Anda" in text(heard)
    assert _only(stage).status == suggestions.OPEN


def test_five_ideas_in_a_week_are_enough(stage: Stage) -> None:
    siti = stage.person("Siti")
    for number in range(suggestions.A_WEEK):
        siti.says(f"/usul {IDEA} Nomor {number}.")
    assert "Silakan usulkan lagi minggu depan" in text(siti.says("/usul"))
    stage.later(days=8)
    assert "Tulis di sini" in text(siti.says("/usul"))
