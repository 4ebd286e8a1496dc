"""Settings of one installation. Everything that differs per installation comes from the environment.

REGIO_HOME (default `var/` in the checkout) holds all state: database, downloads, charts, built static files.
"""

import os
from pathlib import Path

from regio.accounts.loopback import check_hosts

from .database import database_from_environment
from .logs import log_settings
from .production import DEMO_KEY, security_settings
from .signing_in import PROVIDER_APP, SIGN_IN_APPS, mail_settings, provider_settings, sign_in_settings

CHECKOUT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("REGIO_HOME", CHECKOUT / "var"))

DEMO = os.environ.get("REGIO_DEMO") == "1"
# On this computer alone nobody signs in: the demo, and `run.py serve` for one planner with the public files.
OPEN = DEMO or os.environ.get("REGIO_OPEN") == "1"
DEBUG = False
SECRET_KEY = os.environ.get("REGIO_SECRET_KEY", DEMO_KEY)
ALLOWED_HOSTS = os.environ.get("REGIO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
if OPEN:
    check_hosts(ALLOWED_HOSTS)
TRUSTED_PROXIES = int(os.environ.get("REGIO_PROXIES", 0))  # of our own, before the server
HEALTH_TOKEN = os.environ.get("REGIO_HEALTH_TOKEN", "")  # with it a monitor reads why something is wrong
SECURITY_CONTACT = os.environ.get(
    "REGIO_SECURITY_CONTACT", ""
)  # mailto: or https: address for /.well-known/security.txt
SCANNER = os.environ.get("REGIO_SCANNER", "")  # program that looks for viruses in what people bring
SITE_ADDRESS = f"http{'' if OPEN else 's'}://{ALLOWED_HOSTS[0]}" + (":8000" if OPEN else "")  # for links in mails
COMMIT = os.environ.get("REGIO_COMMIT", "")
globals().update(security_settings(is_open=OPEN, proxies=TRUSTED_PROXIES))

INSTALLED_APPS = [
    "regio.site",
    "regio.desk",
    "regio.desk.cases",
    "regio.workforce",
    "regio.regions",
    "regio.accounts",
    "regio.audit",
    "regio.shared",
    *SIGN_IN_APPS,
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
PROVIDERS = os.environ.get("REGIO_PROVIDERS")  # file that names the providers of school accounts
if PROVIDERS:
    INSTALLED_APPS.append(PROVIDER_APP)  # brings an HTTP client: only where it is used, a server starts faster without
SOCIALACCOUNT_PROVIDERS = provider_settings(PROVIDERS)

MIDDLEWARE = [
    "regio.site.logs.with_number",
    "django.middleware.security.SecurityMiddleware",
    "regio.accounts.loopback.OnlyHere",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "regio.site.middleware.say_what_is_not_done",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "regio.accounts.middleware.SignedIn",
    "regio.accounts.middleware.Guard",
    "regio.site.limiting.Limits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
globals().update(sign_in_settings(is_open=OPEN))
globals().update(mail_settings(HOME))

ROOT_URLCONF = "regio.site.urls"
WSGI_APPLICATION = "regio.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "regio.site.context.installation",
                "regio.accounts.context.who_is_here",
            ],
        },
    }
]

DATABASES = {"default": database_from_environment(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KEEP_PAGES = True  # pages that are the same for everybody, until the data change (regio.shared.pages)

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # numbers are written by regio.shared.formatting; a year or a key is no quantity

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
ASSETS = HOME / "assets"  # fonts, cut by `regio build_assets`
ASSETS.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [ASSETS]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if os.environ.get("REGIO_STATIC") == "plain":  # tests and development: no collectstatic first
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "report-uri": "/csp-melding",
        "report-to": "meldingen",
    }
}

LOGGING = log_settings(as_json=os.environ.get("REGIO_LOG", "text" if OPEN else "json") == "json")
