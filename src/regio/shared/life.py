"""Signs of life: each worker keeps a row that says when it was last there. A page and the health check read it."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from .models import Worker

EVERY_S = 10
DEAD_AFTER = timedelta(seconds=60)


@contextmanager
def sign_of_life() -> Iterator[None]:
    """Give a sign of life from a thread of its own, since work may take minutes; leave no row behind."""
    name, done = f"{socket.gethostname()}:{os.getpid()}"[:120], threading.Event()
    now = timezone.now()
    Worker.objects.update_or_create(name=name, defaults={"started_at": now, "seen_at": now})
    thread = threading.Thread(target=_beat, args=(name, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        Worker.objects.filter(name=name).delete()


def _beat(name: str, done: threading.Event) -> None:
    try:
        while not done.wait(EVERY_S):
            try:
                Worker.objects.filter(name=name).update(seen_at=timezone.now())
            except (OperationalError, InterfaceError):  # busy or restarting: one sign missed is no death
                connection.close()
    finally:
        connection.close()


def living_workers(*, now: datetime) -> int:
    """Return how many workers were there in the last minute."""
    return Worker.objects.filter(seen_at__gte=now - DEAD_AFTER).count()
