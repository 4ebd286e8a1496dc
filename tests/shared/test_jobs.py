"""Jobs: one worker per job, priority, progress, cancel, retry, recovery, a cap per owner."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from regio.shared import jobs
from regio.shared.errors import PassingTrouble, TooManyJobs, UserError, WorkerStopping
from regio.shared.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


def count_to_ten(job, progress):
    for done in range(11):
        progress(done, 10, f"stap {done}")
    return "/klaar/"


def count_until_cancelled(job, progress):
    progress = jobs.Progress(job, interval_s=0)
    jobs.ask_to_cancel(job.pk, now=timezone.now())
    progress(1, 10)


def fail_with_advice(job, progress):
    raise UserError("Het bestand mist de kolom 'aantal'. Voeg die toe.")


def divide_by_zero(job, progress):
    return 1 / 0


def publisher_is_away(job, progress):
    raise PassingTrouble("De uitgever antwoordt niet.")


def report_for_a_second(job, progress):
    until, reports = time.monotonic() + 1, 0
    while time.monotonic() < until:
        progress(reports % 100, 50)  # also past the end
        reports += 1
    Job.objects.filter(pk=job.pk).update(message=str(reports))


@pytest.fixture(autouse=True)
def kinds():
    for function in (count_to_ten, count_until_cancelled, fail_with_advice, divide_by_zero, report_for_a_second):
        jobs.register(function.__name__, f"{__name__}.{function.__name__}")
    jobs.register("publisher_is_away", f"{__name__}.publisher_is_away", retries=2, pause_s=60)
    jobs.register("urgent", f"{__name__}.count_to_ten", priority=Job.Priority.WAITED_FOR)


def enqueue(kind="count_to_ten", owner="ada", **arguments):
    return jobs.enqueue(kind=kind, label="Tellen", arguments=arguments, owner=owner, now=timezone.now())


def test_the_worker_does_a_waiting_job_and_says_where_the_result_is():
    job = enqueue()
    call_command("run_jobs", once=True)
    job.refresh_from_db()
    assert (job.state, job.result_path, job.progress_share) == (Job.State.DONE, "/klaar/", 1.0)


def test_the_same_work_asked_twice_is_one_job():
    assert enqueue(regio="rpa:03").pk == enqueue(regio="rpa:03").pk
    assert enqueue(regio="rpa:04").pk != enqueue(regio="rpa:03").pk


def test_only_one_of_two_workers_gets_a_job():
    enqueue()
    assert jobs.claim_next(now=timezone.now()) is not None
    assert jobs.claim_next(now=timezone.now()) is None


def test_one_person_cannot_fill_the_queue():
    for number in range(jobs.MAX_OPEN_JOBS_PER_OWNER):
        enqueue(number=number)
    with pytest.raises(TooManyJobs):
        enqueue(number=99)
    assert enqueue(owner="ben", number=99).pk


def test_a_waiting_job_that_is_cancelled_never_starts():
    job = enqueue()
    jobs.ask_to_cancel(job.pk, now=timezone.now())
    assert jobs.claim_next(now=timezone.now()) is None
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_running_job_stops_at_its_next_report():
    enqueue("count_until_cancelled")
    job = jobs.run(jobs.claim_next(now=timezone.now()))
    assert job.state == Job.State.CANCELLED


def test_a_mistake_of_the_user_is_shown_in_its_own_words():
    enqueue("fail_with_advice")
    job = jobs.run(jobs.claim_next(now=timezone.now()))
    assert (job.state, job.message) == (Job.State.FAILED, "Het bestand mist de kolom 'aantal'. Voeg die toe.")


def test_a_stopping_worker_puts_its_job_back_without_counting_the_attempt():
    enqueue()
    job = jobs.run(jobs.claim_next(now=timezone.now()), stopping=lambda: True)
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)


def test_a_job_of_a_dead_worker_is_done_again_three_times_at_most():
    enqueue()
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        job = jobs.claim_next(now=timezone.now())
        assert job.attempts == attempt
        Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=jobs.DEAD_AFTER_SECONDS + 1))
        assert jobs.recover_dead(now=timezone.now()) == 1
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_a_worker_that_was_thought_dead_leaves_the_job_to_the_one_that_took_it_over():
    enqueue()
    first = jobs.claim_next(now=timezone.now())
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=jobs.DEAD_AFTER_SECONDS + 1))
    jobs.recover_dead(now=timezone.now())
    second = jobs.claim_next(now=timezone.now())
    with pytest.raises(WorkerStopping):
        jobs.Progress(first, interval_s=0)(1, 10)
    assert jobs.run(first).state == Job.State.RUNNING
    assert (second.attempts, jobs.run(second).state) == (2, Job.State.DONE)


def test_a_dead_job_that_somebody_asked_to_stop_is_not_done_again():
    job = enqueue()
    jobs.claim_next(now=timezone.now())
    jobs.ask_to_cancel(job.pk, now=timezone.now())
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=jobs.DEAD_AFTER_SECONDS + 1))
    assert jobs.recover_dead(now=timezone.now()) == 1
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_mistake_that_nobody_foresaw_is_told_in_dutch_and_raised_for_the_log():
    enqueue("divide_by_zero")
    job = jobs.claim_next(now=timezone.now())
    with pytest.raises(ZeroDivisionError):
        jobs.run(job)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.message.startswith("Dit werk liep vast op een fout die wij niet kennen (ZeroDivisionError")


def test_a_busy_database_costs_a_heartbeat_and_not_the_heart(monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.001)
    enqueue()
    job = jobs.claim_next(now=timezone.now())
    Job.objects.update(heartbeat_at=None)
    heart, beats = jobs._heartbeat(job), []

    def busy_once(execute, sql, params, many, context):
        beats.append(sql)
        if len(beats) == 1:
            raise OperationalError("database is locked")
        heart._done.set()
        return execute(sql, params, many, context)

    monkeypatch.setattr(connection, "close", lambda: None)  # the beat runs in this thread, so it must stay open
    with connection.execute_wrapper(busy_once):
        heart._beat()
    assert len(beats) == 2
    job.refresh_from_db()
    assert job.heartbeat_at is not None


def test_what_somebody_waits_for_goes_before_what_was_asked_earlier():
    ordinary, urgent, later = enqueue(number=1), enqueue("urgent"), enqueue(number=2)
    claimed = [jobs.claim_next(now=timezone.now()).pk for _ in range(3)]
    assert claimed == [urgent.pk, ordinary.pk, later.pk]


def test_trouble_that_may_pass_is_tried_again_with_a_growing_pause_and_then_told(frozen_clock):
    job, waits = enqueue("publisher_is_away"), []
    while (claimed := jobs.claim_next(now=frozen_clock.now)) and len(waits) < 9:
        job = jobs.run(claimed)
        if job.state != Job.State.WAITING:
            break
        waits.append((job.not_before - frozen_clock.now).total_seconds())
        assert jobs.claim_next(now=job.not_before - timedelta(seconds=1)) is None
        frozen_clock.set(job.not_before)
    assert waits == [60, 120]
    assert (job.state, job.message, job.failures, job.attempts) == (
        Job.State.FAILED, "De uitgever antwoordt niet.", 2, 3,
    )  # fmt: skip


def test_a_retry_is_not_counted_as_a_dead_worker(frozen_clock):
    enqueue("publisher_is_away")
    for _ in range(2):
        frozen_clock.set(jobs.run(jobs.claim_next(now=frozen_clock.now)).not_before)
    assert jobs.claim_next(now=frozen_clock.now).attempts == 3
    frozen_clock.move(seconds=jobs.DEAD_AFTER_SECONDS + 1)
    jobs.recover_dead(now=frozen_clock.now)
    assert Job.objects.get().state == Job.State.WAITING


def test_a_job_that_waits_for_its_next_try_can_be_stopped(frozen_clock):
    enqueue("publisher_is_away")
    job = jobs.run(jobs.claim_next(now=frozen_clock.now))
    jobs.ask_to_cancel(job.pk, now=frozen_clock.now)
    frozen_clock.move(hours=1)
    assert jobs.claim_next(now=frozen_clock.now) is None
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_progress_is_written_five_times_a_second_at_most(query_count):
    enqueue("report_for_a_second")
    job = jobs.claim_next(now=timezone.now())
    with query_count() as seen:
        job = jobs.run(job)
    written = [query for query in seen if query["sql"].startswith("UPDATE") and '"progress_text"' in query["sql"]]
    assert int(job.message) > 100
    assert 1 <= len(written) <= 5


def test_what_failed_is_done_again_at_the_press_of_a_button_within_the_cap():
    job = jobs.run(jobs.claim(enqueue("fail_with_advice").pk, now=timezone.now()))
    open_ones = [enqueue(number=number) for number in range(jobs.MAX_OPEN_JOBS_PER_OWNER)]
    with pytest.raises(TooManyJobs):
        jobs.do_again(job.pk)
    jobs.ask_to_cancel(open_ones[0].pk, now=timezone.now())
    for _ in range(2):  # pressed twice is once
        jobs.do_again(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, job.attempts, job.ended_at) == (Job.State.WAITING, "", 0, None)
    assert jobs.run(jobs.claim(job.pk, now=timezone.now())).state == Job.State.FAILED
    done = jobs.run(jobs.claim(open_ones[1].pk, now=timezone.now()))
    jobs.do_again(done.pk)
    assert Job.objects.get(pk=done.pk).state == Job.State.DONE


def test_what_is_in_the_queue_again_already_is_not_put_there_twice():
    job = jobs.run(jobs.claim(enqueue("fail_with_advice").pk, now=timezone.now()))
    enqueue("fail_with_advice")
    jobs.do_again(job.pk)
    assert Job.objects.get(pk=job.pk).state == Job.State.FAILED


def test_what_nobody_foresaw_tells_no_text_that_may_name_somebody():
    enqueue("divide_by_zero")
    job = jobs.claim_next(now=timezone.now())
    with pytest.raises(ZeroDivisionError):
        jobs.run(job)
    job.refresh_from_db()
    assert "(ZeroDivisionError)" in job.message
    assert "division" not in job.message
