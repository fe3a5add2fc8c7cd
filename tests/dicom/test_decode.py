"""Values of every VR, tidy and untidy."""

import struct

import pytest

from porion.dicom.charset import DEFAULT_REPERTOIRE
from porion.dicom.decode import _MOST_REMEMBERED, Decoder, Setting, _known
from porion.dicom.elements import Element, Elements, Value
from porion.dicom.limits import DEFAULT_LIMITS, Limits
from porion.dicom.problems import Problems
from porion.dicom.syntax import BIG_ENDIAN, EXPLICIT, IMPLICIT, Encoding
from porion.dicom.walk import Walk
from tests.dicom.raw_elements import explicit, implicit, item

TAG = 0x00111001


def decoded(
    data: bytes, encoding: Encoding = EXPLICIT, limits: Limits = DEFAULT_LIMITS
) -> tuple[Elements, list[str]]:
    """The elements of some bytes, and the reasons of the problems."""
    problems = Problems(limits.problems)
    view = memoryview(data)
    found = Walk(view, limits, problems).data_set(encoding, 0)
    elements = Decoder(view, limits, problems).data_set(found, Setting(encoding.order))
    return elements, [problem.reason for problem in problems.all()]


def one(vr: str, value: bytes) -> tuple[tuple[Value, ...], list[str]]:
    """The values of a single element."""
    elements, reasons = decoded(explicit(TAG, vr, value))
    return elements[TAG].values, reasons


@pytest.mark.parametrize(
    ("vr", "raw", "values"),
    [
        ("CS", b"ORIGINAL\\PRIMARY\\", ("ORIGINAL", "PRIMARY", "")),
        ("CS", b" A \\\\B \\ ", ("A", "", "B", "")),
        ("LO", b"  padded  ", ("padded",)),
        ("LO", b"    ", ()),
        ("LO", b"", ()),
        ("UI", b"1.2.3\0", ("1.2.3",)),
        ("SH", b"abc\0\0\0\0\0", ("abc",)),
        ("LT", b"  lines\\with backslash ", ("  lines\\with backslash",)),
        ("DS", b"1.50 \\-2e3", ("1.50", "-2e3")),
        ("IS", b"+12 ", ("+12",)),
        ("DA", b"20260302", ("20260302",)),
        ("TM", b"101500.00 ", ("101500.00",)),
        ("DT", b"20260302101500.0+0100 ", ("20260302101500.0+0100",)),
        ("US", struct.pack("<3H", 1, 2, 65535), (1, 2, 65535)),
        ("SS", struct.pack("<h", -5), (-5,)),
        ("UL", struct.pack("<I", 1 << 31), (1 << 31,)),
        ("SL", struct.pack("<i", -7), (-7,)),
        ("UV", struct.pack("<Q", 1 << 63), (1 << 63,)),
        ("SV", struct.pack("<q", -(1 << 62)), (-(1 << 62),)),
        ("FL", struct.pack("<f", 0.5), (0.5,)),
        ("FD", struct.pack("<2d", 0.1, 1e300), (0.1, 1e300)),
        ("AT", struct.pack("<4H", 0x10, 0x20, 0x7FE0, 0x10), (0x00100020, 0x7FE00010)),
        ("OB", b"\0\1\2", (b"\0\1\2",)),
        ("UN", b"\0\1", (b"\0\1",)),
    ],
)
def test_a_tidy_value_is_read_without_a_problem(vr: str, raw: bytes, values: tuple[Value, ...]) -> None:
    assert one(vr, raw) == (values, [])


@pytest.mark.parametrize(
    ("vr", "raw", "values", "reason"),
    [
        ("IS", b"161.3 ", ("161.3",), "'161.3' is not a whole number, as IS must be"),
        ("IS", b"1A", ("1A",), "'1A' is not a number"),
        ("DS", b"0,5 ", ("0,5",), "'0,5' is written with a decimal comma"),
        ("DS", b"1E99999 ", ("1E99999",), "'1E99999' is not a number"),
        ("DS", b"nan ", ("nan",), "'nan' is not a number"),
        ("DA", b"20261340", ("20261340",), "'20261340' is not a date"),
        ("TM", b"noon", ("noon",), "'noon' is not a time"),
        ("DT", b"today ", ("today",), "'today' is not a date and time"),
        ("UI", b"abc.1 ", ("abc.1",), "'abc.1' is not a UID"),
        ("US", b"\1\0\2", (1,), "3 bytes are no whole number of US values"),
        ("AT", b"\1\0\2\0\3\0", (0x00010002,), "6 bytes are no whole number of tags"),
        ("LO", b"An\0na", ("An na",), "a zero byte within the text is read as a space"),
        ("ST", b"An\0na", ("An na",), "a zero byte within the text is read as a space"),
        ("XX", b"ab", (b"ab",), "unknown VR 'XX'; kept as bytes"),
        (
            "CS",
            b"M\xdcLLER",
            ("MÜLLER",),
            "holds characters outside of the stated character set; read as Windows-1252",
        ),
    ],
)
def test_an_untidy_value_is_kept_and_listed(
    vr: str, raw: bytes, values: tuple[Value, ...], reason: str
) -> None:
    assert one(vr, raw) == (values, [reason])


def test_the_character_set_holds_from_here_inwards() -> None:
    name = explicit(0x00100010, "PN", b"\xbf\xe0")
    cyrillic = explicit(0x00080005, "CS", b"ISO_IR 144")
    elements, reasons = decoded(
        explicit(0x00080005, "CS", b"ISO_IR 100")
        + explicit(0x00081140, "SQ", item(cyrillic, name) + item(name))
        + name
    )
    inner = [each.text("PatientName") for each in elements.items_of("ReferencedImageSequence")]
    assert inner == ["Пр", "¿à"]
    assert elements.text("PatientName") == "¿à"
    assert reasons == []


def test_an_unknown_character_set_is_listed() -> None:
    _, reasons = decoded(explicit(0x00080005, "CS", b"KLINGON "))
    assert reasons == ["unknown character set 'KLINGON'"]


@pytest.mark.parametrize(("representation", "vr", "value"), [(0, "US", 65535), (1, "SS", -1)])
def test_implicit_pixel_values_go_by_the_pixel_representation(
    representation: int, vr: str, value: int
) -> None:
    elements, _ = decoded(
        implicit(0x00280103, bytes((representation, 0))) + implicit(0x00280106, b"\xff\xff"), IMPLICIT
    )
    assert elements[0x00280106] == Element(0x00280106, vr, (value,), (), 2)


def test_elements_come_in_ascending_order_however_they_were_written() -> None:
    elements, _ = decoded(explicit(0x00100020, "LO", b"P1") + explicit(0x00100010, "PN", b"A^"))
    assert list(elements) == [0x00100010, 0x00100020]


def test_bulk_data_is_not_copied_but_its_length_known() -> None:
    elements, reasons = decoded(
        explicit(0x00420011, "OB", bytes(70_000)) + explicit(0x00420012, "UT", b"x" * 70_000)
    )
    assert elements[0x00420011] == Element(0x00420011, "OB", (), (), 70_000)
    assert elements[0x00420012].values == ()
    assert reasons == ["70000 bytes of UT are too many to keep"]


def test_values_stop_being_kept_at_the_limits() -> None:
    many = (
        explicit(TAG, "CS", b"A\\" * 50)
        + explicit(TAG + 1, "CS", b"A\\" * 50)
        + explicit(TAG + 2, "SH", b"ok")
    )
    elements, reasons = decoded(many, limits=Limits(values=60))
    assert [len(element.values) for element in elements.values()] == [51, 0, 1]
    assert reasons == ["more values than one file may have; not read"]
    elements, reasons = decoded(many, limits=Limits(kept=120))
    assert [len(element.values) for element in elements.values()] == [51, 0, 1]
    assert reasons == ["more than 120 bytes of values; not read"]


def test_escapes_cost_as_values_do() -> None:
    _, reasons = decoded(explicit(TAG, "LO", b"\x1b" * 100), limits=Limits(values=60))
    assert reasons == ["more values than one file may have; not read"]


def test_what_a_series_repeats_is_decoded_once() -> None:
    made = explicit(TAG, "LO", b"Synthetic Devices ") + explicit(TAG + 1, "DS", b"1\\0\\0\\0\\1\\0 ")
    (one, _), (other, _) = decoded(made), decoded(made)
    assert all(one[tag] is other[tag] for tag in (TAG, TAG + 1))


def test_a_problem_belongs_to_each_file_that_has_it() -> None:
    made = explicit(TAG, "DS", b"1,5 ") + explicit(TAG + 1, "DA", b"yesterday ")
    reasons = ["'1,5' is written with a decimal comma", "'yesterday' is not a date"]
    assert [decoded(made)[1] for _ in range(3)] == [reasons] * 3


def test_the_same_bytes_mean_what_the_rest_of_the_data_set_says() -> None:
    name, number = explicit(0x00100010, "PN", b"M\xc3\xbcller^A"), implicit(0x00280106, b"\xff\xff")
    utf8, latin = (explicit(0x00080005, "CS", term) for term in (b"ISO_IR 192", b"ISO_IR 144"))
    names = [decoded(terms + name)[0][0x00100010].values for terms in (utf8, latin, utf8)]
    assert names[0] == names[2] == ("Müller^A",) != names[1]
    signs = [implicit(0x00280103, bytes((sign, 0))) for sign in (0, 1, 0)]
    assert [decoded(sign + number, IMPLICIT)[0][0x00280106].values for sign in signs] == [
        (65535,),
        (-1,),
        (65535,),
    ]
    orders = [(EXPLICIT, "<"), (BIG_ENDIAN, ">")]
    sizes = [decoded(explicit(0x00280010, "US", b"\0\1", order=order), way) for way, order in orders]
    assert [elements[0x00280010].values for elements, _ in sizes] == [(256,), (1,)]


def test_the_limits_hold_for_what_was_decoded_before_too() -> None:
    many = b"".join(explicit(TAG + n, "CS", b"A\\" * 50) for n in range(3))
    assert [len(one.values) for one in decoded(many)[0].values()] == [51] * 3
    for limits, left, reason in (
        (Limits(values=110), [51, 51, 0], "more values than one file may have; not read"),
        (Limits(kept=210), [51, 51, 0], "more than 210 bytes of values; not read"),
        (Limits(bulk=99), [0, 0, 0], "100 bytes of CS are too many to keep"),
    ):
        elements, reasons = decoded(many, limits=limits)
        assert [len(one.values) for one in elements.values()] == left
        assert set(reasons) == {reason}


def test_what_is_remembered_is_bounded() -> None:
    for part in range(3):
        some = (explicit(0x00110000 + n, "UI", b"1.%d.%d" % (part, n)) for n in range(3000))
        elements, _ = decoded(b"".join(some))
        assert elements[0x00110000 + 2999].values == (f"1.{part}.2999",)
        assert len(_known("<", DEFAULT_REPERTOIRE, signed=False)) <= _MOST_REMEMBERED
