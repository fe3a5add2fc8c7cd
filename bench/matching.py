"""Whose image is it: Porion, Splink 5 and recordlinkage on the same open-set rows, in one run.

    .venv/bin/python -m pip install pseudopeople recordlinkage splink   # in an environment of its own
    python -m bench.matching [--seeds 4 5] [--halves 4 14 15] [--only porion]

Half of the people who come in are not in the register, but their relatives are. A method answers with
candidates and log2 odds, which are made open-set alike for all: odds_i / (1 + the sum of the others').
A link is made where the best candidate's odds reach a threshold. *Frozen* is the threshold that was taken
from other rows (another census, other seeds of the noise): the highest false link there and 4 bits, as by
calibrated odds a sixteenth of the false links lie above that. `R@0` and `R@1e-4` are the recall at the
highest threshold without, and with one false link in 10,000, which only somebody who knows the truth could
have set. *Trained* is Porion with what Splink learned of other rows, as docs/matching.md has it; Splink
itself learns of the very rows that it answers. Porion's vetoes bar *certain*; here they bar nothing unless
the line says so. A wrong link is one to another person, or of somebody whom the register lacks. One pair of
people with a given name and a birth date in common moves `R@0` of FEBRL by two in a hundred, whatever the
method: several halves of it are asked for, and what they give on average.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from math import fsum, log2
from pathlib import Path

from bench.rivals import Found, Logistic, splink
from bench.towns import Task, febrl4, the_town, with_doubles
from porion.clinic.grade import Grade
from porion.clinic.matching import DEFAULT_MODEL, Model, match
from porion.clinic.register import MemoryRegister
from porion.clinic.relatives import counted, twins
from porion.clinic.splink_model import convert

MARGIN = 4.0
TUNING_SEEDS, TUNING_YEARS = (11, 12, 13, 14), (2020,)
YEARS = (2030, 2040)
_MOST = 20
_FAR = 200.0


@dataclass(frozen=True)
class Answer:
    """One claim answered: people in order of their open-set log2 odds, and what Porion says of the best."""

    person: str
    found: tuple[tuple[str, float], ...]
    grade: str = ""
    ambiguous: bool = False

    @property
    def best(self) -> float:
        """The log2 odds of the best candidate."""
        return self.found[0][1] if self.found else -_FAR

    @property
    def right(self) -> bool:
        """Whether the best candidate is who the claim is of."""
        return bool(self.found) and self.found[0][0] == self.person


Method = Callable[[Task], list[Answer]]


def porion(task: Task, model: Model = DEFAULT_MODEL) -> list[Answer]:
    """Our matcher over a register in memory."""
    register = MemoryRegister(row.patient for row in task.register)
    who = {row.id: row.person for row in task.register}
    answers = []
    for row in task.incoming:
        candidates = match(row.claim, register, model=model)
        found = tuple((who[one.patient.id], _bits(one.odds)) for one in candidates)
        first = candidates[0] if candidates else None
        ambiguous = bool(first) and any(veto.rule in {"ambiguous", "as-likely"} for veto in first.vetoes)
        answers.append(Answer(row.person, found, first.grade if first else "", ambiguous))
    return answers


def counting(task: Task, model: Model = DEFAULT_MODEL) -> list[Answer]:
    """The same with as many relatives as the register's own twins tell (`porion model relatives`)."""
    found = twins(row.patient for row in task.register)
    return porion(task, counted(model, found, "counted"))


def trained(task: Task) -> Method:
    """The same with weights that Splink learned of rows without being told who is who (`bench.train`)."""
    from bench.train import train  # noqa: PLC0415 - which measures with what is here

    with tempfile.TemporaryDirectory() as made:
        saved = Path(made) / "splink.json"
        train(task.register, task.incoming, saved)
        learned = convert(saved.read_text(), DEFAULT_MODEL, "trained").model
    return partial(counting, model=learned)


def _bits(odds: float) -> float:
    return log2(odds) if odds > 2.0**-_FAR else -_FAR


def rival(find: Callable[[Task], list[Found]]) -> Method:
    """A method that only weighs pairs, its odds made open-set."""

    def answered(task: Task) -> list[Answer]:
        who = {row.id: row.person for row in task.register}
        pairs = zip(task.incoming, find(task), strict=True)
        return [
            Answer(row.person, tuple((who[one], bits) for one, bits in _open(found))) for row, found in pairs
        ]

    return answered


def _open(found: Found) -> Found:
    best = sorted(found, key=lambda one: -one[1])[:_MOST]
    odds = [2.0 ** min(bits, _FAR) for _, bits in best]
    others = (1.0 + fsum(odds[:n] + odds[n + 1 :]) for n in range(len(odds)))
    return [(id_, _bits(mine / rest)) for (id_, _), mine, rest in zip(best, odds, others, strict=True)]


@dataclass(frozen=True)
class Figures:
    """How a method did; shares are of the claims whose person the register holds."""

    top1: float
    top3: float
    at_none: float
    at_one_in_ten_thousand: float
    false: int
    recall: float
    incoming: int

    def __str__(self) -> str:
        return (
            f"top-1 {self.top1:.4f}  top-3 {self.top3:.4f}  R@0 {self.at_none:.4f}  "
            f"R@1e-4 {self.at_one_in_ten_thousand:.4f}  frozen: {self.false} false of {self.incoming}, "
            f"recall {self.recall:.4f}"
        )


def measured(task: Task, answers: Sequence[Answer], threshold: float) -> Figures:
    """The figures of one method on one task."""
    held = task.held
    mine = [one for one in answers if one.person in held]
    wrong = sorted((one.best for one in answers if one.found and not one.right), reverse=True)
    right = [one.best for one in mine if one.right]

    def recall(false_links: int) -> float:
        edge = wrong[false_links] if len(wrong) > false_links else -_FAR
        return sum(bits > edge for bits in right) / len(mine)

    return Figures(
        top1=len(right) / len(mine),
        top3=sum(one.person in [who for who, _ in one.found[:3]] for one in mine) / len(mine),
        at_none=recall(0),
        at_one_in_ten_thousand=recall(len(answers) // 10_000),
        false=sum(bits >= threshold for bits in wrong),
        recall=sum(bits >= threshold for bits in right) / len(mine),
        incoming=len(answers),
    )


def averaged(taken: Sequence[Figures]) -> Figures:
    """The shares on average; false links and claims of all together."""
    columns = zip(*(astuple(figures) for figures in taken), strict=True)
    top1, top3, none, one, false, recall, incoming = (fsum(column) for column in columns)
    shares = [share / len(taken) for share in (top1, top3, none, one)]
    return Figures(*shares, int(false), recall / len(taken), int(incoming))


def frozen(method: Method, tasks: Sequence[Task]) -> float:
    """The threshold from rows that are used for nothing else."""
    return max(one.best for task in tasks for one in method(task) if one.found and not one.right) + MARGIN


def methods(tuning: Sequence[Task]) -> dict[str, Method]:
    """Each method; recordlinkage is told the truth of the tuning rows."""
    return {
        "Porion": porion,
        "Porion, relatives counted": counting,
        "Porion, trained": trained(tuning[0]),
        "Splink 5": rival(splink),
        "recordlinkage, logistic": rival(Logistic(tuning[0])),
    }


def told(kind: str, tuning: Sequence[Task], tasks: Sequence[Task], only: str) -> None:
    """Print a line for each method and task of one kind."""
    print(kind)
    for name, method in methods(tuning).items():
        if only and only not in name.casefold():
            continue
        threshold = frozen(method, tuning)
        taken = []
        for task in tasks:
            start = time.perf_counter()
            answers = method(task)
            each = (time.perf_counter() - start) / len(answers) * 1000
            figures = measured(task, answers, threshold)
            taken.append(figures)
            print(
                f"  {task.name}\n    {name:25} {figures}  (threshold {threshold:.1f}; {each:.2f} ms a claim)"
            )
            if name.startswith("Porion"):
                print(f"    {'':25} {_of_porion(task, answers, method)}", flush=True)
        if len(taken) > 1:
            print(f"  all {len(taken)}\n    {name:25} {averaged(taken)}", flush=True)


def _of_porion(task: Task, answers: Sequence[Answer], method: Method) -> str:
    certain = [one for one in answers if one.grade == Grade.CERTAIN]
    answered = method(with_doubles(task))
    doubles = [one for one in answered if one.found and one.found[0][0].endswith(one.person)]
    tied = sum(one.ambiguous for one in doubles)
    sure = sum(one.grade == Grade.CERTAIN for one in doubles)
    return (
        f"certain: {len(certain)}, of which wrong {sum(not one.right for one in certain)}; claims of people "
        f"with a double: {len(doubles)}, ambiguous {tied}, certain {sure}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[4, 5])
    parser.add_argument("--halves", type=int, nargs="+", default=[4], help="seeds of FEBRL's halves, never 5")
    parser.add_argument("--only", default="", help="part of a method's name")
    options = parser.parse_args()
    tuning = [the_town(seed, TUNING_YEARS) for seed in TUNING_SEEDS]
    towns = [the_town(seed, YEARS) for seed in options.seeds]
    told("With IDs", tuning, towns, options.only)
    told(
        "No IDs",
        [one.without_numbers() for one in tuning],
        [one.without_numbers() for one in towns],
        options.only,
    )
    halves = [febrl4(seed=seed) for seed in options.halves]
    told("FEBRL 4 (its tuning rows are another half of it)", [febrl4(seed=5)], halves, options.only)


if __name__ == "__main__":
    main()
