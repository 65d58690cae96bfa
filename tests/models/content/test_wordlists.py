"""The search for words: what is found, and above all what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config import settings, wordlists
from bot.demo import topics
from models.content.wordlists import Campaign, Jargon

SHIPPED = wordlists.load(settings.Content())


def campaign(text: str) -> list[str]:
    return [hit.words for hit in SHIPPED.campaign.found(text)]


def jargon(text: str) -> list[tuple[str, str]]:
    return [(hit.words, plain) for hit, plain in SHIPPED.jargon.found(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jangan lupa mencoblos nomor urut 2!", ["mencoblos", "nomor urut"]),
        ("COBLOS, dicoblos, pencoblosannya", ["COBLOS", "dicoblos", "pencoblosannya"]),
        ("Dukung paslon kami", ["Dukung paslon"]),
        ("Memilih paslon yang tepat", ["Memilih paslon"]),
        ("Hari ini beliau berkampanye di Kerinci", ["berkampanye"]),
        ("Kampanye akbar pasangan\ncalon gubernur", ["Kampanye", "calon gubernur"]),
        ("Acara partai Golkar", ["partai", "Golkar"]),
        ("Ayo! #PilihNomor2 #CoblosDua", ["Pilih Nomor", "Coblos"]),
        ("kader PDI-P dan caleg", ["PDI-P", "caleg"]),
        ("timsesnya datang", ["timsesnya"]),
    ],
)
def test_campaigning_is_found_in_every_form(text: str, words: list[str]) -> None:
    assert campaign(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Pilihan menu sehat di kantin",
        "Warga memilih sampah plastik dan organik",
        "Silakan pilih nomor antrean di layar",
        "Nomor urut antrean diambil di loket",
        "Kampanye imunisasi dan kampanye cuci tangan di sekolah",
        "Posyandu mengampanyekan hidup sehat",
        "Bayar PKB dan PBB sekarang",
        "PKS di Muaro Jambi mengolah sawit; ASN PPP diangkat; wajan dan pan",
        "Buang sampah di TPS terdekat",
        "Kelas untuk pasangan calon pengantin",
        "Jamur dijual dalam partai besar",
        "partainer, apartemen, departain",
        "Calon siswa dan calon jemaah haji",
        "Baca di https://jambiprov.go.id/kampanye/partai",
        "Suara warga didengar; satu putaran lari lima kilometer",
        "Nomor 2 dari bawah",
    ],
)
def test_ordinary_words_are_no_campaigning(text: str) -> None:
    assert campaign(text) == []


def test_items_as_offices_write_them_are_no_campaigning() -> None:
    for topic in (topics.PROVINCIAL, *topics.TOPICS.values()):
        assert campaign(f"{topic.title}\n{topic.what}\n{topic.why}\n{topic.caption}") == [], topic.code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dalam  rangka\nHUT Jambi", [("Dalam rangka", "untuk")]),
        ("sebagaimana dimaksud pada pasal 2", [("sebagaimana dimaksud pada", "menurut")]),
        (
            "Stakeholder mengimplementasikan program",
            [("Stakeholder", "pihak terkait"), ("mengimplementasikan", "menjalankan")],
        ),
        ("Dinas bersinergi dengan desa", [("bersinergi", "kerja sama")]),
        ("stakeholdernya", [("stakeholdernya", "pihak terkait")]),
        ("Puskesmas buka sampai malam untuk warga.", []),
        ("meetingpoint, rangka dalam", []),
    ],
)
def test_jargon_is_found_with_what_says_the_same_plainly(text: str, found: list[tuple[str, str]]) -> None:
    assert jargon(text) == found


def test_the_shipped_lists_are_long_enough_to_be_of_use() -> None:
    assert len(set(SHIPPED.campaign.phrases)) >= 25
    assert len(SHIPPED.jargon.phrases) >= 40


def test_no_plain_word_that_is_suggested_is_jargon_or_campaigning_itself() -> None:
    for phrase, plain in SHIPPED.jargon.phrases.items():
        assert jargon(plain) == [], phrase
        assert campaign(plain) == [], phrase


@pytest.mark.parametrize("phrase", sorted({*SHIPPED.campaign.phrases, *SHIPPED.jargon.phrases}))
def test_every_phrase_of_the_shipped_lists_can_be_found(phrase: str) -> None:
    text = f"Kata {phrase.replace('~', '').upper()}!"
    assert campaign(text) or jargon(text)


@given(st.text("abcdefgh", min_size=1, max_size=5), st.text("abcdefgh", min_size=1, max_size=5))
def test_a_phrase_is_never_found_inside_a_longer_word(before: str, after: str) -> None:
    words = Campaign(phrases=("partai",))
    assert words.found(f"{before}partai") == []
    assert words.found(f"partai{after}") == []
    assert [hit.words for hit in words.found(f"{before} partai {after}")] == ["partai"]


@pytest.mark.parametrize(
    ("stem", "form"),
    [
        ("pilih~", "memilih"),
        ("pilih~", "pemilihan"),
        ("tolak~", "menolak"),
        ("kampanye~", "mengampanyekan"),
        ("sukses~", "menyukseskan"),
        ("coblos~", "mencoblos"),
        ("menang~", "dimenangkan"),
    ],
)
def test_a_stem_takes_its_affixes_along(stem: str, form: str) -> None:
    assert [hit.words for hit in Campaign(phrases=(stem,)).found(f"Mari {form} dia")] == [form]
    assert Campaign(phrases=(stem.rstrip("~"),)).found(f"Mari {form} dia") == []


@pytest.mark.parametrize("phrase", ["", "a", "!!", "~", "coblos ~", "dalam (rangka)", "x" * 81])
def test_a_phrase_that_could_never_be_found_is_refused(phrase: str) -> None:
    with pytest.raises(ValidationError):
        Campaign(phrases=(phrase,))
    with pytest.raises(ValidationError):
        Jargon(phrases={phrase: "untuk"})
