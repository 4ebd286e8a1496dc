"""Signing in with the account of a school: the real server and a real provider, each in a process of its own."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
import requests
import yaml

from regio.accounts.providers import claims_of, shows_second_step
from tests.factories.provider import CLIENT, SECRET, free_port, provider, running
from tests.helpers import CHECKOUT


@dataclass
class Sites:
    """The addresses of product and provider, and the settings of the product's processes."""

    product: str
    provider: str
    settings: dict

    def command(self, *arguments):
        command = [sys.executable, "-m", "regio", *arguments]
        return subprocess.run(
            command, env=self.settings, check=True, capture_output=True, text=True, cwd=CHECKOUT
        ).stdout


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schoolaccount")
    port = free_port()
    product = f"http://127.0.0.1:{port}"
    back = " ".join(f"{product}/inloggen/via/{name}/terug/" for name in ("school", "los"))
    with provider(folder, back=back) as address:
        file = folder / "providers.yaml"
        file.write_text(yaml.safe_dump({"providers": providers(address)}))
        settings = {
            **os.environ, "REGIO_HOME": str(folder), "PYTHONPATH": str(CHECKOUT / "src"), "REGIO_STATIC": "plain",
            "REGIO_PROVIDERS": str(file), "PROEF_GEHEIM": SECRET, "REGIO_OPEN": "1",
        }  # fmt: skip
        for not_ours in ("DJANGO_SETTINGS_MODULE", "REGIO_DATABASE_URL"):
            settings.pop(not_ours, None)
        made = Sites(product, address, settings)
        made.command("migrate", "--verbosity", "0")
        for name in ("ans", "bas", "fem"):
            made.command(
                "person",
                "add",
                f"{name}@voorbeeld.example",
                "--role",
                "board_planner",
                "--organisation",
                "bestuur:90001",
            )
        server = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers-kill-timeout", "2", "--no-ws", "regio.site.wsgi:application",
        ]  # fmt: skip
        with running(server, settings=settings, log=folder / "server.log", answers_at=f"{product}/robots.txt"):
            yield made


def providers(address):
    """Return what an operator writes: the same provider twice, of which one does not vouch for mail addresses."""
    one = {
        "id": "school", "name": "Schoolaccount", "address": f"{address}/o", "client_id": CLIENT,
        "secret_variable": "PROEF_GEHEIM", "vouches_for_email": True,
        "claims": {"email": "mail", "organisation": "schac_home_organization"},
        "organisations": {"noordpolder.example": "bestuur:90001"},
        "second_factor": {"claim": "amr", "values": ["mfa"]},
    }  # fmt: skip
    return [one, {**one, "id": "los", "name": "Los account", "vouches_for_email": False}]


def key_of(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


def came_back(sites, name, *, at="school", browser=None):
    """Return the browser and the page somebody sees after signing in at the provider."""
    browser = browser or requests.Session()
    browser.get(f"{sites.provider}/als/{name}/", timeout=20)
    page = browser.get(f"{sites.product}/inloggen/", timeout=20)
    key = {"csrfmiddlewaretoken": key_of(page)}
    return browser, browser.post(f"{sites.product}/inloggen/via/{at}/", data=key, timeout=20)


def own_data(sites, browser):
    return browser.get(f"{sites.product}/account/gegevens/kopie.json", timeout=20)


def test_the_page_offers_the_accounts_by_name(sites):
    page = requests.get(f"{sites.product}/inloggen/", timeout=20).text
    assert "Inloggen met Schoolaccount" in page
    assert SECRET not in page


def test_a_planner_comes_in_with_the_schools_own_second_step(sites):
    browser, page = came_back(sites, "ans")
    assert page.url == f"{sites.product}/vandaag/"
    copy = own_data(sites, browser).json()
    assert copy["persoon"][0]["email"] == "ans@voorbeeld.example"
    assert copy["schoolaccounts"][0]["extra_data"] == {}
    browser, _ = came_back(sites, "ans")
    again = own_data(sites, browser).json()["schoolaccounts"]
    assert [(one["provider"], one["extra_data"]) for one in again] == [
        ("school", {})
    ]  # nothing kept the second time either


def test_without_that_claim_our_second_step_is_asked(sites):
    _, page = came_back(sites, "bas")
    assert page.url == f"{sites.product}/account/tweede-stap/"


@pytest.mark.parametrize(
    ("name", "at", "sentence"),
    [
        ("dik", "school", "Bij uw schoolaccount hoort hier nog geen uitnodiging."),
        ("cor", "school", "U heeft hier geen rol voor de organisatie waarmee u inlogt."),
        ("els", "school", "Uw school of opleiding stuurde geen e-mailadres mee."),
        ("fem", "los", "Bij uw schoolaccount hoort hier nog geen uitnodiging."),  # nobody vouches for the address
    ],
)
def test_who_was_not_invited_is_refused_in_plain_words(sites, name, at, sentence):
    browser, page = came_back(sites, name, at=at)
    assert (page.status_code, sentence in page.text) == (403, True)
    assert "Log in met een code" in page.text
    assert own_data(sites, browser).url.startswith(f"{sites.product}/inloggen/")


def test_who_stops_at_the_provider_reads_what_to_do(sites):
    back = f"{sites.product}/inloggen/via/school/terug/"
    for query in ({"error": "access_denied", "state": "x"}, {"code": "verzonnen", "state": "verzonnen"}, {}):
        answer = requests.get(back, params=query, timeout=20)
        assert answer.status_code < 500, query
        assert "Inloggen met uw schoolaccount lukte niet" in answer.text


def test_an_unknown_provider_is_not_there(sites):
    assert requests.get(f"{sites.product}/inloggen/via/anders/", timeout=20).status_code == 404


# --------------------------------------------------------------------------------------------------- what claims say
@pytest.mark.parametrize(
    ("claims", "wanted", "shown"),
    [
        ({"amr": ["pwd", "mfa"]}, {"claim": "amr", "values": ["mfa"]}, True),
        ({"amr": ["pwd"]}, {"claim": "amr", "values": ["mfa"]}, False),
        ({"acr": "urn:loa:2"}, {"claim": "acr", "values": ["urn:loa:2", "urn:loa:3"]}, True),
        ({"acr": "urn:loa:1"}, {"claim": "acr", "values": ["urn:loa:2"]}, False),
        ({"amr": ["mfa"]}, {}, False),
        ({"": ["mfa"]}, {"values": ["mfa"]}, False),
        ({}, {"claim": "amr", "values": ["mfa"]}, False),
    ],
)
def test_the_second_step_counts_only_where_the_claim_says_so(claims, wanted, shown):
    assert shows_second_step(claims, {"second_factor": wanted}) is shown


def test_the_signed_token_has_the_last_word():
    assert claims_of({"userinfo": {"amr": ["mfa"], "mail": "a"}, "id_token": {"amr": ["pwd"]}}) == {
        "amr": ["pwd"],
        "mail": "a",
    }
