"""Which parts do not concern a unit: said by the scheme, by a part above, or by an exemption; with the reason."""

from dataclasses import replace

from app.domain.facts import Exemption, Unit
from app.domain.schemes import Applies, OfficeSource
from app.services.applicability import not_applicable
from tests.builders import item, node, scheme


def test_that_every_place_left_out_has_its_reason_and_others_are_not_named() -> None:
    above = replace(node("windows", item("visit", 5, OfficeSource())), name="窗口", applies_to=Applies(tags=("窗口",)))
    made = scheme(above, item("daily", 5, OfficeSource()), id="s", level="d")
    units = [Unit(code="A", name="甲局", level="d", tags=("窗口",)), Unit(code="B", name="乙局", level="d")]
    found = not_applicable(made, units, [Exemption(scheme="s", unit="A", part="daily", reason="新成立")])
    said = "方案规定“窗口”只适用于标签为“窗口”的单位"
    assert found == {("A", "daily"): "新成立", ("B", "windows"): said, ("B", "visit"): said}
