"""The patients of a register that a claim may mean, scored: precise keys first, then the name alone."""

from __future__ import annotations

from heapq import nsmallest
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from porion.clinic.blocks import EVERYBODY, fallback_keys, precise_keys
from porion.clinic.comparison import Comparison, Sketch, ceiling, completed, sketch
from porion.clinic.evidence import Context, Weighed, counted_terms, weighed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from porion.clinic.model import Model
    from porion.clinic.patient import Patient
    from porion.clinic.profile import Profile


class Register(Protocol):
    """The clinic's patients as the matcher needs them; only active ones are found and counted."""

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        """The active patients who share most of the block keys; a block of more than 1,000 is skipped."""

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many active patients carry each term; EVERYBODY is one."""


class Scored(NamedTuple):
    """A candidate, by the patient's id, with its log2 odds, prior and commonness counted."""

    id: str
    bits: float
    comparison: Comparison
    weighed: Weighed


def search(
    claimed: Profile, register: Register, model: Model, wanted: int
) -> tuple[Context, tuple[Scored, ...]]:
    """The likeliest patients, best first: at least ``wanted`` of those found, and all near the best."""
    context = Context(0, {}, model)
    drawn = {each.id: sketch(claimed, each, model) for each in register.find(precise_keys(claimed))}
    scored: tuple[Scored, ...] = ()
    # The register need not be asked about those who cannot be likely, whatever it answers.
    if any(ceiling(each, model) >= model.probable_bits for each in drawn.values()):
        context, scored = _scored(claimed, drawn.values(), register, context, wanted)
        if scored[0].bits >= model.probable_bits:
            return context, scored
    more = [each for each in register.find(fallback_keys(claimed)) if each.id not in drawn]
    if scored and not more:
        return context, scored
    drawn |= {each.id: sketch(claimed, each, model) for each in more}
    return _scored(claimed, drawn.values(), register, context, wanted)


def _scored(
    claimed: Profile, drawn: Collection[Sketch], register: Register, context: Context, wanted: int
) -> tuple[Context, tuple[Scored, ...]]:
    """The likeliest of those drawn, best first, and what the register says of all."""
    if not drawn:
        return context, ()
    near = _near_the_best(drawn, context.model, wanted)
    compared = [completed(claimed, each, context.model) for each in near]
    context = _counted(compared, register, context)
    scored = [_weighed(each, context) for each in compared]
    return context, tuple(sorted(scored, key=lambda each: (-each.bits, each.id)))


def _counted(compared: Sequence[Comparison], register: Register, context: Context) -> Context:
    """The context with the counts of what the comparisons share or differ in."""
    bearing = chain.from_iterable(map(counted_terms, compared))
    unknown = list({EVERYBODY, *bearing} - context.carriers.keys())
    if not unknown:
        return context
    carriers = {**context.carriers, **dict.fromkeys(unknown, 0), **register.frequency(unknown)}
    return Context(carriers[EVERYBODY], carriers, context.model)


def _weighed(comparison: Comparison, context: Context) -> Scored:
    found = weighed(comparison, context)
    return Scored(comparison.patient.id, found.bits, comparison, found)


def _near_the_best(drawn: Collection[Sketch], model: Model, wanted: int) -> list[Sketch]:
    ranked = nsmallest(model.shortlist, drawn, key=lambda each: (-each.bits, each.patient.id))
    near = ranked[0].bits - model.reach
    return [each for rank, each in enumerate(ranked) if rank < wanted or each.bits >= near]
