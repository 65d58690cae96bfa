"""`/ajukan` and `/konten`: one question a message, nothing lost, any step once more."""

import pytest
from sqlalchemy import select, update

from models import shares, states
from models.content import Item
from tests.chat import Chatter, Heard, Stage

TITLE = "Puskesmas Rawasari buka sampai malam"
WHAT = "Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00."
WHY = "Warga yang bekerja sampai sore tetap bisa berobat tanpa izin dari kantor."
CAPTION = "Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00."
SOURCE = "https://dinkes.jambiprov.go.id/berita/malam"
STEPS = ("capaian", TITLE, WHAT, WHY, CAPTION, "tanpa gambar", SOURCE, "ya", "ya")


def last(heard: list[Heard]) -> str:
    return heard[-1].text


def text(heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard)


def writes(who: Chatter, steps: int = len(STEPS), title: str = TITLE) -> list[Heard]:
    """A new draft up to a step; with all of them it stands at the preview."""
    heard = who.says("/ajukan")
    if "Buat baru" in heard[-1].actions:
        heard = who.presses("Buat baru")
    for words in (STEPS[0], title, *STEPS[2:])[:steps]:
        heard = who.says(words)
    return heard


def items(stage: Stage) -> list[Item]:
    with stage.session() as session:
        return list(session.scalars(select(Item).order_by(Item.id)))


def put(stage: Stage, number: int, **values: object) -> None:
    with stage.session() as session, session.begin():
        session.execute(update(Item).where(Item.id == number).values(**values))


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti Rahma", role="creator")


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


# -- drafts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("leave", ["batal", "/menu", "0"])
def test_a_draft_survives_leaving_and_goes_on_where_it_was(siti: Chatter, leave: str) -> None:
    writes(siti, 3)
    siti.says(leave)
    assert TITLE in last(siti.says("/ajukan"))
    assert "Langkah 4/10" in last(siti.presses("Lanjutkan"))


def test_the_buttons_that_leave_say_how_to_go_on(siti: Chatter) -> None:
    writes(siti, 2)
    assert "/ajukan" in last(siti.presses("Batal"))
    writes(siti)
    assert "/ajukan" in last(siti.presses("Simpan dulu"))


def test_what_was_returned_comes_first_with_its_reason(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    siti.presses("Simpan dulu")
    put(stage, 1, status=states.RETURNED, reason="Angkanya keliru.", version=1)
    stage.later(hours=1)
    writes(siti, 2, title="Judul yang lebih baru")
    heard = siti.says("/ajukan")
    assert "Catatan pemeriksa: Angkanya keliru." in last(heard)
    assert last(heard).index(TITLE) < last(heard).index("Judul yang lebih baru")
    assert next(iter(heard[-1].actions)).startswith("Perbaiki")


def test_a_draft_is_thrown_away_after_being_asked_once_more(stage: Stage, siti: Chatter) -> None:
    writes(siti, 2)
    writes(siti, 2, title="Judul yang lain sama sekali")
    siti.says("/ajukan")
    siti.presses("Buang")
    assert f"Buang {TITLE}?" in last(siti.presses(f"Buang “{TITLE}”"))
    assert items(stage)[0].status == states.DRAFT
    assert "Sudah dibuang" in last(siti.presses("Ya, buang"))
    assert [item.status for item in items(stage)] == [states.DROPPED, states.DRAFT]
    assert "Konsep itu tidak ada lagi" in last(siti.presses("", action="submit.resume:1"))


def test_a_draft_that_was_sent_answers_to_no_old_button(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    siti.presses("Kirim untuk diperiksa")
    for action in ("submit.send:1", "submit.redo:1:title", "submit.week:1:2026-W50", "submit.dropped:1"):
        assert "sudah dikirim" in last(siti.presses("", action=action))
    assert items(stage)[0].status == states.SUBMITTED


def test_a_button_that_nobody_made_changes_nothing(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    made_up = (
        *(
            "redo:1:status",
            "week:1:2026-W99",
            "send:",
            "send:x",
            "for:x",
            "send:99999999999",
            "redo:1:live_at",
        ),
        *("choose:1:rubric:x", "choose:1:status:approved", "choose:1:public:maybe", "channel:1:line"),
    )
    for action in made_up:
        assert "Tombol itu sudah tidak berlaku" in last(siti.presses("", action=f"submit.{action}"))
    assert items(stage)[0].status == states.DRAFT


def test_kirim_can_be_typed(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    assert "Kirim untuk diperiksa" in last(siti.says("gimana ya"))
    assert "Konten 1" in last(siti.says("kirim"))
    assert items(stage)[0].status == states.SUBMITTED


# -- weeks -------------------------------------------------------------------------------------


def test_taken_weeks_are_said_and_not_offered(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    put(stage, 1, status=states.APPROVED, week="2026-W49")
    heard = writes(siti, 7)
    assert "Konten 1" in last(heard)
    assert [label for label in heard[-1].actions if label.startswith("Rabu")] == [
        "Rabu 25 Nov (terdekat)",
        "Rabu 9 Des",
        "Rabu 16 Des",
        "Rabu 23 Des",
    ]
    assert "sudah ada Konten 1" in last(siti.presses("", action="submit.week:2:2026-W49"))


def test_a_week_that_was_lost_meanwhile_is_asked_again(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    stage.later(days=8)
    heard = siti.presses("Kirim untuk diperiksa")
    assert "tidak dapat dipakai lagi" in text(heard)
    assert "Langkah 8/10" in last(heard)
    assert items(stage)[0].status == states.DRAFT
    assert "sudah lewat" in last(siti.presses("", action="submit.week:1:2026-W48"))
    siti.says("ya")
    assert "Konten 1" in last(siti.presses("Kirim untuk diperiksa"))


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


# -- looking -----------------------------------------------------------------------------------


def test_the_list_of_a_team_has_pages_with_buttons_and_numbers(stage: Stage, siti: Chatter) -> None:
    for number in range(10):
        writes(siti, 2, title=f"Judul nomor {number}")
        stage.later(minutes=1)
    heard = siti.says("/konten")
    assert "Daftar konten (10)" in last(heard)
    assert "1. Konten 10: Judul nomor 9 – masih konsep" in last(heard)
    assert "Berikutnya ▶" in heard[-1].actions
    assert "Konten 9: Judul nomor 8" in last(siti.says("2"))
    siti.says("/konten")
    page = siti.presses("Berikutnya")
    assert "Konten 1: Judul nomor 0" in last(page)
    assert "◀ Sebelumnya" in page[-1].actions


def test_an_item_shows_its_state_its_history_and_what_can_be_done(siti: Chatter) -> None:
    writes(siti)
    siti.presses("Simpan dulu")
    heard = siti.says("/konten 1")
    assert "Status: masih konsep" in last(heard)
    assert "dimulai oleh Siti Rahma" in last(heard)
    assert {"Lihat isinya", "Lanjutkan"} <= set(heard[-1].actions)
    assert TITLE in siti.presses("Lihat isinya")[0].text
    assert "tidak ada di daftar Anda" in last(siti.says("/konten 99"))


def test_everybody_may_look_at_and_share_the_items_of_other_opd(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina", "PUPR")
    joko = stage.person("Joko", "DISDIK", role="creator")
    assert "belum ada konten" in last(rina.presses("", action="content.others"))
    writes(siti)
    writes(joko, title="Sekolah sehat di pinggir kota")
    for number in (1, 2):
        put(stage, number, status=states.RELEASED, week="2026-W48")
    heard = rina.presses("", action="content.others")
    assert list(heard[-1].actions) == ["Dinas DISDIK", "Dinas Kesehatan"]
    card, caption = rina.says("2")
    assert TITLE in card.text
    assert CAPTION in caption.text
    rina.presses("", action="content.others")
    assert "Sekolah sehat" in rina.says("disd")[0].text
    rina.presses("", action="content.others")
    assert "dari OPD bernama “kehutanan”" in last(rina.says("kehutanan"))
    # Her own OPD has none, so /konten shows the others'; Siti sees her own team's.
    assert "Konten OPD lain" in last(rina.says("/konten"))
    assert "Daftar konten" in last(siti.says("/konten"))


def test_a_search_for_an_opd_is_left_by_menu_and_batal(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina", "PUPR")
    writes(siti)
    put(stage, 1, status=states.RELEASED, week="2026-W48")
    rina.presses("", action="content.others")
    assert "Menu" in last(rina.says("menu"))


def test_an_asn_sees_the_own_item_of_the_week_once_more(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina")
    writes(siti)
    put(stage, 1, status=states.RELEASED, week="2026-W48")
    card, caption = rina.says("/konten")
    assert TITLE in card.text
    assert set(card.actions) == {"Sudah saya bagikan", "Konten OPD lain", "Cari konten"}
    assert CAPTION in caption.text
