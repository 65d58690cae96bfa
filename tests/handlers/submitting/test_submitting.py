"""`/ajukan`: one question a message, nothing lost, any step once more."""

from sqlalchemy import select

from models.shares import shares
from tests.chat import Chatter, Stage
from tests.handlers.submitting.drafting import CAPTION, SOURCE, STEPS, TITLE, WHAT, WHY, items, writes
from tests.hearing import last, text

# -- one step after another --------------------------------------------------------------------


def test_every_step_has_an_example_its_number_and_a_way_out(siti: Chatter) -> None:
    heard = siti.says("/ajukan")
    for number, words in enumerate(STEPS, start=1):
        assert f"Langkah {number}/10" in last(heard)
        assert ("Contoh:" in last(heard)) == (1 < number < 8)
        assert "Batal" in heard[-1].actions
        assert ("Kembali" in heard[-1].actions) == (number > 1)
        heard = siti.says(words)
    assert "Langkah 10/10" in last(heard)


def test_the_preview_is_the_card_and_the_caption_of_a_release(stage: Stage, siti: Chatter) -> None:
    card, caption, _ = writes(siti)
    assert card.row.body["text"] == "sharing.card"
    assert caption.row.body["text"] == "sharing.caption"
    assert "media" not in card.row.body
    assert "Saya ASN Pemprov Jambi" in caption.text


def test_an_answer_that_does_not_fit_is_explained_and_the_question_stays(siti: Chatter) -> None:
    wrong = {
        0: ("apa saja", "pilih jenis kontennya"),
        1: ("Oke", "baru 3 huruf"),
        2: ("x" * 351, "351 huruf, sedangkan paling banyak 350"),
        3: ("Penting", "baru 7 huruf"),
        4: ("x" * 901, "paling banyak 900"),
        5: ("nanti saya kirim", "Saya menunggu foto"),
        6: ("dari kantor kami sendiri", "satu tautan yang utuh"),
        7: ("kapan saja boleh", "pilih harinya"),
        8: ("belum tahu", "tidak boleh disiarkan"),
    }
    siti.says("/ajukan")
    for step, (words, said) in wrong.items():
        assert said in last(siti.says(words))
        assert f"Langkah {step + 2}/10" in last(siti.says(STEPS[step]))


def test_back_leads_to_the_question_before_and_its_answer_may_be_kept(siti: Chatter) -> None:
    writes(siti, 4)
    heard = siti.presses("Kembali")
    assert "Langkah 4/10" in last(heard)
    assert WHY in last(heard)
    assert "Langkah 5/10" in last(siti.presses("Pakai yang ini"))


def test_a_number_stands_for_a_button(siti: Chatter) -> None:
    assert "Langkah 2/10" in last(writes(siti, 0) and siti.says("3"))  # [Foto kegiatan]
    siti.says(TITLE)
    assert "Langkah 2/10" in last(siti.says("1"))  # [Kembali]


def test_every_field_can_be_redone_from_the_preview(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    new = {
        "Ubah judul": "Puskesmas Rawasari buka 24 jam",
        "Ubah “Apa”": WHAT + " Gratis.",
        "Ubah “Kenapa”": WHY + " Penting!",
        "Ubah takarir": CAPTION + " Ayo!",
        "Ubah sumber": SOURCE + "/dua",
    }
    for button, words in new.items():
        siti.presses("Ubah")
        siti.presses(button)
        heard = siti.says(words)
        assert "Langkah 10/10" in last(heard)
    siti.presses("Ubah")
    siti.presses("Ubah minggu")
    assert "Rabu, 9 Desember 2026" in last(siti.presses("Rabu 9 Des"))
    siti.presses("Ubah")
    siti.presses("Ubah gambar")
    assert siti.sends_photo()[0].row.body["media"]
    [item] = items(stage)
    assert (item.title, item.what, item.why, item.caption, item.source_url) == tuple(new.values())
    assert (item.week, item.no_media) == ("2026-W50", False)


def test_back_from_a_single_correction_is_the_preview_again(siti: Chatter) -> None:
    writes(siti)
    siti.presses("Ubah")
    siti.presses("Ubah “Kenapa”")
    assert "Langkah 10/10" in last(siti.presses("Kembali"))


# -- pictures ----------------------------------------------------------------------------------


def test_a_picture_sent_early_is_kept_with_its_words(stage: Stage, siti: Chatter) -> None:
    writes(siti, 1)
    heard = siti.sends_photo(caption=TITLE)
    assert "Gambarnya sudah saya simpan" in text(heard)
    assert "Langkah 3/10" in last(heard)
    [item] = items(stage)
    assert item.title == TITLE
    assert item.media_id is not None
    for words in (WHAT, WHY):
        siti.says(words)
    assert "Langkah 7/10" in last(siti.says(CAPTION))  # nobody is asked for it again


def test_a_picture_whose_words_do_not_fit_is_kept_all_the_same(stage: Stage, siti: Chatter) -> None:
    writes(siti, 1)
    assert "baru 3 huruf" in last(siti.sends_photo(caption="Ini"))
    assert items(stage)[0].media_id is not None
    assert "Langkah 3/10" in last(siti.says(TITLE))


def test_a_picture_hours_later_at_a_question_about_words_is_no_picture_of_the_item(
    stage: Stage, siti: Chatter
) -> None:
    writes(siti, 2)
    stage.later(hours=2)
    siti.sends_photo()
    assert items(stage)[0].media_id is None
    with stage.session() as session:
        assert session.scalars(select(shares.Share)).all() == []  # nothing was released yet


def test_a_file_that_is_no_picture_is_refused_with_what_to_send(siti: Chatter) -> None:
    writes(siti, 5)
    assert "bukan gambar, video, atau PDF" in last(siti.sends_document("data.csv", "text/csv"))
    assert "Langkah 7/10" in last(siti.sends_document("foto.png", "image/png"))


# -- for whom ----------------------------------------------------------------------------------


def test_somebody_without_a_role_submits_nothing(stage: Stage) -> None:
    rina = stage.person("Rina")
    for heard in (rina.says("/ajukan"), rina.presses("", action="submit.new")):
        assert "hanya untuk petugas" in last(heard)
    assert items(stage) == []


def test_only_who_writes_for_several_is_asked_for_whom(stage: Stage) -> None:
    pia = stage.person("Pia", "PROV", role="creator")
    heard = pia.says("/ajukan")
    assert list(heard[-1].actions) == ["Dinas PROV", "Seluruh ASN Provinsi Jambi"]
    assert "Langkah 1/10" in last(pia.presses("Seluruh ASN"))
    assert "Langkah 1/10" in last(stage.person("Adi", "BAPPEDA", role="admin").says("/ajukan"))
    assert [item.opd_id for item in items(stage)] == [None, None]
