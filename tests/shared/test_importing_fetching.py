"""The button that fetches new files: one job, a summary of what came of it, nothing in the invented region."""

import threading
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone

from regio.shared import jobs
from regio.shared.importing.fetching import KIND, summary
from regio.shared.models import ImportBatch, Job

pytestmark = pytest.mark.django_db

CHANGES = "Bestaan tot;Eindjaar;Oude;Nieuwe;Huidige code;Huidige naam\n1-1-2015;2014;GM9001;GM9002;GM9002;Vaartdorp\n"


@pytest.fixture
def publisher(tmp_path, settings, monkeypatch):
    """Serve a folder on this computer and let the download table point at one file in it; return the folder."""
    folder = tmp_path / "uitgever"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    table = tmp_path / "adressen.yaml"
    address = f"http://127.0.0.1:{server.server_port}/gemeentewijzigingen.csv"
    table.write_text(f"- {{dataset: gemeentewijzigingen, url: '{address}', name: gemeentewijzigingen.csv}}\n")
    monkeypatch.setenv("REGIO_DOWNLOADS", str(table))
    settings.HOME = tmp_path / "home"
    yield folder
    server.shutdown()
    server.server_close()


def press(client):
    answer = client.post(reverse("download"))
    job = Job.objects.get(kind=KIND)
    assert answer.url == reverse("job", args=[job.pk])
    return jobs.run(jobs.claim_next(now=timezone.now()))


def test_one_press_fetches_loads_and_says_what_came_of_it(client, publisher):
    (publisher / "gemeentewijzigingen.csv").write_bytes(CHANGES.encode("latin-1"))
    job = press(client)
    assert (job.state, job.message, job.result_path) == (Job.State.DONE, "Bestanden: 1 geladen.", "/bronnen/")
    assert ImportBatch.objects.get().dataset == "gemeentewijzigingen"
    assert "1 geladen" in client.get(reverse("job", args=[job.pk])).content.decode()


def test_nothing_to_fetch_is_said_in_a_sentence_and_changes_nothing(client, publisher):
    job = press(client)
    assert (job.state, job.failures) == (Job.State.WAITING, 1)  # tried again in five minutes
    assert job.message.startswith("Er is niets opgehaald.")
    assert not ImportBatch.objects.exists()


def test_the_invented_region_never_fetches_real_files(client, settings):
    settings.DEMO = True
    page = client.post(reverse("download"))
    assert "Regio Voorbeeld is verzonnen" in page.content.decode()
    assert not Job.objects.exists()


def test_the_summary_counts_every_outcome():
    outcomes = Counter({"geladen": 2, "ongewijzigd": 5, "geweigerd": 1})
    assert summary(outcomes, failures=3) == "Bestanden: 2 geladen, 5 ongewijzigd, 1 geweigerd. 3 niet opgehaald."
