"""A draft, word by word, up to the step that a test is about."""

from sqlalchemy import select, update

from models.content.content import Item
from tests.chat import Chatter, Heard, Stage

TITLE = "Puskesmas Rawasari buka sampai malam"
WHAT = "Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00."
WHY = "Warga yang bekerja sampai sore tetap bisa berobat tanpa izin dari kantor."
CAPTION = "Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00."
SOURCE = "https://dinkes.jambiprov.go.id/berita/malam"
STEPS = ("capaian", TITLE, WHAT, WHY, CAPTION, "tanpa gambar", SOURCE, "ya", "ya")


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
