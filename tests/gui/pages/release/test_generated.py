"""What a model made is held out on the Release page only where a person asks for it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.accessibility import nameless
from tests.storage.conftest import record

from accord.domain.review import Origin
from accord.storage import imports
from accord.workflows import releasing

if TYPE_CHECKING:
    from tests.gui.pages.release.conftest import Bench


def _bring_in_generated(bench: "Bench") -> None:
    rows = [record(n, f"What is drafted under number {n * n}?", f"Draft {n} of {n * 7919}.") for n in range(1, 31)]
    with bench.project.write(bench.who) as unit:
        import_id = imports.begin(unit, file="m by answers", sha256="", format_name="", encoding="", mapping={})
        imports.finish(unit, import_id, imports.add_rows(unit, import_id, rows, origin=Origin.GENERATED))
        unit.commit()
    imports.ended(unit.act)


def test_it_is_trained_on_alone_unless_it_is_asked(bench: "Bench") -> None:
    _bring_in_generated(bench)
    made = set(bench.accept(40, 70))
    form = bench.page.form
    bench.click(form.unfold)
    assert nameless(bench.page) == []
    assert not form.generated.isChecked()

    def held_out() -> int:
        bench.qtbot.wait(400)
        bench.idle()
        return int(next(f for p, f in bench.page.preview.figures.items() if p.value == "heldout").text())

    assert (len(made), held_out()) == (30, 0)
    form.generated.setFocus()
    QTest.keyClick(form.generated, Qt.Key.Key_Space)
    assert held_out() == 5  # 15% of 30, whole ones
    bench.click(bench.page.button)
    (release,) = releasing.listed(project=bench.project)
    assert release.plan.generated_heldout
    assert bench.context.settings.export_settings(bench.project.path)["generated"] is True
