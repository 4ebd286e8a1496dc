"""Fetching files of a publisher, against a server on this machine: newest name, resumed halves, failures in plain words."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from regio.regions.models import SchoolLocation
from regio.shared.importing.downloading import Download, DownloadFailed, Fetcher, download_all, download_table
from tests.samples import vo_register

BODY = b"BRIN NUMMER;VESTIGINGSNUMMER\r\n" + b"90AA;00\r\n" * 20_000


@dataclass
class Publisher:
    """What the server answers, and what it was asked."""

    pages: dict[str, bytes] = field(default_factory=dict)
    break_after: list[int] = field(default_factory=list)  # bytes to send before hanging up, per request of a file
    errors: list[int] = field(default_factory=list)  # status codes to answer first
    etag: str = '"v1"'
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, Range or If-None-Match
    address: str = ""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    state = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range") or self.headers.get("If-None-Match") or ""
            state.asked.append((self.path, wanted))
            if state.errors and not self.path.endswith("/"):
                self._empty(state.errors.pop(0))
            elif self.path not in state.pages:
                self._empty(404)
            elif self.headers.get("If-None-Match") == state.etag:
                self._empty(304)
            else:
                self._send(state.pages[self.path], wanted)

        def _empty(self, code: int) -> None:
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, body: bytes, wanted: str) -> None:
            start = (
                int(wanted[6:-1]) if wanted.startswith("bytes=") and self.headers.get("If-Range") == state.etag else 0
            )
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("ETag", state.etag)
            self.end_headers()
            is_file = not self.path.endswith("/")
            until = state.break_after.pop(0) if is_file and state.break_after else len(body)
            self.wfile.write(body[start : start + until])
            self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(tmp_path: Path, waits: list[float]) -> Fetcher:
    return Fetcher(tmp_path, hosts={"127.0.0.1"}, wait=waits.append)


def test_the_newest_file_that_fits_the_pattern_is_found_on_a_page_below(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/data/"] = (
        b'<a href="/elders/x-2030.csv">x</a> <a href="leerlingen/">Leerlingen</a> <a href="/data/">hier</a>'
    )
    publisher.pages["/data/leerlingen/"] = (
        b'<a href="/images/01.-leerlingen-2019.csv">2019</a><a href="/images/01.-leerlingen-2025.csv#top">2025</a>'
        b'<a href="/images/01.-leerlingen-2024.csv">2024</a><a href="/images/02.-anders-2026.csv">2026</a>'
    )
    item = Download(
        dataset="leerlingen-vo", page=publisher.address + "/data/", pattern=r"0?1\.?-leerlingen-20\d\d\.csv"
    )
    assert fetcher.locate(item) == (publisher.address + "/images/01.-leerlingen-2025.csv", "01.-leerlingen-2025.csv")


def test_a_file_comes_in_whole_with_its_checksum(publisher: Publisher, fetcher: Fetcher, tmp_path: Path) -> None:
    publisher.pages["/a-2025.csv"] = BODY
    path = fetcher.fetch(publisher.address + "/a-2025.csv", "a-2025.csv")
    assert path.read_bytes() == BODY
    assert hashlib.sha256(BODY).hexdigest() in (tmp_path / "a-2025.csv.json").read_text()
    assert not (tmp_path / "a-2025.csv.part").exists()


def test_a_broken_download_goes_on_where_it_stopped(publisher: Publisher, fetcher: Fetcher, waits: list[float]) -> None:
    publisher.pages["/a.csv"] = BODY
    publisher.break_after = [50_000, 60_000]
    assert fetcher.fetch(publisher.address + "/a.csv", "a.csv").read_bytes() == BODY
    assert [wanted for _, wanted in publisher.asked] == ["", "bytes=50000-", "bytes=110000-"]
    assert waits == [1, 3]


def test_a_half_download_never_gets_its_own_name(publisher: Publisher, fetcher: Fetcher, tmp_path: Path) -> None:
    publisher.pages["/a.csv"] = BODY
    publisher.break_after = [100] * 4
    with pytest.raises(DownloadFailed, match="400 van 180030 bytes"):
        fetcher.fetch(publisher.address + "/a.csv", "a.csv")
    assert not (tmp_path / "a.csv").exists()
    assert (tmp_path / "a.csv.part").stat().st_size == 400


def test_a_half_of_an_older_edition_is_not_glued_to_the_new_one(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/a.csv"] = b"OUD;OUD\n" * 1000
    publisher.break_after = [100] * 4
    with pytest.raises(DownloadFailed):
        fetcher.fetch(publisher.address + "/a.csv", "a.csv")
    publisher.pages["/a.csv"], publisher.etag, publisher.break_after = BODY, '"v2"', []
    assert fetcher.fetch(publisher.address + "/a.csv", "a.csv").read_bytes() == BODY


def test_what_is_complete_and_unchanged_is_not_fetched_again(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/a.csv"] = BODY
    for _ in range(2):
        fetcher.fetch(publisher.address + "/a.csv", "a.csv")
    assert publisher.asked[-1] == ("/a.csv", '"v1"')
    publisher.etag, publisher.pages["/a.csv"] = '"v2"', b"A;B\n1;2\n"
    assert fetcher.fetch(publisher.address + "/a.csv", "a.csv").read_bytes() == b"A;B\n1;2\n"


def test_a_busy_server_is_asked_again_but_not_for_ever(
    publisher: Publisher, fetcher: Fetcher, waits: list[float]
) -> None:
    publisher.pages["/a.csv"] = BODY
    publisher.errors = [503, 500]
    assert fetcher.fetch(publisher.address + "/a.csv", "a.csv").read_bytes() == BODY
    publisher.errors = [503] * 9
    publisher.etag = '"v3"'
    with pytest.raises(DownloadFailed, match="de server antwoordt met 503"):
        fetcher.fetch(publisher.address + "/b.csv", "b.csv")
    assert waits == [1, 3, 1, 3, 9]


def test_a_missing_file_is_not_asked_twice(publisher: Publisher, fetcher: Fetcher) -> None:
    with pytest.raises(DownloadFailed, match="antwoordt met 404"):
        fetcher.fetch(publisher.address + "/weg.csv", "weg.csv")
    assert len(publisher.asked) == 1


def test_a_web_page_instead_of_a_file_is_refused(publisher: Publisher, fetcher: Fetcher, tmp_path: Path) -> None:
    publisher.pages["/a.csv"] = b"\n<!DOCTYPE html><html>Onderhoud</html>"
    with pytest.raises(DownloadFailed, match="webpagina"):
        fetcher.fetch(publisher.address + "/a.csv", "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_a_server_that_is_away_is_said_in_plain_words(fetcher: Fetcher, publisher: Publisher) -> None:
    with pytest.raises(DownloadFailed, match="is niet op te halen"):
        fetcher.fetch("http://127.0.0.1:9/a.csv", "a.csv")
    with pytest.raises(DownloadFailed, match="geen webadres"):
        fetcher.fetch("file:///etc/hostname", "a.csv")


def test_a_page_without_the_file_says_what_was_looked_for(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/data/"] = b'<a href="iets.csv">iets</a>'
    item = Download(dataset="examens", page=publisher.address + "/data/", pattern=r"examen-\d+\.csv")
    with pytest.raises(DownloadFailed, match=r"examens: op .* staat geen bestand dat past bij “examen-\\d\+\\.csv”"):
        fetcher.locate(item)


def test_one_failure_does_not_stop_the_other_downloads(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    publisher.pages["/a-2025.csv"] = BODY
    table = tmp_path / "adressen.yaml"
    table.write_text(
        f"- {{dataset: weg, url: '{publisher.address}/weg.csv'}}\n- {{dataset: goed, url: '{publisher.address}/a-2025.csv', name: goed.csv}}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("REGIO_DOWNLOADS", str(table))
    files, failures = download_all(folder=tmp_path / "opgehaald", wait=waits.append)
    assert [path.name for path in files] == ["goed.csv"]
    assert [type(failure) for failure in failures] == [DownloadFailed]


def test_every_dataset_of_the_shipped_table_has_a_reader_and_a_pattern_that_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import re

    from regio.shared.importing.registry import readers

    monkeypatch.delenv("REGIO_DOWNLOADS", raising=False)
    table = download_table()
    known = {reader.id for reader in readers()}
    assert {item.dataset for item in table} <= known
    seen = [
        "02.-alle-vestigingen-vo.csv", "02.-alle-schoolvestigingen-basisonderwijs.csv", "09.-alle-vestigingen-sbo-so-en-vso.csv",
        "01.-adressen-mbo-instellingen.csv", "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2025.csv",
        "03.-leerlingen-vo-per-vestiging-en-bestuur-(vavo-apart)-2025.csv", "02.-leerlingen-per-vestiging-naar-postcode-en-leerjaar-2024.csv",
        "examenkandidaten-en-geslaagden-2020-2025.csv", "geslaagden-gezakten-en-cijfers-2023-2024.csv",
        "01.-onderwijspersoneel-vo-in-personen-2011-2025.xlsx", "02.-onderwijspersoneel-vo-in-fte-2011-2024.xlsx",
        "01.-leerlingen-po-soort-po-cluster-leeftijd-2025-2026.csv",
    ]  # fmt: skip
    patterns = [item.pattern for item in table if item.pattern]
    assert [name for name in seen if sum(bool(re.fullmatch(pattern, name)) for pattern in patterns) != 1] == []


@pytest.mark.django_db
def test_the_command_fetches_and_loads_in_one_go(
    publisher: Publisher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.HOME = tmp_path
    publisher.pages["/data/"] = b'<a href="02.-alle-vestigingen-vo.csv">Vestigingen</a>'
    publisher.pages["/data/02.-alle-vestigingen-vo.csv"] = vo_register(tmp_path / "vo.csv", of_2025=True).read_bytes()
    table = tmp_path / "adressen.yaml"
    table.write_text(
        f"- {{dataset: vestigingen-vo, page: '{publisher.address}/data/', pattern: '.*vestigingen-vo.csv'}}\n"
        f"- {{dataset: weg, url: '{publisher.address}/weg.csv'}}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("REGIO_DOWNLOADS", str(table))
    for outcome in ("geladen", "ongewijzigd"):
        call_command("import", "public", "--download", "--format", "json")
        out, err = capsys.readouterr()
        assert [row["outcome"] for row in json.loads(out)] == [outcome]
        assert "weg.csv is niet op te halen: de server antwoordt met 404." in err
    assert (tmp_path / "downloads" / "02.-alle-vestigingen-vo.csv").exists()
    assert SchoolLocation.objects.filter(in_register=True).count() == 3


@pytest.mark.parametrize("text", [None, "- dataset: [", "- titel: x"])
def test_a_table_of_addresses_that_cannot_be_read_is_named(tmp_path, monkeypatch, text):
    table = tmp_path / "adressen.yaml"
    if text is not None:
        table.write_text(text)
    monkeypatch.setenv("REGIO_DOWNLOADS", str(table))
    with pytest.raises(CommandError, match=r"adressen\.yaml.*Kijk of REGIO_DOWNLOADS klopt"):
        call_command("import", "public", "--download")
