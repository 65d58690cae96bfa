""" "Sudah" and its many spellings; and what sounds like it and is not."""

import pytest

from handlers import words

CLAIMS = """
sudah|Sudah.|SUDAH!!!|sudaaah|sdh|sdah|sudha|suda|dah|udah|udh|uda kak|udeh|sudah bu|sudah pak
sdh bu|sudah saya share bu|sdh sy share pak|sudah saya bagikan|udah dibagikan|sudah dishare ya bu
udah di share kak|sudah saya posting di ig|sudah saya upload di fb dan status wa|sudah di story
sudah di grup wa pak|sudah diteruskan ke grup|sudah share bu Ratna|sudah bu, terima kasih
alhamdulillah sudah|sudah dilaksanakan|siap laksanakan|siap, sudah|siap bu|siap sudah ndan|ok|oke
okey pak|ok sudah|ok siap|sip|sip kak|done|Done kak|done min|done ya bu|selesai|sudah selesai bu
beres|beres pak|kelar kak|rampung|share|shared|dibagikan|tershare bu|sudah terkirim|finish|clear pak
sampun|sampun bu|sampun kulo share|uwis|wis mas|wes pak|atos|atos bu|parantos|parantos di share kang
enggeus|lah sayo share|lah dibagikan|la sayo bagikan pak|alah uda|nunga|suba|udem
sudah saya share tadi pagi|barusan sudah saya share|sudah minggu lalu|sudah untuk minggu lalu
ya sudah saya kirim|👍|👍🏽|✅|🙏|🙏🙏|👍🙏|✔️|☑|👌|🫡|💪|sudah 👍|done ✅
"""
NO_CLAIMS = """
belum|belum bu|blm|blm sempat|belum sudah|sudah belum|sudah belum?|sudah?|apakah sudah masuk
apa sudah bisa|ok?|nanti sudah saya kabari|nanti ya|nanti saya share|ok nanti|siap nanti|besok ya bu
bentar lagi|sebentar|mau share|akan saya bagikan|siap, akan dilaksanakan|tidak|tidak bisa
ga bisa share|gak bisa dibagikan|jangan|durung|durung mas|teu acan|indak|cara share
cara sharenya gimana|bagaimana membagikan|kalau sudah lalu apa|setelah share harus apa|share apa
sudah pensiun|saya sudah pindah|sudah cuti bu|sudah berhenti|sudah dihapus|lupa|gagal share
hampir selesai|masih proses|terima kasih|ok terima kasih|makasih kak|selamat pagi|halo|menu|hoaks|😂
😡👍|👎|❓|?|   |lah|lah kok|la la la|semangat
sudah lama saya menunggu surat keputusan kenaikan pangkat dari kantor|sudah makan siang nasi padang
"""


def table(written: str) -> list[str]:
    return [said for line in written.strip("\n").splitlines() for said in line.split("|")]


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(set(table(CLAIMS))) >= 60
    assert len(set(table(NO_CLAIMS))) >= 30


@pytest.mark.parametrize("said", table(CLAIMS))
def test_it_is_said_in_many_ways(said: str) -> None:
    assert words.says_done(said)


@pytest.mark.parametrize("said", table(NO_CLAIMS))
def test_what_is_still_to_come_or_asked_or_something_else_is_no_claim(said: str) -> None:
    assert not words.says_done(said)


@pytest.mark.parametrize(
    "said",
    "minggu lalu|untuk minggu lalu|ini yg minggu lalu ya bu|Pekan kemarin.|mgg lalu|pekan yang lalu".split(
        "|"
    ),
)
def test_last_week_is_named_in_words(said: str) -> None:
    assert words.last_week(said)


@pytest.mark.parametrize("said", ["kemarin", "minggu ini", "hari Minggu", "lalu", "minggu depan", ""])
def test_what_names_no_week_or_another_is_not_last_week(said: str) -> None:
    assert not words.last_week(said)
