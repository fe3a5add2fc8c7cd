"""Trains Splink 5 by expectation maximisation, and lists likely double entries of a register.

    python -m bench.train model splink.json [--seed 21]             # on a simulated town
    python -m bench.train model splink.json --register a.csv --incoming b.csv
    porion model convert splink.json clinic-1.toml --version clinic-1
    python -m bench.train doubles register.csv pairs.csv --model splink.json
    python -m bench.train doubles-of-town --model splink.json [--seed 21]
    python -m bench.train compare clinic-1.toml [--seed 22]         # beside the model that Porion brings

The tables have the columns that `porion patients import` reads. The comparisons are worded as Porion's levels
are, so that the conversion takes each of them. Whoever trains needs an environment of its own: splink,
pandas, and pseudopeople for the town.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO
from math import sqrt
from pathlib import Path
from typing import Any

from bench.matching import TUNING_SEEDS, TUNING_YEARS, frozen, measured, porion
from bench.towns import Row, the_town
from porion.cli.model_choice import chosen_model
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.folding import fold
from porion.clinic.levels import Level
from porion.clinic.readings import Way
from porion.clinic.splink_model import HALVES, READING, SLIPPED
from porion.folder.csv_rows import read_patients

SEED, YEARS = 21, (2020, 2030)
Pair = tuple[str, str, float]
"""Two rows of a register, and the log2 odds that they are one person."""


_INITIAL = "least(length({0}_l), length({0}_r)) = 1 AND substr({0}_l, 1, 1) = substr({0}_r, 1, 1)"
_SAME_DAY = "substr(birthDate_l, 6) = substr(birthDate_r, 6)"
_SWAPPED = (
    "substr(birthDate_l, 1, 4) = substr(birthDate_r, 1, 4)"
    " AND substr(birthDate_l, 6, 2) = substr(birthDate_r, 9, 2)"
    " AND substr(birthDate_l, 9, 2) = substr(birthDate_r, 6, 2)"
)
_DIGITS = "ltrim(regexp_replace(patientId_{}, '[^0-9]', '', 'g'), '0')"

LEVELS: dict[str, tuple[tuple[Level, str], ...]] = {
    "given": (
        (Level.SAME, "given_l = given_r"),
        (Level.CLOSE, "jaro_winkler_similarity(given_l, given_r) >= 0.92"),
        (
            Level.INITIAL,
            _INITIAL.format("given"),
        ),
        (Level.SIMILAR, "jaro_winkler_similarity(given_l, given_r) >= 0.80"),
    ),
    "middle": (
        (Level.SAME, "middle_l = middle_r AND length(middle_l) > 1"),
        (
            Level.INITIAL,
            _INITIAL.format("middle"),
        ),
        (Level.CLOSE, "jaro_winkler_similarity(middle_l, middle_r) >= 0.92"),
    ),
    "family": (
        (Level.SAME, "family_l = family_r"),
        (Level.CLOSE, "jaro_winkler_similarity(family_l, family_r) >= 0.92"),
        (Level.SIMILAR, "jaro_winkler_similarity(family_l, family_r) >= 0.80"),
    ),
    "birthDate": (
        (Level.SAME, "birthDate_l = birthDate_r"),
        (Level.SWAPPED, _SWAPPED),
        (
            Level.OTHER_YEAR,
            f"{_SAME_DAY} AND damerau_levenshtein(substr(birthDate_l, 1, 4), substr(birthDate_r, 1, 4)) = 1",
        ),
        (Level.ONE_EDIT, f"NOT {_SAME_DAY} AND damerau_levenshtein(birthDate_l, birthDate_r) = 1"),
        (Level.TWO_EDITS, f"NOT {_SAME_DAY} AND damerau_levenshtein(birthDate_l, birthDate_r) = 2"),
        (Level.SAME_YEAR, "substr(birthDate_l, 1, 4) = substr(birthDate_r, 1, 4)"),
    ),
    "patientId": (
        (Level.SAME, "patientId_l = patientId_r"),
        (Level.SAME_DIGITS, f"{_DIGITS.format('l')} = {_DIGITS.format('r')} AND {_DIGITS.format('l')} <> ''"),
        (Level.ONE_EDIT, "damerau_levenshtein(patientId_l, patientId_r) = 1"),
    ),
    "sex": ((Level.SAME, "sex_l = sex_r"),),
}
"""Porion's levels in SQL, as nearly as SQL says them; a level's words are its label."""

_ACROSS = "least(jaro_winkler_similarity(given_l, family_r), jaro_winkler_similarity(family_l, given_r))"
_STRAIGHT = "least(jaro_winkler_similarity(given_l, given_r), jaro_winkler_similarity(family_l, family_r))"
NAMES_SWAPPED = f"{_ACROSS} >= 0.80 AND {_ACROSS} > {_STRAIGHT}"
"""Whether one row has the family and given name of the other the other way around.

Compared as they stand both would be *different*, and how often one name is replaced would be overrated.
"""


def _missing(condition: str) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": Level.MISSING.value, "is_null_level": True}


_ORDER: list[dict[str, Any]] = [
    _missing("given_l IS NULL OR given_r IS NULL OR family_l IS NULL OR family_r IS NULL"),
    {"sql_condition": NAMES_SWAPPED, "label_for_charts": Way.SWAPPED.value},
    {"sql_condition": "ELSE", "label_for_charts": "as stated"},
]

PAIRS = 10_000_000
"""The random pairs that show how often strangers agree, at most."""

FOUND = 0.9
"""The share of true pairs that are taken to have the ID in common, or the birth date and one name.

By who is who it is 0.96 on pseudopeople's town (seed 11), and 0.88 on FEBRL 4 with half of its IDs (seed 5).
"""

ENOUGH = 1_000
"""Entries whose pairs show how often strangers agree."""

SPELLED = sorted({field for field, _ in SLIPPED})
"""Names, of which it counts who else bears the two spellings where they are unlike (docs/decisions/0024)."""

COMMON = ("given", "family", "birthDate")
"""Fields whose rare values count for more."""


def told_who_else(table: Any, register: Any) -> Any:
    """The table with whether the register has each name: of another patient, for the register's own rows."""
    for field in SPELLED:
        bearers = table[field].map(register[field].value_counts()).fillna(0)
        table[f"{field}_borne"] = bearers > (1 if table is register else 0)
    return table


def frame(rows: Iterable[Row]) -> Any:
    """The rows as a data frame; names without accents and case, no text where nothing is stated."""
    import pandas as pd  # noqa: PLC0415 - not in Porion's own environment

    return pd.DataFrame(
        {
            "unique_id": row.id,
            "given": next(iter(_words(row.given)), None),
            "middle": " ".join([*_words(row.given)[1:], *_words(row.middle)]) or None,
            "family": " ".join(_words(row.family)) or None,
            "birthDate": row.born.isoformat() if row.born else None,
            "patientId": row.number or None,
            "sex": row.sex or None,
        }
        for row in rows
    )


def _words(name: str) -> tuple[str, ...]:
    return fold(name).plain


def _comparisons(fields: Iterable[str]) -> list[Any]:
    import splink.comparison_library as cl  # noqa: PLC0415

    def levels(field: str) -> list[dict[str, Any]]:
        silent = f"{field}_l IS NULL OR {field}_r IS NULL"
        if field in SPELLED:
            silent = f"{silent} OR ({NAMES_SWAPPED})"
        known: list[dict[str, Any]] = [
            {"sql_condition": condition, "label_for_charts": label}
            for level, sql in (*LEVELS[field], (Level.OTHER, "ELSE"))
            for label, condition in _halves(field, level, sql)
        ]
        if field in COMMON:
            known[0]["tf_adjustment_column"] = field
        return [_missing(silent), *known]

    compared = {field: levels(field) for field in fields} | {READING: _ORDER}
    return [
        cl.CustomComparison(output_column_name=name, comparison_levels=those)
        for name, those in compared.items()
    ]


def _halves(field: str, level: Level, sql: str) -> list[tuple[str, str]]:
    """The labels of a level and what they take: both halves where a slip of the pen may have made it."""
    if (field, level) not in SLIPPED:
        return [(level.value, sql)]
    borne = f"{field}_borne_l AND {field}_borne_r"
    by_others, by_hardly_anybody = (f"{level.value}; {half}" for half in HALVES)
    return [(by_others, borne if sql == "ELSE" else f"({sql}) AND {borne}"), (by_hardly_anybody, sql)]


def _rules() -> list[Any]:
    from splink import block_on  # noqa: PLC0415

    return [
        block_on("patientId"),
        block_on("birthDate", "substr(given, 1, 1)"),
        block_on("birthDate", "substr(family, 1, 1)"),
        block_on("given", "family"),
        block_on("family", "substr(given, 1, 1)", "substr(birthDate, 1, 4)"),
        block_on("given", "substr(family, 1, 1)", "substr(birthDate, 1, 4)"),
        "l.given = r.family AND l.family = r.given",
    ]


def train(register: Sequence[Row], incoming: Sequence[Row], out: Path) -> None:
    """A model of two tables of mostly the same people, saved as Splink's JSON."""
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    ours, theirs = frame(register), frame(incoming)
    tables = [told_who_else(one, ours) for one in (ours, theirs)]
    stated = [field for field in LEVELS if all(one[field].notna().any() for one in tables)]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=_comparisons(stated),
        blocking_rules_to_generate_predictions=_rules(),
        probability_two_random_records_match=0.5 / len(register),
    )
    with _quiet():
        api = DuckDBAPI()
        linker = Linker([api.register(one) for one in tables], settings)
        linker.training.estimate_probability_two_random_records_match(_surely(stated), recall=FOUND)
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=1)
        # Each pass learns the fields that it does not hold fixed.
        for rule in (block_on("birthDate"), block_on("given", "family")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        saved = linker.misc.save_model_to_json()
    _take_out_true_pairs(saved, min(PAIRS, len(register) * len(incoming)))
    out.write_text(json.dumps(saved, indent=1))


def _surely(stated: Iterable[str]) -> list[Any]:
    """The rules by which two rows are one person nearly always; most true pairs keep one of them."""
    from splink import block_on  # noqa: PLC0415

    rules = [("patientId",), ("birthDate", "given"), ("birthDate", "family")]
    return [block_on(*columns) for columns in rules if set(columns) <= set(stated)]


def _take_out_true_pairs(saved: dict[str, Any], pairs: float) -> None:
    """Make u the share of strangers: random pairs hold true ones, hardly any others agree on an ID.

    What is left is never below what so many sampled pairs can tell from nothing.
    """
    true = saved["probability_two_random_records_match"]
    for level in (level for one in saved["comparisons"] for level in one["comparison_levels"]):
        m, u = (level.get(f"{share}_probability") for share in "mu")
        if m and u:
            level["u_probability"] = max((u - true * m) / (1 - true), 2 * sqrt(u / pairs))


def doubles(register: Sequence[Row], model: Path, least: float = 0.0) -> list[Pair]:
    """Pairs of a register's rows at least so many bits likely to be one person, likeliest first."""
    from splink import Linker  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    rows = frame(register)
    told_who_else(rows, rows)
    saved = json.loads(model.read_text())
    unstated = {field for field in LEVELS if not rows[field].notna().any()}
    saved["comparisons"] = [one for one in saved["comparisons"] if one["output_column_name"] not in unstated]
    saved["link_type"] = "dedupe_only"
    # One patient in twenty entered twice: 0.05 n of n²/2 pairs.
    saved["probability_two_random_records_match"] = 0.1 / max(len(rows), 2)
    with _quiet():
        api = DuckDBAPI()
        linker = Linker(api.register(rows), saved)
        if len(rows) >= ENOUGH:
            # How often strangers agree is this register's own: its numbers may follow one another.
            linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=1)
        made = linker.inference.predict(threshold_match_weight=least).as_pandas_dataframe()
    pairs = zip(made.unique_id_l, made.unique_id_r, made.match_weight.astype(float), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[2], pair[:2]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink's progress and advice are for notebooks."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings(), redirect_stderr(StringIO()), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        yield


def rows_of(path: Path) -> list[Row]:
    """The rows of a table as `porion patients import` reads it."""
    return [
        Row(
            id=row.id or f"row {row.number}",
            person="",
            family=row.claim.name.family,
            given=row.claim.name.given,
            middle=row.claim.name.middle,
            born=row.claim.birth_date,
            sex=row.claim.sex,
            number=row.claim.identifiers[0].value if row.claim.identifiers else "",
        )
        for row in read_patients(path).rows
    ]


def write_pairs(out: Path, register: Sequence[Row], pairs: Iterable[Pair]) -> None:
    """The pairs as CSV: both rows side by side, log2 odds and odds."""
    rows = {row.id: row for row in register}
    with out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["a", "b", "bits", "odds", "name_a", "name_b", "born_a", "born_b", "id_a", "id_b"])
        for one, other, bits in pairs:
            a, b = rows[one], rows[other]
            names = [f"{row.family}, {row.given} {row.middle}".strip() for row in (a, b)]
            odds = f"{2.0 ** min(bits, 60.0):.3g} to 1"
            table.writerow([one, other, f"{bits:.1f}", odds, *names, a.born, b.born, a.number, b.number])


def town_with_doubles(seed: int, every: int = 10) -> list[Row]:
    """The town's register, where each so manieth person is entered a second time from a census form."""
    town = the_town(seed, YEARS[:1])
    held = sorted(town.held)[::every]
    again = {row.person: replace(row, id=f"again-{row.id}") for row in town.incoming}
    return [*town.register, *(again[person] for person in held if person in again)]


def told_doubles(register: Sequence[Row], pairs: Sequence[Pair]) -> None:
    """Print how many of the known doubles are listed at each threshold, and how many that are none."""
    person = {row.id: row.person for row in register}
    known = sum(count * (count - 1) // 2 for count in Counter(person.values()).values())
    print(f"{len(register)} entries, {known} known doubles")
    for least in (0, 5, 10, 15, 20):
        listed = [pair for pair in pairs if pair[2] >= least]
        right = sum(person[a] == person[b] for a, b, _ in listed)
        print(
            f"  from {least:2} bits: {len(listed)} listed, {right} right ({right / known:.4f} of the known)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    model = commands.add_parser("model", help="train, and save Splink's JSON")
    model.add_argument("out", type=Path)
    model.add_argument("--register", type=Path)
    model.add_argument("--incoming", type=Path)
    listing = commands.add_parser("doubles", help="likely double entries of a table")
    listing.add_argument("register", type=Path)
    listing.add_argument("out", type=Path)
    listing.add_argument("--least", type=float, default=0.0, help="bits from which a pair is listed")
    of_town = commands.add_parser("doubles-of-town", help="how well known doubles are found")
    beside = commands.add_parser("compare", help="a model file beside the model that Porion brings")
    beside.add_argument("file", type=Path)
    beside.add_argument("--seed", type=int, default=SEED + 1)
    for each in (model, of_town):
        each.add_argument("--seed", type=int, default=SEED)
    for each in (listing, of_town):
        each.add_argument("--model", type=Path, required=True, help="Splink's JSON")
    options = parser.parse_args()
    start = time.perf_counter()
    commands_ = {"model": _model, "doubles": _doubles, "doubles-of-town": _of_town, "compare": _compare}
    commands_[options.command](options)
    print(f"{time.perf_counter() - start:.0f} s")


def _model(options: argparse.Namespace) -> None:
    if options.register and options.incoming:
        tables = rows_of(options.register), rows_of(options.incoming)
    else:
        town = the_town(options.seed, YEARS)
        tables = list(town.register), list(town.incoming)
    train(*tables, options.out)
    print(f"{options.out}: trained on {len(tables[0])} and {len(tables[1])} rows")


def _doubles(options: argparse.Namespace) -> None:
    register = rows_of(options.register)
    pairs = doubles(register, options.model, options.least)
    write_pairs(options.out, register, pairs)
    print(f"{options.out}: {len(pairs)} pairs of {len(register)} entries")


def _of_town(options: argparse.Namespace) -> None:
    register = town_with_doubles(options.seed)
    told_doubles(register, doubles(register, options.model))


def _compare(options: argparse.Namespace) -> None:
    town = the_town(options.seed, YEARS[1:])
    tuning = [the_town(seed, TUNING_YEARS) for seed in TUNING_SEEDS]
    bare = [task.without_numbers() for task in tuning]
    for model in (DEFAULT_MODEL, chosen_model(options.file)):
        weighing = partial(porion, model=model)
        for tuned, task in ((tuning, town), (bare, town.without_numbers())):
            threshold = frozen(weighing, tuned)
            figures = measured(task, weighing(task), threshold)
            print(f"{task.name}\n  {model.version:12} {figures}  (threshold {threshold:.1f})", flush=True)


if __name__ == "__main__":
    main()
