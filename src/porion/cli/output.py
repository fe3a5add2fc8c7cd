"""What people and machines get to read: tables for the ones, JSON for the others."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from porion.clinic.matching import Candidate
from porion.clinic.patient import Patient
from porion.dicom.exposure import Exposure
from porion.dicom.person import ClaimedIdentity
from porion.dicom.problems import Problem
from porion.dicom.scale import PixelScale
from porion.dicom.units import QUANTITIES

# Into a pipe or a file nobody wants lines folded at eighty columns.
OUT = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 200)
ERR = Console(stderr=True, highlight=False, markup=False, emoji=False)

# Identifiers are copied from here into the next command.
_NEVER_FOLDED = ("id", "item")
# Controls, text direction marks, halves of characters: a header must not steer the reader's terminal.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(value: object) -> str:
    r"""A value as text for a terminal; what would steer it is written out, such as ``\x1b``."""
    return "".join(map(_plain, "" if value is None else str(value)))


def _plain(character: str) -> str:
    if unicodedata.category(character) not in _UNSHOWN:
        return character
    return character.encode("unicode_escape").decode("ascii")


def say(text: str, style: str = "none") -> None:
    """A sentence for people, on standard output."""
    OUT.print(Text(plain(text), style), soft_wrap=True)


def complain(text: str, style: str = "red") -> None:
    """A sentence that is no result, on standard error."""
    ERR.print(Text(plain(text), style), soft_wrap=True)


def write_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON document on a line of its own, flushed, so that a reader sees it at once."""
    try:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    except UnicodeEncodeError:
        sys.stdout.write(json.dumps(value, indent=indent) + "\n")
    sys.stdout.flush()


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; values are data, never markup."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _NEVER_FOLDED)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    OUT.print(table)


def camel(name: str) -> str:
    """``birth_date`` as ``birthDate``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def claim_json(claim: ClaimedIdentity) -> dict[str, Any]:
    """A claimed identity with null for what is unknown."""
    first = claim.identifiers[0] if claim.identifiers else None
    return {
        "family": claim.name.family or None,
        "given": claim.name.given or None,
        "middle": claim.name.middle or None,
        "suffix": claim.name.suffix or None,
        "patientId": first.value if first else None,
        "issuer": (first.issuer or None) if first else None,
        "birthDate": claim.birth_date.isoformat() if claim.birth_date else None,
        "sex": claim.sex or None,
    }


def exposure_json(exposure: Exposure | None) -> dict[str, Any]:
    """An exposure's numbers with null for what is unknown, its observations and why numbers are missing."""
    numbers = {camel(name): number(getattr(exposure, name, None)) for name in QUANTITIES}
    observed = exposure.observations if exposure else ()
    return {
        **numbers,
        "observations": [
            {camel(key): number(value) if isinstance(value, Decimal) else value for key, value in row.items()}
            for row in map(asdict, observed)
        ],
        "missing": {camel(name): reason for name, reason in exposure.missing} if exposure else {},
        "problems": problems_json(exposure.problems if exposure else ()),
    }


def spacing_json(scale: PixelScale) -> dict[str, Any]:
    """A pixel spacing in mm with its basis."""
    return {
        "mm": [float(mm) for mm in scale.mm] if scale.mm else None,
        "basis": scale.basis,
        "reason": scale.reason,
    }


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as JSON."""
    return [asdict(problem) for problem in problems]


def patient_json(patient: Patient) -> dict[str, Any]:
    """A patient of the register."""
    return {
        "id": patient.id,
        "family": patient.name.family,
        "given": patient.name.given,
        "middle": patient.name.middle or None,
        "birthDate": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex or None,
        "identifiers": [asdict(identifier) for identifier in patient.identifiers],
        "mergedInto": patient.merged_into,
        "version": patient.version,
    }


def patient_line(patient: Patient) -> str:
    """A patient in a line: name, birth date, IDs."""
    born = f" *{patient.birth_date}" if patient.birth_date else ""
    ids = " ".join(f"#{identifier.value}" for identifier in patient.identifiers)
    return f"{patient.name.family}, {patient.name.given}{born} {ids}".strip()


def claim_line(claim: ClaimedIdentity) -> str:
    """A claimed identity in a line."""
    name = ", ".join(part for part in (claim.name.family, claim.name.given) if part) or "no name"
    born = f" *{claim.birth_date}" if claim.birth_date else ""
    ids = " ".join(f"#{identifier.value}" for identifier in claim.identifiers)
    return f"{name}{born} {ids}".strip()


def candidate_json(rank: int, candidate: Candidate) -> dict[str, Any]:
    """A candidate with everything that speaks for and against."""
    return {
        "rank": rank,
        "patientId": candidate.patient.id,
        "patient": patient_json(candidate.patient),
        "grade": candidate.grade.value,
        "bits": round(candidate.bits, 2),
        "odds": candidate.odds,
        "gap": round(candidate.gap, 2),
        "vetoes": [veto._asdict() for veto in candidate.vetoes],
        "explanation": candidate.explanation,
        "evidence": [line._asdict() for line in candidate.evidence],
    }
