"""The tables of all platforms: what is a post there, and what is none. A new one is a module here."""

from dataclasses import dataclass

from tests.models.shares.links import facebook, instagram, table, threads, tiktok, whatsapp, x, youtube
from tests.models.shares.links.table import Shape


@dataclass(frozen=True)
class Platform:
    """Addresses of posts, and addresses that are none, each with the page that it leads to."""

    shapes: list[Shape]
    no_post: list[tuple[str, str]]


PLATFORMS = {
    module.__name__.rpartition(".")[2]: Platform(module.SHAPES, table.refusals(module.NO_POST))
    for module in (instagram, facebook, tiktok, x, youtube, threads, whatsapp)
}
SHAPES = [shape for platform in PLATFORMS.values() for shape in platform.shapes]
