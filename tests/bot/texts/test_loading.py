"""A catalogue with a fault is refused at the start, with the place of the fault."""

from pathlib import Path

import pytest

from bot.texts import catalogue


def write(folder: Path, **files: str) -> Path:
    language = folder / "id"
    language.mkdir()
    for name, text in files.items():
        (language / f"{name}.yaml").write_text(text, encoding="utf-8")
    return language


def faults(folder: Path, **files: str) -> list[str]:
    with pytest.raises(catalogue.CatalogueError) as refused:
        catalogue.load(write(folder, **files))
    return str(refused.value).split("\n")


def test_files_are_merged_and_nested_keys_joined_with_dots(tmp_path: Path) -> None:
    loaded = catalogue.load(
        write(
            tmp_path,
            common="button:\n  yes: Ya\n  no: Tidak\n",
            joining="joining:\n  hi: |\n    Halo {name},\n    apa kabar\n",
        )
    )
    assert loaded.texts == {
        "button.yes": "Ya",
        "button.no": "Tidak",
        "joining.hi": "Halo {name},\napa kabar",
    }
    assert loaded.places["joining.hi"] == "joining.yaml:2"
    assert str(loaded.locale) == "id"


def test_a_key_that_is_there_twice_is_named_with_both_places(tmp_path: Path) -> None:
    assert faults(tmp_path, a="x:\n  y: satu\n  y: dua\n", b="x:\n  y: tiga\n") == [
        "a.yaml:3: x.y is already in a.yaml:2",
        "b.yaml:2: x.y is already in a.yaml:2",
    ]


def test_a_block_that_is_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, a="x:\n  y: satu\nx:\n  z: dua\n") == ["a.yaml:3: the block x is here twice"]


def test_a_text_cannot_have_texts_below_it(tmp_path: Path) -> None:
    assert faults(tmp_path, a="x: satu\n", b="x:\n  y: dua\n") == [
        "a.yaml:1: x is a text, and x.y is below it"
    ]


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        a="x:\n  n: 12\n  t: yes\n  l: [a]\n"
        "  p: '{Nama}'\n  m: '*buka'\n  f: '{n:angka}'\n  Kunci: a\n  e:\n",
    )
    assert [fault.split(" ")[0] for fault in found] == [f"a.yaml:{line}:" for line in range(2, 10)]
    assert "x.n is no text (int)" in found[0]
    assert "x.e is no text (null)" in found[7]


def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    assert faults(tmp_path, a="x:\n  y: 'satu\n")[0].startswith("a.yaml:")


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path / 'id'}: no texts"]


def test_the_shipped_catalogue_is_read_once_whether_its_language_is_named_or_not() -> None:
    assert catalogue.current() is catalogue.current("id")
