"""Runs the command line again and again in forks of one loaded process: a start costs nothing.

Each line of standard input is a JSON list: a file for standard output and error each, and words. Each
answer is the exit status. The environment is that of this process, the recorder's too.
"""

from __future__ import annotations

import json
import os
import sys
import traceback

from porion.cli.main import run


def forked(out: str, err: str, words: list[str]) -> int:
    """The exit status of one run; an error that nobody caught is 99 and its trace."""
    child = os.fork()
    if child == 0:
        for path, handle in ((out, 1), (err, 2)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), handle)
        sys.argv = ["porion", *words]
        try:
            run()
            status = 0
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
            status = 99
        sys.stdout.flush()
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{forked(*json.loads(line))}\n")
        sys.stdout.flush()
