"""Warnings in chat: the author sees them before sending, the reviewer in short; nobody is refused."""

from models.content import content, states
from tests.chat import Chatter, Heard, Stage

WHAT = "Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00."
WHY = "Warga yang bekerja sampai sore tetap bisa berobat tanpa izin dari kantor."
CAPTION = "Pulang kerja baru sempat berobat? Kini bisa. #JambiMantap"
SOURCE = "https://dinkes.jambiprov.go.id/berita/malam"


def writes(who: Chatter, *, what: str = WHAT, why: str = WHY, caption: str = CAPTION) -> Heard:
    """A new item up to its preview."""
    who.says("/ajukan")
    for words in ("capaian", "Puskesmas buka sampai malam", what, why, caption, "tanpa gambar", SOURCE, "ya"):
        who.says(words)
    return who.says("ya")[-1]


def test_an_ordinary_item_is_shown_without_a_warning(stage: Stage) -> None:
    siti, budi = stage.person("Siti", role="creator"), stage.person("Budi", role="editor")
    preview = writes(siti)
    assert "Langkah 10/10" in preview.text
    assert "Perhatikan" not in preview.text
    siti.presses("Kirim untuk diperiksa")
    assert "Perhatikan" not in budi.says("/tinjau")[-1].text


def test_the_question_for_the_caption_names_the_approved_hashtags(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    siti.says("/ajukan")
    for words in ("capaian", "Puskesmas buka sampai malam", WHAT, WHY):
        heard = siti.says(words)
    assert "Tagar yang disepakati: #SatuASNSatuPesanPublik" in heard[-1].text


def test_every_warning_says_its_reason_before_the_item_is_sent(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    preview = writes(
        siti,
        what="Dalam rangka pelayanan, Puskesmas Rawasari buka sampai malam.",
        why="Warga senang dan mendukung paslon nomor urut 2 untuk dicoblos.",
        caption="Kini bisa! #JambiMntap " + "Ayo berobat. " * 22,
    )
    assert "Kirim untuk diperiksa" in preview.actions
    notes = preview.text.split("Perhatikan:\n")[1].split("\n\n")[0].splitlines()
    assert notes == [
        "• Ada kata yang dapat dibaca sebagai kampanye: paslon, nomor urut, dan dicoblos. "
        "ASN wajib netral, mohon diganti.",
        "• #JambiMntap tidak ada di daftar tagar. Yang paling mirip: #JambiMantap",
        "• Terlalu panjang untuk X: 332 dari 280 huruf, termasuk baris “Saya ASN …”. Mohon dipendekkan.",
        "• “Dalam rangka” terdengar kaku. Lebih mudah dipahami: untuk",
    ]


def test_beyond_five_warnings_the_rest_is_a_number(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    preview = writes(siti, caption="Ayo berobat! #Aa1 #Bb2 #Cc3 #Dd4 #Ee5 #Ff6 #Gg7")
    notes = preview.text.split("Perhatikan:\n")[1].split("\n\n")[0].splitlines()
    assert len(notes) == 6
    assert notes[-1] == "• dan 2 lainnya"


def test_more_hashtags_than_instagram_takes_are_counted(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    preview = writes(siti, caption="Ayo berobat! " + "#JambiMantap " * 31)
    assert "Ada 31 tagar, padahal Instagram menerima paling banyak 30." in preview.text
    assert "Terlalu panjang untuk X" in preview.text


def test_the_reviewer_sees_the_same_in_short_and_may_pass_it_on(stage: Stage) -> None:
    siti, budi = stage.person("Siti", role="creator"), stage.person("Budi", role="editor")
    writes(
        siti,
        why="Stakeholder dan paslon senang dengan layanan ini.",
        caption="Ayo! #JambiMntap " + "#JambiMantap " * 60,
    )
    sent = siti.presses("Kirim untuk diperiksa")
    assert "sudah dikirim untuk diperiksa" in sent[-1].text
    card = budi.says("/tinjau")[-1]
    notes = card.text.split("Perhatikan:\n")[1].split("\n\n")[0].splitlines()
    assert notes == [
        "• Mungkin kampanye: paslon",
        "• Di luar daftar tagar: #JambiMntap",
        "• Terlalu panjang untuk X: 820 dari 280",
        "• Terlalu panjang untuk Status WhatsApp: 820 dari 700",
        "• Terlalu banyak tagar untuk Instagram: 61 dari 30",
        "• dan 1 lainnya",
    ]
    budi.presses("Teruskan")
    with stage.session() as session:
        assert session.get_one(content.Item, 1).status == states.EDITED


def test_a_short_warning_of_jargon_names_the_plain_word(stage: Stage) -> None:
    siti, budi = stage.person("Siti", role="creator"), stage.person("Budi", role="editor")
    writes(siti, what="Stakeholder membuka Puskesmas Rawasari sampai malam.")
    siti.presses("Kirim untuk diperiksa")
    assert "• Bahasa kantor: “Stakeholder” (pihak terkait)" in budi.says("/tinjau")[-1].text
