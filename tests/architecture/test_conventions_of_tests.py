"""The promises of tests/conftest.py themselves: no network, a clock that stands still."""

import socket
import urllib.request

import pytest
from django.utils import timezone


@pytest.mark.parametrize("address", ["http://192.0.2.1/", "http://example.invalid/"])
def test_a_test_cannot_leave_this_computer(address):
    with pytest.raises(RuntimeError, match="may not use the network"):
        urllib.request.urlopen(address, timeout=1)


def test_a_test_may_talk_to_this_computer():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_the_clock_stands_still_until_it_is_moved(frozen_clock):
    before = timezone.now()
    assert timezone.now() == before
    frozen_clock.move(days=1)
    assert (timezone.now() - before).days == 1
    assert timezone.localdate().isoformat() == "2026-11-21"
