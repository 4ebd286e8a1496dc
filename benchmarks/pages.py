"""Measures the pages: 16 readers with a second to think, for 60 seconds, on the invented region.

Starts the demo on a free port of this computer, collects pages by following links from the start page, lets the
readers walk, and prints p50, p95, the slowest page, errors and weights. Bars: p95 under 100 ms, no errors, a page
without a chart under 60 kB gzip. The generator runs on the same machine, so the figures are on the safe side.
"""

import argparse
import http.client
import json
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
BAR_P95_MS = 100
BAR_PAGE_BYTES = 60_000
LINK = re.compile(r'href="(/[^"#?]*)"')
NOT_PAGES = ("/static/", ".csv", ".svg", "/taken/")


def main() -> int:
    """Run the benchmark; return 1 where a bar is missed."""
    options = _options()
    port = _free_port()
    demo = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "demo", "--no-browser", "--port", str(port)],
        cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port)
        pages = _collect(port, options.pages)
        timings, errors = _walk(port, pages, readers=options.readers, seconds=options.seconds)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=20)
    return _report(pages, timings, errors)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pages", type=int, default=60)
    return parser.parse_args()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, patience_s: float = 180) -> None:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            if _get(http.client.HTTPConnection(HOST, port, timeout=5), "/")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("De demo gaf geen eerste pagina.")


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def _collect(port: int, number: int) -> dict[str, int]:
    """Follow links from the start page; return pages with their weight as sent [bytes]."""
    import gzip

    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    queue, pages = ["/"], {}
    while queue and len(pages) < number:
        path = queue.pop(0)
        status, body = _get(connection, path)
        if status != 200:
            continue
        pages[path] = len(body)
        text = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode(errors="replace")
        for found in LINK.findall(text):
            if found not in pages and found not in queue and not any(part in found for part in NOT_PAGES):
                queue.append(found)
    return pages


def _walk(
    port: int, pages: dict[str, int], *, readers: int, seconds: float
) -> tuple[dict[str, list[float]], list[tuple[str, int]]]:
    timings: dict[str, list[float]] = defaultdict(list)
    errors: list[tuple[str, int]] = []
    end = time.monotonic() + seconds

    def reader(number: int) -> None:
        choose = random.Random(number)
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        time.sleep(choose.random())
        while time.monotonic() < end:
            path = choose.choice(list(pages))
            began = time.perf_counter()
            try:
                status, _ = _get(connection, path)
            except (OSError, http.client.HTTPException):
                status, connection = 0, http.client.HTTPConnection(HOST, port, timeout=30)
            timings[path].append(1000 * (time.perf_counter() - began))
            if status != 200:
                errors.append((path, status))
            time.sleep(1)

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return timings, errors


def _report(pages: dict[str, int], timings: dict[str, list[float]], errors: list[tuple[str, int]]) -> int:
    every = sorted(value for values in timings.values() for value in values)
    p95 = every[int(0.95 * len(every))]
    slowest = max(timings, key=lambda path: statistics.median(timings[path]))
    print(
        json.dumps(
            {
                "requests": len(every),
                "errors": len(errors),
                "p50_ms": round(statistics.median(every), 1),
                "p95_ms": round(p95, 1),
                "max_ms": round(every[-1], 1),
                "slowest_page": slowest,
                "slowest_page_median_ms": round(statistics.median(timings[slowest]), 1),
                "pages": len(pages),
                "heaviest_pages_bytes": dict(sorted(pages.items(), key=lambda item: -item[1])[:5]),
            },
            indent=1,
            ensure_ascii=False,
        )
    )
    for path, status in errors[:10]:
        print(f"fout {status}: {path}")
    return int(bool(errors) or p95 > BAR_P95_MS)


if __name__ == "__main__":
    sys.exit(main())
