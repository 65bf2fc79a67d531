"""What a benchmark answers, and how it measures."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection

MANY = 5


@dataclass(frozen=True, slots=True)
class Result:
    """One line: what was measured, against what, and whether the ratio is what we want.

    `measured` and `against` are rates (more is better) or seconds, as `unit` says; the ratio is
    the measured one divided by the other for rates. For seconds it is the other way around where
    we want to be faster, and measured by against where we want to stay `within` a multiple.
    """

    name: str
    unit: str
    measured: float
    against: float
    ratio: float
    good: float
    aim: float
    reached: str  # aim, good, no

    def as_json(self) -> dict[str, Any]:
        """Plain values, rounded to what is worth reading."""
        plain = asdict(self)
        for name in ("measured", "against", "ratio"):
            plain[name] = float(f"{plain[name]:.4g}")
        return plain


def faster(
    name: str, measured: float, against: float, *, good: float, aim: float, unit: str = "per second"
) -> Result:
    """Two rates: ours divided by theirs."""
    return _judge(name, unit, measured, against, measured / against, good, aim)


def quicker(name: str, measured: float, against: float, *, good: float, aim: float) -> Result:
    """Two durations: theirs divided by ours."""
    return _judge(name, "seconds", measured, against, against / measured, good, aim)


def within(
    name: str,
    measured: float,
    against: float,
    *,
    good: float,
    aim: float,
    unit: str = "seconds",
) -> Result:
    """Two costs: ours must stay within a multiple of theirs."""
    ratio = measured / against
    reached = "aim" if ratio <= aim else "good" if ratio <= good else "no"
    return Result(name, unit, measured, against, ratio, good, aim, reached)


def _judge(
    name: str, unit: str, measured: float, against: float, ratio: float, good: float, aim: float
) -> Result:
    reached = "aim" if ratio >= aim else "good" if ratio >= good else "no"
    return Result(name, unit, measured, against, ratio, good, aim, reached)


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes, once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_seconds(work: Callable[[], object], times: int = MANY) -> float:
    """The middle of several runs."""
    return statistics.median(seconds(work) for _ in range(times))


def machine() -> dict[str, Any]:
    """On what this was measured."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": server,
        "fsync": fsync,
        "load_before": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())
