"""Every call from another thread is answered, however few bytes wake the loop."""

import asyncio
from threading import Thread

from server.wakeups import wake_once

CALLS, THREADS = 500, 4


def test_every_call_is_answered_and_many_are_woken_for_at_once():
    sent, answered = [], []

    async def serve():
        loop = asyncio.get_running_loop()
        wake = loop._write_to_self
        loop._write_to_self = lambda: sent.append(1) or wake()
        wake_once(loop)
        finished = asyncio.Event()

        def answer(call):
            answered.append(call)
            if len(answered) == CALLS * THREADS:
                finished.set()

        def ask(thread):
            for call in range(CALLS):
                loop.call_soon_threadsafe(answer, (thread, call))

        threads = [Thread(target=ask, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(finished.wait(), 30)
        for thread in threads:
            thread.join()

    asyncio.run(serve())
    assert len(set(answered)) == CALLS * THREADS
    assert all(
        calls == sorted(calls) for number in range(THREADS) for calls in [[c for t, c in answered if t == number]]
    )
    assert 0 < len(sent) < CALLS * THREADS / 2


def test_a_loop_that_slept_is_woken_again_and_again():
    async def serve():
        loop = asyncio.get_running_loop()
        wake_once(loop)
        return [await asyncio.wait_for(asyncio.to_thread(int, number), 30) for number in range(50)]

    assert asyncio.run(serve()) == list(range(50))
