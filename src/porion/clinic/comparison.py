"""A claim against one patient: the best reading of the name, and a level for every field."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.folding import Script, fold
from porion.clinic.levels import (
    MISSING,
    OTHER,
    SAME,
    Level,
    Levels,
    birth_date_level,
    sex_level,
    suffix_level,
)
from porion.clinic.middle_names import further_level, middle_level
from porion.clinic.name_levels import family_level, given_level
from porion.clinic.patient_ids import IdComparison, compare_ids
from porion.clinic.profile import Profile, patient_profile
from porion.clinic.readings import Reading, read_as

if TYPE_CHECKING:
    from porion.clinic.model import Model
    from porion.clinic.patient import Patient

UNNAMED = read_as(fold(""), fold(""))
"""What stands for a name that is missing, or written in a script that the other side lacks."""

SAME_NAME = frozenset({Level.SAME, Level.UMLAUT, Level.SHORTER, Level.NICKNAME})
"""Given names that are one name written differently; "nearly the same" may be a twin (Jan and Jana)."""

_DECIDED_BY_MIDDLE = frozenset({Level.FIRST_ONLY, Level.ONE_OF, Level.MISSING})

SAME_FAMILY = frozenset({Level.SAME, Level.UMLAUT, Level.CLOSE, Level.SHARED_PART})
SAME_DATE = frozenset({Level.SAME, Level.SWAPPED, Level.ONE_EDIT})


class Names(NamedTuple):
    """The readings of both names that agree best, their levels and bits before commonness."""

    claimed: Reading
    registered: Reading
    given: Level
    family: Level
    middle: Level
    bits: float


class Sketch(NamedTuple):
    """What the strong fields say of one patient, in bits before commonness: enough to rank many."""

    bits: float
    patient: Patient
    profile: Profile
    names: Names
    birth_date: Level
    patient_id: IdComparison


class Unlike(NamedTuple):
    """A name that a slip of the pen may have made unlike: the frequency terms of both spellings."""

    field: str
    level: Level
    claimed: str
    registered: str


class Comparison(NamedTuple):
    """A claim against one patient, a level for every field.

    ``levels`` are all of them, in the order in which a person reads them. ``unlike`` are the names whose
    levels the model takes for slips of the pen, perhaps.
    """

    patient: Patient
    profile: Profile
    names: Names
    birth_date: Level
    patient_id: IdComparison
    sex: Level
    suffix: Level
    other_script: Level
    levels: Levels
    unlike: tuple[Unlike, ...]

    @property
    def same_person_by_name(self) -> bool:
        """Whether given name, family name and birth date agree well enough to be one person's."""
        return (
            self.names.given in SAME_NAME
            and self.names.family in SAME_FAMILY
            and self.birth_date in SAME_DATE
            and self.other_script is not OTHER
        )

    @property
    def same_person_exactly(self) -> bool:
        """The same, and the birth date is the very same: a swapped or mistyped one is for a person's eye."""
        return self.same_person_by_name and self.birth_date is SAME


def sketch(claimed: Profile, patient: Patient, model: Model) -> Sketch:
    """Name, birth date and ID of a claim against those of a patient."""
    registered = patient_profile(patient)
    names = _best_names(claimed.readings, registered.readings, model)
    born = birth_date_level(claimed.birth_date, registered.birth_date)
    ids = compare_ids(claimed.ids, registered.ids)
    bits = names.bits + model.bits("birthDate", born) + model.bits("patientId", ids.level)
    return Sketch(bits, patient, registered, names, born, ids)


def ceiling(drawn: Sketch, model: Model) -> float:
    """The bits that a patient cannot exceed, whatever the fields that are left and the register say."""
    return model.ceiling(_drawn_levels(drawn)) - model.cost(drawn.names.claimed.ways)


def _drawn_levels(drawn: Sketch) -> Levels:
    return (
        ("given", drawn.names.given),
        ("middle", drawn.names.middle),
        ("family", drawn.names.family),
        ("birthDate", drawn.birth_date),
        ("patientId", drawn.patient_id.level),
    )


def completed(claimed: Profile, drawn: Sketch, model: Model) -> Comparison:
    """The comparison that a sketch began: sex, generation and other scripts added."""
    _, patient, registered, names, birth_date, ids = drawn
    sex = sex_level(claimed.sex, registered.sex)
    suffix = suffix_level(names.claimed.suffix, names.registered.suffix)
    other_script = _other_script(claimed, registered, names.claimed.script, model)
    levels = (*_drawn_levels(drawn), ("sex", sex), ("suffix", suffix), ("otherScript", other_script))
    unlike = _unlike(names, model)
    return Comparison(patient, registered, names, birth_date, ids, sex, suffix, other_script, levels, unlike)


def _unlike(names: Names, model: Model) -> tuple[Unlike, ...]:
    one, other, slipping = names.claimed, names.registered, model.slipping
    found: tuple[Unlike, ...] = ()
    if ("given", names.given) in slipping:
        found += (Unlike("given", names.given, one.given_term, other.given_term),)
    if ("family", names.family) in slipping:
        found += (Unlike("family", names.family, one.family_term, other.family_term),)
    return found


def _best_names(claimed: tuple[Reading, ...], registered: tuple[Reading, ...], model: Model) -> Names:
    best: Names | None = None
    for one in claimed:
        cost = model.cost(one.ways)
        for other in registered:
            if one.script is other.script:
                family = family_level(one.family, other.family)
                bits = model.bits("family", family) - cost
                if best and bits + _most_of_given(one, other, model) <= best.bits:
                    continue
                from_given, given, middle = _given_names(one, other, model)
                bits += from_given
                if best is None or bits > best.bits:
                    best = Names(one, other, given, family, middle, bits)
    if best is None:
        missing = MISSING
        return Names((*claimed, UNNAMED)[0], (*registered, UNNAMED)[0], missing, missing, missing, 0.0)
    return best


def _most_of_given(one: Reading, other: Reading, model: Model) -> float:
    """The most that given names can be worth: a swapped name need not be compared to the end."""
    most = model.most_bits("given")
    return most + model.most_bits("middle") if one.further and other.further else most


def _given_names(one: Reading, other: Reading, model: Model) -> tuple[float, Level, Level]:
    """Bits and levels of the first and of the further given names.

    Where a side states further names only, either its first one stands in their place, or it is missing.
    """
    given = given_level(one.given, other.given)
    middle = _middle(one, other, given)
    found = model.bits("given", given) + model.bits("middle", middle), given, middle
    if not (one.further_only or other.further_only):
        return found
    further = further_level(one.further, other.further)
    return max(found, (model.bits("middle", further), MISSING, further))


def _middle(one: Reading, other: Reading, given: Level) -> Level:
    """What further given names say beside a first one; where they decided the given level, nothing more."""
    if given in _DECIDED_BY_MIDDLE or len(one.given.bare) < 2 or len(other.given.bare) < 2:
        return MISSING
    return middle_level(one.given, other.given)


def _other_script(claimed: Profile, registered: Profile, compared: Script, model: Model) -> Level:
    """OTHER when the names contradict in a script that both sides state beside the one compared."""
    for script in claimed.scripts & registered.scripts - {compared}:
        found = _best_names(_written_in(script, claimed), _written_in(script, registered), model)
        if OTHER in (found.given, found.family):
            return OTHER
    return MISSING


def _written_in(script: Script, profile: Profile) -> tuple[Reading, ...]:
    return tuple(reading for reading in profile.readings if reading.script is script)
