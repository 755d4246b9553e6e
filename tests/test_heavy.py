"""Heavy work: one piece at a time for each visitor, few for all, and none for a reader who has moved on."""

import time
from threading import BoundedSemaphore, Event, Lock, Thread

import pytest

from dashboard import heavy


@pytest.fixture(autouse=True)
def places(monkeypatch):
    monkeypatch.setattr(heavy, "_places", BoundedSemaphore(2))


class Desk:
    """How many pieces are worked on at once, at most, while everybody waits for the word."""

    def __init__(self):
        self.word, self.lock, self.now, self.most, self.done = Event(), Lock(), 0, 0, 0

    def work(self):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.word.wait(10)
        with self.lock:
            self.now -= 1
            self.done += 1


def busy(visitors, monkeypatch) -> Desk:
    """What becomes of one piece of each of these visitors' turns, all asked for at once."""
    desk, made = Desk(), []
    for turn in visitors:
        monkeypatch.setattr(heavy, "turn", lambda turn=turn: turn)
        made.append(heavy.later(desk.work))
    threads = [Thread(target=each) for each in made]
    for thread in threads:
        thread.start()
    while desk.now < min(len(set(map(id, visitors))), 2):
        time.sleep(0.001)
    desk.word.set()
    for thread in threads:
        thread.join()
    return desk


def test_a_visitor_has_one_piece_at_a_time(monkeypatch):
    desk = busy([Lock()] * 4, monkeypatch)
    assert (desk.most, desk.done) == (1, 4)


def test_all_visitors_together_have_few_at_once(monkeypatch):
    desk = busy([Lock() for _ in range(6)], monkeypatch)
    assert (desk.most, desk.done) == (2, 6)


def test_who_waits_is_let_go_as_soon_as_the_reader_moves_on_and_leaves_nothing_held(monkeypatch):
    class MovedOnError(Exception):
        pass

    def moved_on():
        raise MovedOnError

    turn = Lock()
    monkeypatch.setattr(heavy, "turn", lambda: turn)
    monkeypatch.setattr(heavy, "interruption", moved_on)
    with heavy._places, heavy._places, pytest.raises(MovedOnError):
        heavy.done(lambda: pytest.fail("it was not its turn"))
    assert heavy.done(lambda: "worked") == "worked"
    assert list(heavy.steps(lambda: iter("ab"))) == ["a", "b"]


def test_work_that_fails_or_is_given_up_leaves_its_place(monkeypatch):
    turn = Lock()
    monkeypatch.setattr(heavy, "turn", lambda: turn)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            heavy.done(lambda: 1 / 0)
        watched = heavy.steps(lambda: iter("ab"))
        assert next(watched) == "a"
        watched.close()
    assert not turn.locked()
