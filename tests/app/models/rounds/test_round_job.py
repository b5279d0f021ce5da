"""A round's words, from the request to its end."""

from __future__ import annotations

from irevla.app.graph.bridge import JobEnd, TrainProgress
from irevla.app.graph.facts import Diagnosis
from irevla.app.graph.records import Lineage, RoundInfo
from irevla.app.graph.requests import TrainRound
from irevla.app.models.rig import Rig
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.rounds.round_job import RoundJob, round_elsewhere, unattached


def job() -> RoundJob:
    return RoundJob(TrainRound(round_id="r", stage=0, parent="", expert_episodes=("a",)))


def rig(**values: str) -> Rig:
    found = Rig(())
    found.take(Diagnosis(received_s=0.0, name="/left/sft", level=0, message="", values=tuple(values.items())))
    return found


def test_progress_has_step_loss_speed_and_time_left() -> None:
    running = job()
    assert running.status().words == "r has been asked for; the worker reads the episodes"
    running.take(TrainProgress(450, 1800, 0.1234, 640.0, 125.0))
    status = running.status()
    assert status.words == "r: step 450 of 1,800, loss 0.1234, 640 samples/s, 2 min 05 s left"
    assert (status.share, status.is_running, status.can_resume) == (0.25, True, False)
    assert running.curve.rows.tolist() == [[450.0, 0.1234]]


def test_megabytes_on_their_way_are_no_steps_and_draw_no_loss() -> None:
    running = job()
    running.take(TrainProgress(12, 40, 0.0, 0.0, 0.0, phase="uploading"))
    assert running.status().words == "r: uploading, 12 of 40 MB"
    assert running.curve.rows.shape == (0, 2)
    running.take(TrainProgress(0, 1800, 0.0, 0.0, 0.0, phase="reading"))
    assert running.status().words == "r: the worker reads the episodes"
    running.take(TrainProgress(1, 1800, 0.5, 10.0, 180.0, phase="training", cost=1.5))
    assert running.status().words.endswith("3 min 00 s left, cost so far 1.50")
    assert running.curve.rows.tolist() == [[1.0, 0.5]]


def test_a_cancelled_round_is_no_failure_and_can_be_resumed() -> None:
    running = job()
    running.is_cancelling = True
    assert "is being cancelled" in running.status().words
    running.end(JobEnd(False, "cancelled at step 400; the same round_id goes on from there", is_cancelled=True))
    status = running.status()
    assert status.words == "r: cancelled at step 400; the same round_id goes on from there"
    assert (status.tone, status.is_running, status.can_resume) == ("", False, True)


def test_a_failed_round_says_why_and_a_finished_one_where() -> None:
    failed, done = job(), job()
    failed.end(JobEnd(False, "no disk"))
    assert (failed.status().words, failed.status().tone) == ("r failed: no disk", "bad")
    done.end(JobEnd(True, path="/models/r", wall_s=61.0))
    assert (done.status().words, done.status().tone) == ("r is done after 1 min 01 s: /models/r", "good")
    assert (done.status().share, done.status().can_resume) == (1.0, False)


def test_a_round_that_another_window_started_is_told_from_the_nodes_own_words() -> None:
    busy = rig(round="x", step="420", of_steps="1800")
    assert round_elsewhere(busy) == ("x", "step 420 of 1800")
    assert round_elsewhere(rig(round="")) == round_elsewhere(Rig(())) == ("", "")
    status = unattached(busy, LineageBook())
    assert "x is at step 420 of 1800" in status.words
    assert (status.share, status.is_running) == (None, True)


def test_an_unfinished_round_of_before_says_how_it_goes_on() -> None:
    book = LineageBook(Lineage((), (RoundInfo("x", 2, "", "", 1, 1, 0.0, ""),), ()))
    assert unattached(Rig(()), book).words.startswith("x has made no model")
    assert unattached(Rig(()), LineageBook()).words.startswith("No round is under way")
