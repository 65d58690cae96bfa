"""Words that are nearly right: people write as they speak. And the numbers of buttons and commands."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from models.refused import Refused

# As somebody writes the number of an item: "42", "#42", "konten 42", "konten nomor 42".
_ITEM = re.compile(
    r"(?P<named>konten|konsep)?\s*(?P<sign>nomor|nomer|no\.?|#)?\s*(?P<number>[0-9]{1,9})", re.IGNORECASE
)
# "Sudah", as it is said from Aceh to Madura, and as thumbs write it.
DONE = frozenset(
    """
    sudah sudahh sudha suda sudaj sudahn syudah cudah sudahlah udah udh uda udahan sdh sdah sdhh shd dah dh
    ude udeh sampun mpun ampun uwis wis wes uwes uis mpon ampon atos parantos geus enggeus ges alah udem
    sudem nungnga nunga madung suba suah hudah purani
    done beres selesai kelar rampung tuntas tuntass finish finished clear completed complete
    dibagikan terbagikan tershare terposting terkirim terlaksana dilaksanakan terunggah shared posted uploaded
    """.split()
)
# Said of many things: a claim only where nothing but courtesy stands beside it.
_AGREED = frozenset("ok oke okay okey okee okeh oks siap siapp siyap sip siip share ashiap 86".split())
# One's name for the deed: "lah sayo share" is done, "lah" alone says nothing.
_SHARED = frozenset(
    """
    share shared dishare ngeshare sher dishere shere bagikan dibagikan membagikan bagi dibagi bagiin post
    posting diposting diposkan upload diupload unggah diunggah mengunggah kirim dikirim sebar disebar
    sebarkan disebarkan sebarluaskan disebarluaskan teruskan diteruskan forward diforward repost direpost
    pasang dipasang laksanakan dilaksanakan dilaksanain kerjakan dikerjakan diup up update diupdate
    """.split()
)
_PARTICLES = frozenset("lah la lh leh".split())
# What may stand beside it: who speaks, to whom, of what, where, when; and thanks.
_BESIDE = (
    _SHARED
    | _PARTICLES
    | frozenset(
        """
        saya sy sya aku ak ambo sayo kami kita kulo abdi awak ane gue gw kawulo
        bu ibu ibuk buk bunda pak bapak bpk pa kak kk ka kakak min mimin admin mas mba mbak bang abang dik dek
        pakde uni uda da kang teh om tante bos boss komandan ndan pimpinan satu pesan rekan semua semuanya
        ya yaa iya y nih ni nie dong donk deh kok tuh pun juga jg saja aja sih yo yah yg yang ini itu tadi tdi
        barusan baru pagi siang sore malam kemarin kemaren kmrn hari minggu mgg pekan lalu lewat
        di d ke ka pada untuk utk dan n sm sama beserta
        konten kontennya pesan pesannya materi infonya beritanya gambar gambarnya videonya tugas tugasnya
        laporan lapor izin mohon ijin bukti link linknya
        wa whatsapp whatsap ig insta instagram fb facebook fesbuk tiktok tt twitter x yt youtube threads
        telegram status story stories sw grup group grop gc wag saluran channel kanal medsos sosmed akun
        akunnya perintah
        alhamdulillah
        """.split()
    )
)
# Beside "sudah" they change nothing; "ok, terima kasih" alone is no more than that.
_COURTESY = frozenset(
    """
    terima kasih terimakasih makasih mksh trims tks thanks thx nuhun suwun matur kasi selamat semangat
    """.split()
)
_GREETING = frozenset(
    "halo hallo hai hi hello hey hei permisi punten assalamualaikum salam tes test p".split()
)
# Whoever says one of these has not shared yet, asks, or speaks of something else.
_NOT_DONE = frozenset(
    """
    belum blm blum belom blom bloman lom durung dereng teu acan alun alum indak dak idak ndak ndk tak ga gak
    gk nggak ngga enggak kagak tidak tdk jangan jgn bukan nanti nti ntar entar tar besok bsk bentar sebentar
    sbntr lagi lg mau akan pengen ingin bisa bs bole boleh cara caranya gimana bagaimana gmn apa apakah apo
    kah kapan mana dimana kenapa knp mengapa siapa kalau kalo klo jika bila setelah sesudah habis sebelum
    harus wajib perlu tolong coba minta lupa gagal error susah sulit rusak hilang cuti sakit pensiun pindah
    mutasi berhenti keluar resign ganti dihapus hapus tutup telat terlambat tunggu otw proses sedang masih
    hampir dulu duluan lama bosan capek dapat dpt menerima masuk baca dibaca lihat liat no not yet will
    later
    """.split()
)
_GESTURES = re.compile(
    "[\U0001f44d\U0001f44c\U0001f64f\U0001f4aa\U0001fae1\u2705\u2714\u2611\U0001f197\U0001f4af\u270c\U0001f64c]"
)
# Skin tones, the joiner and the picture selector, which stand behind a gesture.
_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d\u2640\u2642\\s.!]")
_LAST_WEEK = re.compile(
    r"\b(?:minggu|mgg|mingu|pekan|week)\s+(?:yang\s+|yg\s+)?(?:lalu|kemarin|kemaren|kmrn|sebelumnya|lewat)\b"
    r"|\blast week\b"
)
_LEAVING = {
    **dict.fromkeys(("0", "menu", "bantuan", "help"), "menu"),
    **dict.fromkeys(("batal", "cancel"), "batal"),
    **dict.fromkeys(("mulai", "start", "unstop"), "start"),
}
# Who says one of these, and nothing else, wants no message any more. The English ones are those that Twilio
# knows for other channels (twilio.com/docs/messaging/tutorials/advanced-opt-out), but for "cancel".
_STOPS = frozenset(
    (
        *"berhenti stop stopall unsubscribe unsub unsubcribe optout end quit revoke".split(),
        "stop all", "opt out", "stop langganan", "stop berlangganan", "berhenti langganan",
        "berhenti berlangganan",
    )
)  # fmt: skip
_YES = frozenset("ya iya y yes ok oke setuju betul benar".split())
# "Ok" and "setuju" are said of many things: where something is dropped, only a plain yes is one.
_PLAINLY_YES = frozenset("ya iya yaa y yes".split())
_NO = frozenset("tidak tdk gak ga nggak bukan no n batal".split())


@lru_cache(maxsize=512)  # a message is asked for half a dozen meanings
def plain(text: str) -> str:
    """Lower case, letters and digits only, stretched letters shortened ("Sudaaah!!" → "sudah")."""
    text = re.sub(r"[^\w\s]", " ", text.lower())
    return " ".join(re.sub(r"(\D)\1{2,}", r"\1", word) for word in text.split())


def leaving(text: str) -> str:
    """The command meant by a word that leaves whatever was going on; "" when it is none."""
    return _LEAVING.get(plain(text), "")


def stops(text: str) -> bool:
    """Whether somebody says that they want no messages any more, and nothing else: "STOP", "Berhenti!".

    "/berhenti" is a line of Telegram's list, which a thumb may hit by accident: it asks once.
    """
    return plain(text) in _STOPS and not text.lstrip().startswith("/")


def greets(text: str) -> bool:
    """Whether somebody only greets or thanks: "Halo", "Selamat pagi, Bu", "makasih min"."""
    said = set(plain(text).split())
    return bool(said & (_GREETING | _COURTESY)) and said <= _GREETING | _COURTESY | _BESIDE


def says_done(text: str) -> bool:
    """Whether somebody says that they have shared: "sudah", "udah saya share bu", "done kak", 👍.

    At most eight words, of which one at the most is unknown (a name); no question, nothing that is still to
    come, and nothing that speaks of something else ("sudah pensiun").
    """
    if "?" in text:
        return False
    said = plain(text).split()
    if not said:
        return bool(_GESTURES.search(text)) and not _SHADES.sub("", _GESTURES.sub("", text))
    if len(said) > 8 or not _NOT_DONE.isdisjoint(said):
        return False
    done = [word for word in said if word in DONE or _near(word, DONE)]
    others = set(said) - set(done) - _BESIDE - _AGREED
    if done or (_PARTICLES & set(said) and _SHARED & set(said)):
        return len(others - _COURTESY) <= 1
    return not others and not _AGREED.isdisjoint(said)


def last_week(text: str) -> bool:
    """Whether a text says that it is about last week's item: "minggu lalu", "yang pekan kemarin"."""
    return _LAST_WEEK.search(plain(text)) is not None


def says_yes(text: str) -> bool:
    return plain(text) in _YES


def says_plainly_yes(text: str) -> bool:
    """Whether somebody says yes and nothing else: for what cannot be taken back."""
    return plain(text) in _PLAINLY_YES


def says_no(text: str) -> bool:
    return plain(text) in _NO


def _near(word: str, known: Iterable[str]) -> bool:
    return len(word) >= 5 and process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=85) is not None


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; "" when none is near."""
    found = process.extractOne(plain(word), list(known), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else ""


def number(argument: str, otherwise: str = "menu.old_button") -> int:
    """The number in a button's payload or behind a command. Raises Refused for anything else."""
    if not (argument.isascii() and argument.isdecimal()) or len(argument) > 9:
        raise Refused(otherwise)
    return int(argument)


def item_number(text: str) -> int | None:
    """The number of an item, where a text is nothing else: "42", "#42", "konten nomor 42"."""
    found = _ITEM.fullmatch(text.strip())
    return int(found["number"]) if found else None


def names_item(text: str) -> bool:
    """Whether a text says that its number is that of an item: "#42" and "konten 42", and not "42" alone."""
    found = _ITEM.fullmatch(text.strip())
    return found is not None and bool(found["named"] or found["sign"])
