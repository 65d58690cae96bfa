"""The order in which several workers take the files."""

from tests import conftest


def test_every_name_in_the_order_is_that_of_tests_which_are_there() -> None:
    files = [path.relative_to(conftest.TESTS).as_posix() for path in conftest.TESTS.rglob("test_*.py")]
    gone = [name for name in conftest.LONG if not any(file.startswith(name) for file in files)]
    assert gone == []
