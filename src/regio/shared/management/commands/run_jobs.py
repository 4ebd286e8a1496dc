"""`regio run_jobs`: the worker that does the long work. Ends at SIGTERM or Ctrl-C and puts its job back.

Several may run beside each other. Each gives a sign of life, and puts in the queue what happens by itself; with `--once`
it only does what waits.
"""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from regio.shared import jobs, schedule
from regio.shared.life import sign_of_life

logger = logging.getLogger(__name__)
LOOK_AT_SCHEDULE_S = 20


class Command(BaseCommand):
    """Claim and do jobs until told to stop."""

    help = "Doet het werk dat in de rij staat (prognoses, inlezen). Stop met Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--once", action="store_true", help="stop als de rij leeg is")
        parser.add_argument("--interval", type=float, default=0.5, help="seconden tussen twee blikken in de rij")

    def handle(self, *, once: bool, interval: float, **_: Any) -> None:
        """Run the loop."""
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stop.set())
        if once:
            self._loop(stop, once=True, interval=interval)
            return
        threading.Thread(target=jobs.warm_up, daemon=True).start()  # other work need not wait for it
        with sign_of_life():
            self._loop(stop, once=False, interval=interval)

    def _loop(self, stop: threading.Event, *, once: bool, interval: float) -> None:
        looked_at = -float(LOOK_AT_SCHEDULE_S)
        while not stop.is_set():
            try:
                if not once and time.monotonic() - looked_at >= LOOK_AT_SCHEDULE_S:
                    looked_at = time.monotonic()
                    schedule.plan_due(now=timezone.now(), since=schedule.installed_at())
                worked = self._turn(stop)
            except OperationalError:  # a locked or restarting database: look again later, nothing is lost
                logger.warning("database not reachable, trying again", exc_info=True)
                worked = False
            if once and not worked:
                return
            if not worked:
                stop.wait(interval)

    def _turn(self, stop: threading.Event) -> bool:
        close_old_connections()
        jobs.recover_dead(now=timezone.now())
        job = jobs.claim_next(now=timezone.now())
        if job is None:
            return False
        try:
            jobs.run(job, stopping=stop.is_set)
        except Exception:
            logger.exception("job %s (%s) failed", job.pk, job.kind)
        return True
