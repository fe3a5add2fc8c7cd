"""Python's collector of cycles in a process that stays: it pauses everybody, so it has to come seldom."""

from __future__ import annotations

import gc

OBJECTS_BETWEEN = 50_000
"""Objects made and kept until the collector looks at them: a few megabytes of them."""


def calm() -> None:
    """To be called when everything is loaded.

    What is loaded by now stays for good; while the collector walks it again and again, it pauses the process
    for 200 ms at a time, and otherwise for 5. What the matcher remembers of patients makes it look the more
    often: by default at one match in ten, for up to a millisecond.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN)
