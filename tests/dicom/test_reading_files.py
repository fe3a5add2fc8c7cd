"""Every file that pydicom brings along, and real devices' headers, read beside pydicom itself.

Where the two differ, :data:`EXPLAINED` says why; nothing else may differ.
"""

import logging
import warnings
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue

from porion.dicom.elements import Element, Elements, NotDicom
from porion.dicom.header import read_header
from porion.dicom.identity import claim_key, claimed_identity
from porion.dicom.json_model import readable_rows, to_dicom_json

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
# The distribution pydicom-data is a package without code.
PYDICOM_DATA = [Path(str(path.locate())) for path in files("pydicom-data") or ()]
ROOTS = (Path(pydicom.__file__).parent / "data" / "test_files", SHARED)
FILES = sorted(
    path
    for path in (*(path for root in ROOTS for path in root.rglob("*")), *PYDICOM_DATA)
    if path.is_file() and path.suffix in ("", ".dcm", ".dump", ".gz", ".icc") and "dist-info" not in str(path)
)
NO_DICOM = {"README", "crayons.icc", "rtplan.dump", "rtstruct.dump", "zipMR.gz"}

# Files where a difference is meant: the tags that differ, and why Porion's reading is the better one.
EXPLAINED: dict[str, tuple[set[int], str]] = {
    "chrX1.dcm": ({0x00100010}, "pydicom drops the empty phonetic group's ="),
    "chrX2.dcm": ({0x00100010}, "pydicom drops the empty phonetic group's ="),
    "no_meta.dcm": ({0x08200500}, "pydicom reads one element out of step, from a stray first byte"),
    "rtplan_truncated.dcm": ({0x300A012C}, "the value is cut off, and pydicom shows what is left of it"),
    "CT-RDSR-Siemens_Flash-TAP-SS.dcm": (
        {0x0040A160},
        "UTF-8 under ISO_IR 100: pydicom shows two letters for each",
    ),
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Pydicom warns about what these files are made to test."""
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)


def texts(element: pydicom.DataElement) -> list[str]:
    """The values as they stand in the file."""
    value: Any = element.value
    if value is None or value in ("", b""):
        return []
    values = list(value) if isinstance(value, (MultiValue, list)) else [value]
    if element.VR in ("DS", "IS"):
        values = [getattr(each, "original_string", each) for each in values]
    return [str(each).strip(" \0") for each in values]


def own_texts(element: Element) -> list[str]:
    if element.vr == "AT":
        return [str(pydicom.tag.Tag(int(value))) for value in element.values]
    return [str(value).strip(" \0") for value in element.values]


def differ(theirs: pydicom.DataElement, own: Element | None) -> bool:
    """Whether two readings of one element, which is no sequence, say different things."""
    if own is None or own.vr != theirs.VR:
        return True
    return own.length <= 65_536 and own.tag != 0x7FE00010 and own_texts(own) != texts(theirs)


def differences(theirs: pydicom.Dataset, ours: Elements) -> Iterator[int]:
    """The tags that pydicom reads in another way."""
    for element in theirs:
        own = ours.get(element.tag)
        if element.VR == "SQ" and own is not None and len(own.items) == len(element.value):
            for inner, own_inner in zip(element.value, own.items, strict=True):
                yield from differences(inner, own_inner)
        elif differ(element, own):
            yield int(element.tag)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_read_as_pydicom_reads_it(path: Path) -> None:
    data = path.read_bytes()
    if path.name in NO_DICOM:
        with pytest.raises(NotDicom):
            read_header(data)
        return
    header = read_header(data)
    theirs = pydicom.dcmread(path, force=True)
    assert set(differences(theirs, header.data_set)) == EXPLAINED.get(path.name, (set(), ""))[0]


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name not in NO_DICOM], ids=lambda path: path.name
)
def test_everything_made_of_a_header_can_be_made_of_these(path: Path) -> None:
    header = read_header(path.read_bytes())
    assert len(to_dicom_json(header.data_set)) <= len(header.data_set) <= len(readable_rows(header.data_set))
    assert len(claim_key(claimed_identity(header))) == 64


def test_there_are_files_to_read() -> None:
    assert len(FILES) > 150


def test_a_transfer_syntax_differs_only_where_the_file_states_none() -> None:
    for path in FILES:
        try:
            theirs = pydicom.dcmread(path)
        except (InvalidDicomError, NotImplementedError):
            continue
        stated = theirs.file_meta.get("TransferSyntaxUID")
        assert stated is None or read_header(path.read_bytes()).transfer_syntax == stated, path.name
