"""``porion inspect``: what one file says, without taking it in."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydicom.uid import UID_dictionary

from porion.cli.options import Json
from porion.cli.output import (
    claim_json,
    complain,
    exposure_json,
    problems_json,
    spacing_json,
    write_json,
    write_table,
)
from porion.dicom.acquired import acquired_at
from porion.dicom.classify import classify
from porion.dicom.elements import Header, UnreadableDicom
from porion.dicom.exposure import read_exposure
from porion.dicom.header import read_header
from porion.dicom.identity import claimed_identity
from porion.dicom.scale import pixel_scale
from porion.dicom.teeth import laterality, teeth
from porion.folder.files import NotRegularFile
from porion.folder.labels import shown, shown_error
from porion.store.disk import mapped

UNREADABLE = 3
File = Annotated[Path, typer.Argument(help="A DICOM file.")]


def inspect_file(file: File, json: Json = False) -> None:
    """Tell what a file shows, whose it claims to be and what dose it cost."""
    try:
        if file.exists() and not file.is_file():
            raise NotRegularFile("it is not a file")
        with mapped(file) as data:
            found = inspected(read_header(data))
    except (OSError, UnreadableDicom) as error:
        reason = f"{shown(str(file))}: {shown_error(error)}"
        if json:
            write_json({"error": reason})
        else:
            complain(reason)
        sys.exit(UNREADABLE)
    if json:
        write_json(found, indent=2)
    else:
        _tell(found)


def inspected(header: Header) -> dict[str, Any]:
    """Everything that Porion reads from a header, as JSON; null is unknown."""
    verdict = classify(header)
    acquired = acquired_at(header).value
    sop_class = header.text("SOPClassUID")
    return {
        "kind": verdict.kind.value,
        "category": verdict.category,
        "categoryConfidence": verdict.confidence,
        "categoryEvidence": [asdict(evidence) for evidence in verdict.evidence],
        "needsReview": verdict.needs_review,
        "ranking": [{"category": category, "score": score} for category, score in verdict.ranking],
        "modality": verdict.modality,
        "dicomModality": header.text("Modality"),
        "sopClass": sop_class,
        "sopClassName": _class_name(sop_class),
        "sopInstanceUid": header.text("SOPInstanceUID"),
        "transferSyntax": header.transfer_syntax,
        "claimedIdentity": claim_json(claimed_identity(header)),
        "acquiredAt": acquired.isoformat() if acquired else None,
        "exposure": exposure_json(read_exposure(header)),
        "pixelSpacing": spacing_json(pixel_scale(header)),
        "rows": header.integer("Rows"),
        "columns": header.integer("Columns"),
        "laterality": laterality(header),
        "teeth": list(teeth(header)),
        "problems": problems_json(header.problems),
    }


_UNITS = {
    "dapMgycm2": "mGy·cm²",
    "entranceMgy": "mGy entrance",
    "ctdivolMgy": "mGy CTDIvol",
    "dlpMgycm": "mGy·cm",
    "kvp": "kV",
    "tubeMa": "mA",
    "timeMs": "ms",
    "mas": "mAs",
}


def _class_name(sop_class: str | None) -> str | None:
    """The standard's name of a SOP class, its UID when it is nobody's."""
    return UID_dictionary[sop_class][0] if sop_class in UID_dictionary else sop_class


def _tell(found: dict[str, Any]) -> None:
    spacing, claim = found["pixelSpacing"], found["claimedIdentity"]
    rows = [
        ("shows", _shows(found)),
        ("because", "; ".join(f"{e['rule']}: {', '.join(e['values'])}" for e in found["categoryEvidence"])),
        ("modality", f"{found['modality'] or '-'} (DICOM {found['dicomModality'] or '-'})"),
        ("object", found["sopClassName"]),
        ("claims", ", ".join(f"{key} {value}" for key, value in claim.items() if value) or "nobody"),
        ("taken", found["acquiredAt"] or "unknown"),
        ("exposure", _numbers(found["exposure"]) or "no number stated"),
        ("spacing", f"{spacing['mm'] or 'unknown'} mm, basis: {spacing['basis']}"),
    ]
    problems = [("problem", f"{each['tag'] or 'file'}: {each['reason']}") for each in found["problems"]]
    write_table(("", ""), [*rows, *problems])


def _shows(found: dict[str, Any]) -> str:
    if not found["category"]:
        return str(found["kind"])
    review = " (a person should look)" if found["needsReview"] else ""
    return f"{found['category']} at {found['categoryConfidence']:.2f}{review}"


def _numbers(exposure: dict[str, Any]) -> str:
    return ", ".join(f"{exposure[key]} {unit}" for key, unit in _UNITS.items() if exposure[key] is not None)
