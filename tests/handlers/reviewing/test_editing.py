"""`/tinjau` of an editor, who may change the text, and of quality control with its scores."""

from models.content import states
from models.content.content import Item
from tests import scene
from tests.casting import GOOD
from tests.chat import Chatter, Stage
from tests.handlers.reviewing.reviewing import advanced, submitted
from tests.hearing import last, newest

# -- the editor --------------------------------------------------------------------------------


def test_an_editor_passes_on_and_the_decision_stands_where_the_buttons_were(
    stage: Stage, siti: Chatter, ani: Chatter, tini: Chatter
) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    card = ani.says("/tinjau")[-1]
    edited, answer = ani.presses("Teruskan")
    assert (edited.op, edited.actions) == ("edit", {})
    assert "✔ Diteruskan oleh Anda, 10.00 WIB" in edited.text
    assert "diteruskan ke tim ahli (TAG)" in answer.text
    assert scene.status(stage, number) == states.EDITED
    assert "menunggu penilaian mutu Anda" in newest(tini)
    assert "sudah dibaca editor (Ani Lestari)" in newest(siti)
    assert "Editor mengubah" not in newest(siti)
    # The old card, on a phone that did not show the change yet, says what is the matter.
    heard = ani.presses("", action=card.actions["Teruskan"])
    assert "sudah Anda putuskan" in last(heard)


def test_an_editor_changes_a_field_passes_it_on_and_the_author_reads_the_new_words(
    stage: Stage, siti: Chatter, ani: Chatter, tini: Chatter
) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    old = ani.says("/tinjau")[-1].actions["Teruskan"]
    assert "Bagian mana" in last(ani.presses("Ubah"))
    ani.presses("Ubah judul")
    heard = ani.says("Puskesmas kini buka malam")
    assert "Puskesmas kini buka malam" in heard[0].text
    assert "tahap editor" in last(heard)
    assert "Diubah editor:\n• Judul" in last(heard)
    assert "Kirim untuk diperiksa" not in heard[-1].actions
    assert "sudah diperbarui" in last(ani.presses("", action=old))  # that was the text before
    ani.presses("Teruskan", action=heard[-1].actions["Teruskan"])
    assert scene.status(stage, number) == states.EDITED
    assert "Editor mengubah tulisannya" in newest(siti)
    assert "Judul: Puskesmas kini buka malam" in newest(siti)
    assert "Diubah editor:\n• Judul" in last(tini.says("/tinjau"))


def test_an_editor_who_leaves_a_question_is_back_at_the_card(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    ani.says("/tinjau")
    ani.presses("Ubah")
    ani.presses("Ubah takarir")
    assert "tahap editor" in last(ani.presses("Batal"))
    ani.presses("Ubah")
    ani.presses("Ubah takarir")
    assert "konsep" not in last(ani.says("batal")).lower()  # it is not hers
    ani.says("ini bukan takarir, hanya obrolan biasa saja")
    with stage.session() as session:
        assert session.get_one(Item, number).caption == GOOD["caption"]


def test_an_editor_s_words_for_what_was_passed_on_meanwhile_change_nothing(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    eva = stage.person("Eva Susanti", role="editor")
    number = submitted(stage, siti, "Konten pertama kami")
    ani.says("/tinjau")
    ani.presses("Ubah")
    ani.presses("Ubah judul")
    advanced(stage, number, eva)
    assert "tidak lagi menunggu editor" in last(ani.says("Judul dari editor pertama"))
    with stage.session() as session:
        assert session.get_one(Item, number).title == "Konten pertama kami"


# -- quality control ---------------------------------------------------------------------------


def test_quality_control_gives_two_scores_and_a_note(
    stage: Stage, siti: Chatter, ani: Chatter, tini: Chatter, budi: Chatter
) -> None:
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami"), ani)
    tini.says("/tinjau")
    assert "Seberapa tepat" in last(tini.presses("Beri nilai"))
    assert "Ketik satu angka dari 1 sampai 5" in last(tini.says("sembilan"))
    assert "Seberapa menarik" in last(tini.says("4"))
    assert "Ada catatan" in last(tini.presses("5"))
    assert "terlalu panjang" in last(tini.says("x" * 501))
    edited, answer = tini.says("Judulnya kuat. Sebut juga jam layanan.")
    assert (edited.op, "✔ Dinilai oleh Anda" in edited.text) == ("edit", True)
    assert "tersimpan" in answer.text
    assert scene.status(stage, number) == states.CHECKED
    assert "ketepatan 4 dari 5, daya tarik 5 dari 5" in newest(siti)
    assert "Catatan: Judulnya kuat." in newest(siti)
    assert "Nilai TAG dari Tini Wulandari: ketepatan 4 dari 5" in last(budi.says("/tinjau"))


def test_a_score_that_comes_after_somebody_else_s_is_told_so(
    stage: Stage, siti: Chatter, ani: Chatter, tini: Chatter
) -> None:
    tono = stage.person("Tono", "BAPPEDA", role="tag")
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami"), ani)
    for who in (tini, tono):
        who.says("/tinjau")
        who.presses("Beri nilai")
        who.says("3")
        who.says("3")
    tini.presses("Tanpa catatan")
    assert "oleh Tini Wulandari" in last(tono.presses("Tanpa catatan"))
    with stage.session() as session:
        assert session.get_one(Item, number).decided_by == tini.person_id
