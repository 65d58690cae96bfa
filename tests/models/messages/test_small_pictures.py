"""A file and the small picture that stands for it."""

from models.messages import files
from models.messages.files import Media
from tests.chat import Stage


def test_a_file_has_one_small_picture_however_often_it_is_fetched(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        media = files.add(
            session,
            stage.now,
            kind="photo",
            key="k",
            sha256="0" * 64,
            mime="image/jpeg",
            size=9,
            purpose="item",
        )
        made = [
            files.shrink(session, media, stage.now, key="s", sha256="1" * 64, size=5, width=48, height=27).id
            for _ in range(2)
        ]
        assert made[0] == made[1] == media.small_id
        small = session.get_one(Media, made[0])
        assert (small.purpose, small.kind, small.status) == ("small", "photo", files.STORED)
