"""What tests of the nouns begin with: an open session, and a team in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models.people.people import Person
from tests.casting import cast
from tests.chat import Chatter, Stage


@pytest.fixture
def session(stage: Stage) -> Iterator[Session]:
    """One transaction on an empty database, once for each engine."""
    with stage.session() as opened, opened.begin():
        yield opened


@pytest.fixture
def team(session: Session) -> dict[str, Person]:
    """Somebody for each step of the way."""
    return {
        "submit": cast(session, "Siti", "creator"),
        "edit": cast(session, "Ani", "editor"),
        "check": cast(session, "Tini", "tag", opd="BAPPEDA"),
        "approve": cast(session, "Budi", "controller", opd="BAPPEDA"),
    }


# -- those who look at proofs ----------------------------------------------------------------------


@pytest.fixture
def ppid(stage: Stage) -> Chatter:
    """Who writes items in a health agency, and looks at the proofs of its people."""
    return stage.person("Ratna", role="creator")


@pytest.fixture
def editor(stage: Stage) -> Chatter:
    """Somebody else who looks at them."""
    return stage.person("Edi", role="editor")


# -- those who plan the weeks ----------------------------------------------------------------------


@pytest.fixture
def planner(stage: Stage) -> Chatter:
    """Who moves the items of a health agency from week to week."""
    return stage.person("Rina", role="planner")
