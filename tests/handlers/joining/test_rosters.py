"""The roster in chat: a file comes, its effect is shown, then applied."""

import pytest
from sqlalchemy import select

from models.messages.files import Media
from models.people import people
from models.people.people import Person
from models.refused import Refused
from tests.chat import Chatter, Heard, Stage
from tests.hearing import text

ADMIN = "197001011995031005"


def _nip(number: int) -> str:
    return f"198001012005011{number:03d}"


def _table(names: dict[str, str], opd: str = "DINKES") -> list[tuple[int, dict[str, str]]]:
    """A list of people by NIP; the admin is always on it."""
    rows = [{"nip": ADMIN, "nama": "Admin Utama", "kode_opd": "BKD", "hp": "", "jabatan": ""}]
    for nip, name in names.items():
        rows.append({"nip": nip, "nama": name, "kode_opd": opd, "hp": "", "jabatan": ""})
    return list(enumerate(rows, start=2))


PEOPLE = {_nip(number): f"Pegawai {number}" for number in range(5)}


@pytest.fixture
def admin(stage: Stage) -> Chatter:
    stage.agency("DINKES")
    return stage.person("Admin Utama", opd="BKD", role="admin", nip=ADMIN)


def _sends(stage: Stage, admin: Chatter, table: list[tuple[int, dict[str, str]]]) -> list[Heard]:
    """The admin sends a list; it is fetched; what the bot says then."""
    admin.says("/roster")
    admin.sends_document("pegawai.csv")
    with stage.session() as session:
        media_id = max(session.scalars(select(Media.id)))
    stage.tables[media_id] = table
    before = admin.hears()[-1].row.id
    stage.internal(admin.chat, f"roster.stored:{media_id}")
    return admin.hears(before)


def test_a_list_is_explained_fetched_shown_and_applied(stage: Stage, admin: Chatter) -> None:
    assert "nip" in text(admin.says("/roster"))
    assert "sedang dibaca" in text(admin.sends_document("pegawai.csv"))
    with stage.session() as session:
        media = session.scalars(select(Media)).one()
        assert (media.purpose, media.notify, media.name) == ("roster", str(admin.chat), "pegawai.csv")
    heard = _sends(stage, admin, _table(PEOPLE))
    assert "Hasil baca: 6 baris" in heard[0].text
    assert "Baru: 5" in heard[0].text
    assert "Pindah" not in heard[0].text
    with stage.session() as session:
        assert people.with_nip(session, _nip(1)) is None, "nothing is changed before the confirmation"
    done = admin.presses("Terapkan")
    assert "Daftar pegawai diperbarui" in text(done)
    with stage.session() as session:
        assert people.with_nip(session, _nip(1)) is not None


def test_the_same_list_again_is_no_change(stage: Stage, admin: Chatter) -> None:
    _sends(stage, admin, _table(PEOPLE))
    admin.presses("Terapkan")
    assert "sudah diterapkan" in text(admin.presses("Terapkan"))
    heard = _sends(stage, admin, _table(PEOPLE))
    assert "Tidak ada perubahan" in text(heard)
    assert heard[0].actions == {}


def test_moves_are_named_and_counted(stage: Stage, admin: Chatter) -> None:
    _sends(stage, admin, _table(PEOPLE))
    admin.presses("Terapkan")
    rows = _table(PEOPLE)
    rows[1][1]["kode_opd"] = "BKD"
    heard = _sends(stage, admin, rows)
    assert "Pindah OPD: 1" in heard[0].text
    assert "• Pegawai 0: Dinas Kesehatan → Dinas BKD" in heard[0].text


def test_rejected_lines_come_as_a_file(stage: Stage, admin: Chatter) -> None:
    rows = _table({**PEOPLE, "123": "Salah"})
    heard = _sends(stage, admin, rows)
    assert "Ditolak: 1" in heard[0].text
    assert heard[1].row.body["report"].startswith("rejects:")
    assert "1 baris tidak dapat dipakai" in heard[1].text


def test_losing_many_people_is_asked_about_twice(stage: Stage, admin: Chatter) -> None:
    _sends(stage, admin, _table(PEOPLE))
    admin.presses("Terapkan")
    few = dict(list(PEOPLE.items())[:2])
    assert "Tidak bertugas lagi: 3" in text(_sends(stage, admin, _table(few)))
    asked = admin.presses("Terapkan")
    assert "menonaktifkan 3 dari 6 pegawai (50%)" in text(asked)
    with stage.session() as session:
        assert len(session.scalars(select(Person).where(Person.active)).all()) == 6
    assert "diperbarui" in text(admin.presses("Ya, nonaktifkan"))
    with stage.session() as session:
        assert len(session.scalars(select(Person).where(Person.active)).all()) == 3


def test_a_confirmation_counts_only_for_the_number_it_named(stage: Stage, admin: Chatter) -> None:
    _sends(stage, admin, _table(PEOPLE))
    admin.presses("Terapkan")
    few = dict(list(PEOPLE.items())[:2])
    _sends(stage, admin, _table(few))
    admin.presses("Terapkan")
    with stage.session() as session, session.begin():
        person = people.with_nip(session, _nip(4))
        assert person is not None
        person.active = False
    assert "menonaktifkan 2 dari 5" in text(admin.presses("Ya, nonaktifkan"))


def test_an_admin_who_is_not_on_the_list_is_warned(stage: Stage, admin: Chatter) -> None:
    heard = _sends(stage, admin, _table(PEOPLE)[1:])
    assert "Terapkan" in heard[0].actions
    admin.presses("Terapkan")
    assert "Anda sendiri tidak ada di daftar" in text(admin.presses("nonaktifkan"))
    with stage.session() as session:
        assert people.with_nip(session, _nip(1)) is None


def test_cancelling_changes_nothing(stage: Stage, admin: Chatter) -> None:
    _sends(stage, admin, _table(PEOPLE))
    assert "tidak ada yang diubah" in text(admin.presses("Batal"))
    with stage.session() as session:
        assert people.with_nip(session, _nip(1)) is None


def test_a_list_of_opd_is_recognised(stage: Stage, admin: Chatter) -> None:
    rows: list[tuple[int, dict[str, str]]] = [
        (2, {"kode": "DISDIK", "nama": "Dinas Pendidikan"}),
        (3, {"kode": "", "nama": "Tanpa kode"}),
    ]
    heard = _sends(stage, admin, rows)
    assert "Baru atau berganti nama: 1" in heard[0].text
    assert "Baris 3: kode atau nama OPD kosong" in heard[1].text
    assert "1 baru atau berganti nama" in text(admin.presses("Terapkan"))
    assert "Tidak ada perubahan" in text(_sends(stage, admin, rows[:1]))
    with stage.session() as session:
        assert people.opd(session, "disdik") is not None


def test_a_file_that_cannot_be_used_is_answered_without_any_button(stage: Stage, admin: Chatter) -> None:
    assert "Kolom ini belum ada di berkas: kode_opd" in text(
        _sends(stage, admin, [(2, {"nip": _nip(1), "nama": "A"})])
    )
    assert "tidak berisi baris" in text(_sends(stage, admin, []))


def test_an_unreadable_file_is_answered_with_what_its_reader_says(stage: Stage, admin: Chatter) -> None:
    class Unreadable(dict[int, list[tuple[int, dict[str, str]]]]):
        def __missing__(self, media_id: int) -> list[tuple[int, dict[str, str]]]:
            raise Refused("table.not_a_table", name="pegawai.csv")

    stage.tables = Unreadable()
    before = admin.says("/roster")[-1].row.id
    stage.internal(admin.chat, "roster.stored:1")
    assert "bukan tabel" in text(admin.hears(before))


def test_a_file_that_could_not_be_fetched_is_asked_for_again(stage: Stage, admin: Chatter) -> None:
    admin.says("/roster")
    last = admin.sends_document("pegawai.csv")[-1].row.id
    stage.internal(admin.chat, "roster.failed:1")
    heard = text(admin.hears(last))
    assert "kirim lagi" in heard
    assert "paling besar 20 MB" in heard


def test_a_photo_or_text_is_no_list(stage: Stage, admin: Chatter) -> None:
    admin.says("/roster")
    assert "bukan foto" in text(admin.sends_photo())
    assert "bukan foto" in text(admin.says("ini daftarnya"))
    assert "sedang dibaca" in text(admin.sends_document("pegawai.xlsx"))


def test_only_an_admin_may(stage: Stage, admin: Chatter) -> None:
    siti = stage.person("Siti", role="editor")
    assert "hanya untuk petugas" in text(siti.says("/roster"))
    stage.tables[1] = _table(PEOPLE)
    assert "hanya untuk petugas" in text(siti.presses("", action="roster.apply:1"))
    last = siti.hears()[-1].row.id
    stage.internal(siti.chat, "roster.stored:1")
    assert "hanya untuk petugas" in text(siti.hears(last))
