"""Creating and checking files from the desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.files.documents import read_scheme, write_scheme
from app.files.excel import read_register_tables
from app.scoring.checks import check_scheme
from app.services.open_year import Services
from app.services.opening import services_of
from app.services.register_plan import RegisterPlan, StoredRegister, plan_of
from app.services.schemes import read_scheme_file
from app.services.session import read_text, refuse_when_wrong
from app.services.units import level_names, write_register
from app.storage.checks import check_year_file
from app.storage.year_file import YearFile


def create_services(
    path: Path, scheme_paths: Sequence[Path], register_path: Path | None, who: str, title: str, own_folder: Path
) -> Services:
    """A new year file. Everything is read and checked before the file is made; a failure leaves none."""
    schemes = [read_scheme_file(p) for p in scheme_paths]
    year = _agreed_year(schemes)
    register = _read_register(register_path, tuple(schemes)) if register_path else None
    practice = any(s.practice for s in schemes)
    file = YearFile.create(path, year, title or f"{year}年度三级联述联评联考", practice, who)
    try:
        label = f"建立 {year} 年度：{len(schemes)} 个方案"
        with file.transaction("set-up-year", who, label, undoable=False) as work:
            for scheme in schemes:
                work.schemes.add(scheme.id, write_scheme(scheme))
            if register is not None:
                write_register(work, register)
                work.describe(subject=register.source, fingerprint=register.sha256)
    except BaseException:
        file.close()
        path.unlink(missing_ok=True)
        raise
    return services_of(file, who, own_folder, register.findings if register is not None else ())


def _agreed_year(schemes: Sequence[Scheme]) -> int:
    if not schemes:
        raise AppError(Fault.SCHEME_BAD, "请至少选择一个方案文件。")
    years = sorted({s.year for s in schemes})
    if len(years) > 1:
        raise AppError(Fault.SCHEME_BAD, f"方案的年度不一致：{'、'.join(str(y) for y in years)}。")
    ids = [s.id for s in schemes]
    double = sorted({i for i in ids if ids.count(i) > 1})
    if double:
        raise AppError(Fault.SCHEME_BAD, f"方案代号重复：{'、'.join(double)}。")
    return years[0]


def _read_register(path: Path, schemes: tuple[Scheme, ...]) -> RegisterPlan:
    plan = plan_of(path.name, read_register_tables(path, level_names(schemes)), StoredRegister(), schemes)
    refuse_when_wrong(plan.findings, Fault.REGISTER_BAD)
    return plan


def check_path(path: Path) -> tuple[Finding, ...]:
    """The full check of a year file."""
    if not path.exists():
        raise AppError(Fault.FILE_MISSING, f"找不到 {path}。")
    return check_year_file(path)


def check_scheme_file(path: Path) -> tuple[Finding, ...]:
    """What is wrong with a scheme file, by reading and by the check. That the schemes it refers to are not beside it
    is only a note."""
    scheme, findings = read_scheme(read_text(path), path.name)
    return findings if scheme is None else check_scheme(scheme)
