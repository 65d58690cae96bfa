"""An ASN's week: receive, share, show it; and what the bot says at every step."""

from datetime import UTC, datetime

from models.programme import weeks
from models.reminders import reminders
from models.shares import standings
from models.shares.shares import Share
from tests import scene
from tests.chat import Stage


def test_three_acts_and_a_receipt(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    item = scene.item(stage, title="Imunisasi gratis", media=True)
    scene.release(stage)

    card, caption = siti.hears()
    assert card.text.startswith("Imunisasi gratis\nDinas Kesehatan\n\nApa: Imunisasi gratis untuk balita")
    assert "Kenapa penting: Anak yang diimunisasi" in card.text
    assert list(card.actions) == [
        "Sudah saya bagikan",
        "Teks untuk kanal lain",
        "Konten OPD lain",
        "Hemat data",
    ]
    assert caption.text == "Ayo ke Puskesmas! #JambiSehat\n\nSaya ASN Pemprov Jambi"

    (asked,) = siti.sends_photo()
    assert asked.text.startswith("Terima kasih! Bukti Anda sudah kami terima.\nNomor tanda terima: 1")
    (thanks,) = siti.presses("Story Instagram")
    assert thanks.text.startswith(
        "Terima kasih! Bukti Anda sudah kami catat.\nTempat: Story Instagram\nNomor tanda terima: 1"
    )

    (again,) = siti.says("https://www.facebook.com/share/p/1AbCdEfGhI/?mibextid=x")
    assert "Tempat: Facebook" in again.text
    (record,) = siti.says("saya")
    assert "• No. 1: Story Instagram, diterima, sedang diperiksa\n• No. 2: Facebook, diterima" in record.text
    assert "Unggahan yang dihitung: 2" in record.text
    with stage.session() as session:
        assert {share.item_id for share in session.query(Share)} == {item}


def test_a_busy_week_with_a_claim_a_rest_and_a_late_proof(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)

    (claimed,) = siti.presses("Sudah saya bagikan")
    assert "Satu langkah lagi" in claimed.text

    stage.now = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # Friday 10.00 WIB
    with stage.session() as session, session.begin():
        assert reminders.send(session, "2026-W48", 1, stage.now, stage.programme) == 1  # a claim is no proof
    stage.sent()
    siti.presses("Nanti")
    assert "Sabtu, 28 November 2026, 08.00 WIB" in siti.presses("Besok pagi")[-1].text
    siti.presses("Jangan minggu ini")
    assert siti.says("terima kasih")[-1].key.endswith(":refused")  # nothing that we understand, and said so

    stage.now = weeks.closing("2026-W48", stage.programme)
    (late,) = siti.sends_photo(caption="grup wa")
    assert "Tempat: Grup WhatsApp" in late.text
    assert "dicatat sebagai terlambat" in late.text
    with stage.session() as session:
        (share,) = session.query(Share)
        assert (share.status, share.late, share.platform) == (standings.RECEIVED, True, "whatsapp_group")


def test_the_conversation_goes_on_after_a_restart(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)
    siti.sends_photo()
    stage.engine.dispose()  # whatever was in memory is gone
    (thanks,) = siti.says("7")
    assert "Tempat: X (Twitter)" in thanks.text


def test_a_week_on_a_weak_network(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    with stage.session() as session, session.begin():
        account = scene.person(session, siti)
        account.saver = True
    item = scene.item(stage, media=True)
    scene.release(stage)
    card = next(heard for heard in siti.hears() if heard.row.part == "card")
    assert "with_media" not in card.row.body
    assert card.actions["Gambar lengkap (9 byte)"] == f"share.media:{item}"
    picture = siti.presses("Gambar lengkap")[-1]
    assert picture.row.body["media"] > 0
