"""The verbs of the exchange between isolated PCs."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.cli.speaking import DONE, WITH_FINDINGS, Speaker
from app.cli.year_verbs import answers_of, opened
from app.domain.errors import AppError, Fault
from app.services.exchange.report import merge_report_lines
from app.services.exchange.values import MergePlan, OpenMerge, PackageScan, ReadyMerge
from app.services.imports.handing_back import faulty_files, must_be_mended
from app.services.plain import to_plain

if TYPE_CHECKING:
    from app.services.container import Desk, Services


def tasks(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """tasks FILE --out DIR"""
    with opened(desk, arguments.file) as services:
        sent = services.exchange.send_tasks(arguments.out, arguments.unit, arguments.passphrase, speaker.progress).value
        code = services.exchange.own_code()
    speaker.say(f"已生成 {len(sent.packages)} 个任务包：{sent.folder}", f"本机密钥码：{code}")
    document = {"folder": str(sent.folder), "key_code": code, "packages": to_plain(sent.packages)}
    speaker.result(document, *(str(f) for f in sent.files))
    return DONE


def open_task(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """open-task PACKAGE FILE"""
    services = desk.open_task(arguments.package, arguments.file, arguments.passphrase, arguments.who)
    try:
        info, lines = services.year.info(), services.tasks.checklist()
    finally:
        services.close()
    speaker.say(f"{info.own_name}的年度文件已建立：{info.path}", f"经办人：{info.worker}")
    if not arguments.who.strip():
        speaker.say("经办人暂用电脑登录名；提交时可用 --who 写明姓名。")
    speaker.say(
        *(f"　　{line.text}：{line.done}/{line.total}{f'，{line.detail}' if line.detail else ''}" for line in lines)
    )
    document = {
        "file": str(info.path),
        "unit": info.own_unit,
        "name": info.own_name,
        "worker": info.worker,
        "tasks": to_plain(lines),
    }
    speaker.result(document, str(info.path))
    return DONE


def submit(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """submit FILE --out PATH"""
    with opened(desk, arguments.file) as services:
        if arguments.who.strip():
            services.tasks.set_worker(arguments.who)
        findings = services.tasks.last_check()
        receipt = services.tasks.submit(arguments.out, arguments.passphrase, progress=speaker.progress).value
    speaker.findings(findings)
    speaker.say(
        f"已提交：{receipt.path}，第 {receipt.sequence} 号，包号 {receipt.code}",
        f"本机密钥码：{receipt.key_code}；审计码：{receipt.checkpoint}",
    )
    speaker.result({**to_plain(receipt), "findings": to_plain(findings)}, str(receipt.path))
    return WITH_FINDINGS if findings else DONE


def receive(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """receive FILE PATH… [--dry-run] [--take theirs|ours]: a sender that is not known is taken in only when its code is given
    with --confirm; where both sides have changed something, only when --take or --answer decides."""
    with opened(desk, arguments.file) as services:
        passphrases = {"": arguments.passphrase} if arguments.passphrase else None
        scan = services.exchange.scan(arguments.paths, passphrases, speaker.progress)
        plan = _settled(services, scan, arguments)
        speaker.say(*merge_report_lines(plan))
        batch = None
        if not arguments.dry_run:
            batch = _applied(services, plan, speaker)
    speaker.result(_document(plan, batch), f"第 {batch} 批" if batch else "没有写入")
    return WITH_FINDINGS if any(p.fate == "refused" for p in plan.packages) or plan.questions else DONE


def _settled(services: Services, scan: PackageScan, arguments: Namespace) -> OpenMerge | ReadyMerge:
    given = dict(answers_of(arguments.answer))
    rule = arguments.take or "ask"
    plan = services.exchange.plan(scan, given, rule)
    confirmed = {code.upper() for code in arguments.confirm}
    codes = {p.name: p.key_code for p in plan.packages}
    for question in plan.questions:
        if question.kind == "unknown_sender" and question.id not in given:
            known = {codes.get(name, "") for name in question.files} & confirmed
            given[question.id] = "confirm" if known else "skip"
    return services.exchange.plan(scan, given, rule)


def _applied(services: Services, plan: OpenMerge | ReadyMerge, speaker: Speaker) -> int | None:
    if isinstance(plan, OpenMerge):
        waiting = sum(not q.answer for q in plan.questions)
        said = f"有 {waiting} 处两边都改过，请用 --take theirs、--take ours 或 --answer 决定；没有写入。"
        raise AppError(Fault.INPUT_BAD, said)
    if not plan.writes:
        speaker.say("没有可以接收的包，未写入。")
        return None
    return services.exchange.apply(plan, speaker.progress).value


def _document(plan: MergePlan, batch: int | None) -> dict[str, object]:
    return {"batch": batch, "packages": to_plain(plan.packages), "questions": to_plain(plan.questions)}


def send_results(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """send-results FILE --out PATH [--to TASK]"""
    with opened(desk, arguments.file) as services:
        upper = services.exchange.upper(arguments.to, arguments.passphrase)
        if upper is None:
            raise AppError(Fault.INPUT_BAD, "请用 --to 指明上级发来的任务包，或由它建立的年度文件。")
        sent = services.exchange.send_results(
            arguments.out, upper, arguments.scheme, arguments.passphrase, speaker.progress
        ).value
    speaker.say(f"已生成结果包：{sent.file}，第 {sent.sequence} 号，报送 {upper.office}")
    speaker.result({**to_plain(sent), "to": to_plain(upper)}, sent.file)
    return DONE


def hand_back(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """hand-back FILE PATH… --out DIR [--note TEXT]: every sheet in which a cell was refused, by the preview of an import."""
    with opened(desk, arguments.file) as services:
        plan = services.sheets.plan(services.sheets.scan(arguments.paths, speaker.progress))
        files = [f for f in faulty_files(plan) if must_be_mended(f)]
        if not files:
            speaker.say("没有需要评议人改正的评分表。")
            speaker.result({"files": [], "left_out": []})
            return DONE
        arguments.out.mkdir(parents=True, exist_ok=True)
        back = services.sheets.hand_back(files, arguments.out, arguments.note, speaker.progress).value
    speaker.say(
        f"已写出 {len(back.files)} 份退回的副本：{back.folder}", *(f"没有退回 {n}：{w}" for n, w in back.left_out)
    )
    names = [str(f) for f in back.files]
    speaker.result({"folder": str(back.folder), "files": names, "left_out": to_plain(back.left_out)}, *names)
    return WITH_FINDINGS


def purge_evidence(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """purge-evidence FILE --reason TEXT"""
    with opened(desk, arguments.file) as services:
        count = services.reports.purge_evidence(arguments.reason).value
    speaker.say(f"已清理 {count} 个不再引用的佐证材料。" if count else "没有可以清理的佐证材料。")
    speaker.result({"cleared": count}, str(count))
    return DONE
