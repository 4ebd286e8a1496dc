"""WSGI entry for granian; it does not start where an open installation would listen on another address, or without a key."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from regio.accounts.loopback import check_sockets
from regio.site.production import check_secret_key

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.site.settings")
application = get_wsgi_application()
if settings.OPEN:
    check_sockets()
else:
    check_secret_key(settings.SECRET_KEY)
