"""The receipt (回执) of a package that a unit has handed in: what the paper beside the stick says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

_DAY = f"{'&nbsp;' * 12}年{'&nbsp;' * 6}月{'&nbsp;' * 6}日"  # room to write in


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What was handed in. path: where it lies (none: not known any more); code: short form of the package's id; key_code: of
    this installation, to be compared at the office at the first time; checkpoint: of the trail; marks, blanks: cells on
    all sheets."""

    path: Path | None
    file: str
    id: str
    code: str
    key_code: str
    sequence: int
    at: str
    by: str
    unit: str
    unit_name: str
    office: str
    year: int
    title: str
    practice: bool
    secrecy: str
    sha256: str
    checkpoint: str
    reports: tuple[str, ...]
    sheets: int
    marks: int
    blanks: int
    evidence: int
    entries: int


def receipt_html(receipt: Receipt) -> str:
    """A page of A4 with a place to sign, in the plain HTML that the window prints and every browser shows."""
    rows = (
        ("报送单位", f"{receipt.unit_name}（{receipt.unit}）"),
        ("接收单位", receipt.office),
        ("年度", f"{receipt.year} 年度"),
        ("回传包", f"第 {receipt.sequence} 号　包号 {receipt.code}"),
        ("文件", receipt.file),
        ("提交时间", receipt.at[:16].replace("T", " ")),
        ("经办人", receipt.by),
        ("述职报告", "；".join(receipt.reports) or "无"),
        ("佐证材料", f"{receipt.evidence} 个"),
        ("评分表", f"{receipt.sheets} 份，已评 {receipt.marks} 项，空白 {receipt.blanks} 项"),
        ("清单事项", f"{receipt.entries} 条"),
        ("本机密钥码", receipt.key_code),
        ("审计码", receipt.checkpoint),
        ("文件指纹", " ".join(receipt.sha256[i : i + 8] for i in range(0, 64, 8))),
    )
    cells = "".join(
        f'<tr><td width="22%"><b>{escape(name)}</b></td><td>{escape(text)}</td></tr>' for name, text in rows
    )
    mark = '<p align="right"><b>演练数据</b></p>' if receipt.practice else ""
    secrecy = f'<p align="left"><b>{escape(receipt.secrecy)}</b></p>' if receipt.secrecy else ""
    return (
        '<html><head><meta charset="utf-8"><title>回执</title></head><body>'
        f'{secrecy}{mark}<h1 align="center">回传回执</h1><p style="margin:0; font-size:4pt">&nbsp;</p>'
        f'<table width="100%" border="1" cellspacing="0" style="border-collapse: collapse; border-color: #666" cellpadding="6">{cells}</table>'
        '<p style="margin-top:14px">接收时请核对：包号、序号与文件一致；首次接收的，把“本机密钥码”与接收电脑上显示的逐位核对。</p>'
        '<table width="100%" cellpadding="12"><tr><td>报送单位（签字、盖章）：</td><td>接收人（签字）：</td></tr>'
        f"<tr><td>{_DAY}</td><td>{_DAY}</td></tr></table></body></html>"
    )
