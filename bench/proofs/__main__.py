"""The command line of `bench.proofs`: see there."""

import argparse
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TypeVar

from bench import ground, proofs
from bench.proofs import cost, crowds, judging, pairs, training

Made = TypeVar("Made")


def _all(work: Callable[[str, int], list[Made]], seed: str, count: int, jobs: int) -> list[Made]:
    """What is made of so many numbered items, by so many processes."""
    with ProcessPoolExecutor(jobs) as pool:
        return [one for some in pool.map(partial(work, seed), range(count)) for one in some]


def main() -> None:
    options = ground.options(proofs.__doc__)
    options.add_argument("--items", type=int, default=126, help="items, each shared once on eight platforms")
    options.add_argument("--twins", type=int, default=14, help="items whose uploads are copied")
    options.add_argument("--people", type=int, default=1000, help="people who share one item")
    options.add_argument("--seed", default="", help="other pictures")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    options.add_argument("--train", action="store_true", help="thresholds from the train set")
    options.add_argument("--quick", action="store_true", help="a fortieth of everything")
    options.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.memory:
        return cost.show_memory()
    part = 40 if chosen.quick else 1
    seed = f"{'train' if chosen.train else 'test'}{chosen.seed}"
    if items := -(-chosen.items // part):
        ground.say(f"pictures of {items} items")
        everything = _all(judging.judged, seed, items, chosen.jobs)
        judging.show(everything)
        if chosen.train:
            training.show(everything)
    if twins := -(-chosen.twins // part):
        ground.say(f"copies and colleagues of {twins} items on every platform")
        pairs.show(_all(pairs.paired, seed, twins, chosen.jobs))
    if people := -(-chosen.people // part):
        crowds.show(seed, people)
    return cost.show(seed)


if __name__ == "__main__":
    main()
