"""Started by test_hostile.py: scans every file of a folder and prints one line of JSON for each."""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from app.domain.findings import Finding
from app.files.excel import scan_bytes, scan_sheet


def megabytes() -> float:
    """The most this process has ever held."""
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            _fields_ = (
                ("size", wintypes.DWORD),
                ("faults", wintypes.DWORD),
                ("most", ctypes.c_size_t),
                ("others", ctypes.c_size_t * 7),
            )

        counters = Counters(size=ctypes.sizeof(Counters))
        process = wintypes.HANDLE(-1)  # this one
        assert ctypes.WinDLL("psapi").GetProcessMemoryInfo(process, ctypes.byref(counters), counters.size)
        return counters.most / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    unknown = Finding("KNOWN", "", "a sheet of ours")
    scan_bytes("warm.xlsx", b"", lambda _: unknown)
    import openpyxl  # noqa: F401  its weight is not the file's
    import python_calamine  # noqa: F401

    start = megabytes()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        begin = time.process_time()  # all threads; a busy machine does not count
        reading = scan_sheet(path, lambda _: unknown)
        seconds = time.process_time() - begin
        codes = [f.code for f in reading.findings]
        line = {"file": path.name, "codes": codes, "seconds": seconds, "memory": megabytes() - start}
        print(json.dumps(line), flush=True)


main()
