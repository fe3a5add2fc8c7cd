"""Conditions and how they are joined."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from porion.dicom import conditions as c
from porion.dicom.category import Kind
from porion.dicom.codes import Concept
from porion.dicom.elements import Elements, Header
from porion.dicom.facts import Coded, Facts, Spoken, facts_of
from porion.dicom.habits import NO_HABITS
from porion.dicom.keywords import Topic

EMPTY = facts_of(Header(Elements(), Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS))


def facts(**values: Any) -> Facts:
    return replace(EMPTY, **values)


def holding(strength: float, *values: str) -> c.Condition:
    return lambda _: c.Match(strength, values)


def failing(_: Facts) -> None:
    return None


def test_all_of_is_as_strong_as_its_weakest_and_shows_every_value_once() -> None:
    assert c.all_of(holding(0.9, "a", "b"), holding(0.5, "b", "c"))(EMPTY) == c.Match(0.5, ("a", "b", "c"))
    assert c.all_of(holding(0.9), failing)(EMPTY) is None


def test_any_of_is_as_strong_as_its_strongest() -> None:
    assert c.any_of(holding(0.2, "a"), failing, holding(0.9, "b"))(EMPTY) == c.Match(0.9, ("a", "b"))
    assert c.any_of(failing, failing)(EMPTY) is None


def test_unless_holds_when_nothing_else_does() -> None:
    assert c.unless(failing)(EMPTY) == c.Match(1.0)
    assert c.unless(failing, holding(0.1))(EMPTY) is None


def test_wherever_forgets_how_far_a_place_is_trusted() -> None:
    assert c.wherever(holding(0.2, "a"))(EMPTY) == c.Match(1.0, ("a",))
    assert c.wherever(failing)(EMPTY) is None


def test_a_keyword_may_be_asked_only_in_trusted_places() -> None:
    found = facts(texts=(Spoken("StationName", 0.2, "OPG 1"),))
    assert c.keyword(Topic.PANORAMIC)(found) == c.Match(0.2, ("StationName=OPG 1",))
    assert c.keyword(Topic.PANORAMIC, 0.5)(found) is None


@pytest.mark.parametrize(
    ("protocol", "series", "holds"),
    [
        ("CEPH", "", True),
        ("", "CEPH", True),
        ("PAN CEPH", "", True),
        ("PAN", "CEPH", False),
        ("CEPH", "PAN", True),
    ],
)
def test_a_program_outranks_the_word_panoramic_unless_that_is_more_trusted(
    protocol: str, series: str, holds: bool
) -> None:
    found = facts(texts=(Spoken("ProtocolName", 1.0, protocol), Spoken("SeriesDescription", 0.9, series)))
    assert bool(c.outranks_panoramic(Topic.CEPH)(found)) is holds


@pytest.mark.parametrize(
    ("condition", "values", "holds"),
    [
        (c.modality("PX", "IO"), {"modality": "IO"}, True),
        (c.modality("PX"), {"modality": "DX"}, False),
        (c.positioner("CEPHALOSTAT"), {"positioner": "CEPHALOSTAT"}, True),
        (c.orientation("A", "P"), {"orientation": "P"}, True),
        (c.orientation("A", "P"), {"orientation": ""}, False),
        (c.view_position(r"PA|AP"), {"view": "AP (ERECT)"}, True),
        (c.view_position(r"PA|AP"), {"view": "LL"}, False),
        (c.region(Concept.JAW), {"regions": (Coded(Concept.JAW, "x"),)}, True),
        (c.view_code(Concept.OCCLUSAL), {"views": (Coded(Concept.LATERAL, "x"),)}, False),
        (
            c.protocol_code(Concept.ORTHOPANTOMOGRAPHY),
            {"protocols": (Coded(Concept.ORTHOPANTOMOGRAPHY, "x"),)},
            True,
        ),
        (c.aspect_at_least(1.6), {"rows": 100, "columns": 160}, True),
        (c.aspect_at_least(1.6), {"rows": 100, "columns": 159}, False),
        (c.aspect_at_least(1.6), {}, False),
        (c.image_type("DERIVED"), {"image_type": ("DERIVED", "PRIMARY")}, True),
        (c.made_by(r"\bi cat\b"), {"maker": "KaVo", "model": "i-CAT FLX"}, True),
        (c.is_ct, {"modality": "CT", "kind": Kind.XRAY}, True),
        (c.is_ct, {"modality": "CT", "kind": Kind.SECONDARY_CAPTURE}, False),
        (c.is_animal, {"species": "canis lupus"}, True),
        (c.is_animal, {"species": "homo sapiens"}, False),
        (c.is_animal, {}, False),
        (c.is_screen_or_derived, {"conversion": "WSD"}, True),
        (c.is_screen_or_derived, {"samples": 3}, True),
        (c.is_screen_or_derived, {"image_type": ("DERIVED",)}, True),
        (c.is_screen_or_derived, {"conversion": "DI", "samples": 1, "image_type": ("ORIGINAL",)}, False),
        (c.is_not_spiral, {"acquisition": "SPIRAL"}, False),
        (c.is_not_spiral, {"acquisition": "HELICAL MODE"}, False),
        (c.is_not_spiral, {"acquisition": "CONSTANT_ANGLE"}, True),
        (c.tube_current_at_least(50), {"tube_ma": Decimal(50)}, True),
        (c.tube_current_at_least(50), {}, False),
        (c.has_cone_beam_technique, {"collection_diameter": Decimal(160)}, True),
        (c.has_cone_beam_technique, {"collection_diameter": Decimal(500)}, False),
        (c.has_cone_beam_technique, {"kvp": Decimal(120), "tube_ma": Decimal(5)}, True),
        (c.has_cone_beam_technique, {"kvp": Decimal(120), "tube_ma": Decimal(200)}, False),
        (c.has_cone_beam_technique, {"kvp": Decimal(120)}, False),
        (c.is_in_one_arch, {"teeth": (36, 37)}, True),
        (c.is_in_one_arch, {"teeth": (26, 36)}, False),
        (c.is_in_one_arch, {"regions": (Coded(Concept.MAXILLA, "x"),), "teeth": (36,)}, False),
        (c.is_in_one_arch, {}, False),
        (c.lists_one_to_five_teeth, {"teeth": (11, 12, 13, 14, 15)}, True),
        (c.lists_one_to_five_teeth, {"teeth": (11, 12, 13, 14, 15, 16)}, False),
        (c.lists_opposing_posterior_teeth, {"teeth": (26, 27, 36, 37)}, True),
        (c.lists_opposing_posterior_teeth, {"teeth": (26, 36, 46)}, False),
        (c.lists_opposing_posterior_teeth, {"teeth": (23, 33)}, False),
        (c.lists_opposing_posterior_teeth, {}, False),
        (c.is_bilateral, {"laterality": "B"}, True),
        (
            c.is_occlusal_size,
            {"rows": 1200, "columns": 900, "spacing": (Decimal("0.06"), Decimal("0.06"))},
            True,
        ),
        (
            c.is_occlusal_size,
            {"rows": 600, "columns": 900, "spacing": (Decimal("0.06"), Decimal("0.06"))},
            False,
        ),
        (c.is_occlusal_size, {"rows": 600, "columns": 900}, False),
    ],
)
def test_each_condition_asks_one_thing(condition: c.Condition, values: dict[str, Any], holds: bool) -> None:
    assert bool(condition(facts(**values))) is holds


@pytest.mark.parametrize(
    ("spacing", "thickness", "columns", "cube", "thicker"),
    [
        ("0.3", "0.3", 400, True, False),
        ("0.3", "0.31", 400, True, False),
        ("0.6", "0.6", 400, False, False),
        ("0.3", "0.75", 400, False, True),
        ("0.3", "0.3", 300, False, False),
        ("0.3", None, 400, False, False),
        (None, "0.3", 400, False, False),
    ],
)
def test_cubes_and_thick_slices_are_told_apart(
    spacing: str | None, thickness: str | None, columns: int, cube: bool, thicker: bool
) -> None:
    side = Decimal(spacing) if spacing else None
    found = facts(
        rows=400,
        columns=columns,
        spacing=(side, side) if side else None,
        thickness=Decimal(thickness) if thickness else None,
    )
    assert bool(c.is_isotropic(found)) is cube
    assert bool(c.is_anisotropic(found)) is thicker


def test_conditions_show_the_values_that_made_them_hold() -> None:
    assert c.modality("PX")(facts(modality="PX")) == c.Match(1.0, ("Modality=PX",))
    assert c.aspect_at_least(1.6)(facts(rows=1, columns=2)) == c.Match(1.0, ("Columns=2", "Rows=1"))
    assert c.lists_one_to_five_teeth(facts(teeth=(36, 37))) == c.Match(
        1.0, ("PrimaryAnatomicStructureSequence=36,37",)
    )
