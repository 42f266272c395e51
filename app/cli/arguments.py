"""The words of the command line, and what is said in Chinese when they are wrong."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

# What the program is called by whoever calls it: the built one by its own name.
PROGRAM = Path(sys.executable).name if getattr(sys, "frozen", False) else "main.py"
_WORDS = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.*)\)", r"参数 \1 不能是“\2”，可用：\3"),
    (r"argument (\S+): invalid int value: '(.*)'", r"参数 \1 要写整数，不能是“\2”"),
    (r"argument (\S+): ignored explicit argument '(.*)'", r"参数 \1 后面不能写内容“\2”"),
    (r"ambiguous option: (\S+) could match (.*)", r"参数 \1 不明确，可能是：\2"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"参数 \1 后面要写内容"),
    (r"argument (\S+): (.*)", r"参数 \1：\2"),
)
_HEADINGS = {"usage: ": "用法：", "positional arguments": "参数", "options": "选项"}


class ChineseParser(argparse.ArgumentParser):
    """argparse with Chinese messages; a wrong call ends with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and how it should look."""
        for pattern, said in _WORDS:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = found.expand(said)
                break
        print(f"{message}\n{self.format_usage()}".rstrip(), file=sys.stderr)
        raise SystemExit(2)

    def format_usage(self) -> str:
        """The usage line."""
        return _translated(super().format_usage())

    def format_help(self) -> str:
        """The whole help."""
        return _translated(super().format_help())


def _translated(text: str) -> str:
    for english, chinese in _HEADINGS.items():
        text = text.replace(english, chinese)
    return text


def _path(text: str) -> Path:
    """An empty word would mean the folder one happens to be in; a name that is no text can be stored nowhere."""
    if not text.strip():
        raise argparse.ArgumentTypeError("路径是空的，请写明文件或文件夹")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("文件名中有不能识别的字符，请先改名") from None
    return Path(text)


def build_parser() -> argparse.ArgumentParser:
    """All verbs with their arguments."""
    parser = ChineseParser(prog=PROGRAM, description="三联考评：不带动词即打开窗口。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    verbs = parser.add_subparsers(dest="verb", metavar="动词", required=True, parser_class=ChineseParser)

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text, add_help=False)
        added.add_argument("-h", "--help", action="help", help="显示本说明")
        added.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
        return added

    practice = verb("practice", "建立演练年度（演练数据）")
    practice.add_argument("folder", metavar="文件夹", type=_path)

    new = verb("new", "由方案文件和名册建立年度文件")
    _file(new)
    new.add_argument("--scheme", metavar="方案.json", type=_path, action="append", nargs="+", required=True)
    new.add_argument("--register", metavar="名册.xlsx", type=_path)
    new.add_argument("--title", metavar="标题", default="")

    sheets = verb("sheets", "每位评议人一份评分表")
    _file(sheets)
    sheets.add_argument("--out", metavar="文件夹", type=_path, required=True)
    sheets.add_argument("--scheme", metavar="方案代号")
    sheets.add_argument("--evaluator", metavar="评议人编码", action="append")

    taking = verb("import", "导入收回的评分表（文件或文件夹）")
    _file(taking)
    taking.add_argument("paths", metavar="路径", type=_path, nargs="+")
    taking.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    taking.add_argument("--answer", metavar="问题=选择", action="append", default=[], help="没有回答的问题按建议处理")

    back = verb("hand-back", "退回有问题的评分表：写出标明问题的副本")
    _file(back)
    back.add_argument("paths", metavar="路径", type=_path, nargs="+")
    back.add_argument("--out", metavar="文件夹", type=_path, required=True, help="不能是收回原件所在的文件夹")
    back.add_argument("--note", metavar="留言", default="", help="给评议人的一句话")

    _file(verb("compute", "计算各层级结果，自下而上"))

    explain = verb("explain", "一个数的由来")
    _file(explain)
    explain.add_argument("unit", metavar="单位")
    explain.add_argument("quantity", metavar="量", nargs="?", default="grade")
    explain.add_argument("--scheme", metavar="方案代号")

    export = verb("export", "导出结果工作簿")
    _file(export)
    export.add_argument("--out", metavar="结果.xlsx", type=_path, required=True)
    export.add_argument("--version", metavar="版次", type=int)

    reports = verb("reports", "导出述职报告（Word，一家一份）")
    _file(reports)
    reports.add_argument("--out", metavar="文件夹", type=_path, required=True)
    reports.add_argument("--scheme", metavar="方案代号", action="append")

    taking = verb("take-report", "把 Word 述职报告写进年度文件")
    _file(taking)
    taking.add_argument("path", metavar="报告.docx", type=_path)
    taking.add_argument("--unit", metavar="单位", help="哪个单位的报告；填报单位的年度文件里不用写")
    taking.add_argument("--scheme", metavar="方案代号")
    evidence = "佐证材料；写成 指标=文件 就归到这项指标"
    taking.add_argument("--evidence", metavar="文件", action="append", default=[], help=evidence)

    check = verb("check", "检查年度文件或方案文件")
    check.add_argument("path", metavar="文件", type=_path)

    assess = verb("assess", "计算一个自带方案和数据的算例")
    assess.add_argument("path", metavar="算例.json", type=_path)

    purge = verb("purge-evidence", "清理没有报告和版本引用的佐证材料")
    _file(purge)
    purge.add_argument("--reason", metavar="理由", required=True)

    _exchange(verb)
    verb("selftest", "自检：在临时文件夹走完一个演练年度")
    return parser


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="年度文件", type=_path)


def _exchange(verb: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The verbs of the exchange between isolated PCs."""
    tasks = verb("tasks", "给各单位发任务包")
    _file(tasks)
    tasks.add_argument("--out", metavar="文件夹", type=_path, required=True)
    tasks.add_argument("--unit", metavar="单位编码", action="append")

    opening = verb("open-task", "由任务包建立填报单位的年度文件")
    opening.add_argument("package", metavar="任务包.slp", type=_path)
    _file(opening)
    opening.add_argument("--who", metavar="姓名", default="", help="经办人，写在操作记录和回执上；不写则用电脑登录名")

    submit = verb("submit", "提交：生成回传包")
    _file(submit)
    submit.add_argument("--out", metavar="文件或文件夹", type=_path, required=True)
    submit.add_argument("--who", metavar="姓名", default="", help="换了经办人时写明")

    receive = verb("receive", "接收数据包（文件或文件夹）")
    _file(receive)
    receive.add_argument("paths", metavar="路径", type=_path, nargs="+")
    receive.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    receive.add_argument("--take", choices=("theirs", "ours"), help="两边都改过的，以包里的或这里的为准")
    receive.add_argument("--confirm", metavar="密钥码", action="append", default=[], help="已与回执核对过的来源密钥码")
    receive.add_argument("--answer", metavar="问题=选择", action="append", default=[], help="逐条决定")

    results = verb("send-results", "向上级报送结果")
    _file(results)
    results.add_argument("--out", metavar="文件或文件夹", type=_path, required=True)
    results.add_argument("--to", metavar="任务包或年度文件", type=_path, help="上级发来的任务包；不写则同上一次")
    results.add_argument("--scheme", metavar="方案代号", action="append")

    for added in (tasks, opening, submit, receive, results):
        added.add_argument("--passphrase", metavar="口令", default="", help="包的口令")
