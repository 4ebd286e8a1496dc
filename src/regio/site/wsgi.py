"""WSGI entry for granian; an open installation does not start where the server listens on another address."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from regio.accounts.loopback import check_sockets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.site.settings")
application = get_wsgi_application()
if settings.OPEN:
    check_sockets()
