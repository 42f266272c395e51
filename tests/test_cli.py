"""The command line: every verb, its exit codes, Chinese on stderr, JSON on stdout."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.cli import VERBS, run
from app.domain.findings import Finding
from app.domain.sheets import Register
from app.files.documents import write_scheme
from app.files.excel import write_register
from app.services.container import Desk
from tests.journeys.computers import Said
from tests.services import small_year
from tests.services.conftest import full_folder  # noqa: F401 - a fixture
from tests.services.reports.writes import report

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "cases"


Call = Callable[..., Said]


@pytest.fixture
def call(awkward_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a verb inside this process."""
    monkeypatch.setenv("SLK_HOME", str(awkward_folder / "own"))

    def called(*words: str | Path) -> Said:
        code = bootstrap.main([str(w) for w in words])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return called


@pytest.fixture
def year(full_folder: Path, awkward_folder: Path) -> Path:  # noqa: F811
    """A year with everything in it, closed."""
    shutil.copytree(full_folder, awkward_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    return awkward_folder / "2026年度.slk"


# ---- the way through a year


def test_that_a_year_is_made_sent_out_taken_in_and_computed(call: Call, awkward_folder: Path) -> None:
    scheme = awkward_folder / "支部.json"
    scheme.write_text(write_scheme(small_year.branch_scheme()), encoding="utf-8")
    register = awkward_folder / "名册.xlsx"
    write_register(Register(small_year.units(), small_year.evaluators(), ()), register)
    file = awkward_folder / "新.slk"
    made = call("new", file, "--scheme", scheme, "--register", register, "--json")
    assert (made.json["units"], made.json["evaluators"]) == (9, 5), made.err
    sent = call("sheets", file, "--out", awkward_folder / "表", "--json")
    assert (sent.code, len(sent.json["files"])) == (0, 2)
    dry = call("import", file, awkward_folder / "表", "--dry-run", "--json")
    assert dry.json["batch"] is None
    assert dry.json["totals"]["skipped"] == 24
    assert {q["kind"] for q in dry.json["questions"]} == {"blank_sheet"}
    careful = call("import", file, awkward_folder / "表", "--json")
    assert (careful.code, careful.json["batch"]) == (1, None)
    given = [word for q in dry.json["questions"] for word in ("--answer", f"{q['id']}=take")]
    taken = call("import", file, awkward_folder / "表", "--json", *given)
    assert taken.json["batch"]["number"] == 1
    assert taken.code == 1
    computed = call("compute", file, "--json")
    assert computed.json["version"] == 1


def test_that_the_same_import_again_says_that_nothing_is_new(call: Call, year: Path) -> None:
    again = call("import", year, year.parent / "收回", "--json")
    assert again.code == 0
    assert {f["fate"] for f in again.json["files"]} == {"same"}
    assert again.json["batch"] is None
    assert "没有新内容，未写入" in again.err


def test_that_a_folder_without_sheets_is_said_and_writes_nothing(call: Call, year: Path) -> None:
    folder = year.parent / "空"
    folder.mkdir()
    said = call("import", year, folder)
    assert said.code == 1
    assert "没有找到评分表" in said.err and "没有新内容，未写入" in said.err
    (folder / "甲.ods").write_bytes(b"PK")
    said = call("import", year, folder)
    assert "未读  甲.ods：不是 .xlsx（.ods）" in said.err
    assert "第 1 批" not in said.err


def test_that_computing_prints_ranks_and_grades(call: Call, year: Path) -> None:
    said = call("compute", year)
    assert said.code == 0, said.err
    assert "第1局" in said.out
    assert "（原 " in said.out
    assert "已计算：第 1 版" in said.err


def test_that_a_grade_is_explained_down_to_a_cell(call: Call, year: Path) -> None:
    call("compute", year)
    said = call("explain", year, "第1局")
    assert said.code == 0
    assert said.out.startswith("等次：")
    assert " › 评分表 › " in said.out
    total = call("explain", year, "D1", "total", "--json").json
    assert total["unit"] == "D1"
    assert total["step"]["title"] == "总分"


def test_that_an_open_question_gets_the_careful_answer_or_the_one_given(call: Call, year: Path) -> None:
    services = Desk("甲", year.parent / "own").open(year)
    form = next(f for f in services.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    block = services.sheets.block("branch", "L1")
    services.close()
    assert block is not None and block.origin is not None
    older = year.parent / "旧" / "旧.xlsx"
    before = small_year.FIRST_DAY - timedelta(hours=1)
    small_year.fill(form, year.parent / "发出" / block.origin.file, older, {("B11", "study"): "1"}, before)
    careful = call("import", year, older, "--dry-run", "--json")
    [question] = careful.json["questions"]
    assert (careful.code, question["kind"], question["answer"]) == (1, "older_file", "skip")
    assert "文件夹“旧”" in question["details"][0] and "第 1 批导入" in question["details"][1]
    assert question["details"][2] == "1 格不同：第1局第1支部 study F9 已有 50，这份 1"
    assert careful.json["files"][0]["fate"] == "skipped"
    for wrong, said in (
        ("没有等号", "问题=选择"),
        (f"{question['id']}=perhaps", "可选："),
        ("无此问题=take", "没有“无此问题”这个问题"),
    ):
        refused = call("import", year, older, "--answer", wrong)
        assert (refused.code, said in refused.err) == (3, True), refused.err
    taken = call("import", year, older, "--answer", f"{question['id']}=take", "--json")
    assert taken.json["files"][0]["fate"] == "update"


def test_that_an_export_is_a_workbook_with_a_printed_checkpoint(call: Call, year: Path) -> None:
    call("compute", year)
    target = year.parent / "结果.xlsx"
    said = call("export", year, "--out", target, "--json")
    assert said.code == 0, said.err
    assert target.read_bytes()[:2] == b"PK"
    assert len(said.json["checkpoint"].replace("-", "")) == 16


def test_that_an_export_before_any_computation_is_refused_by_name(call: Call, year: Path) -> None:
    said = call("export", year, "--out", year.parent / "结果.xlsx", "--json")
    assert said.code == 3
    assert said.json["error"]["code"] == "E-CALC-05"
    assert not (year.parent / "结果.xlsx").exists()


def test_that_the_reports_go_into_a_folder_and_a_level_without_reports_is_refused(call: Call, year: Path) -> None:
    folder = year.parent / "述职 #1"
    nothing = call("reports", year, "--out", folder, "--json")
    assert (nothing.code, nothing.json["error"]["code"]) == (3, "E-INPUT-01"), nothing.err
    assert not folder.exists()
    services = Desk(small_year.WHO, year.parent / "own").open(year)
    services.reports.save(report())
    services.close()
    said = call("reports", year, "--out", folder, "--json")
    assert said.code == 0, said.err
    assert [Path(f).read_bytes()[:2] for f in said.json["files"]] == [b"PK"]
    assert call("reports", year, "--out", folder, "--scheme", "nowhere").code == 3


# ---- checks


def test_that_a_sound_year_file_passes_the_check_and_a_damaged_one_does_not(call: Call, year: Path) -> None:
    assert call("check", year).code == 0
    data = bytearray(year.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = b"\xff" * 4000
    broken = year.with_name("坏.slk")
    broken.write_bytes(data)
    said = call("check", broken, "--json")
    assert said.code in (1, 3)
    assert "E-DB" in said.out + said.err


def test_that_a_scheme_with_an_unknown_field_is_named_with_its_path(call: Call, awkward_folder: Path) -> None:
    path = awkward_folder / "方案.json"
    plain = json.loads(write_scheme(small_year.department_scheme()))
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    assert call("check", path).code in (0, 1)
    plain["tree"]["colour"] = "red"
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    said = call("check", path, "--json")
    assert said.code == 1
    assert said.json["findings"][0]["place"] == "$.tree.colour"


def test_that_a_number_written_as_text_is_shown_as_text(call: Call, awkward_folder: Path) -> None:
    path = awkward_folder / "方案.json"
    plain = json.loads(write_scheme(small_year.branch_scheme())) | {"year": "2026"}
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    assert "应为整数，现为 文字“2026”" in call("check", path).err


@pytest.mark.parametrize("case", sorted(CASES.glob("*.json")), ids=lambda p: p.stem)
def test_that_worked_cases_come_out_as_expected(call: Call, case: Path) -> None:
    said = call("assess", case, "--json")
    assert (said.code, said.json["differences"]) == (0, [])
    assert said.json["ways"][0]["sentences"]


def test_that_a_case_that_expects_something_else_says_where_it_differs(call: Call, awkward_folder: Path) -> None:
    plain = json.loads(sorted(CASES.glob("*.json"))[0].read_text(encoding="utf-8"))
    plain["expect"][0]["total"] = 12345
    path = awkward_folder / "算例.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    said = call("assess", path, "--json")
    assert said.code == 1
    assert said.json["differences"][0]["place"] == "$.expect[0].total"


def test_that_a_case_that_cannot_be_read_is_refused_with_all_faults(call: Call, awkward_folder: Path) -> None:
    path = awkward_folder / "算例.json"
    path.write_text('{"format": "slk-case", "version": 1, "schemes": 3, "units": "x"}', encoding="utf-8")
    said = call("assess", path, "--json")
    assert said.code == 3
    assert {f["place"] for f in said.json["error"]["findings"]} == {"$.schemes", "$.units"}


# ---- wrong calls and refusals


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compute"], "缺少参数"),
        (["compute", "a.slk", "--fast"], "不认识的参数"),
        (["export", "a.slk", "--out"], "后面要写内容"),
        (["export", "a.slk", "--out", "b.xlsx", "--version", "x"], "--version 要写整数，不能是“x”"),
        (["practice", ""], "路径是空的"),
        (["export", "a.slk", "--out", " "], "路径是空的"),
        (["check", "\udcff.slk"], "不能识别的字符"),
        (["compute", "a.slk", "--json=1"], "--json 后面不能写内容"),
        (["-x"], "缺少参数"),
        (["new", "a.slk"], "缺少参数"),
    ],
)
def test_that_a_wrong_call_is_explained_in_chinese(call: Call, words: list[str], said: str) -> None:
    answer = call(*words)
    assert answer.code == 2
    assert said in answer.err
    assert "用法：" in answer.err
    assert answer.out == ""


def test_that_help_is_chinese(call: Call) -> None:
    answer = call("--help")
    assert answer.code == 0
    assert "建立演练年度" in answer.out
    assert "usage" not in answer.out


@pytest.mark.parametrize("verb", ["compute", "check"])
def test_that_a_missing_file_is_refused_by_name(call: Call, awkward_folder: Path, verb: str) -> None:
    said = call(verb, awkward_folder / "没有.slk", "--json")
    assert said.code == 3
    assert said.json["error"]["code"] == "E-FILE-01"
    assert "E-FILE-01" in said.err


def test_that_an_unknown_unit_is_refused_by_name(call: Call, year: Path) -> None:
    said = call("explain", year, "无此单位")
    assert (said.code, "E-INPUT-02" in said.err) == (3, True)


def test_that_findings_say_whether_they_must_be_repaired(call: Call, awkward_folder: Path) -> None:
    path = awkward_folder / "方案.json"
    plain = json.loads(write_scheme(small_year.branch_scheme()))
    plain["tree"]["children"][0]["points"] = -5
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    said = call("check", path)
    lines = said.err.splitlines()
    assert {line.partition(" ")[0] for line in lines} <= {"错误", "提醒", "说明"}
    assert any(line.startswith("错误 [S-POINTS]") for line in lines)
    wrong = sum(line.startswith("错误 ") for line in lines)
    assert f"检查完成，{wrong} 处错误" in said.out


def test_that_a_result_that_was_never_computed_is_named_with_its_number(call: Call, year: Path) -> None:
    call("compute", year)
    said = call("export", year, "--out", year.parent / "结果.xlsx", "--version", "99")
    assert (said.code, "没有第 99 版结果" in said.err) == (3, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["practice", "{file}"], "E-INPUT-01", "是一个文件，不是文件夹"),
        (["sheets", "{year}", "--out", "{file}"], "E-INPUT-01", "不是文件夹"),
        (["export", "{year}", "--out", "{folder}"], "E-INPUT-01", "是文件夹，请写明文件名"),
        (["export", "{year}", "--out", "/"], "E-INPUT-01", "是文件夹，请写明文件名"),
        (["compute", "{folder}"], "E-DB-01", "是文件夹，不是年度文件"),
        (["assess", "{folder}"], "E-INPUT-01", "是文件夹"),
    ],
)
def test_that_a_file_for_a_folder_and_the_reverse_are_refused_by_name(
    call: Call, year: Path, words: list[str], code: str, said: str
) -> None:
    call("compute", year)
    there = {"{file}": year.parent / "名册", "{folder}": year.parent / "夹 #1", "{year}": year}
    there["{file}"].write_text("", encoding="utf-8")
    there["{folder}"].mkdir()
    answer = call(*(there.get(w, w) for w in words))
    assert (answer.code, code in answer.err, said in answer.err) == (3, True, True), answer.err
    assert there["{file}"].read_text(encoding="utf-8") == ""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a place where nobody can make folders")
def test_that_a_practice_year_where_nothing_can_be_made_is_refused_by_name(call: Call) -> None:
    said = call("practice", "/proc/演练")
    assert (said.code, "E-FILE-03" in said.err) == (3, True)


class BrokenDesk(Desk):
    """A desk with a bug in it."""

    def check_year(self, path: Path) -> tuple[Finding, ...]:
        raise ZeroDivisionError(path)

    def check_scheme(self, path: Path) -> tuple[Finding, ...]:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))


def test_that_a_bug_ends_in_a_named_error_and_a_crash_file(
    awkward_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = BrokenDesk("甲", awkward_folder / "own")
    assert run(desk, ["check", "a.slk", "--json"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "E-SYS-00"
    assert "Traceback" not in err
    [crash] = (awkward_folder / "own").glob("crash-*.txt")
    assert str(crash) in err
    assert "ZeroDivisionError" in crash.read_text(encoding="utf-8")


def test_that_a_fault_of_the_disk_is_named_and_leaves_no_crash_file(
    awkward_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(BrokenDesk("甲", awkward_folder / "own"), ["check", "a.json"]) == 3
    assert "[E-FILE-04]" in capsys.readouterr().err
    assert not (awkward_folder / "own").exists()


@pytest.mark.parametrize("word", ["chek", "没有的文件.txt"])
def test_that_a_word_that_is_neither_verb_nor_file_is_a_wrong_call(call: Call, word: str) -> None:
    said = call(word)
    assert said.code == 2
    assert f"“{word}”" in said.err
    assert all(verb in said.err for verb in VERBS)
    assert ("是否想写 check？" in said.err) == (word == "chek")


# ---- in a process of its own


@pytest.mark.skipif(sys.platform != "linux", reason="only here a machine can be without a display")
@pytest.mark.parametrize("display", ["", ":77"])
def test_that_without_a_display_the_verbs_are_named_instead_of_an_abort(year: Path, display: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    environment |= {"SLK_HOME": str(year.parent / "own")} | ({"DISPLAY": display} if display else {})
    for words in ([], [str(year)]):
        done = subprocess.run(
            [sys.executable, ROOT / "main.py", *words], capture_output=True, env=environment, check=False
        )
        said = done.stderr.decode("utf-8")
        assert (done.returncode, "没有显示器" in said, "qt." in said) == (3, True, False), said
        assert all(verb in said for verb in VERBS)


def test_that_a_reader_who_leaves_early_is_no_fault(year: Path) -> None:
    words = [sys.executable, ROOT / "main.py", "assess", sorted(CASES.glob("*.json"))[0]]
    environment = {**os.environ, "SLK_HOME": str(year.parent / "own"), "PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    said = child.stderr.read().decode("utf-8")
    child.stderr.close()
    assert (child.wait(timeout=60), "Error" in said, "Exception" in said) == (0, False, False), said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_that_a_result_that_cannot_be_written_is_told(year: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, ROOT / "main.py", "assess", sorted(CASES.glob("*.json"))[0]]
        environment = {**os.environ, "SLK_HOME": str(year.parent / "own")}
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, env=environment, check=False)
    assert (done.returncode, "[E-FILE-04]" in done.stderr.decode("utf-8")) == (3, True)


def run_program(*words: str | Path, home: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, ROOT / "main.py", *map(str, words)],
        capture_output=True,
        check=False,
        env={**os.environ, "SLK_HOME": str(home), **environment},
    )


def test_that_two_processes_with_other_hash_seeds_and_locales_compute_the_same(year: Path) -> None:
    outputs: list[Any] = []
    for seed, locale, streams in (("1", "C", "utf-8"), ("2", "C.UTF-8", "gbk")):
        copy = year.with_name(f"年{seed}.slk")
        shutil.copy(year, copy)
        done = run_program(
            "compute", copy, "--json", home=year.parent, PYTHONHASHSEED=seed, LC_ALL=locale, PYTHONIOENCODING=streams
        )
        assert done.returncode == 0, done.stderr.decode()
        outputs.append(json.loads(done.stdout.decode("utf-8")))
    assert outputs[0] == outputs[1]
    assert "第1局" in outputs[0]["names"].values()


def test_that_without_streams_a_verb_still_runs(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLK_HOME", str(year.parent / "own"))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert bootstrap.main(["compute", str(year)]) == 0
    assert bootstrap.main(["compute", str(year.with_name("没有.slk"))]) == 3
