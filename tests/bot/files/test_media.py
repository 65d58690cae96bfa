"""The store of files: kept by content, taken for what they are, on a disk or in S3."""

import concurrent.futures
import datetime as dt
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from bot.files import media
from tests.bot import buckets
from tests.bot.drawings import drawing, encoded, with_place

NOW = dt.datetime(2026, 11, 25, 6, 0, tzinfo=dt.UTC)
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + b"\0" * 64
MOV = b"\0\0\0\x14ftypqt  \0\0\x02\0qt  " + b"\0" * 64
WEBM = b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[media.Store]:
    url = f"file://{tmp_path}/media"
    if request.param == "s3":
        url = request.getfixturevalue("bucket")
    made = media.Store(url)
    yield made
    made.close()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that speaks as much of S3 as a store needs, over real HTTP."""
    with buckets.serving() as url:
        for name, value in buckets.environment(url).items():
            monkeypatch.setenv(name, value)
        yield "s3://bucket/proofs"


def test_a_file_comes_back_as_it_was_until_it_is_deleted(store: media.Store) -> None:
    data = encoded(drawing())
    kept = store.put(data, NOW)
    digest = hashlib.sha256(data).hexdigest()
    assert kept == media.Stored(f"{digest[:2]}/{digest}.jpg", digest, len(data), "image/jpeg", 60, 40, NOW)
    assert store.get(kept.key) == data
    assert b"".join(store.stream(kept.key)) == data
    assert store.size(kept.key) == len(data)
    path = store.local_path(kept.key)
    assert path.read_bytes() == data
    assert path.suffix == ".jpg"
    store.delete(kept.key)
    store.delete(kept.key)
    assert store.size(kept.key) is None
    with pytest.raises(FileNotFoundError):
        store.get(kept.key)
    with pytest.raises(FileNotFoundError):
        list(store.stream(kept.key))


def test_the_same_file_again_is_the_same_file(store: media.Store, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(with_place("JPEG"))
    first = store.put(tmp_path / "photo", NOW)
    assert store.put(with_place("JPEG"), NOW) == first


def test_copies_of_a_remote_store_are_removed_with_it(bucket: str) -> None:
    store = media.Store(bucket)
    keys = [store.put(MP4 + bytes([number]), NOW).key for number in range(40)]
    paths = [store.local_path(key) for key in keys]
    assert store.local_path(keys[-1]) == paths[-1]
    assert sum(path.exists() for path in paths) == 32  # the oldest made room
    assert store.local_path(keys[0]).exists()
    store.close()
    assert not any(path.exists() for path in paths)


def test_a_store_that_is_away_says_so(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    store = media.Store(bucket)
    with pytest.raises(Exception, match=r"(?i)error"):
        store.put(MP4, NOW)


@pytest.mark.parametrize("key", ["../etc/passwd", "/etc/passwd", "ab/cd.jpg", "", f"ab/{'a' * 64}.jpg/.."])
def test_nothing_but_a_key_of_ours_opens_a_file(store: media.Store, key: str) -> None:
    for use in (store.get, store.delete, store.local_path, store.size):
        with pytest.raises(ValueError, match="is no key"):
            use(key)


def xlsx() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "mime", "ending"),
    [
        (encoded(drawing()), "image/jpeg", "jpg"),
        (encoded(drawing(), "PNG"), "image/png", "png"),
        (encoded(drawing(), "WEBP"), "image/webp", "webp"),
        (encoded(drawing(), "GIF"), "image/gif", "gif"),
        (encoded(drawing(), "BMP"), "application/octet-stream", "bin"),
        (MP4, "video/mp4", "mp4"),
        (MOV, "video/quicktime", "mov"),
        (WEBM, "video/webm", "webm"),
        (b"%PDF-1.7\n1 0 obj\n", "application/pdf", "pdf"),
        (xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        (b"nip,nama\n1,Siti\n", "application/octet-stream", "bin"),
        (b"<html><script>alert(1)</script></html>", "application/octet-stream", "bin"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream", "bin"),
        (b"MZ\x90\0" + b"\0" * 60, "application/octet-stream", "bin"),
    ],
)
def test_a_file_is_taken_for_what_it_is(tmp_path: Path, data: bytes, mime: str, ending: str) -> None:
    (tmp_path / "photo.jpg").write_bytes(data)  # whatever it claims
    kept = media.Store(f"file://{tmp_path}/media").put(tmp_path / "photo.jpg", NOW)
    assert (kept.mime, kept.key.rpartition(".")[2]) == (mime, ending)


def test_many_at_once_keep_every_file(store: media.Store) -> None:
    sent = [encoded(drawing(30 + number % 7, 30), "PNG") for number in range(60)]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        kept = list(pool.map(lambda data: store.put(data, NOW), sent))
    assert len({one.key for one in kept}) == 7
    for one, data in zip(kept, sent, strict=True):
        assert store.get(one.key) == data


WRITER = """
import datetime, os, sys
from bot.files import media
store = media.Store("file://" + sys.argv[1])
while True:
    data = os.urandom(3_000_000)
    print(store.put(data, datetime.datetime.now(datetime.UTC)).key, flush=True)
"""


def test_a_killed_program_leaves_whole_files_or_none(tmp_path: Path) -> None:
    dice = random.Random(1)
    for _ in range(4):
        running = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        with running:
            assert running.stdout is not None
            for _ in range(dice.randint(1, 6)):
                running.stdout.readline()
            os.kill(running.pid, signal.SIGKILL)
    store = media.Store(f"file://{tmp_path}")
    files = [path for path in tmp_path.glob("*/*.bin")]
    assert files
    for path in files:
        key = f"{path.parent.name}/{path.name}"
        assert hashlib.sha256(store.get(key)).hexdigest() == path.stem
