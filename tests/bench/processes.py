"""Runs several commands in turn, each as a fresh process, and prints medians of time and peak memory with ratios."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

Run = dict[str, float]


def once(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """One run: whole-process seconds, peak memory in MB, processor seconds, and the numbers of the JSON line the process prints last."""
    start = time.perf_counter()
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # users' modules are compiled once
    env = {**usual, **(environment or {}), "BENCH_START": repr(time.clock_gettime(time.CLOCK_MONOTONIC))}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert process.stdout is not None and process.stderr is not None
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}\n{errors.decode(errors='replace')}")
    run: Run = {"process": time.perf_counter() - start, "megabytes": usage.ru_maxrss / 1024}
    run["cpu"] = usage.ru_utime + usage.ru_stime
    for line in output.decode().splitlines():
        if line.startswith("{"):
            said: dict[str, Any] = json.loads(line)
            run.update({k: float(v) for k, v in said.items() if isinstance(v, int | float)})
    return run


def rounds(ways: Mapping[str, Sequence[str]], count: int, warm: int = 1) -> dict[str, Run]:
    """Medians of each way; the ways alternate."""
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for turn in range(-warm, count):
        for name, command in ways.items():
            run = once(command)
            if turn >= 0:
                runs[name].append(run)
        print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return {n: {k: statistics.median(r.get(k, 0) for r in rs) for k in rs[0]} for n, rs in runs.items()}


def show(title: str, medians: Mapping[str, Run], base: str, key: str = "wall") -> None:
    """A table with the ratio of ``key`` to the base way's."""
    print(f"\n{title}")
    for name, run in medians.items():
        parts = "  ".join(f"{k} {v:.3f}" for k, v in run.items() if k not in ("megabytes", "process", "cpu", key))
        ratio = run[key] / medians[base][key]
        processor = (
            f"cpu {run['cpu']:.3f} s {run['cpu'] / medians[base]['cpu']:.2f} ×   "  # of a busy machine the truer one
        )
        print(f"  {name:<34}{key} {run[key]:8.3f} s  {ratio:8.2f} ×  {run['megabytes']:6.0f} MB   {processor}{parts}")
