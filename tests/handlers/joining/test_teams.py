"""Teams, invitations, and who holds which role."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from handlers import channels
from models.messages.outbox import Outbound
from models.people import roles
from models.people.audit import Entry
from models.people.people import Person
from tests.chat import Chatter, Stage
from tests.hearing import text


def _roles(stage: Stage, who: Chatter) -> set[tuple[str, int | None]]:
    assert who.person_id is not None
    with stage.session() as session:
        return {(role.role, role.opd_id) for role in roles.of(session, who.person_id)}


@pytest.fixture
def admin(stage: Stage) -> Chatter:
    return stage.person("Admin Utama", opd="BKD", role="admin")


# -- /tim, /undangan -------------------------------------------------------------------------------


def test_a_ppid_sees_the_own_team_and_what_it_lacks(stage: Stage) -> None:
    budi = stage.person("Budi Santoso", role="editor")
    stage.person("Ani", role="creator", joined=False)
    with stage.session() as session, session.begin():
        roles.grant(session, session.get_one(Person, budi.person_id), "planner", None, stage.now, by=None)
    said = text(budi.says("/tim"))
    assert "• Ani: Pembuat konten (belum bergabung di sini)" in said
    assert "• Budi Santoso: Editor, Perencana mingguan" in said
    assert "Baru 2 orang" in said
    stage.person("Cici", role="planner")
    assert "Baru" not in text(budi.says("/tim"))


def test_an_admin_looks_at_any_team_by_name(stage: Stage, admin: Chatter) -> None:
    stage.agency("DINKES")
    assert "Belum ada anggota" in text(admin.says("/tim kesehatan"))
    assert "Untuk OPD mana?" in text(admin.says("/tim"))
    assert "Tim PPID Dinas Kesehatan" in text(admin.says("kesehatan"))
    admin.says("/tim")
    assert "belum kami temukan" in text(admin.says("qqqq"))
    assert "Tim PPID Dinas BKD" in text(admin.presses("Dinas BKD"))


def test_a_ppid_gets_the_link_and_the_poster_of_the_own_opd(stage: Stage) -> None:
    heard = stage.person("Budi", role="editor").says("/undangan bkd")
    assert "https://t.me/satupesan_bot?start=opd_DINKES" in heard[0].text
    assert heard[1].row.body["report"] == "poster:DINKES"


def test_an_invitation_by_whatsapp_opens_the_chat_with_words_that_lead_to_the_opd(stage: Stage) -> None:
    budi, ani = stage.person("Budi", role="editor"), stage.stranger()
    assert "wa.me" not in budi.says("/undangan")[0].text
    opd = stage.agency()
    link = urlsplit(channels.whatsapp_link("6281100000001", opd))
    assert (link.hostname, link.path) == ("wa.me", "/6281100000001")
    (words,) = parse_qs(link.query)["text"]
    assert "Anda diundang oleh Dinas Kesehatan" in text(ani.says(words))


def test_an_admin_invites_for_any_opd(stage: Stage, admin: Chatter) -> None:
    stage.agency("DISDIK", "Dinas Pendidikan")
    stage.agency("DISHUB", "Dinas Perhubungan")
    offered = admin.says("/undangan dinas")[0].actions
    assert list(offered) == ["Dinas BKD", "Dinas Pendidikan", "Dinas Perhubungan"]
    heard = admin.presses("Pendidikan")
    assert "opd_DISDIK" in heard[0].text
    assert heard[1].row.body["report"] == "poster:DISDIK"


def test_somebody_in_two_teams_is_asked_which(stage: Stage) -> None:
    budi = stage.person("Budi", role="editor")
    elsewhere = stage.agency("BKD", "Badan Kepegawaian")
    with stage.session() as session, session.begin():
        person = session.get_one(Person, budi.person_id)
        roles.grant(session, person, "creator", elsewhere.id, stage.now, by=None)
    assert set(budi.says("/undangan")[0].actions) == {"Dinas Kesehatan", "Badan Kepegawaian"}
    assert "opd_BKD" in budi.presses("Badan")[0].text


def test_nobody_invites_for_an_opd_that_is_not_theirs(stage: Stage) -> None:
    elsewhere = stage.agency("BKD", "BKD")
    budi, plain = stage.person("Budi", role="editor"), stage.person("Siti")
    assert "hanya untuk petugas" in text(budi.presses("", action=f"invite.of:{elsewhere.id}"))
    assert "hanya untuk petugas" in text(budi.presses("", action=f"team.of:{elsewhere.id}"))
    assert "hanya untuk petugas" in text(plain.says("/undangan"))
    assert "sudah tidak berlaku" in text(budi.presses("", action="team.of:x"))


# -- /peran ----------------------------------------------------------------------------------------


def test_a_role_is_given_step_by_step_and_its_holder_is_told(stage: Stage, admin: Chatter) -> None:
    siti = stage.person("Siti Rahma")
    opd_id = stage.agency("DINKES").id
    assert "Siapa" in text(admin.says("/peran"))
    assert "Belum memegang peran" in text(admin.says("siti"))
    admin.presses("Beri peran")
    assert "di OPD mana" in text(admin.presses("Editor"))
    done = admin.presses("Dinas Kesehatan")
    assert "Siti Rahma kini memegang peran Editor" in text(done)
    assert _roles(stage, siti) == {("editor", opd_id)}
    told = [heard for heard in siti.hears() if heard.op == "send"][-1]
    assert "Anda mendapat peran Editor dari Admin Utama" in told.text
    with stage.session() as session:
        row = session.scalars(select(Outbound).where(Outbound.op == "commands")).one()
        assert row.address == str(siti.chat)
        assert "pemohon" in [name for name, _ in row.body["commands"]]
        entry = session.scalars(select(Entry).where(Entry.act == "grant", Entry.after == "editor")).one()
        assert entry.actor_id == admin.person_id


def test_a_role_of_another_opd_is_given_by_typing_its_name(stage: Stage, admin: Chatter) -> None:
    siti = stage.person("Siti Rahma")
    other = stage.agency("DISDIK", "Dinas Pendidikan")
    admin.says("/peran siti")
    admin.presses("Beri peran")
    admin.presses("Pembuat")
    assert "belum kami temukan" in text(admin.says("qqqq"))
    admin.says("pendidikan")
    assert _roles(stage, siti) == {("creator", other.id)}


def test_a_role_of_the_programme_needs_no_opd(stage: Stage, admin: Chatter) -> None:
    siti = stage.person("Siti Rahma")
    admin.says("/peran siti")
    admin.presses("Beri peran")
    assert "Pengendali" in text(admin.presses("Pengendali"))
    assert _roles(stage, siti) == {("controller", None)}
    admin.says("/peran siti")
    admin.presses("Beri peran")
    assert "sudah memegang" in text(admin.presses("Pengendali"))


def test_a_role_is_taken_and_its_holder_is_told(stage: Stage, admin: Chatter) -> None:
    siti = stage.person("Siti Rahma", role="editor")
    admin.says("/peran siti")
    admin.presses("Cabut peran")
    assert "dicabut dari Siti Rahma" in text(admin.presses("Editor"))
    assert _roles(stage, siti) == set()
    assert "telah diakhiri oleh Admin Utama" in text(siti.hears())
    assert "sudah tidak berlaku" in text(admin.presses("Editor"))


def test_somebody_who_has_not_joined_may_hold_a_role(stage: Stage, admin: Chatter) -> None:
    siti = stage.person("Siti Rahma", joined=False)
    admin.says("/peran siti")
    admin.presses("Beri peran")
    assert "belum bergabung di sini" in text(admin.presses("Pimpinan"))
    assert _roles(stage, siti) == {("leader", None)}


def test_the_last_admin_cannot_remove_themself(stage: Stage, admin: Chatter) -> None:
    admin.says("/peran admin")
    admin.presses("Cabut")
    assert "admin terakhir" in text(admin.presses("Admin"))
    assert _roles(stage, admin) == {("admin", None)}


def test_people_are_found_by_nip_or_name_and_opd(stage: Stage, admin: Chatter) -> None:
    stage.person("Siti Rahma", joined=False, nip="198001012005012001")
    stage.person("Siti Rahma", opd="DISDIK", joined=False)
    assert len(admin.says("/peran siti rahma")[0].actions) == 2
    assert "Dinas Kesehatan" in text(admin.presses("Dinas Kesehatan"))
    assert "Dinas DISDIK" in text(admin.says("/peran siti, disdik"))
    assert "Dinas Kesehatan" in text(admin.says("/peran 19800101 200501 2 001"))
    assert "Belum ada pegawai" in text(admin.says("/peran 19800101 200501 2 002"))
    assert "Belum ada pegawai" in text(admin.says("/peran zzz"))
    assert "tiga huruf" in text(admin.says("/peran s"))
    assert "belum kami temukan" in text(admin.says("/peran siti, qqqq"))


def test_many_namesakes_are_asked_to_be_told_apart(stage: Stage, admin: Chatter) -> None:
    for number in range(10):
        stage.person(f"Siti {number}", joined=False)
    heard = admin.says("/peran siti")
    assert "Ada 10 orang" in heard[0].text
    assert len(heard[0].actions) == 8


def test_nobody_but_an_admin_gives_roles_not_even_by_a_forged_button(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", role="editor")
    for action in (
        f"role.of:{siti.person_id}",
        f"role.which:{siti.person_id}:admin",
        f"role.in:{siti.person_id}:creator:1",
        f"role.end:{siti.person_id}:editor:1",
    ):
        assert "hanya untuk petugas" in text(siti.presses("", action=action))
    assert "hanya untuk petugas" in text(siti.says("/peran"))


def test_a_role_may_be_typed_and_other_words_ask_again(stage: Stage, admin: Chatter) -> None:
    admin.says("/peran admin")
    admin.presses("Beri peran")
    assert "tekan salah satu tombol peran" in text(admin.says("yang penting bisa"))
    assert "menjadi Editor di OPD mana?" in text(admin.says("editor"))
