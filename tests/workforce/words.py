"""Reading a page in a test: its text, and its words on one line without tags."""

import re


def text(client, address, **query):
    """Return the source of a page."""
    return client.get(address, query).content.decode()


def plain(page):
    """Return the words of a page on one line, without tags."""
    spaced = re.sub(r"</?(?:t[dhr]|d[td]|small|caption|li|br|h\d|p|span)\b[^>]*>", " ", page)
    spaced = re.sub(r"<svg\b.*?</svg>", " ", spaced, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", "", spaced).replace("\u00a0", " ").replace("&nbsp;", " ").split())
