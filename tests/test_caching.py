"""Visitors who ask for the same values in another order do not wait for each other for ever."""

from threading import Barrier, Thread

from costmodel.caching import cached_property

PATIENCE_S = 5.0


class Asked:
    """Two values, each of which asks another object for the other one once both are being worked out."""

    def __init__(self, other: "Asked | None" = None, both: Barrier | None = None) -> None:
        self.other, self.both = other, both

    def _of(self, name: str) -> str:
        if self.other is None or self.both is None:
            return "there"
        self.both.wait(PATIENCE_S)
        return getattr(self.other, name)

    @cached_property
    def low(self) -> str:
        return self._of("high")

    @cached_property
    def high(self) -> str:
        return self._of("low")


def test_a_value_is_worked_out_once():
    asked = Asked()
    vars(asked)["low"] = "known"
    assert (asked.low, asked.high, vars(asked)["high"]) == ("known", "there", "there")


def test_two_threads_may_ask_for_two_values_in_turn():
    both = Barrier(2)
    asked = {name: Asked(Asked(), both) for name in ("low", "high")}
    threads = [Thread(target=getattr, args=(of, name), daemon=True) for name, of in asked.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert {name: vars(of).get(name) for name, of in asked.items()} == {"low": "there", "high": "there"}
