"""`/peringkat`: OPD compared with those of their size, in a week that was closed."""

from handlers.recognition import ranking
from models.figures import figures, snapshots
from models.figures.snapshots import Digest
from tests import honouring
from tests.chat import Heard, Stage
from tests.honouring import WEEKS


def said(heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard)


def test_before_a_week_is_closed_there_is_no_ranking(stage: Stage) -> None:
    assert "Belum ada minggu yang ditutup" in said(stage.person("Siti").says("/peringkat"))


def closed(stage: Stage, **opd: tuple[int, float]) -> None:
    """A frozen week with these OPD: roster and participation."""
    with stage.session() as session, session.begin():
        known = [
            {"code": code, "name": f"Dinas {code}", "roster": roster, "active": 1, "participation": part,
             "band": figures.band(roster)}
            for code, (roster, part) in opd.items()
        ]  # fmt: skip
        session.add(Digest(week="2026-W48", version=1, figures={"week": "2026-W48", "opd": known},
                           changes={}, at=stage.now))  # fmt: skip


def test_the_ranking_shows_the_own_size_first_and_marks_the_own_opd(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    closed(
        stage,
        Z=(20, 0.01),
        A=(80, 0.504),
        DINKES=(100, 0.25),
        B=(90, 0.25),
        BESAR=(700, 0.9),
        SEDANG=(200, 0.1),
    )
    (page,) = siti.says("/peringkat")
    assert "1. Dinas A: 50,4%\n2. Dinas B: 25%\n👉 2. Dinas DINKES: 25%\n4. Dinas Z: 1%" in page.text
    assert "BESAR" not in page.text
    assert "Siti" not in page.text
    (page,) = siti.presses("OPD besar")
    assert "1. Dinas BESAR: 90%" in page.text
    assert list(page.actions) == ["OPD sedang", "OPD kecil"]


def test_small_opd_are_seen_by_their_own_people_only_and_the_ranks_stay(stage: Stage) -> None:
    siti, wati = stage.person("Siti Rahma"), stage.person("Wati", "KECIL")
    closed(stage, KECIL=(9, 0.9), LAIN=(5, 0.5), PAS=(10, 0.3), DINKES=(100, 0.25))
    text = siti.says("/peringkat")[0].text
    assert "3. Dinas PAS: 30%\n👉 4. Dinas DINKES: 25%" in text
    assert "KECIL" not in text
    assert text.endswith("OPD lain dengan kurang dari 10 orang tidak ditampilkan.")
    text = wati.says("/peringkat")[0].text
    assert "👉 1. Dinas KECIL: 90%" in text
    assert "LAIN" not in text


def test_a_week_in_which_nothing_was_released_ranks_nobody(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    closed(stage, DINKES=(100, 0.25))
    with stage.session() as session, session.begin():
        nothing = {"week": "2026-W49", "released": False, "participation": 0.0, "opd": []}
        session.add(Digest(week="2026-W49", version=1, figures=nothing, changes={}, at=stage.now))
    assert "Dinas DINKES: 25%" in said(siti.says("/peringkat"))


def test_a_long_ranking_has_pages_and_begins_with_that_of_the_own_opd(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    many = {f"OPD{n:02}": (100, 0.9 - n / 100) for n in range(20)}
    closed(stage, **many, DINKES=(100, 0.01))
    (page,) = siti.says("/peringkat")
    assert "👉 21. Dinas DINKES: 1%" in page.text
    assert "OPD00" not in page.text
    first = siti.presses("", action="rank.page:small:0")[0].text
    assert first.count("Dinas OPD") == ranking.PAGE
    assert siti.presses("", action="rank.page:small:99")[0].text == page.text


def test_the_ranking_is_that_of_the_frozen_week_whatever_comes_later(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    for number in range(9):
        stage.person(f"Orang {number}")
    honouring.play(stage, WEEKS[0], (siti, 10))
    before = said(siti.says("/peringkat"))
    assert "10%" in before
    stage.person("Budi")
    stage.person("Wati")
    assert said(siti.says("/peringkat")) == before
    with stage.session() as session:
        assert len(snapshots.versions(session, WEEKS[0])) == 1


def test_a_size_of_which_one_may_see_nobody_is_not_offered(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    closed(stage, KECIL=(9, 0.9), LAIN=(5, 0.5), DINKES=(200, 0.25))
    (page,) = siti.says("/peringkat")
    assert page.actions == {}
    assert "tidak berlaku" in said(siti.presses("", action="rank.page:small:0"))
    wati = stage.person("Wati", "HILANG")
    assert "1. Dinas DINKES: 25%" in said(wati.says("/peringkat"))
