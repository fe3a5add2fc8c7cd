"""What forbids "certain", however high the score: a table of rules, each with its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.comparison import SAME_NAME, Comparison
from porion.clinic.levels import MISSING, OTHER, SAME, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from porion.clinic.patient import Patient
    from porion.clinic.profile import Profile


MOST_NAMED = 3
"""The patients whom a sentence names: nobody reads twenty names."""


class Case(NamedTuple):
    """One candidate with all that a veto may look at.

    ``rivals`` and ``as_likely`` are other patients, the likeliest first. ``spoken_for`` says that something
    else than an ID names the patient: a person who verified the same claim before, or our own step that the
    image answers. ``step_of_another`` is whose step it answers, if that is somebody else's.
    """

    claimed: Profile
    comparison: Comparison
    rivals: tuple[Patient, ...] = ()
    conflicting: bool = False
    as_likely: tuple[Patient, ...] = ()
    spoken_for: bool = False
    step_of_another: Patient | None = None


class Objection(NamedTuple):
    """A veto that holds: the rule, the values that its sentence names in their order, and the sentence.

    Rule and values are for those who say it in another language.
    """

    rule: str
    values: tuple[str, ...]
    sentence: str


class Veto(NamedTuple):
    """A rule that blocks "certain", and the sentence that tells a person why, with places for its values."""

    rule: str
    holds: Callable[[Case], bool]
    sentence: str
    values: Callable[[Case], tuple[str, ...]] = lambda _: ()


def vetoes(case: Case) -> tuple[Objection, ...]:
    """All rules that hold, in the order of the table."""
    return tuple([_told(veto, veto.values(case)) for veto in VETOES if veto.holds(case)])


def _told(veto: Veto, values: tuple[str, ...]) -> Objection:
    return Objection(veto.rule, values, veto.sentence.format(*values))


def named(patient: Patient) -> str:
    """A patient as people tell one from another: ``Müller, Anna (2012-04-03, #4711)``."""
    given = f"{patient.name.given} {patient.name.middle}".strip()
    name = ", ".join(filter(None, (patient.name.family, given)))
    numbers = [f"#{each.value}" for each in patient.identifiers[:1]]
    told = ", ".join([*map(str, filter(None, [patient.birth_date])), *numbers])
    return " ".join(filter(None, (name, f"({told})" if told else ""))) or patient.id


def _named(patients: Sequence[Patient]) -> tuple[str, ...]:
    """The first of some patients, and how many more there are."""
    more = [f"+{len(patients) - MOST_NAMED}"] if len(patients) > MOST_NAMED else []
    return ("; ".join([*map(named, patients[:MOST_NAMED]), *more]),)


def _given_contradicts(case: Case) -> bool:
    return case.comparison.names.given is OTHER


def _given_not_the_same(case: Case) -> bool:
    given = case.comparison.names.given
    return given not in SAME_NAME and given is not MISSING and given is not OTHER


def _given(case: Case) -> tuple[str, ...]:
    names = case.comparison.names
    return names.claimed.given.raw, names.registered.given.raw


def _family_unsupported(case: Case) -> bool:
    return case.comparison.names.family is OTHER and case.comparison.patient_id.level is not SAME


def _family(case: Case) -> tuple[str, ...]:
    names = case.comparison.names
    return names.claimed.family.raw, names.registered.family.raw


DIFFERING_DATES = frozenset({Level.OTHER, Level.SAME_YEAR, Level.TWO_EDITS, Level.OTHER_YEAR})


def _dates(case: Case) -> tuple[str, ...]:
    return str(case.claimed.birth_date), str(case.comparison.profile.birth_date)


def _id_silent(case: Case) -> bool:
    """No ID speaks for the patient, no other veto says so, and nothing else speaks for them."""
    compared = case.comparison.patient_id
    if compared.level is SAME or case.spoken_for:
        return False
    return not (compared.contradicted or _placeholders(case) or _family_unsupported(case))


def _id_missing(case: Case) -> bool:
    return case.comparison.patient_id.level is MISSING and _id_silent(case)


def _id_not_the_same(case: Case) -> bool:
    return case.comparison.patient_id.level is not MISSING and _id_silent(case)


def _suffixes(case: Case) -> tuple[str, ...]:
    names = case.comparison.names
    return names.claimed.suffix, names.registered.suffix


def _placeholders(case: Case) -> tuple[str, ...]:
    return case.claimed.placeholders + case.comparison.profile.placeholders


def _listed(values: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _stepped(case: Case) -> tuple[str, ...]:
    return _named([case.step_of_another] if case.step_of_another else [])


VETOES = (
    Veto(
        "given-name-differs",
        _given_contradicts,
        "The given names differ, “{}” and “{}”: this may be a brother, a sister or a twin.",
        _given,
    ),
    Veto(
        "given-name-not-the-same",
        _given_not_the_same,
        "The given names are not the same, “{}” and “{}”: {}.",
        lambda case: (*_given(case), case.comparison.names.given.value),
    ),
    Veto(
        "given-name-missing",
        lambda case: case.comparison.names.given is MISSING,
        "No given name can be compared.",
    ),
    Veto(
        "family-name-differs",
        _family_unsupported,
        "The family names differ, “{}” and “{}”, and no ID speaks for the patient.",
        _family,
    ),
    Veto(
        "birth-date-differs",
        lambda case: case.comparison.birth_date in DIFFERING_DATES,
        "The birth dates differ: {} and {}.",
        _dates,
    ),
    Veto(
        "birth-date-missing",
        lambda case: case.comparison.birth_date is MISSING,
        "No birth date can be compared.",
    ),
    Veto(
        "id-contradicts",
        lambda case: bool(case.comparison.patient_id.contradicted),
        "The patient has another ID from the issuer “{}”.",
        lambda case: (_listed(case.comparison.patient_id.contradicted),),
    ),
    Veto(
        "id-missing",
        _id_missing,
        "No ID can be compared: somebody else may have the same name and birth date.",
    ),
    Veto(
        "id-not-the-same",
        _id_not_the_same,
        "The ID is not the same from the same issuer: {}.",
        lambda case: (case.comparison.patient_id.level.value,),
    ),
    Veto(
        "further-given-names-differ",
        lambda case: case.comparison.names.middle is OTHER,
        "The further given names differ, “{}” and “{}”: this may be a twin or a cousin.",
        _given,
    ),
    Veto(
        "generation-contradicts",
        lambda case: case.comparison.suffix is OTHER,
        "The generations differ: {} and {}.",
        _suffixes,
    ),
    Veto(
        "other-script-contradicts",
        lambda case: case.comparison.other_script is OTHER,
        "The names differ in another script that both sides state.",
    ),
    Veto(
        "ambiguous",
        lambda case: bool(case.rivals),
        "Ambiguous: name and birth date also fit {}.",
        lambda case: _named(case.rivals),
    ),
    Veto(
        "as-likely",
        lambda case: bool(case.as_likely),
        "Ambiguous: all in all, the claim fits as well: {}.",
        lambda case: _named(case.as_likely),
    ),
    Veto(
        "placeholder",
        lambda case: bool(_placeholders(case)),
        "A placeholder stands in place of a value: “{}”.",
        lambda case: (_listed(_placeholders(case)),),
    ),
    Veto(
        "step-of-another",
        lambda case: case.step_of_another is not None,
        "The image answers a worklist step of another patient: {}.",
        _stepped,
    ),
    Veto(
        "conflicting",
        lambda case: case.conflicting,
        "The series of this study do not agree on whose they are.",
    ),
    Veto(
        "merged",
        lambda case: case.comparison.patient.merged_into is not None,
        "The patient was merged into another entry of the register.",
    ),
)
