"""Any bytes become a header or one named error, quickly, and within bounds."""

import struct
import tracemalloc
import zlib
from mmap import mmap

import pytest
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLosslessSV1,
)

from porion.dicom.elements import Elements, Header, NotDicom, UnreadableDicom
from porion.dicom.header import data_set_offset, read_header
from porion.dicom.syntax import UNDEFINED
from tests.builders import a_cbct_slice, a_panoramic, an_enhanced_ct, an_intra_oral, data_set, file_bytes
from tests.dicom.raw_elements import (
    DEFLATED,
    SEQUENCE_END,
    UID,
    a_start,
    deflated,
    explicit,
    implicit,
    in_file,
    item,
)

SYNTAXES = [
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
]
MADE = [
    a_panoramic(
        PatientName="Müller^Änne",
        AnatomicRegionSequence=[data_set(CodeValue="661005"), data_set(CodeValue="91609006")],
        SmallestImagePixelValue=3,
        SoftwareVersions=["1", "2"],
    ),
    a_cbct_slice(2),
    an_intra_oral(),
    an_enhanced_ct(3),
]


def reasons(header: Header) -> list[str]:
    return [problem.reason for problem in header.problems]


def compare(made: Dataset, elements: Elements) -> None:
    """Every element of the builder's data set is there, with pydicom's text."""
    assert [int(tag) for tag in sorted(made.keys())] == list(elements)
    for element in made:
        read = elements[element.tag]
        assert read.vr == element.VR
        if element.VR == "SQ":
            for inner, read_inner in zip(element.value, read.items, strict=True):
                compare(inner, read_inner)
        elif element.tag != 0x7FE00010:
            values = element.value if element.VM > 1 else [element.value] * element.VM
            assert [str(value) for value in read.values] == [str(value) for value in values]


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("made", MADE)
def test_a_well_formed_file_is_read_as_pydicom_wrote_it(made: Dataset, syntax: str) -> None:
    header = read_header(file_bytes(made, transfer_syntax=syntax))
    compare(made, header.data_set)
    assert header.transfer_syntax == syntax
    assert header.has_preamble
    assert header.problems == ()
    assert header.character_sets == ("ISO_IR 192",)
    assert header.pixel_data is not None
    assert header.pixel_data.length == len(made.PixelData)


@pytest.mark.parametrize("syntax", SYNTAXES[:3])
def test_pixel_data_is_located_in_the_file(syntax: str) -> None:
    pixels = bytes(range(64))
    made = a_panoramic()
    made.add_new(0x7FE00010, "OW", pixels)
    data = file_bytes(made, transfer_syntax=syntax)
    header = read_header(data)
    assert header.pixel_data is not None
    assert data[header.pixel_data.offset :] == pixels
    assert header.size == len(data)
    assert header.data_set[0x7FE00010].values == (pixels,)


def test_the_data_set_begins_where_the_header_says() -> None:
    data = in_file(a_start())
    assert data[read_header(data).data_set_offset :] == a_start()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_where_the_data_set_begins_is_known_from_the_head_alone(syntax: str) -> None:
    whole = file_bytes(a_panoramic(), transfer_syntax=syntax)
    assert data_set_offset(whole[:1024]) == read_header(whole).data_set_offset
    for head in (b"", b"no DICOM at all"):
        with pytest.raises(UnreadableDicom):
            data_set_offset(head)


@pytest.mark.parametrize("syntax", SYNTAXES[:3])
def test_a_bare_data_set_is_read_and_the_lack_listed(syntax: str) -> None:
    data = file_bytes(MADE[0], transfer_syntax=syntax)
    bare = read_header(data[read_header(data).data_set_offset :])
    compare(MADE[0], bare.data_set)
    assert bare.transfer_syntax == syntax
    assert reasons(bare)[:2] == ["there is no preamble", "there is no file meta information"]


@pytest.mark.parametrize("preamble", [0, 5, 127, 129, 500])
def test_a_preamble_of_another_length_is_stepped_over(preamble: int) -> None:
    header = read_header(in_file(a_start(), preamble=preamble))
    assert header.text("SOPInstanceUID") == "1.2.3.4"
    assert f"the preamble has {preamble} bytes instead of 128" in reasons(header)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (in_file(a_start())[132:], "there is no preamble"),
        (bytes(128) + b"DIXM" + in_file(a_start())[132:], "the mark DICM is missing"),
        (b" " + a_start(), "1 stray bytes before the data set were skipped"),
        (bytes(128) + b"DICM" + a_start(), "there is no file meta information"),
    ],
)
def test_a_file_without_its_marks_is_still_read(data: bytes, reason: str) -> None:
    header = read_header(data)
    assert header.text("SOPInstanceUID") == "1.2.3.4"
    assert reason in reasons(header)


@pytest.mark.parametrize("stated", [*SYNTAXES, JPEGLosslessSV1])
@pytest.mark.parametrize(
    ("written", "real"),
    [("implicit", SYNTAXES[0]), ("explicit", SYNTAXES[1]), ("big endian", SYNTAXES[2])],
)
def test_the_data_is_believed_rather_than_the_transfer_syntax(stated: str, written: str, real: str) -> None:
    header = read_header(in_file(a_start(of=written), transfer_syntax=stated))
    assert header.text("SOPInstanceUID") == "1.2.3.4"
    lawful = stated == real or (stated == JPEGLosslessSV1 and written == "explicit")
    assert header.transfer_syntax == (stated if lawful else real)
    assert (reasons(header) == []) is lawful


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        (explicit(0x00020000, "UL", b"\x40\0\0\0"), "states 64 bytes of file meta information; there are 0"),
        (explicit(0x00020001, "OB", b"\0\1"), "the file meta information has no group length"),
        (implicit(0x00020001, b"\0\1"), "the file meta information is written in implicit VR little endian"),
        (
            explicit(0x00020001, "OB", b"\0\1", order=">"),
            "the file meta information is written in explicit VR big endian",
        ),
    ],
)
def test_odd_file_meta_information_is_read_and_listed(meta: bytes, reason: str) -> None:
    header = read_header(bytes(128) + b"DICM" + meta + a_start())
    assert header.text("SOPInstanceUID") == "1.2.3.4"
    assert reason in reasons(header)
    assert any("no transfer syntax is stated" in each for each in reasons(header))


def test_damaged_file_meta_information_is_jumped_over_by_its_length() -> None:
    liar = explicit(0x00020010, "UI", b"1.2\0", length=60_000)
    length = explicit(0x00020000, "UL", struct.pack("<I", len(liar)))
    header = read_header(bytes(128) + b"DICM" + length + liar + a_start())
    assert header.text("SOPInstanceUID") == "1.2.3.4"
    with pytest.raises(UnreadableDicom, match="the file meta information cannot be read"):
        read_header(bytes(128) + b"DICM" + liar + a_start())


def test_group_2_elements_in_the_data_set_stay_there() -> None:
    header = read_header(in_file(a_start() + explicit(0x00020012, "UI", UID)))
    assert header.data_set[0x00020012].values == ("1.2.3.4",)
    assert 0x00020012 not in header.file_meta


def test_another_instance_in_the_file_meta_is_listed() -> None:
    meta = explicit(0x00020003, "UI", b"9.9.9\0")
    assert "the file meta information names another instance" in reasons(
        read_header(bytes(128) + b"DICM" + meta + a_start())
    )


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"DICM", bytes(5000), b"hello world" * 50, b"\x89PNG\r\n\x1a\n" * 40]
)
def test_what_is_not_dicom_is_called_so(data: bytes) -> None:
    with pytest.raises(NotDicom):
        read_header(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (in_file(), "no data set after the file meta"),
        (in_file(explicit(0x00080016, "UI", b"1.2", length=500)), r"the file ends inside \(0008,0016\)"),
        (in_file(b"\xff" * 100, transfer_syntax=DEFLATED), "cannot be inflated"),
        (in_file(a_start()[:20]), "the file ends inside the head of an element"),
        (in_file(explicit(0x00080016, "UI"), explicit(0x00080018, "UI")), "holds no value"),
    ],
)
def test_too_little_of_a_data_set_is_unreadable(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDicom, match=reason) as caught:
        read_header(data)
    assert not isinstance(caught.value, NotDicom)


@pytest.mark.parametrize("keep", [510, 600, 603, 800])
def test_a_cut_file_keeps_what_was_there(keep: int) -> None:
    whole = read_header(file_bytes(a_panoramic()))
    cut = read_header(file_bytes(a_panoramic())[:keep])
    assert cut.text("SOPInstanceUID") == whole.text("SOPInstanceUID")
    assert any(
        "the file ends inside" in reason or "bytes after the last" in reason for reason in reasons(cut)
    )
    read = [element for element in cut.data_set.values() if element.values]
    assert all(whole.data_set[element.tag] == element for element in read)


def test_short_pixel_data_is_listed() -> None:
    data = file_bytes(a_panoramic())
    assert reasons(read_header(data[:-10])) == ["pixel data is shorter than declared: 54 of 64 bytes"]


def test_a_pixel_flood_is_a_problem_and_no_allocation() -> None:
    flood = a_panoramic(Rows=65535, Columns=65535, NumberOfFrames=2_000_000_000, PixelData=bytes(64))
    tracemalloc.start()
    header = read_header(file_bytes(flood))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [reason.split(":")[0].split(" 65535")[0] for reason in reasons(header)] == [
        "declares",
        "pixel data is shorter than declared",
    ]
    assert peak < 1_000_000


def test_fragments_are_located_not_copied() -> None:
    fragments = item() + item(bytes(200_000)) + SEQUENCE_END
    pixels = explicit(0x7FE00010, "OB", fragments, length=UNDEFINED)
    header = read_header(in_file(a_start(), pixels, transfer_syntax=JPEGLosslessSV1))
    assert header.pixel_data is not None
    assert header.pixel_data.encapsulated
    assert header.pixel_data.length == 200_016
    assert header.data_set[0x7FE00010].values == ()
    assert header.problems == ()


@pytest.mark.parametrize(
    ("stated", "pixels", "real"),
    [
        (JPEGLosslessSV1, explicit(0x7FE00010, "OW", b"1234"), ExplicitVRLittleEndian),
        (
            ExplicitVRLittleEndian,
            explicit(0x7FE00010, "OB", item() + item(b"JPEG") + SEQUENCE_END, length=UNDEFINED),
            ExplicitVRLittleEndian,
        ),
    ],
)
def test_pixels_that_contradict_the_transfer_syntax_are_listed(stated: str, pixels: bytes, real: str) -> None:
    header = read_header(in_file(a_start(), pixels, transfer_syntax=stated))
    assert header.transfer_syntax == real
    assert "is stated, but the pixel data is" in reasons(header)[0]


def test_fragments_in_implicit_vr_keep_the_codec_that_is_stated() -> None:
    pixels = implicit(0x7FE00010, item() + item(b"JPEG") + SEQUENCE_END, length=UNDEFINED)
    header = read_header(in_file(a_start(of="implicit"), pixels, transfer_syntax=JPEGLosslessSV1))
    assert header.transfer_syntax == JPEGLosslessSV1
    assert "written in implicit VR little endian" in reasons(header)[0]


def test_an_unlisted_transfer_syntax_is_kept_and_listed() -> None:
    header = read_header(in_file(a_start(), transfer_syntax="1.2.3.999"))
    assert header.transfer_syntax == "1.2.3.999"
    assert "is not a known transfer syntax" in reasons(header)[0]


def test_deflation_that_is_not_stated_is_found() -> None:
    header = read_header(in_file(deflated(a_start())))
    assert header.transfer_syntax == DEFLATED
    assert header.text("SOPInstanceUID") == "1.2.3.4"
    assert "is stated, but the data set is written in deflated" in reasons(header)[0]


def test_a_deflated_data_set_with_zlib_header_or_cut_end_is_read() -> None:
    wrapped = read_header(in_file(zlib.compress(a_start()), transfer_syntax=DEFLATED))
    assert "deflated with a zlib header" in reasons(wrapped)[0]
    names = b"".join(explicit(0x00081110 + n, "LO", str(n * 7919).encode() * 9) for n in range(2000))
    cut = read_header(in_file(deflated(a_start() + names)[:3000], transfer_syntax=DEFLATED))
    assert "the deflated data set is damaged or cut off" in reasons(cut)


@pytest.mark.parametrize("undefined", [True, False])
def test_two_hundred_levels_end_as_a_header_with_a_problem(undefined: bool) -> None:
    nested = explicit(0x00080100, "SH", b"AB")
    for _ in range(200):
        closed = item(nested, undefined=undefined) + (SEQUENCE_END if undefined else b"")
        nested = explicit(0x00089215, "SQ", closed, length=UNDEFINED if undefined else None)
    header = read_header(in_file(a_start(), nested))
    assert "sequences are nested more than 32 deep" in reasons(header)


def test_nothing_of_a_mapped_file_is_held() -> None:
    data = file_bytes(an_enhanced_ct())
    mapped = mmap(-1, len(data))
    mapped[:] = data
    header = read_header(mapped)
    mapped.close()
    assert header.text("PatientName") == "Beispiel^Anna"


def test_an_unreadable_mapped_file_can_be_closed_while_the_error_is_handled() -> None:
    data = in_file(b"\xff" * 100, transfer_syntax=DEFLATED)
    mapped = mmap(-1, len(data))
    mapped[:] = data
    with pytest.raises(UnreadableDicom) as caught:
        read_header(mapped)
    mapped.close()  # the traceback still holds the reader's variables
    assert mapped.closed
    assert caught.value.__traceback__ is not None
