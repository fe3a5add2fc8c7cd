"""Splink 5 and recordlinkage on the same rows, each as its documentation recommends for people."""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from math import log2
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.towns import Row, Task

Found = list[tuple[str, float]]
"""Candidates of one claim: the register row's id and log2 odds before the others are counted."""


def _frame(rows: Iterable[Row]) -> Any:
    import pandas as pd  # noqa: PLC0415 - only where a rival runs

    return pd.DataFrame(
        {
            "unique_id": row.id,
            "person": row.person,
            "given": row.given.casefold() or None,
            "middle": row.middle[:1].casefold() or None,
            "family": row.family.casefold() or None,
            "full_name": f"{row.given} {row.family}".casefold() if row.given and row.family else None,
            "born": row.born.isoformat() if row.born else None,
            "sex": row.sex or None,
            "number": row.number or None,
        }
        for row in rows
    )


def splink(task: Task) -> list[Found]:
    """Splink 5: u by random sampling, m by expectation maximisation on the very rows, term frequencies."""
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    logging.getLogger("splink").setLevel(logging.ERROR)
    stated = [word for word in ("middle", "sex", "number") if any(_said(row, word) for row in task.incoming)]
    numbers = "number" in stated
    comparisons = [
        cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="full_name"),
        cl.DateOfBirthComparison("born", input_is_string=True),
        *(cl.ExactMatch(word) for word in stated if word != "number"),
        *([cl.LevenshteinAtThresholds("number", [1, 2])] if numbers else []),
    ]
    rules = [
        *([block_on("number")] if numbers else []),
        block_on("given", "family"),
        block_on("given", "born"),
        block_on("family", "born"),
        block_on("family", "substr(given, 1, 1)", "substr(born, 1, 4)"),
        block_on("given", "substr(family, 1, 1)", "substr(born, 1, 4)"),
        "l.given = r.family and l.family = r.given",
        block_on("born", "substr(given, 1, 1)"),
        block_on("born", "substr(family, 1, 1)"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=0.5 / len(task.register),
    )
    with warnings.catch_warnings(), redirect_stderr(StringIO()), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        api = DuckDBAPI()
        tables = [api.register(_frame(rows)) for rows in (task.register, task.incoming)]
        linker = Linker(tables, settings)
        linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        for rule in (block_on("born"), block_on("given", "family")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        made = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    mine = {row.id for row in task.register}
    found: defaultdict[str, Found] = defaultdict(list)
    for left, right, weight in zip(made.unique_id_l, made.unique_id_r, made.match_weight, strict=True):
        held, came = (left, right) if left in mine else (right, left)
        found[came].append((held, float(weight)))
    return [found[row.id] for row in task.incoming]


def _said(row: Row, word: str) -> bool:
    return bool(getattr(row, word))


class Logistic:
    """recordlinkage's logistic regression, which is told the truth of its training rows."""

    def __init__(self, task: Task) -> None:
        import recordlinkage as rl  # noqa: PLC0415

        self._numbers = any(row.number for row in task.incoming)
        pairs, features = self._compared(task)
        self._model = rl.LogisticRegressionClassifier()
        person = [{row.id: row.person for row in rows} for rows in (task.register, task.incoming)]
        true = [one for one in pairs if person[0][one[0]] == person[1][one[1]]]
        import pandas as pd  # noqa: PLC0415

        self._model.fit(features, pd.MultiIndex.from_tuples(true, names=pairs.names))

    def __call__(self, task: Task) -> list[Found]:
        """Log2 odds of all pairs in the blocks."""
        pairs, features = self._compared(task)
        found: defaultdict[str, Found] = defaultdict(list)
        for (held, came), share in zip(pairs, self._model.prob(features), strict=True):
            inside = min(max(share, 1e-12), 1 - 1e-12)
            found[came].append((held, log2(inside / (1 - inside))))
        return [found[row.id] for row in task.incoming]

    def _compared(self, task: Task) -> tuple[Any, Any]:
        import recordlinkage as rl  # noqa: PLC0415

        held, came = (_frame(rows).set_index("unique_id") for rows in (task.register, task.incoming))
        indexer = rl.Index()
        for keys in (["given", "family"], ["given", "born"], ["family", "born"], ["number"]):
            if keys != ["number"] or self._numbers:
                indexer.block(keys)
        indexer.block(left_on=["given", "family"], right_on=["family", "given"])
        compare = rl.Compare()
        for word in ("given", "family"):
            compare.string(word, word, method="jarowinkler", label=word)
            compare.exact(word, word, label=f"{word} same")
        compare.string("born", "born", method="levenshtein", label="born")
        compare.exact("born", "born", label="born same")
        compare.exact("middle", "middle", label="middle")
        compare.exact("sex", "sex", label="sex")
        if self._numbers:
            compare.string("number", "number", method="levenshtein", label="number", missing_value=0.5)
            compare.exact("number", "number", label="number same", missing_value=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pairs = indexer.index(held, came)
            return pairs, compare.compute(pairs, held, came)
