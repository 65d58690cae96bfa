"""Proof in chat: whenever it comes, in whatever form, at most three acts, and nothing is lost."""

import json
from typing import Any

import pytest

from handlers import places
from models import captions, files, inbox, outbox, people, standings, states, variants, weeks
from models.outbox import Outbound
from models.people import Person
from models.shares import Evidence, Share
from tests import scene
from tests.chat import Chatter, Heard, Stage

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/?igsh=abc"


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who has received the week's item."""
    who = stage.person("Siti")
    scene.item(stage, media=True)
    scene.release(stage)
    return who


def shares(stage: Stage) -> list[Share]:
    with stage.session() as session:
        return sorted(session.query(Share), key=lambda share: share.id)


def one(heard: list[Heard]) -> Heard:
    """The only answer."""
    assert len(heard) == 1, [each.text for each in heard]
    return heard[0]


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


def test_a_pressed_place_replaces_the_question(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    answer = one(siti.presses("Facebook"))
    assert (answer.op, shares(stage)[0].platform) == ("edit", "facebook")
    assert "Tempat: Facebook" in answer.text
    assert answer.actions == {}


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("5", "facebook"),
        ("fb", "facebook"),
        ("ig story", "instagram_story"),
        ("Status WA kak", "whatsapp_story"),
    ],
)
def test_the_place_may_be_typed_as_a_number_or_in_words(
    stage: Stage, siti: Chatter, said: str, platform: str
) -> None:
    siti.sends_photo()
    assert one(siti.says(said)).op == "send"
    assert shares(stage)[0].platform == platform


def test_a_place_that_may_be_two_is_asked_for_exactly(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    asked = one(siti.says("di wa kak"))
    assert asked.text.startswith("Di bagian mana tepatnya?")
    siti.says("2")
    assert shares(stage)[0].platform == "whatsapp_group"


def test_words_below_the_picture_answer_the_question_before_it_is_asked(stage: Stage, siti: Chatter) -> None:
    answer = one(siti.sends_photo(caption="Sudah di TikTok ya"))
    assert "Tempat: TikTok" in answer.text
    assert shares(stage)[0].platform == "tiktok"


def test_a_link_below_the_picture_tells_the_place_and_is_kept(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption=f"ini {LINK}")
    assert shares(stage)[0].platform == "instagram_feed"
    with stage.session() as session:
        piece = session.query(Evidence).one()
        assert (piece.kind, piece.link) == ("photo", "https://www.instagram.com/p/C9aBcDeFgHi")


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


def test_a_second_share_on_a_platform_asks_which_it_is(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption="fb")
    asked = one(siti.sends_photo(caption="facebook"))
    assert list(asked.actions) == ["Unggahan lain", "Sama, kirim ulang"]
    assert "unggahan lain" in asked.text
    merged = one(siti.presses("Sama, kirim ulang"))
    first, second = shares(stage)
    assert f"Nomor tanda terima: {first.id}" in merged.text
    assert (first.status, second.status) == (standings.RECEIVED, standings.WITHDRAWN)


def test_another_post_on_the_same_platform_counts(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption="fb")
    siti.sends_photo()
    assert one(siti.presses("Facebook")).op == "edit"
    assert one(siti.says("1")).text.startswith("Terima kasih! Bukti Anda sudah kami catat.")
    assert [share.status for share in shares(stage)] == [standings.RECEIVED] * 2


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
    assert "dicatat sebagai susulan" in one(siti.says(LINK)).text
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


def test_the_place_of_somebody_elses_share_cannot_be_set(stage: Stage, siti: Chatter) -> None:
    budi = stage.person("Budi")
    siti.sends_photo()
    number = shares(stage)[0].id
    for action in (
        f"share.place:{number}:x",
        f"share.same:{number}",
        f"share.other:{number}",
        "share.same:x",
    ):
        assert one(budi.presses("", action=action)).text.startswith("Bukti itu tidak kami temukan.")
    assert shares(stage)[0].platform == ""


def test_the_picture_comes_on_request_for_who_saves_data(stage: Stage, siti: Chatter) -> None:
    item = scene.cards(stage, siti)[0].item_id
    answer = one(siti.presses("", action=f"share.media:{item}"))
    assert answer.row.body["media"] > 0
    assert one(siti.presses("", action="share.media")).row.body["media"] == answer.row.body["media"]


def test_the_picture_of_what_is_not_out_is_not_shown(stage: Stage, siti: Chatter) -> None:
    hidden = scene.item(stage, "DISDIK", title="Rahasia", media=True, status=states.SUBMITTED)
    assert "media" not in one(siti.presses("", action=f"share.media:{hidden}")).row.body


def test_the_words_to_copy_come_again(siti: Chatter) -> None:
    answer = one(siti.presses("", action="share.text"))
    assert answer.text == "Ayo ke Puskesmas! #JambiSehat\n\nSaya ASN Pemprov Jambi"


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
    assert "Semua unggahan: 2" in answer
    assert "Berturut-turut: 1 minggu" in answer


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("ig story", "instagram_story"),
        ("story instagram", "instagram_story"),
        ("IG", "instagram_feed"),
        ("cerita instagram", "instagram_story"),
        ("status", "whatsapp_story"),
        ("sw", "whatsapp_story"),
        ("grup keluarga", "whatsapp_group"),
        ("wa grup", "whatsapp_group"),
        ("status fb", "facebook"),
        ("tik tok", "tiktok"),
        ("yt shorts", "youtube"),
        ("twitter", "x"),
        ("lainnya", "other"),
        ("wa", ""),  # a status or a group?
        ("story", ""),  # on which of them?
        ("fb dan ig", ""),
        ("", ""),
        ("saya tadi pagi membagikannya kepada teman di fb", ""),
    ],
)
def test_a_few_words_name_a_place(said: str, platform: str) -> None:
    assert places.named(said) == platform


def test_buttons_fit_into_what_telegram_carries(siti: Chatter) -> None:
    asked = one(siti.sends_photo())
    assert all(len(action.encode()) <= 64 for action in asked.actions.values())
    assert json.dumps(asked.row.body)


def test_a_person_whose_card_was_blocked_is_heard_after_coming_back(stage: Stage) -> None:
    rina = stage.person("Rina")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(rina.chat), stage.now)
    scene.item(stage)
    scene.release(stage)
    assert "Tempat: Instagram" in one(rina.says(LINK)).text


# -- the card's further buttons ----------------------------------------------------------------


def test_the_card_offers_words_for_other_channels(stage: Stage, siti: Chatter) -> None:
    assert siti.hears()[0].actions["Teks untuk kanal lain"] == "share.channels"


def test_channels_with_words_of_their_own_are_chosen_first(stage: Stage, siti: Chatter) -> None:
    item = scene.cards(stage, siti)[0].item_id
    assert item is not None
    with stage.session() as session, session.begin():
        variants.write(session, item, "instagram", ["Khusus Instagram."])
    asked = one(siti.presses("Teks untuk kanal lain"))
    assert list(asked.actions) == ["1. WhatsApp, Facebook, TikTok, X, YouTube", "2. Instagram"]
    heading, words = siti.says("2")
    assert "Instagram" in heading.text
    assert words.text == "Khusus Instagram.\n\nSaya ASN Pemprov Jambi"
    assert words.actions == {}
    assert one_text(siti, "1. WhatsApp").startswith("Ayo ke Puskesmas!")


def one_text(who: Chatter, label: str) -> str:
    """The words of a channel: the message below its heading, and nothing else in it."""
    _, words = who.presses(label)
    return words.text


def test_where_all_channels_have_the_same_words_nobody_is_asked(stage: Stage, siti: Chatter) -> None:
    heading, words = siti.presses("Teks untuk kanal lain")
    assert "WhatsApp, Instagram, Facebook, TikTok, X, YouTube" in heading.text
    assert words.text == "Ayo ke Puskesmas! #JambiSehat\n\nSaya ASN Pemprov Jambi"


def test_x_gets_a_shortened_text_with_the_source(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage, caption="Imunisasi gratis di Puskesmas. " * 20)
    scene.release(stage)
    siti.presses("Teks untuk kanal lain")
    text = one_text(siti, "2. X")
    assert captions.x_length(text) <= captions.X_LENGTH
    assert "https://dinkes.jambiprov.go.id/imunisasi" in text
    assert text.endswith("Saya ASN Pemprov Jambi")


@pytest.mark.parametrize("action", ["share.for:{}:mars", "share.for:x:x", "share.for:999999:x"])
def test_a_button_for_no_channel_or_item_is_an_old_one(stage: Stage, siti: Chatter, action: str) -> None:
    answer = one(siti.presses("", action=action.format(scene.cards(stage, siti)[0].item_id)))
    assert answer.key.endswith(":refused")


def test_the_words_of_an_item_that_is_not_out_are_nobodys(stage: Stage, siti: Chatter) -> None:
    hidden = scene.item(stage, "DISDIK", title="Rahasia", status=states.SUBMITTED, caption="Rahasia sekali")
    answer = one(siti.presses("", action=f"share.for:{hidden}:x"))
    assert answer.key.endswith(":refused")


def saver(stage: Stage, **item: Any) -> Chatter:
    """Somebody who saves data and has received an item with a picture."""
    who = stage.person("Siti")
    with stage.session() as session, session.begin():
        scene.person(session, who).saver = True
    scene.item(stage, media=True, **item)
    scene.release(stage)
    return who


def test_who_saves_data_gets_a_small_picture_and_the_size_of_the_whole(stage: Stage) -> None:
    siti = saver(stage, small=True)
    card = siti.hears()[0]
    with stage.session() as session:
        small = session.get_one(files.Media, card.row.body["media"])
        assert (small.purpose, small.size) == ("small", 9000)
        original = session.query(files.Media).filter_by(small_id=small.id).one()
    assert "with_media" not in card.row.body
    assert any(label.startswith("Gambar lengkap (9") for label in card.actions)
    assert one(siti.presses("Gambar lengkap")).row.body["media"] == original.id


def test_who_saves_data_gets_an_album_on_request_only(stage: Stage) -> None:
    siti = saver(stage, small=True, album=3)
    assert [heard.row.part for heard in siti.hears()] == ["card", "caption"]
    assert "Gambar lengkap (2,9 MB)" in siti.hears()[0].actions
    album = one(siti.presses("Gambar lengkap"))
    assert album.row.body == {"text": "", "album": True, "item": album.row.item_id}


def test_a_picture_without_a_small_one_comes_as_words_alone(stage: Stage) -> None:
    siti = saver(stage)
    assert "media" not in siti.hears()[0].row.body


def test_konten_shows_the_album_as_it_went_out(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage, media=True, album=2)
    scene.release(stage)
    album, card, words = siti.says("/konten")
    assert album.row.body["album"] is True
    assert "media" not in card.row.body
    assert words.text.startswith("Ayo ke Puskesmas!")
