"""An admin brings in the OPD and the people, builds a PPID team, and keeps the roster up to date."""

from sqlalchemy import select

from models.people import people
from models.people.audit import Entry
from models.people.people import Person
from tests.chat import Chatter, Stage
from tests.hearing import text

ADMIN = "197001011995031005"
BUDI = "198001012005011001"
SITI = "198502022010012002"
Row = dict[str, str]


def _person(nip: str, name: str, opd: str, phone: str = "") -> Row:
    return {"nip": nip, "nama": name, "kode_opd": opd, "hp": phone, "jabatan": "Staf"}


def _sends(stage: Stage, admin: Chatter, name: str, rows: list[Row]) -> str:
    """The admin sends a file; it is fetched and read; what the bot says then."""
    assert "Kirim berkas" in text(admin.says("/roster"))
    first, *read = stage.line.sends_table(admin, name, rows)
    assert "sedang dibaca" in first.text
    return text(read)


EVERYBODY = [
    _person(ADMIN, "Admin Utama", "BKD"),
    _person(BUDI, "Budi Santoso", "DINKES", "0813-1703-6688"),
    _person(SITI, "Siti Rahma", "DISDIK", "0852 9999 8888"),
]


def the_lists_come(stage: Stage, admin: Chatter) -> None:
    """First the OPD, then the people."""
    assert "berganti nama: 2" in _sends(
        stage,
        admin,
        "opd.xlsx",
        [{"kode": "DINKES", "nama": "Dinas Kesehatan"}, {"kode": "DISDIK", "nama": "Dinas Pendidikan"}],
    )
    admin.presses("Terapkan")
    seen = _sends(stage, admin, "asn.xlsx", [*EVERYBODY, _person("1980", "Salah", "DINKES")])
    assert "Baru: 2" in seen
    assert "1 baris tidak dapat dipakai" in seen
    admin.says("1")  # [Terapkan], by its number


def an_editor_is_made(stage: Stage, admin: Chatter) -> Chatter:
    """Budi joins with the number of the list, and becomes the editor of the health agency."""
    budi = stage.stranger("Budi", phone="+6281317036688")
    budi.shares_contact("6281317036688")
    budi.says("ya")
    admin.says("/peran")
    admin.says("budi, kesehatan")
    admin.presses("Beri peran")
    admin.presses("Editor")
    admin.presses("Dinas Kesehatan")
    assert "Anda mendapat peran Editor" in text(budi.hears())
    budi.says("menu")
    further = [*budi.presses("Lainnya")[-1].actions, *budi.presses("Lainnya")[-1].actions]
    assert "Pemohon" in " ".join(further)
    assert "Baru 1 orang" in text(budi.says("/tim"))
    return budi


def a_colleague_is_admitted(stage: Stage, budi: Chatter) -> None:
    """The editor lets in somebody whose number nobody knew."""
    ani = stage.stranger("Ani")
    ani.starts("opd_DINKES")
    for said in ("199003032015032003", "Ani Wijaya"):
        ani.says(said)
    budi.presses("Terima")
    assert "Selamat bergabung" in text(ani.says("ya"))


def the_next_list_comes(stage: Stage, admin: Chatter) -> list[Row]:
    """Budi moves, Siti is not on it, Ani is."""
    moved = [EVERYBODY[0], _person(BUDI, "Budi Santoso", "DISDIK", "081317036688")]
    moved.append(_person("199003032015032003", "Ani Wijaya", "DINKES"))
    seen = _sends(stage, admin, "asn-desember.xlsx", moved)
    assert "Pindah OPD: 1" in seen
    assert "Budi Santoso: Dinas Kesehatan → Dinas Pendidikan" in seen
    assert "Tidak bertugas lagi: 1" in seen
    assert "menonaktifkan 1 dari 4 pegawai (25%)" in text(admin.presses("Terapkan"))
    assert "diperbarui" in text(admin.presses("Ya, nonaktifkan"))
    return moved


def test_from_an_empty_programme_to_a_team_that_admits_its_own(stage: Stage) -> None:
    admin = stage.person("Admin Utama", opd="BKD", role="admin", nip=ADMIN)
    the_lists_come(stage, admin)
    budi = an_editor_is_made(stage, admin)
    a_colleague_is_admitted(stage, budi)
    moved = the_next_list_comes(stage, admin)

    # Budi's role stayed behind in the health agency; the same list again is no change.
    assert "hanya untuk petugas" in text(budi.says("/pemohon"))
    assert "Tidak ada perubahan" in _sends(stage, admin, "asn-desember.xlsx", moved)
    with stage.session() as session:
        siti = people.with_nip(session, SITI)
        assert siti is not None
        assert not siti.active
        assert session.scalars(select(Person).where(Person.nip == SITI)).one().name == "Siti Rahma"
        acts = session.scalars(select(Entry.act).where(Entry.subject == "person")).all()
        assert {"import", "grant", "revoke", "link"} <= set(acts)


def test_an_admin_who_hands_over_leaves_somebody_behind(stage: Stage) -> None:
    admin = stage.person("Admin Utama", opd="BKD", role="admin")
    stage.person("Citra Dewi", opd="BKD")

    admin.says("/peran admin utama")
    admin.presses("Cabut peran")
    assert "admin terakhir" in text(admin.presses("Admin"))

    admin.says("/peran citra")
    admin.presses("Beri peran")
    admin.presses("Admin", action="")
    admin.says("/peran admin utama")
    admin.presses("Cabut peran")
    assert "dicabut dari Admin Utama" in text(admin.presses("Admin"))
    assert "hanya untuk petugas" in text(admin.says("/peran"))
