"""The structure of data sets, well and badly written."""

import pytest

from porion.dicom.limits import DEFAULT_LIMITS, Limits
from porion.dicom.problems import Problems
from porion.dicom.syntax import BIG_ENDIAN, EXPLICIT, IMPLICIT, UNDEFINED, Encoding
from porion.dicom.walk import RawElements, Walk
from tests.dicom.raw_elements import ITEM_END, SEQUENCE_END, explicit, implicit, item

CODE = 0x00080100
SEQUENCE = 0x00082218
BEHIND = 0x00100010


class Walked:
    """A walk that is over."""

    def __init__(self, data: bytes, encoding: Encoding = EXPLICIT, limits: Limits = DEFAULT_LIMITS) -> None:
        problems = Problems(limits.problems)
        self.walk = Walk(memoryview(data), limits, problems)
        self.found: RawElements = self.walk.data_set(encoding, 0)
        self.problems = [(problem.tag, problem.reason) for problem in problems.all()]

    def items(self, tag: int = SEQUENCE) -> list[list[int]]:
        """The tags of each item of a sequence."""
        return [list(elements) for elements, _ in self.found[tag][4] or []]


CODE_ELEMENT = explicit(CODE, "SH", b"AB")
NAME_ELEMENT = explicit(BEHIND, "PN", b"A^B ")


@pytest.mark.parametrize(
    "sequence",
    [
        explicit(SEQUENCE, "SQ", item(CODE_ELEMENT) + item()),
        explicit(SEQUENCE, "SQ", item(CODE_ELEMENT, undefined=True) + item(undefined=True)),
        explicit(SEQUENCE, "SQ", item(CODE_ELEMENT) + item() + SEQUENCE_END, length=UNDEFINED),
        explicit(
            SEQUENCE, "SQ", item(CODE_ELEMENT, undefined=True) + item() + SEQUENCE_END, length=UNDEFINED
        ),
        explicit(SEQUENCE, "UN", item(implicit(CODE, b"AB")) + item() + SEQUENCE_END, length=UNDEFINED),
        explicit(SEQUENCE, "UN", item(CODE_ELEMENT) + item() + SEQUENCE_END, length=UNDEFINED),
        explicit(SEQUENCE, "UN", item(implicit(CODE, b"AB")) + item()),
    ],
)
def test_every_lawful_way_to_write_a_sequence_reads_the_same(sequence: bytes) -> None:
    walked = Walked(sequence + NAME_ELEMENT)
    assert walked.items() == [[CODE], []]
    assert list(walked.found) == [SEQUENCE, BEHIND]
    assert walked.problems == []


@pytest.mark.parametrize(
    ("sequence", "reason"),
    [
        (explicit(SEQUENCE, "SQ", item(CODE_ELEMENT), length=UNDEFINED), "ends without a delimiter"),
        (
            explicit(
                SEQUENCE, "SQ", item(CODE_ELEMENT, undefined=True)[:-8] + SEQUENCE_END, length=UNDEFINED
            ),
            "item 0 ends without a delimiter",
        ),
        (explicit(SEQUENCE, "SQ", item(implicit(CODE, b"AB"))), "its items are written in implicit VR"),
        (explicit(SEQUENCE, "SQ", item(CODE_ELEMENT) + b"\0" * 8), "ends without a delimiter"),
    ],
)
def test_a_badly_written_sequence_is_repaired_and_listed(sequence: bytes, reason: str) -> None:
    walked = Walked(sequence + NAME_ELEMENT)
    assert walked.items() == [[CODE]]
    assert BEHIND in walked.found
    assert walked.problems[0][0] == "(0008,2218)"
    assert walked.problems[0][1].startswith(reason)


def test_a_sequence_without_items_is_kept_as_bytes() -> None:
    walked = Walked(explicit(SEQUENCE, "SQ", b"no items at all.") + NAME_ELEMENT)
    assert walked.found[SEQUENCE][1] == "UN"
    assert walked.problems == [("(0008,2218)", "holds no items; kept as bytes")]


def test_text_of_undefined_length_ends_at_the_next_sequence_delimiter() -> None:
    walked = Walked(
        explicit(0x00091001, "UN", b"some text here", length=UNDEFINED) + SEQUENCE_END + NAME_ELEMENT
    )
    assert walked.found[0x00091001][2:4] == (12, 14)
    assert BEHIND in walked.found


def test_a_length_beyond_the_item_costs_only_that_element() -> None:
    liar = explicit(CODE, "SH", b"AB", length=5000)
    walked = Walked(explicit(SEQUENCE, "SQ", item(liar)) + NAME_ELEMENT)
    assert walked.problems == [("(0008,2218)[0].(0008,0100)", "claims 5000 bytes where 2 are left; not read")]
    assert BEHIND in walked.found


def test_a_file_that_ends_inside_a_value_keeps_what_came_before() -> None:
    walked = Walked(NAME_ELEMENT + explicit(0x00100020, "LO", b"P-", length=10))
    assert list(walked.found) == [BEHIND, 0x00100020]
    assert walked.found[0x00100020][4] == []
    assert walked.problems == [("(0010,0020)", "the file ends inside (0010,0020): 2 of 10 bytes")]
    assert walked.walk.starved


def test_a_file_that_ends_inside_a_sequence_keeps_its_items() -> None:
    whole = explicit(SEQUENCE, "SQ", item(CODE_ELEMENT) + item(CODE_ELEMENT))
    walked = Walked(whole[:-1])
    assert walked.items() == [[CODE], [CODE]]
    assert walked.walk.starved


def test_four_gibibytes_that_are_not_there_are_never_touched() -> None:
    walked = Walked(NAME_ELEMENT + explicit(0x00420011, "OB", b"%PDF", length=UNDEFINED - 1))
    assert walked.problems[0][1] == "the file ends inside (0042,0011): 4 of 4294967294 bytes"


@pytest.mark.parametrize("undefined", [True, False])
def test_too_deep_nesting_is_not_followed(undefined: bool) -> None:
    data = CODE_ELEMENT
    for _ in range(200):
        content = item(data, undefined=undefined) + (SEQUENCE_END if undefined else b"")
        data = explicit(SEQUENCE, "SQ", content, length=UNDEFINED if undefined else None)
    walked = Walked(explicit(0x00080018, "UI", b"1.2\0") + data + NAME_ELEMENT)
    assert walked.problems[0][1] == "sequences are nested more than 32 deep"
    assert bool(walked.walk.stopped) is undefined
    assert (BEHIND in walked.found) is not undefined


def test_too_many_elements_stop_the_reading() -> None:
    walked = Walked(explicit(SEQUENCE, "SQ", item() * 40) + NAME_ELEMENT, limits=Limits(elements=20))
    assert walked.problems == [("(0008,2218)", "more than 20 elements; the rest was not read")]
    assert walked.walk.seen <= 22


def test_fragments_are_stepped_over_and_what_follows_is_read() -> None:
    pixels = explicit(0x7FE00010, "OB", item() + item(b"JPEG") + SEQUENCE_END, length=UNDEFINED)
    walked = Walked(NAME_ELEMENT + pixels + explicit(0xFFFCFFFC, "OB", bytes(8)))
    assert walked.walk.encapsulated == {0x7FE00010}
    assert walked.found[0x7FE00010][2:4] == (len(NAME_ELEMENT) + 12, 20)
    assert 0xFFFCFFFC in walked.found
    assert walked.problems == []


def test_pixel_data_in_fragments_is_ob_in_implicit_vr() -> None:
    walked = Walked(implicit(0x7FE00010, item() + SEQUENCE_END, length=UNDEFINED), IMPLICIT)
    assert walked.found[0x7FE00010][1] == "OB"


def test_cut_pixel_data_stops_nothing() -> None:
    walked = Walked(NAME_ELEMENT + explicit(0x7FE00010, "OW", bytes(10), length=5000))
    assert walked.found[0x7FE00010][3] == 5000
    assert not walked.walk.stopped


def test_rubbish_after_the_pixel_data_is_no_part_of_the_data_set() -> None:
    walked = Walked(NAME_ELEMENT + explicit(0x7FE00010, "OW", bytes(4)) + explicit(BEHIND, "PN", b"Evil"))
    assert walked.found[BEHIND][2] == 8
    assert "does not belong to the data set" in walked.problems[0][1]


def test_an_element_that_appears_twice_counts_once() -> None:
    walked = Walked(NAME_ELEMENT + explicit(BEHIND, "PN", b"Evil"))
    assert walked.found[BEHIND][2] == 8
    assert walked.problems == [("(0010,0010)", "appears twice; the first one counts")]


def test_elements_out_of_order_are_listed() -> None:
    assert Walked(NAME_ELEMENT + CODE_ELEMENT).problems == [("(0008,0100)", "stands out of ascending order")]


def test_zero_padding_at_the_end_is_skipped() -> None:
    walked = Walked(NAME_ELEMENT + bytes(100))
    assert list(walked.found) == [BEHIND]
    assert walked.problems == [(None, f"zero bytes from byte {len(NAME_ELEMENT)} on were not read")]


def test_a_stray_delimiter_is_skipped() -> None:
    walked = Walked(CODE_ELEMENT + ITEM_END + NAME_ELEMENT + b"\0\0")
    assert list(walked.found) == [CODE, BEHIND]
    assert len(walked.problems) == 2


def test_a_flood_of_delimiters_ends_at_the_limit() -> None:
    walked = Walked(ITEM_END * 1000, limits=Limits(elements=100))
    assert walked.walk.stopped == "more than 100 elements; the rest was not read"


def test_an_implicit_element_among_explicit_ones_is_read() -> None:
    walked = Walked(CODE_ELEMENT + implicit(BEHIND, b"A^B ") + explicit(0x00100020, "LO", b"P1"))
    assert walked.found[BEHIND][1] == "PN"
    assert walked.problems == [("(0010,0010)", "no VR where explicit VR has one; read as implicit VR")]
    assert 0x00100020 in walked.found


def test_big_endian_sequences_are_read() -> None:
    inner = explicit(CODE, "SH", b"AB", order=">")
    an_item = b"\xff\xfe\xe0\x00" + len(inner).to_bytes(4, "big") + inner
    walked = Walked(explicit(SEQUENCE, "SQ", an_item, order=">"), BIG_ENDIAN)
    assert walked.items() == [[CODE]]


def test_private_elements_have_the_vr_of_their_creator() -> None:
    creator = implicit(0x00090010, b"GEMS_IDEN_01")
    walked = Walked(creator + implicit(0x00091002, b"AB") + implicit(0x0009FF02, b"AB"), IMPLICIT)
    assert [raw[1] for raw in walked.found.values()] == ["LO", "SH", "UN"]


def test_a_private_sequence_is_found_by_its_items() -> None:
    nested = implicit(0x00091001, item(implicit(CODE, b"AB")) + SEQUENCE_END, length=UNDEFINED)
    walked = Walked(implicit(0x00090010, b"nobody") + nested, IMPLICIT)
    assert walked.items(0x00091001) == [[CODE]]
