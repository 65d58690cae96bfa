"""Those who only read: a leader sees everything, a PPID the own OPD, nobody sees too much."""

from models.digests import digests
from models.people import people, roles
from models.programme import weeks
from tests import scene
from tests.chat import Stage


def test_a_leader_asks_for_this_week_and_the_one_before(stage: Stage) -> None:
    leader = stage.person("Bapak Gubernur", "SETDA", role="leader")
    siti, _ = stage.person("Siti"), stage.person("Budi")
    scene.item(stage)
    scene.release(stage)
    siti.sends_photo(caption="fb")

    (now,) = leader.says("rekap")
    assert "33,3% ASN sudah berbagi\n1 dari 3" in now.text
    assert "Sementara: minggunya belum ditutup." in now.text
    assert leader.says("/siar")[0].key.endswith(":refused")  # to read is not to release

    stage.now = weeks.closing("2026-W48", stage.programme)
    with stage.session() as session, session.begin():
        digests.close(session, "2026-W48", stage.now, stage.programme)
    before, *_ = leader.says("/rekap 48")
    assert "33,3% ASN sudah berbagi" in before.text
    assert "Sementara" not in before.text

    (running,) = leader.says("/rekap")
    assert "0% ASN sudah berbagi\n0 dari 3" in running.text
    assert "turun" not in running.text, "nothing has come out in it: it can be compared with nothing yet"
    assert "Perlu dibantu" not in running.text
    assert leader.presses("Minggu lalu")[0].text == before.text
    assert leader.says("/rekap lalu")[0].text == before.text
    assert leader.says("/rekap 26 November")[0].text == before.text


def test_a_ppid_reads_the_page_of_each_opd_it_serves(stage: Stage) -> None:
    editor = stage.person("Pak Editor", "DINKES")
    stage.person("Rina Marlina", "DISDIK")
    with stage.session() as session, session.begin():
        person = scene.person(session, editor)
        roles.grant(session, person, "editor", None, stage.now, by=None)
        other = people.opd(session, "DISDIK")
        assert other is not None
        roles.grant(session, person, "creator", other.id, stage.now, by=None)
    pages = editor.says("/rekap")
    assert [page.text.split(" ·")[0] for page in pages] == ["Dinas Kesehatan", "Dinas DISDIK"]
    assert pages[1].text.endswith("Belum berbagi: 1 ASN")
    assert "Lihat siapa yang belum" in pages[1].actions
