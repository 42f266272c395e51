"""JSON documents: schemes, cases, results and facts, to and from frozen values, with the path of what is wrong. Reports and packages
have modules of their own, loaded when somebody needs them."""

from app.files.documents.texts import (
    dump_facts,
    fingerprint,
    read_case,
    read_fragment,
    read_results,
    read_scheme,
    read_stored_scheme,
    write_case,
    write_fragment,
    write_results,
    write_scheme,
)

__all__ = [
    "dump_facts",
    "fingerprint",
    "read_case",
    "read_fragment",
    "read_results",
    "read_scheme",
    "read_stored_scheme",
    "write_case",
    "write_fragment",
    "write_results",
    "write_scheme",
]
