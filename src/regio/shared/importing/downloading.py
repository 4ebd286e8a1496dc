"""Fetching the publisher's present files: read the page, match the name, download with care.

File names carry the year, so a page is searched for a pattern instead of a fixed address. A download goes to a `.part`
file, is resumed after a break, and gets its own name only when size and kind are right. Addresses are settings: each
`sources` package has a `downloads.yaml`, and REGIO_DOWNLOADS may name a file that replaces them all.
Only hosts that stand in that table are asked (`careful`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPException, HTTPResponse
from importlib import import_module
from pathlib import Path
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import yaml
from django.conf import settings

from regio.shared.errors import UserError

from .careful import NotAllowed, open_address
from .registry import packages

T = TypeVar("T")
TIMEOUT_S = 30
TRIES = 4
WAIT_S = (1, 3, 9)  # between tries
CHUNK_BYTES = 1 << 16
LARGEST_BYTES = 400_000_000
MOST_PAGES = 60  # per index page


@dataclass(frozen=True)
class Download:
    """Where a dataset can be fetched: an index page with a pattern for the file name, or one fixed address."""

    dataset: str
    pattern: str = ""
    page: str = ""
    url: str = ""
    name: str = ""


class DownloadFailed(UserError):
    """A file could not be fetched; the text is the Dutch sentence for the reader."""


def download_all(
    *,
    progress: Callable[[str], None] = lambda _text: None,
    folder: Path | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[list[Path], list[DownloadFailed]]:
    """Fetch every file of the table; return the files at hand and what failed (the others go on)."""
    target = folder or Path(settings.HOME) / "downloads"
    target.mkdir(parents=True, exist_ok=True)
    table = download_table()
    fetcher = Fetcher(target, hosts=hosts_of(table), wait=wait)
    files, failures = [], []
    for item in table:
        try:
            address, name = fetcher.locate(item)
            progress(f"{item.dataset}: {name}")
            files.append(fetcher.fetch(address, name))
        except DownloadFailed as failure:
            failures.append(failure)
        except OSError as error:
            failures.append(
                DownloadFailed(f"{item.dataset}: opslaan lukt niet ({error.strerror or error}). Is de schijf vol?")
            )
    return files, failures


def download_table() -> list[Download]:
    """Return the addresses: of the file that REGIO_DOWNLOADS names, else of every `sources` package.

    Raises:
        DownloadFailed: that file is not there, or is no table of addresses.
    """
    chosen = os.environ.get("REGIO_DOWNLOADS")
    if chosen:
        paths = [Path(chosen)]
    else:
        folders = [Path(import_module(package).__path__[0]) for package in packages()]
        paths = [folder / "downloads.yaml" for folder in folders if (folder / "downloads.yaml").exists()]
    try:
        return [Download(**item) for path in paths for item in yaml.safe_load(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise DownloadFailed(
            f"De lijst met adressen ({', '.join(map(str, paths))}) is niet te lezen: {reason}. Kijk of REGIO_DOWNLOADS klopt."
        ) from error


def hosts_of(table: Iterable[Download]) -> frozenset[str]:
    """Return the hosts that the table names: no other is asked."""
    return frozenset(urlsplit(item.url or item.page).hostname or "" for item in table)


class _Links(HTMLParser):
    """Collects the addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the href of a link."""
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


class Fetcher:
    """Fetches pages and files into one folder; a page is read once."""

    def __init__(self, folder: Path, *, hosts: Collection[str], wait: Callable[[float], None] = time.sleep) -> None:
        """Remember the folder and which hosts may be asked; `wait` is how to pause between tries [s]."""
        self.folder, self.hosts = folder, hosts
        self.wait = wait
        self._links: dict[str, list[str]] = {}

    def locate(self, item: Download) -> tuple[str, str]:
        """Return address and file name of the newest file that fits.

        Raises:
            DownloadFailed: the page cannot be read, or nothing on it fits the pattern.
        """
        if item.url:
            return item.url, item.name or file_name(item.url)
        try:
            pattern = re.compile(item.pattern)
        except re.error as error:
            raise DownloadFailed(f"{item.dataset}: het patroon “{item.pattern}” is niet te lezen ({error}).") from error
        for page in self._pages_below(item.page):
            fitting = [link for link in self._links_of(page) if pattern.fullmatch(file_name(link))]
            if fitting:
                newest = max(fitting, key=lambda link: [int(number) for number in re.findall(r"\d+", file_name(link))])
                return newest, file_name(newest)
        raise DownloadFailed(
            f"{item.dataset}: op {item.page} staat geen bestand dat past bij “{item.pattern}”. Kijk of de uitgever de naam heeft veranderd."
        )

    def _pages_below(self, index: str) -> list[str]:
        """Return the index page and the pages below it, two levels deep, each once and at most MOST_PAGES."""
        pages, level = [index], [index]
        for _ in range(2):
            found = [link for page in level for link in self._links_of(page, forgiving=page != index)]
            level = [link for link in dict.fromkeys(found) if _is_page_below(link, index) and link not in pages]
            level = level[: MOST_PAGES - len(pages)]
            pages += level
        return pages

    def _links_of(self, page: str, *, forgiving: bool = False) -> list[str]:
        if page not in self._links:
            try:
                text = self._read_page(page)
            except DownloadFailed:
                if not forgiving:
                    raise
                text = ""
            parser = _Links()
            parser.feed(text)
            self._links[page] = [urldefrag(urljoin(page, link)).url for link in parser.found]
        return self._links[page]

    def _read_page(self, page: str) -> str:
        def read() -> str:
            with self._open(page) as response:
                return response.read(5_000_000).decode("utf-8", "replace")

        return self._trying(page, read)

    def fetch(self, address: str, name: str) -> Path:
        """Download a file under its name and return the path; what is already complete is not fetched again.

        Raises:
            DownloadFailed: after TRIES tries, or when the answer is no data file.
        """
        final = self.folder / name
        self._trying(address, lambda: self._one_try(address, final))
        return final

    def _one_try(self, address: str, final: Path) -> None:
        part, note = final.with_name(final.name + ".part"), final.with_name(final.name + ".json")
        known = json.loads(note.read_text()) if note.exists() else {}
        headers = _headers(part, final, known)
        try:
            response = self._open(address, headers)
        except HTTPError as error:
            if error.code == 304:
                return
            if error.code == 416:  # the part is longer than the file: begin again
                part.unlink(missing_ok=True)
            raise
        with response:
            total = _receive(response, part, note)
        if total is not None and part.stat().st_size != total:
            raise _HalfDownload(f"{part.stat().st_size} van {total} bytes")
        _refuse_pages(part, address)
        note.write_text(json.dumps({**json.loads(note.read_text()), "sha256": _sha256(part)}))
        part.replace(final)

    def _open(self, address: str, headers: dict[str, str] | None = None) -> HTTPResponse:
        told = {"User-Agent": "regio-import", **(headers or {})}
        try:
            return open_address(address, headers=told, hosts=self.hosts, timeout_s=TIMEOUT_S)
        except NotAllowed as refused:
            raise DownloadFailed(f"{address} halen wij niet op: {refused}.") from refused

    def _trying(self, address: str, action: Callable[[], T]) -> T:
        """Run an action up to TRIES times; only what may pass by itself is tried again."""
        reason = ""
        for number in range(TRIES):
            try:
                return action()
            except HTTPError as error:
                reason = f"de server antwoordt met {error.code}"
                if error.code < 500 and error.code not in (408, 416, 429):
                    break
            except (URLError, TimeoutError, HTTPException, ConnectionError, _HalfDownload) as error:
                reason = str(getattr(error, "reason", None) or error or type(error).__name__)
            if number + 1 < TRIES:
                self.wait(WAIT_S[number])
        raise DownloadFailed(
            f"{address} is niet op te halen: {reason}. Probeer het later nog eens of lees een eigen kopie in."
        )


class _HalfDownload(Exception):
    """The connection ended before the file was complete."""


def file_name(address: str) -> str:
    """Return the last part of an address as a safe file name."""
    return re.sub(r"[^\w.()+-]", "-", unquote(urlsplit(address).path.rsplit("/", 1)[-1])) or "bestand"


def _is_page_below(link: str, index: str) -> bool:
    here, there = urlsplit(index), urlsplit(link)
    folder = here.path.rsplit("/", 1)[0] + "/"
    is_page = there.path.endswith(("/", ".jsp", ".html", ".htm")) or "." not in there.path.rsplit("/", 1)[-1]
    return there.netloc == here.netloc and there.path.startswith(folder) and is_page


def _headers(part: Path, final: Path, known: dict[str, str]) -> dict[str, str]:
    """Ask for the rest of a half file, or only for a newer one; both need what the server said last time."""
    mark = known.get("etag") or known.get("modified")
    if part.exists() and part.stat().st_size and mark:
        return {"Range": f"bytes={part.stat().st_size}-", "If-Range": mark}
    part.unlink(missing_ok=True)
    if final.exists() and known.get("sha256") == _sha256(final):
        if known.get("etag"):
            return {"If-None-Match": known["etag"]}
        return {"If-Modified-Since": known["modified"]} if known.get("modified") else {}
    return {}


def _receive(response: HTTPResponse, part: Path, note: Path) -> int | None:
    """Write the body behind what is there (206) or anew (200); return the full size, None when the server is silent."""
    goes_on = response.status == 206
    if not goes_on:
        note.write_text(
            json.dumps(
                {"etag": response.headers.get("ETag", ""), "modified": response.headers.get("Last-Modified", "")}
            )
        )
    start = part.stat().st_size if goes_on else 0
    length = response.headers.get("Content-Length")
    total = start + int(length) if length else None
    if (total or 0) > LARGEST_BYTES:
        raise DownloadFailed(f"{part.stem} is groter dan {LARGEST_BYTES // 1_000_000} MB en wordt niet opgehaald.")
    with part.open("ab" if goes_on else "wb") as file:
        while chunk := response.read1(CHUNK_BYTES):
            file.write(chunk)
            if file.tell() > LARGEST_BYTES:
                raise DownloadFailed(
                    f"{part.stem} is groter dan {LARGEST_BYTES // 1_000_000} MB en wordt niet opgehaald."
                )
    return total


def _refuse_pages(part: Path, address: str) -> None:
    with part.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if not start or start.startswith((b"<!doctype", b"<html")):
        part.unlink()
        raise DownloadFailed(
            f"{address} geeft een webpagina of niets in plaats van een bestand. Het adres is waarschijnlijk veranderd."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
