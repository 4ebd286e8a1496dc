"""What a browser is told with every page: nothing inline, nothing from elsewhere, and what it may keep."""

import gzip
import re
import urllib.request


def fetch(address):
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers, answer.read()


def test_pages_allow_nothing_inline_and_nothing_from_elsewhere(demo_site):
    headers, _ = fetch(demo_site)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_styles_are_compressed_and_may_be_kept_for_ever(demo_site):
    headers, body = fetch(demo_site)
    assert headers["Content-Encoding"] == "gzip"
    styles = re.findall(r'href="(/static/[^"]+\.css)"', gzip.decompress(body).decode())
    assert styles
    for style in styles:
        kept, _ = fetch(demo_site.rstrip("/") + style)
        assert kept["Content-Encoding"] == "gzip", style
        assert "immutable" in kept["Cache-Control"]
