"""Reads and writes the documents as text; the canonical text is what fingerprints are taken of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from app.domain.facts import Facts
from app.domain.findings import Finding
from app.domain.results import Results
from app.domain.schemes import Scheme
from app.files.documents.exact_json import parse
from app.files.documents.fitting import reader_of
from app.files.documents.reading import converter, read_object, structured
from app.files.documents.stated import unstated

if TYPE_CHECKING:
    from app.domain.cases import Case
    from app.domain.scheme_editing import Fragment

T = TypeVar("T")


def _read(text: str, place: str, wanted: type[T], form: str, newest: int) -> tuple[T | None, tuple[Finding, ...]]:
    value, findings = read_object(text, place)
    if value is None:
        return None, findings
    stamp = _stamp_finding(value, form, newest)
    return (None, (stamp,)) if stamp else structured(value, wanted)


def _stamp_finding(value: dict[str, Any], form: str, newest: int) -> Finding | None:
    if value.get("format") != form:
        return Finding("D-FORMAT", "$.format", f"应为 {form}，现为 {value.get('format')}", "请选择正确的文件")
    number = value.get("version")
    if type(number) is not int:
        return Finding("D-VERSION", "$.version", "缺少格式版本号", f"现行版本是 {newest}")
    if number > newest:
        return Finding("D-VERSION", "$.version", f"文件格式版本 {number} 比本程序新", "请用较新版本的程序打开")
    if number < newest:
        return Finding("D-VERSION", "$.version", f"没有格式版本 {number}", f"现行版本是 {newest}")
    return None


def read_scheme(text: str, place: str = "方案文件") -> tuple[Scheme | None, tuple[Finding, ...]]:
    """A scheme out of its document, or every fault with its path; silent settings must be stated."""
    scheme, findings = _read(text, place, Scheme, "slk-scheme", 1)
    findings = findings or unstated(cast(dict[str, Any], parse(text, place)[0]))
    return (None, findings) if findings else (scheme, ())


def read_stored_scheme(text: str) -> tuple[Scheme | None, tuple[Finding, ...]]:
    """A scheme as a year file keeps it; one of an older program may leave silent settings to their safe choice."""
    return _read(text, "年度文件", Scheme, "slk-scheme", 1)


def read_case(text: str, place: str = "算例文件") -> tuple[Case | None, tuple[Finding, ...]]:
    """A case out of its document, or every fault with its path."""
    from app.domain.cases import Case  # here and below: not before the first page is shown

    case, findings = _read(text, place, Case, "slk-case", 1)
    if not findings:
        schemes = cast(list[dict[str, Any]], cast(dict[str, Any], parse(text, place)[0])["schemes"])
        findings = tuple(f for i, one in enumerate(schemes) for f in unstated(one, f"$.schemes[{i}]"))
    return (None, findings) if findings else (case, ())


def read_fragment(text: str, place: str = "剪贴板") -> tuple[Fragment | None, tuple[Finding, ...]]:
    """Branches copied out of a scheme, or every fault with its path."""
    from app.domain.scheme_editing import Fragment

    return _read(text, place, Fragment, "slk-fragment", 1)


def write_fragment(fragment: Fragment) -> str:
    """The text of copied branches."""
    return _text(converter().unstructure(fragment))


def write_scheme(scheme: Scheme) -> str:
    """The canonical text: fields in the order of the format, defaults left out."""
    return _text(converter().unstructure(scheme))


def write_case(case: Case) -> str:
    """The canonical text of a case."""
    return _text(converter().unstructure(case))


def write_results(results: Results) -> str:
    """Results as a snapshot keeps them: exact, compact."""
    return json.dumps(converter().unstructure(results), ensure_ascii=False, separators=(",", ":"))


def read_results(text: str) -> Results:
    """Results out of a snapshot that this program has written; anything else is our own bug."""
    return cast(Results, reader_of(Results)(json.loads(text)))


def dump_facts(facts: Facts) -> str:
    """One text for the same facts, whatever order they were read in; edits and origins are not facts."""
    plain: dict[str, Any] = {
        "units": sorted(_lines(facts.units)),
        "evaluators": sorted(_lines(facts.evaluators)),
        "assignments": sorted(_lines(facts.assignments)),
        "blocks": sorted(
            "|".join((b.scheme, b.evaluator, *b.units, *b.items, str(b.width), str(b.digits), _digest(b.values)))
            for b in facts.blocks
        ),
        "sessions": sorted(_lines(facts.sessions)),
        "events": sorted(_lines(facts.events)),
        "office_marks": sorted(_lines(facts.office_marks)),
        "exemptions": sorted(_lines(facts.exemptions)),
        "decisions": sorted(_lines(facts.decisions)),
        "ballots": sorted(_lines(tuple(replace(b, ballots=tuple(sorted(b.ballots))) for b in facts.ballots))),
        "earlier": sorted(_lines(facts.earlier)),
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _digest(marks: bytes) -> str:
    """Stands for the packed marks: written out, those of a large year would take ten times the room of all else."""
    return hashlib.sha256(marks).hexdigest()


def _lines(values: tuple[Any, ...]) -> list[str]:
    plain = converter().unstructure
    return [json.dumps(plain(v), ensure_ascii=False, sort_keys=True, separators=(",", ":")) for v in values]


def fingerprint(text: str) -> str:
    """SHA-256 of a canonical text, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
