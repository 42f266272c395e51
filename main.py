"""Starts the program; nothing else."""

import multiprocessing
import sys


def _start() -> int:
    from app.bootstrap import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    # Before anything is imported: a worker process of the built program starts here and must not open a second window.
    multiprocessing.freeze_support()
    sys.exit(_start())
