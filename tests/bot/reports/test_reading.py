"""A table is read once, and the newest ones stay known."""

from datetime import UTC, datetime
from pathlib import Path

from bot.files.media import Store
from bot.reports.reading import KEPT, Reader

NOW = datetime(2026, 11, 25, tzinfo=UTC)
HEAD = "nip;nama;kode_opd;hp;jabatan\n"


def stored(store: Store, nth: int) -> str:
    return store.put(f"{HEAD}19800101200501100{nth};Siti;DINKES;;Guru\n".encode(), NOW).key


def test_a_table_that_was_read_ahead_needs_no_file_any_more(tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path}")
    reader = Reader(store)
    key = stored(store, 1)
    ahead = reader.read(key)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.unlink()
    assert reader.read(key, "asn.csv") is ahead
    assert [row.cells["nama"] for row in ahead.rows] == ["Siti"]


def test_only_the_newest_tables_are_kept(tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path}")
    reader = Reader(store)
    keys = [stored(store, nth) for nth in range(KEPT + 1)]
    first = [reader.read(key) for key in keys]
    assert reader.read(keys[-1]) is first[-1]
    assert reader.read(keys[0]) is not first[0]


def test_what_cannot_be_used_names_the_file_that_somebody_sent(tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path}")
    reader = Reader(store)
    key = store.put(b"%PDF-1.4 no table", NOW).key
    reader.read(key)
    assert reader.read(key, "surat.pdf").problems[0].params["name"] == "surat.pdf"
