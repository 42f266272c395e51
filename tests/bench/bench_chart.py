"""G10: first picture of a chart after the click, and repaint, beside pyqtgraph and (when installed) matplotlib.

python -m tests.bench.bench_chart
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from tests.bench.processes import rounds, show


def main() -> None:
    ways = ["ours", "pyqtgraph", *(["matplotlib"] if find_spec("matplotlib") else [])]
    for chart in ("bars", "radar", "heat"):
        command = [sys.executable, "-m", "tests.bench.chart_ways"]
        medians = rounds({way: [*command, way, chart] for way in ways}, 5)
        show(f"G10, {chart}: first picture after the click (aim: ≤ 50 ms, repaint ≤ 12 ms)", medians, "ours")
        ours = medians["ours"]
        print(f"  pyqtgraph ÷ ours, first picture  {medians['pyqtgraph']['wall'] / ours['wall']:6.1f}   (aim ≥ 5)")
        if "matplotlib" in medians:
            print(
                f"  matplotlib ÷ ours, repaint       {medians['matplotlib']['repaint'] / ours['repaint']:6.1f}   (aim ≥ 3)"
            )


if __name__ == "__main__":
    main()
