"""Pages are drawn one after the other, as they were asked for; a long one holds nobody up for more than a moment."""

from contextlib import suppress
from itertools import pairwise
from threading import Event, Thread

import pytest

from dashboard import turns

PATIENCE = 10


class Page(Thread):
    """A page that is asked for at once, and drawn until it is told to end."""

    def __init__(self, over_early: bool = False, fails: bool = False):
        super().__init__(daemon=True)
        self.begun, self.end, self.over_early, self.fails = Event(), Event(), over_early, fails
        last = turns._last
        self.start()
        while turns._last is last:  # its place in the row is taken before the next one asks
            self.join(0.001)

    def run(self):
        with suppress(ZeroDivisionError), turns.taken():
            if self.over_early:
                turns.over()
            self.begun.set()
            assert self.end.wait(PATIENCE)
            if self.fails:
                raise ZeroDivisionError


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(turns, "LONG_S", PATIENCE)


def ended(pages):
    for page in pages:
        page.end.set()
        page.join(PATIENCE)


def test_one_is_drawn_at_a_time_in_the_order_in_which_they_were_asked_for(patient):
    pages = [Page() for _ in range(4)]
    for page, following in pairwise(pages):
        assert page.begun.wait(PATIENCE)
        assert not following.begun.wait(0.01)
        page.end.set()
    ended(pages)


def test_a_long_page_has_company(monkeypatch):
    monkeypatch.setattr(turns, "LONG_S", 0.01)
    long, *others = pages = [Page(), Page(), Page()]
    assert all(page.begun.wait(PATIENCE) for page in others)
    assert not long.end.is_set()
    ended(pages)


@pytest.mark.parametrize("way", ["over_early", "fails"])
def test_who_has_worked_out_what_it_shows_or_failed_lets_the_next_begin(patient, way):
    pages = [Page(**{way: True}), Page()]
    assert pages[0].begun.wait(PATIENCE)
    if way == "fails":
        pages[0].end.set()
    assert pages[1].begun.wait(PATIENCE)
    ended(pages)


def test_what_is_drawn_without_a_turn_has_none_to_give_up():
    said = []
    thread = Thread(target=lambda: said.append(turns.over()))
    thread.start()
    thread.join(PATIENCE)
    assert said == [None]
