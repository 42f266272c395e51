"""G8: a table of 100,000 × 20 beside the usual ways: frame, sort, filter, until it is shown, memory.

python -m tests.bench.bench_table [ROWS]      (the item model takes half a minute to fill and 2 GB)
"""

from __future__ import annotations

import sys

from tests.bench.processes import rounds, show


def main(rows: int) -> None:
    command = [sys.executable, "-m", "tests.bench.table_ways"]
    medians = rounds({way: [*command, way, str(rows)] for way in ("ours", "items", "proxy")}, 3, 0)
    show(f"G8, {rows} rows: one frame after a jump (aim: at most 1.0 × of the items)", medians, "items")
    ours, items, proxy = (medians[way] for way in ("ours", "items", "proxy"))
    print(f"  frame, ours ÷ C++ items                      {ours['wall'] / items['wall']:8.2f}   (aim ≤ 1.0)")
    print(f"  sort, proxy with Python lessThan ÷ ours      {proxy['sort'] / ours['sort']:8.0f}   (aim ≥ 120)")
    print(f"  the first sort of a column ÷ ours            {proxy['sort'] / ours['sort_first']:8.0f}")
    print(f"  filter, proxy in Python ÷ ours               {proxy['filter'] / ours['filter']:8.1f}   (aim ≥ 2.5)")
    print(f"  the first key of a search, ours              {ours['filter_first'] * 1000:8.0f} ms")
    print(f"  shown, items ÷ ours                          {items['opened'] / ours['opened']:8.0f}   (aim ≥ 300)")
    print(f"  memory, ours ÷ items                         {ours['megabytes'] / items['megabytes']:8.2f}   (aim ≤ 0.1)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
