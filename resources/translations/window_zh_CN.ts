<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- Words that Qt's own translation lacks. Compile with: .venv/bin/pyside6-lrelease resources/translations/window_zh_CN.ts -->
<TS version="2.1" language="zh_CN">
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Folder</source>
        <comment>All other platforms</comment>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>File Folder</source>
        <comment>Match Windows Explorer</comment>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>文件</translation>
    </message>
</context>
</TS>
