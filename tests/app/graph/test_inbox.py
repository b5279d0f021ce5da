"""What is left and what is taken."""

import threading

import numpy as np

from irevla.app.graph.facts import Beat, Fact, Picture
from irevla.app.graph.inbox import Inbox
from irevla.app.graph.pending import Pending


def beat(number: int) -> Beat:
    return Beat(received_s=float(number), node="policy", pid=number, state="ok")


def picture(camera: str, stamp_s: float) -> Picture:
    return Picture(received_s=0.0, camera=camera, stamp_s=stamp_s, image=np.zeros((1, 1, 3), np.uint8))


def test_facts_come_in_order_and_once() -> None:
    inbox = Inbox()
    inbox.put(beat(1), beat(2))
    inbox.put(beat(3))
    assert [fact.received_s for fact in inbox.take()[0]] == [1.0, 2.0, 3.0]
    assert inbox.take() == ([], [])


def test_of_each_camera_only_the_newest_picture_is_kept() -> None:
    inbox = Inbox()
    inbox.put(picture("front", 1.0), picture("wrist", 1.0))
    inbox.put(picture("front", 2.0))
    taken = [(fact.camera, fact.stamp_s) for fact in inbox.take()[0] if isinstance(fact, Picture)]
    assert taken == [("front", 2.0), ("wrist", 1.0)]


def test_a_window_that_stands_still_loses_the_oldest_facts_but_no_call() -> None:
    inbox = Inbox(capacity=2)
    called: list[int] = []
    for number in range(5):
        inbox.put(beat(number))
        inbox.put_call(lambda number=number: called.append(number))  # type: ignore[misc]
    facts, calls = inbox.take()
    for call in calls:
        call()
    assert [fact.received_s for fact in facts] == [3.0, 4.0]
    assert called == [0, 1, 2, 3, 4]


def test_an_answer_wakes_whoever_takes_and_a_fact_does_not() -> None:
    inbox, woken = Inbox(), []
    inbox.wake = lambda: woken.append(len(inbox.take()[1]))
    inbox.put(beat(1), picture("front", 1.0))
    assert woken == []
    inbox.put_call(lambda: None)
    assert woken == [1], "it is there when the wake comes"


def test_nothing_is_lost_between_two_threads() -> None:
    inbox, count = Inbox(), 2000
    writer = threading.Thread(target=lambda: [inbox.put(beat(number)) for number in range(count)])
    writer.start()
    taken: list[Fact] = []
    while len(taken) < count and (writer.is_alive() or len(taken) < count):
        taken += inbox.take()[0]
    writer.join()
    assert [fact.received_s for fact in taken] == [float(number) for number in range(count)]


def test_a_wait_ends_once_whatever_comes_first() -> None:
    told: list[str] = []
    pending = Pending(told.append, "too late", deadline_s=10.0)
    assert not pending.look(10.0)
    pending.finish("answer")
    assert pending.look(11.0)
    pending.finish("another answer")
    assert told == ["answer"]


def test_a_wait_that_nobody_ends_says_so_once() -> None:
    told: list[str] = []
    pending = Pending(told.append, "too late", deadline_s=10.0)
    assert pending.look(10.1)
    pending.finish("answer")
    assert told == ["too late"]
