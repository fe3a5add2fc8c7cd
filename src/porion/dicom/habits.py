"""What a clinic knows of a device that its files do not say, or say wrongly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """How one device writes; what is empty is read as the standard says.

    ``character_set`` is the defined term (PS3.3 section C.12.1.1.2) of the set in which it really writes
    text, whatever (0008,0005) says. ``dap_unit`` is the unit of its dose-area products, which are dGy·cm²
    by the standard (0018,115E and 0018,9473).
    """

    character_set: str = ""
    dap_unit: str = ""


NO_HABITS = Habits()
