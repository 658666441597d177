"""The inbox, with a clock of the test's own; what processes do to each other is done by two inboxes on one file."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack import state
from bot.slack.inbox import Inbox, Limits
from bot.slack.jobs import ADDING, Lease, SlackJob
from retrieval.catalogue.database import Database


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = state.opened(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def inbox(database: Database, clock: Clock) -> Inbox:
    return Inbox(database, Limits(waiting=6, of_person=3, of_channel=4), clock, settled=0.0)


def job(number: int, thread: str = "1.0", channel: str = "C1", person: str = "U1") -> SlackJob:
    message = f"{number}.0"
    asked = SlackJob(f"{channel}/{message}", "ask", "", "T1", channel, thread, message, person, "T1", thread)
    return replace(asked, queue=f"{channel}/{thread}", words=f"question {number}")


def claimed(inbox: Inbox) -> Lease:
    lease = inbox.take()
    assert lease is not None
    return lease


def test_an_event_that_comes_twice_is_taken_once(inbox: Inbox) -> None:
    assert [inbox.put(job(1)), inbox.put(job(1))] == ["taken", "known"]
    inbox.end(claimed(inbox))
    assert inbox.put(job(1)) == "known" and inbox.take() is None


def test_a_thread_is_answered_in_the_order_in_which_it_was_asked(inbox: Inbox) -> None:
    for number in (2, 3, 1):
        inbox.put(job(number))
    told = []
    while (lease := inbox.take()) is not None:
        assert inbox.take() is None, "one answer of a thread at a time"
        told.append(lease.job.words)
        inbox.end(lease)
    assert told == ["question 1", "question 2", "question 3"]


def test_what_was_just_said_rests_so_that_what_was_said_before_goes_first(database: Database, clock: Clock) -> None:
    inbox = Inbox(database, now=clock, settled=0.25)
    inbox.put(job(2))
    assert inbox.take() is None
    inbox.put(job(1))
    clock.now += 0.3
    assert claimed(inbox).job.words == "question 1"


def test_threads_are_answered_beside_each_other_and_nobody_takes_all_workers(inbox: Inbox) -> None:
    for number, thread, person in ((1, "1.0", "U1"), (2, "2.0", "U1"), (3, "3.0", "U2")):
        inbox.put(job(number, thread, person=person))
    assert [claimed(inbox).job.person for _ in range(3)] == ["U1", "U2", "U1"]


def test_too_much_that_waits_is_refused_by_what_is_full(inbox: Inbox) -> None:
    assert [inbox.put(job(number)) for number in range(4)] == ["taken", "taken", "taken", "person"]
    assert [inbox.put(job(number, person="U2")) for number in (5, 6)] == ["taken", "channel"]
    assert [inbox.put(job(number, channel="C2", person="U2")) for number in (7, 8)] == ["taken", "taken"]
    assert inbox.put(job(9, channel="C3", person="U3")) == "full"


def test_a_claim_whose_worker_is_gone_is_taken_over_and_the_old_one_counts_no_more(inbox: Inbox, clock: Clock) -> None:
    inbox.put(job(1))
    gone = claimed(inbox)
    clock.now += 15
    assert inbox.beat([gone]) == {gone.number: ""}
    clock.now += 15
    assert inbox.take() is None, "it showed that it lives"
    clock.now += 10
    heir = claimed(inbox)
    assert (heir.number, heir.tries) == (gone.number, 1)
    assert inbox.beat([gone]) == {gone.number: "lost"} and not inbox.keep(gone, "x") and not inbox.holds(gone)
    inbox.end(gone)
    assert inbox.holds(heir)


def test_what_is_to_be_posted_is_there_for_whoever_goes_on(inbox: Inbox, clock: Clock) -> None:
    inbox.put(job(1))
    inbox.keep(claimed(inbox), "the posts")
    clock.now += 60
    assert claimed(inbox).result == "the posts"


def test_stop_forgets_what_its_person_waits_for_and_of_others_only_what_was_put_off(inbox: Inbox) -> None:
    for number, person in ((1, "U1"), (2, "U1"), (3, "U2")):
        inbox.put(job(number, person=person))
    lease = claimed(inbox)
    assert inbox.stop("C1/1.0", "U1", "9.0") == "running" and inbox.beat([lease]) == {lease.number: "stop"}
    inbox.end(lease)
    theirs = claimed(inbox)
    assert theirs.job.words == "question 3"
    inbox.release(theirs, 30.0, is_try=False)
    assert inbox.stop("C1/1.0", "U1", "9.0") == "waiting" and inbox.count() == 0
    assert inbox.stop("C1/1.0", "U1", "9.0") == ""


def test_what_was_told_to_stop_is_not_tried_again(inbox: Inbox) -> None:
    inbox.put(job(1))
    lease = claimed(inbox)
    inbox.stop("C1/1.0", "U1", "9.0")
    inbox.release(lease, 0.0, is_try=False)
    assert inbox.take() is None and inbox.count() == 0


def test_what_runs_is_told_to_stop_and_what_waits_is_dropped(inbox: Inbox) -> None:
    for number in (1, 2):
        inbox.put(job(number))
    lease = claimed(inbox)
    assert inbox.steer("C1/1.0", "stop") and not inbox.steer("C1/2.0", "stop")
    assert inbox.beat([lease]) == {lease.number: "stop"}
    (waiting,) = inbox.of_message("C1", "2.0")
    inbox.drop(waiting.number)
    inbox.end(lease)
    assert inbox.take() is None and inbox.count() == 0


def test_what_waits_can_be_changed_and_what_runs_can_not(inbox: Inbox) -> None:
    inbox.put(job(1))
    (kept,) = inbox.of_message("C1", "1.0")
    assert inbox.change(kept.number, replace(kept.job, words="another"))
    assert claimed(inbox).job.words == "another"
    assert not inbox.change(kept.number, kept.job)


def test_a_question_that_waits_for_long_is_told_its_place_once(inbox: Inbox, clock: Clock) -> None:
    for number in (1, 2):
        inbox.put(job(number))
    claimed(inbox)
    clock.now += 3
    assert [(kept.job.words, before) for kept, before in inbox.untold(2.0)] == [("question 2", 1)]
    assert not inbox.untold(2.0)


def test_old_events_and_what_ended_are_forgotten_and_what_waits_is_not(inbox: Inbox, clock: Clock) -> None:
    inbox.put(job(1))
    inbox.end(claimed(inbox))
    inbox.put(job(2))
    clock.now += 3 * 86_400
    inbox.expire(keep_days=2)
    assert inbox.of_message("C1", "1.0") == [] and inbox.is_new("C1/1.0")
    assert claimed(inbox).job.words == "question 2"


def test_two_processes_share_the_entries_without_doing_one_twice(tmp_path: Path) -> None:
    files = [state.opened(tmp_path) for _ in range(2)]
    inboxes = [Inbox(file, settled=0.0) for file in files]
    for number in range(40):
        inboxes[0].put(job(number, thread=f"{number % 8}.0", person=f"U{number}"))
    done: list[tuple[str, str]] = []

    def work(inbox: Inbox) -> None:
        while inbox.count():
            if (lease := inbox.take()) is not None:
                done.append((lease.job.thread, lease.job.words))
                inbox.end(lease)

    threads = [threading.Thread(target=work, args=(inbox,)) for inbox in inboxes for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for file in files:
        file.close()
    assert len(done) == len(set(done)) == 40


def test_videos_are_taken_in_one_after_another_beside_the_questions(inbox: Inbox) -> None:
    for number in (1, 2):
        inbox.put(replace(job(number), kind="adding", queue=ADDING))
    inbox.put(job(3, "3.0"))
    question = claimed(inbox)
    assert question.job.words == "question 3" and inbox.take() is None
    first = inbox.take(adding=True)
    assert first is not None and first.job.words == "question 1" and inbox.take(adding=True) is None
    inbox.drop_all()
    assert inbox.beat([first]) == {first.number: "lost"} and inbox.take(adding=True) is None
