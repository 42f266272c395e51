@echo off
chcp 65001 >nul
setlocal
set PYTHONUTF8=1
set "here=%~dp0"
set "python="
for %%v in (3.12 3.13 3.11) do (
    if not defined python (
        py -%%v -c "" >nul 2>nul
        if not errorlevel 1 set "python=py -%%v"
    )
)
if not defined python (
    python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))" >nul 2>nul
    if not errorlevel 1 set "python=python"
)
if not defined python (
    echo 没有找到 Python 3.11、3.12 或 3.13，请先安装。
    exit /b 3
)
%python% "%here%tools\build_program.py" %*
exit /b %errorlevel%
