"""The named errors: the world fails, or the step is refused. Everything else is our own bug."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What a user reads of a named error: title, cause in one sentence, next step."""

    code: str
    title: str
    cause: str
    step: str


class Fault(Enum):
    """One enumeration of all named errors; the manual has an entry for each."""

    FILE_MISSING = ErrorText("E-FILE-01", "找不到文件", "指定的文件或文件夹不存在。", "请检查路径，或重新选择文件。")
    FILE_BUSY = ErrorText(
        "E-FILE-02", "文件被占用", "文件正在被其他程序使用。", "请在 Excel/WPS 中关闭该文件后重试，或另存到别处。"
    )
    FILE_READ_ONLY = ErrorText(
        "E-FILE-03", "位置只读", "该位置不允许写入。", "请换一个可以写入的文件夹，或把文件复制到本机后再打开。"
    )
    FILE_NO_SPACE = ErrorText(
        "E-FILE-04", "磁盘空间不足", "磁盘已满，写入没有完成。", "请清理磁盘或换一个位置；原有数据没有改动。"
    )
    FILE_PATH_TOO_LONG = ErrorText(
        "E-FILE-05", "路径过长", "文件夹层次太深或文件名太长。", "请换一个较短的文件夹或文件名。"
    )
    FILE_GONE = ErrorText("E-FILE-06", "介质已移除", "文件所在的磁盘或 U 盘已经拔出。", "请插回介质后重试。")
    FILE_NOT_KEPT = ErrorText(
        "E-FILE-07",
        "写入后核对不一致",
        "刚写入的内容读回来与原来的不同，介质可能有问题。",
        "请换一个 U 盘或文件夹重新写入；原有文件没有改动。",
    )
    DB_FOREIGN = ErrorText(
        "E-DB-01", "不是本程序的年度文件", "文件内容不是三联考评的年度文件。", "请选择扩展名为 .slk 的年度文件。"
    )
    DB_NEWER = ErrorText(
        "E-DB-02", "年度文件版本较新", "文件由较新版本的程序保存。", "请用较新版本的程序打开；文件没有改动。"
    )
    DB_DAMAGED = ErrorText(
        "E-DB-03",
        "年度文件已损坏",
        "完整性检查没有通过。",
        "请在“记录”页或备份文件夹中选一份备份恢复；原文件没有改动。",
    )
    DB_LOCKED = ErrorText(
        "E-DB-04",
        "年度文件正在使用",
        "另一个窗口或另一台电脑正打开此文件。",
        "请先在那里关闭；如确认无人使用，可选择解除。",
    )
    DB_UPGRADE = ErrorText(
        "E-DB-05",
        "升级失败（已恢复）",
        "升级年度文件时出错，已恢复到升级前。",
        "请保留文件并联系技术人员；数据没有改动。",
    )
    XLS_NOT_XLSX = ErrorText(
        "E-XLS-01",
        "不是 xlsx 文件",
        "文件内容不是 Excel 工作簿（.xlsx）。",
        "请确认选对了文件；如用 WPS 保存，请另存为 .xlsx。",
    )
    XLS_OLD = ErrorText(
        "E-XLS-02", "旧格式 xls/et", "文件是旧格式工作簿。", "请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入。"
    )
    XLS_PASSWORD = ErrorText(
        "E-XLS-03", "有打开密码", "工作簿设有打开密码，无法读取。", "请在 Excel 或 WPS 中去掉打开密码后再导入。"
    )
    XLS_TOO_LARGE = ErrorText(
        "E-XLS-04",
        "过大或异常压缩",
        "文件或展开后的内容超过评分表应有的大小。",
        "请确认是本程序发出的评分表；不要把其他内容放进同一文件。",
    )
    XLS_ACTIVE = ErrorText(
        "E-XLS-05", "含宏、外部链接或对象", "评分表中不应有宏、外部链接或嵌入对象。", "请用本程序发出的空白表重新填写。"
    )
    XLS_BROKEN = ErrorText(
        "E-XLS-06",
        "结构损坏",
        "工作簿的内部结构不完整或不合规。",
        "请在 Excel 或 WPS 中打开并另存一次；仍不行请重新填写。",
    )
    XLS_OUT_OF_RANGE = ErrorText(
        "E-XLS-07", "地址或合并越界", "单元格或合并区域超出评分表范围。", "请用本程序发出的空白表重新填写。"
    )
    XLS_FOREIGN = ErrorText(
        "E-XLS-08",
        "不是本程序的评分表",
        "文件里找不到本程序写入的表格标识。",
        "请确认文件；如表格标识被删，请重新发表填写。",
    )
    XLS_MISMATCH = ErrorText(
        "E-XLS-09", "年度、方案或评议人不符", "评分表与当前年度文件不对应。", "请打开对应年度的文件导入，或重新发表。"
    )
    XLS_IMPORTED = ErrorText("E-XLS-10", "已导入", "同一内容的评分表已经导入过。", "无需再次导入。")
    XLS_NOT_CALCULATED = ErrorText(
        "E-XLS-11",
        "公式尚未计算",
        "单元格是公式，但没有保存计算结果。",
        "请用 Excel/WPS 打开并保存一次，或直接填写数值。",
    )
    XLS_BAD_CELL = ErrorText(
        "E-XLS-12", "单元格取值不合规则", "单元格的内容不能作为评分。", "请按表头的分值范围填写后重新导入。"
    )
    XLS_BLANK = ErrorText(
        "E-XLS-13",
        "整张表都是空白",
        "表里没有填任何分数。",
        "请确认是否拿错了文件；确实没有评的，可以选择按空白表导入。",
    )
    VOTE_BAD_COUNT = ErrorText("E-VOTE-03", "票数不平", "各项票数之和与有效票数不一致。", "请核对计票结果后重新填写。")
    CALC_INCOMPLETE = ErrorText(
        "E-CALC-01", "数据未齐", "还有必需的数据没有录入，无法定稿。", "请按工作台列出的缺项补齐。"
    )
    CALC_WEIGHTS = ErrorText(
        "E-CALC-02", "方案有误", "方案检查没有通过，不能用于计算。", "请在“方案”页按检查结果修改。"
    )
    CALC_CONFLICT = ErrorText("E-CALC-03", "规则冲突", "方案中的规则互相矛盾。", "请在“方案”页按检查结果修改。")
    CALC_FROZEN = ErrorText("E-CALC-04", "已定稿", "结果已经定稿，不能再改动。", "如确需更正，请先说明理由解除定稿。")
    CALC_STALE = ErrorText("E-CALC-05", "结果已过期", "结果计算之后，方案或数据又有改动。", "请重新计算。")
    SCHEME_BAD = ErrorText("E-SCHEME-01", "方案文件有误", "方案文件不能读取。", "请按列出的位置逐条修改。")
    REGISTER_BAD = ErrorText("E-REG-01", "名册有误", "单位或评议人名册不能读取。", "请按列出的单元格逐条修改。")
    CASE_BAD = ErrorText("E-CASE-01", "算例文件有误", "算例文件不能读取。", "请按列出的位置逐条修改。")
    INPUT_BAD = ErrorText("E-INPUT-01", "填写有误", "填写的内容不完整或不合规则。", "请按提示修改后再保存。")
    NOT_FOUND = ErrorText("E-INPUT-02", "找不到", "指定的单位、评议人或项目不存在。", "请检查编码或名称。")
    NOT_UNDOABLE = ErrorText(
        "E-INPUT-03", "不能撤销", "这一步之后的数据已经改变，不能直接撤销。", "请先撤销后来的步骤。"
    )
    PKG_FORMAT = ErrorText(
        "E-PKG-01",
        "不是数据包或结构有误",
        "文件不是本程序的数据包（.slp），或包的内部结构不合规定。",
        "请确认选对了文件；文件没有错的，请对方用本程序重新打包。",
    )
    PKG_SIGNATURE = ErrorText(
        "E-PKG-02",
        "签名不符",
        "包内目录与签名对不上，内容可能被人改过。",
        "请不要使用这个包，向发件单位核实后重新索取。",
    )
    PKG_UNKNOWN_SENDER = ErrorText(
        "E-PKG-03",
        "来源未经确认",
        "发件电脑的密钥码第一次出现，或与以前登记的不同。",
        "请把密钥码与纸质回执上的核对，一致后确认来源，再接收。",
    )
    PKG_OLD = ErrorText(
        "E-PKG-04",
        "序号倒退",
        "已经收过这个单位序号相同或更新的包。",
        "请找出对方最新的包；确需用旧包的，请对方重新打包。",
    )
    PKG_WRONG_UNIT = ErrorText(
        "E-PKG-05",
        "收件单位不符",
        "这个包不是发给当前年度文件所属单位的。",
        "请转交包上写明的收件单位，或打开对应单位的年度文件。",
    )
    PKG_UNDECRYPTABLE = ErrorText(
        "E-PKG-06",
        "无法解密或已被改动",
        "口令不对，或者文件不完整、被改动过。",
        "请核对口令（注意大小写和空格）；仍打不开的，请对方重新交付。",
    )
    PKG_NEWER = ErrorText(
        "E-PKG-07",
        "数据包版本较新",
        "包由较新版本的程序生成，本程序还不认识它的格式。",
        "请换用较新版本的程序打开；没有读入任何内容。",
    )
    PKG_CUT = ErrorText(
        "E-PKG-08", "数据包不完整", "文件在中间断开，多半是复制没有完成。", "请重新复制一次；仍不行请对方重新交付。"
    )
    PKG_CHANGED = ErrorText(
        "E-PKG-09",
        "包内文件有变动",
        "包里的文件与包内目录不一致，在途中损坏或被改动过。",
        "请重新复制一次；仍不行请对方重新打包，不要使用这个包。",
    )
    PKG_YEAR = ErrorText("E-PKG-10", "年度不符", "这个包属于另一个年度。", "请打开包上写明的那个年度的文件再接收。")
    PKG_FOREIGN = ErrorText(
        "E-PKG-11",
        "不属于这个年度文件",
        "这个包出自另一个办公室的年度文件。",
        "请核对发件单位，打开当时发出任务的那个年度文件再接收。",
    )
    PKG_IMPORTED = ErrorText("E-PKG-12", "已接收", "同一个包已经接收过。", "无需再次接收。")
    PKG_SCHEME = ErrorText(
        "E-PKG-13",
        "方案不一致",
        "包所依据的方案与当前年度文件中的方案内容不同。",
        "请重新发出任务包，或在方案改动之前的年度文件中接收。",
    )
    PKG_NEEDS_PASSPHRASE = ErrorText("E-PKG-14", "需要口令", "这个包设有口令。", "请输入发件单位告知的口令。")
    PKG_KIND = ErrorText("E-PKG-15", "包的种类不符", "这一步不能使用这种包。", "请按提示选择任务包、回传包或结果包。")
    PKG_TOO_LARGE = ErrorText(
        "E-PKG-16",
        "数据包过大或异常压缩",
        "包的内容超过规定的上限。",
        "请减少佐证材料后重新打包；收到的是这样的包，请与发件单位联系。",
    )
    PKG_KEY = ErrorText(
        "E-PKG-17",
        "本机签名密钥损坏",
        "本机的签名密钥文件读不出来，不能为数据包签名。",
        "请从备份恢复这个文件；没有备份的，把它移到别处后重试，并请收件单位重新核对本机的密钥码。",
    )
    PKG_RENAMED = ErrorText(
        "E-PKG-18",
        "文件改过名",
        "文件名与包内写明的单位、年度、序号不一致。",
        "照常接收，一切以包内写明的为准；请看一下是不是要收的那一个。",
    )
    DOC_BAD = ErrorText(
        "E-DOC-01",
        "不能读取的 Word 文档",
        "文件不是 Word 文档（.docx），或已损坏，或含有不应有的内容。",
        "请在 Word 或 WPS 中打开，另存为 .docx 后重试；也可以把文字复制后粘贴进来。",
    )
    EVIDENCE_KIND = ErrorText(
        "E-EVID-01", "佐证材料的种类不允许", "文件的内容不是方案允许的种类。", "请换成允许的种类，例如先另存为 PDF。"
    )
    EVIDENCE_TOO_LARGE = ErrorText(
        "E-EVID-02", "佐证材料过大", "文件超过方案规定的大小。", "请压缩图片或分成几个文件后再添加。"
    )
    REPORT_LOCKED = ErrorText(
        "E-REP-01",
        "述职报告已锁定",
        "报告已经提交或通过，不能再改。",
        "要修改，请先由考核办退回；已通过的，请说明理由后重新打开。",
    )
    SYS_UNEXPECTED = ErrorText(
        "E-SYS-00", "未预期的错误", "程序出现了没有预料到的问题。", "您的数据已保存。请复制详情交给技术人员。"
    )
    SYS_FILE_MISSING = ErrorText("E-SYS-01", "程序文件缺失", "程序自带的文件不完整。", "请重新复制完整的程序文件夹。")
    SYS_CLOCK = ErrorText("E-SYS-02", "时钟倒退", "本机时间早于上一条记录。", "请检查电脑日期；记录仍按顺序编号。")


# Windows: ERROR_FILENAME_EXCED_RANGE; ERROR_FILE_NOT_FOUND, _PATH_NOT_FOUND, _INVALID_NAME; MAX_PATH with the final zero.
_TOO_LONG, _MAYBE_TOO_LONG = 206, (2, 3, 123)
_LONGEST_PATH, _LONGEST_NAME = 260, 255


class AppError(Exception):
    """The step cannot go on. fault: which named error; detail: what exactly, with place (Chinese)."""

    def __init__(self, fault: Fault, detail: str = "", findings: tuple[object, ...] = ()) -> None:
        self.fault = fault
        self.detail = detail
        self.findings = findings
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """The stable code, such as ``E-DB-02``."""
        return self.fault.value.code

    @property
    def message(self) -> str:
        """One line: code, title, detail or cause, next step."""
        text = self.fault.value
        return f"[{text.code}] {text.title}：{self.detail or text.cause} {text.step}"


def is_path_too_long(error: OSError) -> bool:
    """Whether the system refused a file because its path or its name is too long. Windows says so only sometimes; else
    it says that the path is not there, or that the name is wrong."""
    if error.errno == errno.ENAMETOOLONG:
        return True
    code = getattr(error, "winerror", None)
    if code not in _MAYBE_TOO_LONG:
        return code == _TOO_LONG
    names = [str(name) for name in (error.filename, error.filename2) if name]
    return any(len(name) >= _LONGEST_PATH or len(re.split(r"[\\/]", name)[-1]) > _LONGEST_NAME for name in names)


class Cancelled(Exception):
    """The user has cancelled a long step; it leaves no trace."""
