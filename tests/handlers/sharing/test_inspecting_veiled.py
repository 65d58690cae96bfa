"""A picture that a proof looks like: whole for those whose proofs it is of, veiled for everybody else."""

import io

import pytest
from PIL import Image, ImageDraw, ImageStat

from bot.files.media import Store
from bot.reports import makers, pairs
from models.messages.files import Media
from models.shares import findings
from models.shares.findings import Seen
from models.shares.shares import Evidence
from tests import proving, scene
from tests.chat import Chatter, Stage
from tests.proving import Prover

VEILED = "Bukti pembandingnya dari OPD lain, jadi gambarnya kami samarkan."


def copied(stage: Stage, opd: str) -> tuple[int, int]:
    """A proof in the health agency that looks like one of another OPD; the two pieces, the copy first."""
    first, second = stage.person("Dina", opd), stage.person("Siti")
    scene.item(stage, None)
    scene.release(stage)
    original = proving.evidence(stage, proving.shows(Prover(stage, first)))[0].id
    proving.examine(stage, Seen(findings.SHOWS))
    copy = proving.evidence(stage, proving.shows(Prover(stage, second)))[0].id
    proving.examine(stage, Seen(findings.SHOWS), Seen(findings.SAME_UPLOAD, other_id=original))
    return copy, original


def shown(who: Chatter) -> tuple[str, str]:
    """The pictures on the card, and its words."""
    (card,) = who.says("/periksa")
    return str((card.row.body or {})["report"]), card.text


@pytest.mark.parametrize(("opd", "veiled"), [("DINKES", False), ("DISDIK", True)])
def test_a_team_sees_a_colleagues_picture_and_none_of_another_opd(
    stage: Stage, opd: str, veiled: bool
) -> None:
    ratna = stage.person("Ratna", role="editor")
    copy, original = copied(stage, opd)
    pair, text = shown(ratna)
    assert pair == f"pair:{copy}:{original}{':veiled' if veiled else ''}"
    assert (VEILED in text) is veiled


def test_a_controller_sees_it_whole(stage: Stage, budi: Chatter) -> None:
    copy, original = copied(stage, "DISDIK")
    stage.later(hours=stage.programme.proofs.escalate_hours + 1)
    pair, text = shown(budi)
    assert pair == f"pair:{copy}:{original}"
    assert VEILED not in text


def chat_picture(seed: int = 0) -> bytes:
    """A screenshot of a chat: dark lines of text on a light ground."""
    image = Image.new("RGB", (1080, 2340), "#f4f0e8")
    draw = ImageDraw.Draw(image)
    for row in range(40):
        draw.text(
            (80, 60 + row * 55), f"Pesan pribadi nomor {row * 7919 + seed}", fill="#101010", font_size=34
        )
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_no_word_is_left_of_a_veiled_picture() -> None:
    whole, veiled = chat_picture(), pairs.veiled(chat_picture())
    assert veiled is not None
    with Image.open(io.BytesIO(veiled)) as image, Image.open(io.BytesIO(whole)) as before:
        assert max(image.size) == 8 * 64
        assert image.width / image.height == pytest.approx(before.width / before.height, abs=0.02)
        lines = image.convert("L").crop((20, 20, image.width - 60, image.height - 60))
        assert ImageStat.Stat(lines).stddev[0] < 15, "letters have run into one grey"
        assert ImageStat.Stat(before.convert("L")).stddev[0] > 30


def test_what_cannot_be_read_is_not_shown_at_all() -> None:
    assert pairs.veiled(b"no picture") is None


def test_the_sheet_has_the_veiled_one_on_its_left(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy, original = copied(stage, "DISDIK")
    store = Store(f"file://{tmp_path_factory.mktemp('media')}")
    with stage.session() as session, session.begin():
        for number, seed in ((copy, 1), (original, 2)):
            kept = store.put(chat_picture(seed), stage.now)
            piece = session.get_one(Evidence, number)
            session.get_one(Media, piece.media_id).key = kept.key
    make = makers.makers(store, "satupesan_bot", stage.programme.zone)["pair"]
    with stage.session() as session:
        sheets = [make(session, f"{copy}:{original}{more}", stage.now) for more in ("", ":veiled")]
    assert {sheet.purpose for sheet in sheets} == {"pair"}
    spread = []
    for sheet in sheets:
        with Image.open(io.BytesIO(sheet.data)) as image:
            left = image.convert("L").crop((40, 100, image.width // 2 - 60, image.height - 60))
            spread.append(ImageStat.Stat(left).stddev[0])
    assert spread[1] < spread[0] / 2
