"""An explanation as indented Chinese sentences, the way a department reads it. Pure."""

from __future__ import annotations

from app.domain.results import Step

_INDENT = "\u3000\u3000"


def sentences(step: Step) -> tuple[str, ...]:
    """One line per step, inputs below what they lead to, each level indented by two full-width blanks. A part that
    several steps use is told once and then named."""
    told: set[Step] = set()
    lines: list[str] = []

    def tell(here: Step, depth: int) -> None:
        lines.append(_INDENT * depth + sentence(here))
        if here.inputs and here in told:
            lines.append(_INDENT * (depth + 1) + f"（{here.title}的由来见上）")
            return
        told.add(here)
        for below in here.inputs:
            tell(below, depth + 1)

    tell(step, 0)
    return tuple(lines)


def sentence(step: Step) -> str:
    """One step as one sentence: what, how much, by which rule, and the cell a raw value was read from."""
    text = f"{step.title}：{step.text}" if step.text else step.title
    if step.sentence and step.sentence != step.text:
        text += f"。{step.sentence}"
    if step.source is not None:
        text += f"（见 {step.source}）"
    return text if text.endswith(("。", "）")) else text + "。"
