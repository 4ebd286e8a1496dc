"""A provider of school accounts for tests: a small Django project with django-oauth-toolkit, in a process of its own.

It speaks like SURFconext and Entree: the mail in `mail`, the organisation in `schac_home_organization`, as a list, and in
`amr` how somebody proved who they are. `/als/NAME/` signs in one of `PEOPLE` without a password.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

CLIENT, SECRET = "regio-in-de-test", "geheim-van-de-test"
PEOPLE = {
    "ans": {"mail": "ans@voorbeeld.example", "schac_home_organization": ["noordpolder.example"], "amr": ["pwd", "mfa"]},
    "bas": {"mail": "bas@voorbeeld.example", "schac_home_organization": ["noordpolder.example"], "amr": ["pwd"]},
    "cor": {"mail": "ans@voorbeeld.example", "schac_home_organization": ["elders.example"], "amr": ["mfa"]},
    "dik": {"mail": "onbekend@voorbeeld.example", "schac_home_organization": ["noordpolder.example"]},
    "els": {"schac_home_organization": ["noordpolder.example"]},
    "fem": {
        "mail": "fem@voorbeeld.example",
        "schac_home_organization": ["noordpolder.example"],
        "email_verified": False,
    },
}
PROGRAM = """
import os, sys
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="provider", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True,
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SESSION_COOKIE_NAME="provider",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}}],
    OAUTH2_PROVIDER={{
        "OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": {key!r}, "OAUTH2_VALIDATOR_CLASS": __name__ + ".Validator",
        "SCOPES": {{"openid": "", "profile": "", "email": ""}}, "PKCE_REQUIRED": True,
    }},
)
django.setup()
from django.contrib.auth import get_user_model, login
from django.http import HttpResponse
from django.urls import include, path
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator
PEOPLE = {people!r}

class Validator(OAuth2Validator):
    oidc_claim_scope = None
    def get_additional_claims(self, request):
        return PEOPLE[request.user.username]

def become(request, name):
    login(request, get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse(name)

urlpatterns = [path("als/<str:name>/", become), path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]

if __name__ == "__main__":
    from django.core.management import call_command
    sys.modules["provider"] = sys.modules[__name__]
    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        get_user_model().objects.create_user(name)
    Application.objects.create(
        client_id={client!r}, client_secret={secret!r}, client_type="confidential", algorithm="RS256", skip_authorization=True,
        authorization_grant_type="authorization-code", redirect_uris={back!r},
    )
    call_command("runserver", {address!r}, use_reloader=False, skip_checks=True)
"""


def free_port():
    """Return a port of this computer that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def running(command, *, settings, log, answers_at):
    """Run a server until the block ends; wait until it answers."""
    with log.open("w") as output, subprocess.Popen(command, env=settings, stdout=output, stderr=output) as server:
        try:
            _wait(server, answers_at, log)
            yield
        finally:
            server.terminate()


def _wait(server, address, log):
    limit = time.monotonic() + 30
    while time.monotonic() < limit and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} does not answer: {log.read_text()[-2000:]}")


@contextmanager
def provider(folder, *, back):
    """Run the provider; give its address. `back`: where it may send people back to, addresses with a space between."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    address = f"127.0.0.1:{free_port()}"
    program = folder / "provider.py"
    values = {"database": str(folder / "provider.sqlite3"), "key": key.decode(), "people": PEOPLE, "client": CLIENT}
    program.write_text(PROGRAM.format(**values, secret=SECRET, back=back, address=address))
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, str(program)]
    with running(
        command, settings=surroundings, log=folder / "provider.log", answers_at=f"http://{address}/o/.well-known/openid-configuration"
    ):  # fmt: skip
        yield f"http://{address}"
