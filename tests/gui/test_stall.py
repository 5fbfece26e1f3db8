import time

from pytestqt.qtbot import QtBot

from accord.gui.stall import StallWatch


def test_a_held_up_event_loop_is_measured(qtbot: QtBot) -> None:
    with StallWatch() as watch:
        qtbot.waitUntil(lambda: watch.ticks > 2)
        time.sleep(0.2)
        qtbot.wait(20)
    assert watch.longest_ms >= 150


def test_time_since_the_last_tick_counts_too(qtbot: QtBot) -> None:
    watch = StallWatch()
    watch.start()
    time.sleep(0.1)
    assert watch.stop() >= 80
    assert watch.stop() == watch.longest_ms
