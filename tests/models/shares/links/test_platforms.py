"""What holds for every platform, address by address of its table."""

import pytest

from tests.models.shares.links import table
from tests.models.shares.links.platforms import PLATFORMS, SHAPES
from tests.models.shares.links.table import Shape

NO_POST = [(name, *row) for name, platform in PLATFORMS.items() for row in platform.no_post]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_way_of_writing_a_post_gives_its_platform_form_and_id(shape: Shape) -> None:
    table.check(shape)


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_table_has_fifty_shapes_and_more(name: str) -> None:
    table.check_enough(PLATFORMS[name].shapes)


@pytest.mark.parametrize(("name", "page", "written"), NO_POST)
def test_what_is_no_post_is_refused_with_an_example(name: str, page: str, written: str) -> None:
    table.check_refused(written, name, page)
