"""The peers' table of proofs: one transaction a row, as durable as ours (WAL, synchronous=FULL)."""

import argparse
import sqlite3

RECEIPT = "Terima kasih! Bukti Anda sudah kami catat. Nomor tanda terima: {}"


def given(options: argparse.ArgumentParser) -> argparse.Namespace:
    """What a webhook peer is told."""
    for name in ("url", "token", "secret", "file"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--port", type=int, required=True)
    return options.parse_args()


def opened(file: str) -> sqlite3.Connection:
    rows = sqlite3.connect(file, isolation_level=None)
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("PRAGMA synchronous = FULL")
    rows.execute(
        "CREATE TABLE IF NOT EXISTS proof (id INTEGER PRIMARY KEY, update_id INTEGER UNIQUE, chat_id INTEGER,"
        " link TEXT, at REAL)"
    )
    return rows


def keep(rows: sqlite3.Connection, update_id: int, chat_id: int, link: str, at: float) -> None:
    rows.execute(
        "INSERT OR IGNORE INTO proof (update_id, chat_id, link, at) VALUES (?, ?, ?, ?)",
        (update_id, chat_id, link, at),
    )
