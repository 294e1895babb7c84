"""A try that lasts too long is cut, whichever it is in a row, and nothing is cut after its end."""

from threading import Event

from scheduler.channels.watch import Watch


def test_later_try_is_cut_by_its_own_deadline() -> None:
    cut = Event()
    watch = Watch(0.05, cut.set)
    for _ in range(3):
        with watch.over():
            assert not cut.is_set()
        with watch.over():
            assert cut.wait(10)
        cut.clear()


def test_try_that_has_ended_is_not_cut() -> None:
    cut = Event()
    watch = Watch(0.05, cut.set)
    with watch.over():
        pass
    assert not cut.wait(0.2)
