"""How many cores this process may use: in a container fewer than the machine has."""

import os
from pathlib import Path

_LIMIT = Path("/sys/fs/cgroup/cpu.max")  # "200000 100000": two cores' time; "max 100000": no limit


def usable_cores(limit: Path = _LIMIT) -> int:
    """The cores given to this process, cut to the time that its container may use; at least one."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    try:
        quota, period = limit.read_text().split()
        cores = min(cores, int(quota) // int(period))
    except (OSError, ValueError):  # no container, or one without a limit
        pass
    return max(cores, 1)
