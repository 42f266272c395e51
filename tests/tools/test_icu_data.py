"""Qt's words and rules of all languages, made smaller for the built program: what Qt asks for answers as before."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from tools.icu_data import is_needed, shrink

LIBRARIES = ("libicudata.so.73", "libicuuc.so.73", "libicui18n.so.73")
QT = Path(PySide6.__file__).parent / "Qt" / "lib"

# Order of texts, code pages, names of time zones and capitals, as Qt asks ICU for them.
ASK = """
import ctypes, json, sys
libraries = [ctypes.CDLL(sys.argv[1] + "/" + name, mode=ctypes.RTLD_GLOBAL) for name in sys.argv[2:]]
data, uc, i18n = libraries
uc.ucnv_open_73.restype = i18n.ucol_open_73.restype = i18n.ucal_open_73.restype = ctypes.c_void_p
failed, said = ctypes.c_int(0), {}
for language in ("zh_CN", "zh", "en"):
    order = ctypes.c_void_p(i18n.ucol_open_73(language.encode(), ctypes.byref(failed)))
    pairs = ("北京", "安徽"), ("a", "B"), ("第10局", "第9局")
    utf16 = [(x.encode("utf-16-le"), len(x), y.encode("utf-16-le"), len(y)) for x, y in pairs]
    said[language] = [i18n.ucol_strcoll_73(order, *pair) for pair in utf16]
    zone = ctypes.c_void_p(i18n.ucal_open_73("Asia/Shanghai".encode("utf-16-le"), 13, language.encode(), 0, ctypes.byref(failed)))
    text = ctypes.create_string_buffer(200)
    count = i18n.ucal_getTimeZoneDisplayName_73(zone, 0, language.encode(), text, 100, ctypes.byref(failed))
    said[language].append(text.raw[: 2 * count].decode("utf-16-le"))
said["failed"] = failed.value > 0
for page in (b"GB18030", b"GBK", b"gb2312", b"UTF-8"):
    failed = ctypes.c_int(0)
    uc.ucnv_open_73(page, ctypes.byref(failed))
    said[page.decode()] = failed.value
print(json.dumps(said))
"""

linux = pytest.mark.skipif(not (QT / LIBRARIES[0]).exists(), reason="this Qt brings no ICU along")


def answers(folder: Path) -> dict[str, object]:
    command = [sys.executable, "-c", ASK, str(folder), *LIBRARIES]
    return json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)


@linux
def test_that_chinese_and_english_are_answered_as_before_from_a_fifth_of_the_size(tmp_path: Path) -> None:
    for name in LIBRARIES:
        shutil.copy(QT / name, tmp_path)
    shrink(tmp_path / LIBRARIES[0])
    assert (tmp_path / LIBRARIES[0]).stat().st_size < (QT / LIBRARIES[0]).stat().st_size / 5
    before = answers(QT)
    assert answers(tmp_path) == before
    assert before["zh"] == [1, -1, -1, "中国标准时间"] and before["failed"] is False


@linux
def test_that_a_library_built_in_another_way_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    for content in (b"", (QT / LIBRARIES[0]).read_bytes()[:64], (QT / LIBRARIES[1]).read_bytes()):
        path = tmp_path / "libicudata.so.73"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"no ICU data|built of|byte order"):
            shrink(path)
        assert path.read_bytes() == content


def test_which_items_are_kept() -> None:
    kept = ("coll/zh.res", "coll/root.res", "zone/en_001.res", "root.res", "pool.res", "gb18030.cnv", "uts46.nrm")
    dropped = (
        "coll/de.res",
        "coll/de__PHONEBOOK.res",
        "af_NA.res",
        "lang/zh.res",
        "brkitr/root.res",
        "euc-jp-2007.cnv",
    )
    assert [name for name in (*kept, *dropped) if is_needed(name)] == list(kept)
