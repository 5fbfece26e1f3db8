"""How long work takes still, as it is told while it runs."""

from accord.domain.progress import Pace


def test_what_was_loaded_before_the_first_was_done_does_not_lengthen_what_is_left() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    pace.report(0, 1000)
    assert pace.left() is None
    now[0] = 8.0  # a model was loaded
    pace.report(20, 1000)
    assert pace.left() is None
    now[0] = 9.0
    pace.report(120, 1000)
    assert pace.left() == 8.8  # 880 at 100 a second
    now[0] = 9.5
    assert pace.left() == 13.2


def test_a_second_part_of_the_work_is_measured_by_itself() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for done in (10, 50, 100):
        now[0] += 1
        pace.report(done, 100)
    assert pace.left() == 0.0
    now[0] += 1
    pace.report(5, 100)
    assert pace.left() is None
    now[0] += 1
    pace.report(10, 100)
    assert pace.left() == 18.0


def test_nothing_is_said_of_work_without_a_known_end() -> None:
    pace = Pace()
    pace.report(5, None)
    pace.report(10, None)
    assert pace.left() is None
