"""Starts the program; nothing else."""

import sys


def _start() -> int:
    from app.bootstrap import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(_start())
