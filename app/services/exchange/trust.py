"""Whether a package may be taken in here: kind, year, year file, receiver, sequence, scheme, and the key of its sender. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import Fault
from app.domain.findings import Finding, Severity
from app.domain.packages import Manifest, Package, key_code
from app.services.exchange.state import Standing, unit_of
from app.services.imports.values import Choice, Question

SKIP, CONFIRM = "skip", "confirm"
KINDS = {"task": "任务包", "return": "回传包", "results": "结果包"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a package is not taken in."""

    fault: Fault
    detail: str

    @property
    def text(self) -> str:
        """The cause and the next step."""
        return f"{self.detail}{self.fault.value.step}"


def refusal_of(package: Package, state: Standing) -> Refusal | None:
    """The first reason against it; none: only the key is left to be asked about."""
    return _of_kind(package.manifest, state) or _of_place(package.manifest, state) or _of_age(package, state)


def _of_kind(manifest: Manifest, state: Standing) -> Refusal | None:
    wanted = ("task",) if state.role.is_unit else ("return", "results")
    if manifest.kind in wanted:
        return None
    where = "填报单位的年度文件只接收任务包" if state.role.is_unit else "考核办的年度文件只接收回传包和结果包"
    if manifest.kind == "task":
        where += f"；要替{manifest.receiver.name}填报，请用“文件 › 打开任务包…”在新文件夹里另建它的年度文件"
    elif state.role.is_unit:
        where += "；请把它交给考核办，在“交换 › 收回”里接收"
    return Refusal(Fault.PKG_KIND, f"这是{KINDS[manifest.kind]}，{where}。")


def _of_place(manifest: Manifest, state: Standing) -> Refusal | None:
    if manifest.year != state.year:
        said = f"这是 {manifest.year} 年度的包，当前是 {state.year} 年度的文件。"
        return Refusal(Fault.PKG_YEAR, said)
    if manifest.year_file != state.role.forms:
        return Refusal(Fault.PKG_FOREIGN, f"包由“{manifest.sender.name}”生成，所属的年度文件不是当前这一个。")
    if manifest.receiver.unit != state.role.own_unit:
        return Refusal(Fault.PKG_WRONG_UNIT, f"收件单位是“{manifest.receiver.name}”。")
    unit = unit_of(manifest)
    if not state.role.is_unit and unit not in state.units:
        return Refusal(Fault.PKG_WRONG_UNIT, f"名册中没有发件单位“{manifest.sender.name}”（{unit}）。")
    return None


def _of_age(package: Package, state: Standing) -> Refusal | None:
    manifest = package.manifest
    known = state.received.get(manifest.id)
    if known is not None or package.sha256 in state.hashes:
        batch = f"在第 {known.batch} 批" if known and known.batch else "以前"
        return Refusal(Fault.PKG_IMPORTED, f"同一个包已经{batch}接收过。")
    last = state.newest(manifest.sender.key, unit_of(manifest), manifest.kind)
    if last is not None and state.order(manifest) <= state.order(last):
        return Refusal(Fault.PKG_OLD, f"这个包是第 {manifest.sequence} 号，已经收过第 {last.sequence} 号。")
    return _of_schemes(package, state)


def _of_schemes(package: Package, state: Standing) -> Refusal | None:
    """A task brings the documents it rests on; what comes up must rest on a version that is stored here. A scheme that is not
    known here may come with results."""
    if package.manifest.kind == "task":
        return None
    for stamp in package.manifest.schemes:
        held = state.versions.get(stamp.id, ())
        brought = package.manifest.kind == "results" and not held and stamp.id in package.schemes
        if stamp.fingerprint not in held and not brought:
            name = state.schemes[stamp.id].name if stamp.id in state.schemes else stamp.id
            return Refusal(Fault.PKG_SCHEME, f"“{name}”的内容与当前年度文件中的各版都不同。")
    return None


def notes_on(package: Package, state: Standing) -> tuple[Finding, ...]:
    """What is told of a package that is taken in."""
    found: list[Finding] = []
    for stamp in package.manifest.schemes:
        held = state.versions.get(stamp.id, ())
        if stamp.fingerprint in held and stamp.fingerprint != held[-1]:
            said = f"依据的是“{state.schemes[stamp.id].name}”较早的一版"
            code, step = Fault.PKG_SCHEME.value.code, "照常接收；请核对改动是否影响填报"
            found.append(Finding(code, package.name, said, step, Severity.NOTE))
    if package.manifest.kind == "return" and package.manifest.answers not in state.sent:
        code, said = Fault.PKG_FOREIGN.value.code, "这里没有它所答复的任务包的记录"
        found.append(Finding(code, package.name, said, "照常接收，与现有内容逐项比较", Severity.NOTE))
    return tuple(found)


def sender_question(package: Package, state: Standing, answers: Mapping[str, str]) -> Question | None:
    """Asked about an installation that was never confirmed for this unit; none: it was."""
    manifest = package.manifest
    known = state.senders.get(manifest.sender.key)
    unit = "" if manifest.kind == "task" else manifest.sender.unit
    if known is not None and unit in units_of(known.unit):
        return None
    code, who = key_code(manifest.sender.key), manifest.sender.name
    identity = f"unknown_sender:{manifest.sender.key[:16]}:{unit}"
    given = answers.get(identity, "")
    others = [state.unit_name(u) for u in units_of(known.unit)] if known else []
    used = f"这台电脑以前报送过{'、'.join(others)}。" if others else ""
    return Question(
        id=identity,
        kind="unknown_sender",
        text=f"第一次收到“{who}”从这台电脑发来的包，密钥码 {code}。{used}与纸质回执上的密钥码一致吗？",
        files=(package.name,),
        choices=(Choice(SKIP, "不一致或没有核对，不接收"), Choice(CONFIRM, "已核对，一致，接收并记住这台电脑")),
        suggested=SKIP,
        answer=given if given in (SKIP, CONFIRM) else "",
        details=(f"发件：{who}", f"密钥码：{code}", f"{KINDS[manifest.kind]}第 {manifest.sequence} 号"),
    )


def units_of(text: str) -> tuple[str, ...]:
    """The units for which an installation was confirmed (codes, one a line; the office is an empty one)."""
    return tuple(text.split("\n"))
