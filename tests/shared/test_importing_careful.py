"""A download is not led elsewhere: other hosts, other kinds of address, and what lies inside the network."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError

import pytest

from regio.shared.importing.careful import NotAllowed, open_address
from regio.shared.importing.downloading import Download, DownloadFailed, Fetcher, download_table, hosts_of


class Server(ThreadingHTTPServer):
    """Sends each visitor to `target`, or answers when there is none; remembers what it was asked."""

    target = ""
    asked: list[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(302 if self.server.target and self.path == "/a.csv" else 200)
        if self.server.target:
            self.send_header("Location", self.server.target)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"A;B\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def fetched(address: str, hosts: set[str]) -> bytes:
    with open_address(address, headers={}, hosts=hosts, timeout_s=5) as answer:
        return answer.read()


def test_a_named_host_answers_and_may_lead_to_itself(server):
    assert fetched(f"{server.address}/b.csv", {"127.0.0.1"}) == b"A;B\n"
    server.target = "/c.csv"
    assert fetched(f"{server.address}/a.csv", {"127.0.0.1"}) == b"A;B\n"
    assert server.asked == ["/b.csv", "/a.csv", "/c.csv"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/a", "data:text/plain,x", "//127.0.0.1/a"]
)
def test_only_pages_of_the_web_are_fetched(address):
    with pytest.raises(NotAllowed, match="geen webadres"):
        fetched(address, {"127.0.0.1", ""})


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/meta-data/", "http://localhost/", "http://[::1]/", "http://127.0.0.1.nip.example/",
     "http://127.0.0.1@elders.example/", "http://2130706433/"],
)  # fmt: skip
def test_a_host_that_nobody_named_is_not_asked(address):
    with pytest.raises(NotAllowed, match="staat niet in de lijst"):
        fetched(address, {"127.0.0.1", "duo.example"})


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/", "http://localhost:1/", "file:///etc/passwd", "http://[::1]:1/x"]
)
def test_a_redirect_leads_to_named_hosts_only(server, target):
    server.target = target
    with pytest.raises((NotAllowed, HTTPError)):
        fetched(f"{server.address}/a.csv", {"127.0.0.1"})
    assert server.asked == ["/a.csv"]


def test_a_public_name_that_means_an_inside_address_is_hung_up_on(server):
    """As after a change of the name service between looking and connecting."""
    with pytest.raises(NotAllowed, match="binnen het eigen netwerk"):
        fetched(f"http://localhost:{server.server_port}/b.csv", {"localhost"})
    assert server.asked == []


def test_hosts_are_those_of_the_table_and_the_reader_hears_it_in_a_sentence(tmp_path, server):
    assert "" not in hosts_of(download_table())
    assert hosts_of([Download("a", url="https://een.example/x"), Download("b", page="https://twee.example/y/")]) == {
        "een.example", "twee.example",
    }  # fmt: skip
    server.target = "http://169.254.169.254/a.csv"
    with pytest.raises(DownloadFailed, match=r"halen wij niet op: 169\.254\.169\.254 staat niet in de lijst"):
        Fetcher(tmp_path, hosts={"127.0.0.1"}).fetch(f"{server.address}/a.csv", "a.csv")
    assert list(tmp_path.iterdir()) == []
