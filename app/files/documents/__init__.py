"""JSON documents: schemes, cases, results, facts and packages, to and from frozen values, with the path of what is wrong."""

from app.files.documents.packages import read_content, read_manifest, write_content, write_manifest
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
    "read_content",
    "read_fragment",
    "read_manifest",
    "read_results",
    "read_scheme",
    "read_stored_scheme",
    "write_case",
    "write_content",
    "write_fragment",
    "write_manifest",
    "write_results",
    "write_scheme",
]
