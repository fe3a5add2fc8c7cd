"""What forbids "certain", however high the score: a table of rules, each with its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.comparison import SAME_NAME, Comparison
from porion.clinic.levels import MISSING, OTHER, SAME, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from porion.clinic.profile import Profile


MOST_NAMED = 3
"""The patients whom a sentence names: nobody reads twenty identifiers."""


class Case(NamedTuple):
    """One candidate with all that a veto may look at.

    ``rivals`` and ``as_likely`` are the ids of other patients, the likeliest first.
    ``spoken_for`` says that something else than an ID names the patient: a person who verified the same
    claim before, or our own step that the image answers. ``step_of_another`` is whose step it answers, if
    that is somebody else's.
    """

    claimed: Profile
    comparison: Comparison
    rivals: tuple[str, ...] = ()
    conflicting: bool = False
    as_likely: tuple[str, ...] = ()
    spoken_for: bool = False
    step_of_another: str | None = None


class Veto(NamedTuple):
    """A rule that blocks "certain", and the sentence that tells a person why."""

    name: str
    holds: Callable[[Case], bool]
    sentence: Callable[[Case], str]


def vetoes(case: Case) -> tuple[str, ...]:
    """The sentences of all rules that hold, in the order of the table."""
    return tuple([sentence(case) for _, holds, sentence in VETOES if holds(case)])


def _given_differs(case: Case) -> bool:
    names = case.comparison.names
    return names.given not in SAME_NAME and names.given is not MISSING


def _given_words(case: Case) -> str:
    names = case.comparison.names
    pair = f"“{names.claimed.given.raw}” and “{names.registered.given.raw}”"
    if names.given is OTHER:
        return f"The given names differ, {pair}: this may be a brother, a sister or a twin."
    return f"The given names are not the same ({names.given}): {pair}."


def _further_words(case: Case) -> str:
    names = case.comparison.names
    return (
        f"The further given names differ, “{names.claimed.given.raw}” and “{names.registered.given.raw}”:"
        " this may be a twin or a cousin."
    )


def _family_unsupported(case: Case) -> bool:
    return case.comparison.names.family is OTHER and case.comparison.patient_id.level is not SAME


def _family_words(case: Case) -> str:
    names = case.comparison.names
    return (
        f"The family names differ, “{names.claimed.family.raw}” and “{names.registered.family.raw}”, "
        "and no ID speaks for the patient."
    )


DIFFERING_DATES = frozenset({Level.OTHER, Level.SAME_YEAR, Level.TWO_EDITS, Level.OTHER_YEAR})


def _date_words(case: Case) -> str:
    return f"The birth dates differ: {case.claimed.birth_date} and {case.comparison.profile.birth_date}."


def _id_words(case: Case) -> str:
    issuers = ", ".join(f"“{issuer}”" for issuer in case.comparison.patient_id.contradicted)
    return f"The patient has another ID from the issuer {issuers}."


def _id_silent(case: Case) -> bool:
    """No ID speaks for the patient, no other veto says so, and nothing else speaks for them."""
    compared = case.comparison.patient_id
    if compared.level is SAME or case.spoken_for:
        return False
    return not (compared.contradicted or _placeholders(case) or _family_unsupported(case))


def _silent_words(case: Case) -> str:
    level = case.comparison.patient_id.level
    if level is MISSING:
        return "No ID can be compared: somebody else may have the same name and birth date."
    return f"The ID is not the same from the same issuer ({level})."


def _suffix_words(case: Case) -> str:
    names = case.comparison.names
    return f"The generations differ: {names.claimed.suffix} and {names.registered.suffix}."


def _placeholders(case: Case) -> tuple[str, ...]:
    return case.claimed.placeholders + case.comparison.profile.placeholders


def _as_likely_words(case: Case) -> str:
    fit = "fits" if len(case.as_likely) == 1 else "fit"
    return f"Ambiguous: all in all, {_named(case.as_likely)} {fit} as well."


def _named(ids: tuple[str, ...]) -> str:
    """The first of some patients by their ids, and how many more there are."""
    patients = "patient" if len(ids) == 1 else "patients"
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"{patients} {', '.join(ids[:MOST_NAMED])}{more}"


VETOES = (
    Veto("given name differs", _given_differs, _given_words),
    Veto(
        "given name missing",
        lambda case: case.comparison.names.given is MISSING,
        lambda _: "No given name can be compared.",
    ),
    Veto("family name differs", _family_unsupported, _family_words),
    Veto("birth date differs", lambda case: case.comparison.birth_date in DIFFERING_DATES, _date_words),
    Veto(
        "birth date missing",
        lambda case: case.comparison.birth_date is MISSING,
        lambda _: "No birth date can be compared.",
    ),
    Veto("ID contradicts", lambda case: bool(case.comparison.patient_id.contradicted), _id_words),
    Veto("ID does not speak", _id_silent, _silent_words),
    Veto(
        "further given names differ",
        lambda case: case.comparison.names.middle is OTHER,
        _further_words,
    ),
    Veto("generation contradicts", lambda case: case.comparison.suffix is OTHER, _suffix_words),
    Veto(
        "other script contradicts",
        lambda case: case.comparison.other_script is OTHER,
        lambda _: "The names differ in another script that both sides state.",
    ),
    Veto(
        "ambiguous",
        lambda case: bool(case.rivals),
        lambda case: f"Ambiguous: name and birth date also fit {_named(case.rivals)}.",
    ),
    Veto(
        "as likely",
        lambda case: bool(case.as_likely),
        _as_likely_words,
    ),
    Veto(
        "placeholder",
        lambda case: bool(_placeholders(case)),
        lambda case: f"A placeholder stands in place of a value: {', '.join(_placeholders(case))}.",
    ),
    Veto(
        "step of another",
        lambda case: case.step_of_another is not None,
        lambda case: f"The image answers a worklist step of patient {case.step_of_another}.",
    ),
    Veto(
        "conflicting",
        lambda case: case.conflicting,
        lambda _: "The series of this study do not agree on whose they are.",
    ),
    Veto(
        "merged",
        lambda case: case.comparison.patient.merged_into is not None,
        lambda case: f"The patient was merged into {case.comparison.patient.merged_into}.",
    ),
)
