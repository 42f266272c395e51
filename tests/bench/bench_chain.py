"""G13, and of it G1 and G2: the whole chain against its limit and against two usual ways, each as fresh processes.

python -m tests.bench.bench_chain [--tutorial]      (needs gcc, pandas and rustpy-xlsxwriter)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.chain_world import build
from tests.bench.processes import rounds, show


def main(tutorial: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        build(world)
        command = [sys.executable, "-m", "tests.bench.chain_ways"]
        quick = {name: [*command, name, str(world)] for name in ("limit", "ours")}
        show("G13 against the limit (aim: at most 5 ×)", rounds(quick, 5), "limit")
        slow = {name: [*command, name, str(world)] for name in ("ours", "careful")}
        medians = rounds(slow, 1, 0)
        show("G13 against the careful way (aim: at least 10 ×, memory at most 1/5)", medians, "ours")
        reading = medians["careful"]["read"] / (
            medians["ours"]["read"] + medians["ours"]["plan"] + medians["ours"]["store"]
        )
        print(f"  import, openpyxl read_only ÷ ours with every check and the commit: {reading:.1f}")
        if tutorial:
            slow = {name: [*command, name, str(world)] for name in ("ours", "tutorial")}
            medians = rounds(slow, 1, 0)
            show("G13 against the tutorial way (aim: at least 60 ×)", medians, "ours")
            o = medians["ours"]
            reading = medians["tutorial"]["read"] / (o["read"] + o["plan"] + o["store"])
            print(f"  import, openpyxl ÷ ours with every check and the commit (G1, aim: at least 12): {reading:.1f}")
            print(f"  storing, ORM rows ÷ ours (G2): {medians['tutorial']['store'] / o['store']:.0f}")


if __name__ == "__main__":
    main("--tutorial" in sys.argv)
