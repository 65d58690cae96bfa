"""The sample province: who is in it, and that it is the same each time."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bot.demo import agencies, sample
from models.people import people


def test_the_full_province_has_fifteen_thousand_people_in_43_opd_of_40_to_4000() -> None:
    sizes = agencies.sized(15_000)
    assert (len(sizes), sum(sizes.values())) == (43, 15_000)
    assert (min(sizes.values()), max(sizes.values())) == (40, 4_000)


@pytest.mark.parametrize("wanted", [86, 100, 777, 15_000, 36_000])
def test_any_size_is_met_exactly_and_no_opd_is_empty(wanted: int) -> None:
    sizes = agencies.sized(wanted)
    assert sum(sizes.values()) == wanted
    assert min(sizes.values()) >= 2


def test_too_few_people_for_all_opd_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 86"):
        agencies.sized(85)


def test_the_same_seed_makes_the_same_people_and_another_seed_others() -> None:
    assert sample.make(300, seed=1).people == sample.make(300, seed=1).people
    assert sample.make(300, seed=1).people != sample.make(300, seed=2).people


def test_every_nip_is_possible_and_belongs_to_one_person() -> None:
    nips = [person.nip for person in sample.make(2_000).people]
    assert [people.nip(nip) for nip in nips] == nips
    assert len(set(nips)) == len(nips)


def test_both_kinds_of_nip_occur() -> None:
    months = {person.nip[12:14] for person in sample.make(2_000).people}
    assert "21" in months  # PPPK: no month
    assert {f"{month:02d}" for month in range(1, 13)} <= months


def test_phones_are_numbers_as_the_roster_keeps_them_and_few_are_shared() -> None:
    phones = Counter(person.phone for person in sample.make(5_000).people if person.phone)
    assert all(people.phone(phone) == phone for phone in phones)
    shared = [number for number in phones.values() if number > 1]
    assert shared
    assert set(shared) == {2}
    assert len(shared) < 50


def test_nine_of_ten_joined_before_and_some_join_block_or_stay_away() -> None:
    made = sample.make(15_000)
    stands = Counter(person.stands for person in made.people)
    assert stands[sample.JOINED] + stands[sample.KNOWN] + stands[sample.SILENT] == 13_500
    assert (stands[sample.JOINS_LIVE], stands[sample.KNOWN], stands[sample.SILENT]) == (200, 100, 50)
    assert stands[sample.JOINS_LATER] == 3


def test_every_opd_has_a_ppid_and_the_controllers_are_in_no_team() -> None:
    made = sample.make(15_000)
    teams = {person.nip for code in made.by_opd for person in made.team(code)}
    assert len(teams) == 3 * 43
    officials = [*made.controllers, made.admin, made.tag, made.leader]
    assert len({person.nip for person in officials} - teams) == 5


def test_the_files_hold_everybody_as_offices_write_it(tmp_path: Path) -> None:
    made = sample.make(300)
    sample.write(made, tmp_path)
    with (tmp_path / "roster.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [people.nip(line["nip"]) for line in lines] == [person.nip for person in made.people]
    numbers = [people.phone(line["hp"]) if line["hp"] else "" for line in lines]
    assert numbers == [person.phone for person in made.people]
    assert any(" " in line["nip"] for line in lines)
    assert any("-" in line["hp"] for line in lines)


def test_four_of_ten_are_on_whatsapp_alone_a_few_on_both_and_of_every_standing() -> None:
    made = sample.make(3_000)
    reached = [person for person in made.people if person.stands != sample.AWAY]
    alone = [person for person in reached if person.channels == (sample.WHATSAPP,)]
    both = [person for person in reached if person.channels == sample.CHANNELS]
    assert len(alone) / len(reached) == pytest.approx(0.40, abs=0.005)
    assert len(both) / len(reached) == pytest.approx(0.03, abs=0.005)
    for stands in (sample.KNOWN, sample.SILENT, sample.JOINS_LIVE, sample.JOINS_LATER):
        assert {person.channel for person in made.standing(stands)} == set(sample.CHANNELS)


@pytest.mark.parametrize("people", [86, 150, 600])
def test_teams_and_officials_are_on_telegram_however_small_the_province_is(people: int) -> None:
    made = sample.make(people)
    team = {person for code in made.by_opd for person in made.team(code)}
    officials = {*made.controllers, made.admin, made.tag, made.leader, *made.colleagues}
    assert {person.channels for person in team | officials} == {(sample.TELEGRAM,)}


def test_nobody_on_whatsapp_shares_a_number_with_somebody_else_there() -> None:
    made = sample.make(15_000)
    numbers = [person.phone for person in made.people if sample.WHATSAPP in person.channels]
    assert all(people.phone(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers) > 5_000
    assert made.by_address[sample.WHATSAPP, numbers[0]].phone == numbers[0]
