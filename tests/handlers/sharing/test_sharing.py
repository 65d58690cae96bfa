"""Proof in chat: whenever it comes, in whatever form, at most three acts, and nothing is lost."""

import pytest

from models.messages import files, inbox, outbox
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from models.programme import weeks
from models.shares import standings
from models.shares.shares import Evidence
from tests import scene
from tests.chat import Chatter, Heard, Stage
from tests.hearing import one
from tests.receiving import LINK, shares


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return scene.receiver(stage, media=True)


def document(stage: Stage, who: Chatter, mime: str, size: int = 1000, kind: str = "document") -> list[Heard]:
    """A file of a kind and size."""
    after = stage.heard(who.chat)[-1].row.id
    raw = {
        "file_id": "f1",
        "file_unique_id": "u1",
        "mime_type": mime,
        "file_size": size,
        "file_name": "bukti",
    }
    if kind == "video":
        raw |= {"width": 720, "height": 1280, "duration": 15}
    message = {
        "message_id": 900, "date": int(stage.now.timestamp()), kind: raw,
        "chat": {"id": who.chat, "type": "private", "first_name": who.name},
        "from": {"id": who.chat, "is_bot": False, "first_name": who.name},
    }  # fmt: skip
    stage.receive({"message": message}, who.chat)
    return stage.heard(who.chat, after)


def test_a_picture_is_recorded_at_once_and_asks_only_where(stage: Stage, siti: Chatter) -> None:
    asked = one(siti.sends_photo())
    (share,) = shares(stage)
    assert (share.status, share.platform, share.late) == (standings.RECEIVED, "", False)
    assert f"Nomor tanda terima: {share.id}" in asked.text
    assert list(asked.actions)[:2] == ["1. Status WhatsApp", "2. Grup WhatsApp"]
    assert len(asked.row.body["buttons"][0]) == 2
    with stage.session() as session:
        media = session.query(files.Media).filter_by(purpose="proof").one()
        assert (media.status, files.copy_of(session, media.id, "telegram")) == (
            files.REMOTE,
            f"photo-{siti.chat}-1",
        )


def test_a_link_is_one_act(stage: Stage, siti: Chatter) -> None:
    answer = one(siti.says(f"Ini kak: {LINK}"))
    assert "Tempat: Instagram" in answer.text
    assert answer.actions == {}
    assert [(share.status, share.platform) for share in shares(stage)] == [
        (standings.RECEIVED, "instagram_feed")
    ]


def test_several_links_in_one_message_count_each(stage: Stage, siti: Chatter) -> None:
    assert len(siti.says(f"{LINK} dan https://youtu.be/dQw4w9WgXcQ")) == 2
    assert [share.platform for share in shares(stage)] == ["instagram_feed", "youtube"]


def test_a_good_link_beside_a_useless_one_counts(stage: Stage, siti: Chatter) -> None:
    one(siti.says(f"https://www.instagram.com/siti.r/ {LINK}"))
    assert [share.platform for share in shares(stage)] == ["instagram_feed"]


def test_the_same_link_again_is_refused_kindly_with_its_receipt(stage: Stage, siti: Chatter) -> None:
    siti.says(LINK)
    answer = one(siti.says("https://instagram.com/reel/C9aBcDeFgHi/"))
    assert answer.text.startswith(
        f"Tautan ini sudah pernah Anda kirim, nomor tanda terima {shares(stage)[0].id}."
    )
    assert len(shares(stage)) == 1


@pytest.mark.parametrize(
    ("written", "example"),
    [
        ("https://www.instagram.com/siti.r/", "https://www.instagram.com/p/C9aBcDeFgHi/"),
        ("https://www.facebook.com/siti", "https://www.facebook.com/share/p/1AbCdEfGhI/"),
        ("https://chat.whatsapp.com/AbCdEf", "cukup kirim tangkapan layarnya"),
        (
            "https://dinkes.jambiprov.go.id/berita",
            "Tautan dari dinkes.jambiprov.go.id belum dapat kami terima.",
        ),
    ],
)
def test_what_is_no_post_is_refused_with_an_example(
    stage: Stage, siti: Chatter, written: str, example: str
) -> None:
    assert example in one(siti.says(written)).text
    assert shares(stage) == []


@pytest.mark.parametrize(
    ("mime", "kind", "taken"),
    [
        ("image/png", "document", True),
        ("application/pdf", "document", True),
        ("video/mp4", "document", True),
        ("video/mp4", "video", True),
        ("text/csv", "document", False),
        ("application/vnd.android.package-archive", "document", False),
        ("", "document", False),
    ],
)
def test_a_file_counts_when_it_can_show_something(
    stage: Stage, siti: Chatter, mime: str, kind: str, taken: bool
) -> None:
    answer = one(document(stage, siti, mime, kind=kind))
    assert ("Di mana Anda membagikannya?" in answer.text) is taken
    assert ("tangkapan layar" in answer.text) is not taken
    assert len(shares(stage)) == int(taken)


def test_a_file_that_cannot_be_fetched_is_refused_with_the_limit(stage: Stage, siti: Chatter) -> None:
    answer = one(document(stage, siti, "video/mp4", 20_000_001, "video"))
    assert "paling banyak 19,1 MB" in answer.text
    assert shares(stage) == []


def test_an_album_is_one_share_with_one_receipt_and_one_question(stage: Stage, siti: Chatter) -> None:
    heard = [answer for _ in range(3) for answer in siti.sends_photo(album="a1")]
    assert len(heard) == 1
    assert len(shares(stage)) == 1
    assert scene.count(stage, Evidence) == 3


@pytest.mark.parametrize("said", ["sudah", "udah kak", "Sudaaah!!", "done", "ok"])
def test_sudah_is_a_claim_and_asks_for_something_to_see(stage: Stage, siti: Chatter, said: str) -> None:
    assert "kirim tangkapan layar atau tautan" in one(siti.says(said)).text
    assert [share.status for share in shares(stage)] == [standings.CLAIMED]
    siti.sends_photo(caption="wa status")
    assert [(share.status, share.platform) for share in shares(stage)] == [
        (standings.RECEIVED, "whatsapp_story")
    ]


def test_the_button_says_the_same_as_the_word(stage: Stage, siti: Chatter) -> None:
    siti.presses("Sudah saya bagikan")
    siti.says("sudah")
    assert [share.status for share in shares(stage)] == [standings.CLAIMED]


def test_sudah_after_the_proof_is_answered_with_the_receipt(stage: Stage, siti: Chatter) -> None:
    siti.says(LINK)
    assert f"nomor tanda terima {shares(stage)[0].id}" in one(siti.says("sudah")).text
    assert [share.status for share in shares(stage)] == [standings.RECEIVED]


def test_proof_comes_through_whatever_the_conversation_was_about(stage: Stage, siti: Chatter) -> None:
    siti.says("menu")
    siti.sends_photo()
    siti.says("menu")
    assert one(siti.presses("Facebook")).op == "edit"
    assert shares(stage)[0].platform == "facebook"


def test_a_message_that_is_replayed_counts_once(stage: Stage, siti: Chatter) -> None:
    siti.says(LINK)
    with stage.session() as session, session.begin():
        for update in session.query(inbox.Update).filter(inbox.Update.raw.contains("igsh")):
            update.status = inbox.NEW
    stage.work()
    assert len(shares(stage)) == 1
    assert len([heard for heard in siti.hears() if "tanda terima" in heard.text]) == 1


def test_after_the_week_closed_proof_is_taken_and_marked_late(stage: Stage, siti: Chatter) -> None:
    stage.now = weeks.closing("2026-W48", stage.programme)
    assert "dicatat sebagai terlambat" in one(siti.says(LINK)).text
    assert [(share.week, share.late) for share in shares(stage)] == [("2026-W48", True)]


@pytest.mark.parametrize("act", ["photo", "link", "sudah"])
def test_before_the_first_release_it_says_when_something_comes(stage: Stage, act: str) -> None:
    siti = stage.person("Siti")
    heard = one(siti.sends_photo() if act == "photo" else siti.says(LINK if act == "link" else "sudah"))
    assert "Konten berikutnya kami kirim Rabu, 25 November 2026, 13.00 WIB." in heard.text
    stage.later(hours=4)  # 14.00: today's has passed without one
    heard = one(siti.says("sudah"))
    assert "Rabu, 2 Desember 2026, 13.00 WIB" in heard.text
    assert shares(stage) == []


def test_proof_of_somebody_who_has_left_meanwhile_is_not_taken(stage: Stage, siti: Chatter) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).joined_at = None
    siti.sends_photo()
    assert shares(stage) == []


def test_proof_takes_back_the_reminder_that_is_queued(stage: Stage, siti: Chatter) -> None:
    with stage.session() as session, session.begin():
        release = scene.cards(stage)[0].release_id
        outbox.queue(
            session, stage.now, "reminder:x", "telegram", str(siti.chat), body={"text": "general.error"},
            part="reminder", person_id=siti.person_id, release_id=release,
        )  # fmt: skip
    siti.says(LINK)
    assert scene.statuses(stage, Outbound.key == "reminder:x") == {outbox.CANCELLED: 1}


def test_saya_shows_receipts_places_and_states(stage: Stage, siti: Chatter) -> None:
    assert "Belum ada bukti yang kami terima." in one(siti.says("/saya")).text
    siti.says("sudah")
    assert "menunggu tangkapan layar" in one(siti.says("/saya")).text
    siti.says(LINK)
    siti.sends_photo()
    answer = one(siti.says("/saya")).text
    first, second = shares(stage)
    assert f"• No. {first.id}: Instagram, diterima" in answer
    assert f"• No. {second.id}: Belum disebut, diterima" in answer
    assert "Unggahan yang dihitung: 2" in answer
    assert "Berturut-turut: 1 minggu" in answer


def test_a_person_whose_card_was_blocked_is_heard_after_coming_back(stage: Stage) -> None:
    rina = stage.person("Rina")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(rina.chat), stage.now)
    scene.item(stage)
    scene.release(stage)
    assert "Tempat: Instagram" in one(rina.says(LINK)).text
