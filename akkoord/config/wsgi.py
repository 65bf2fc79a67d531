"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from akkoord.config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akkoord.config.settings")
end_with_parent()
application = get_wsgi_application()
# Load every page now: the first visitor does not wait, and a fault stops the start.
assert get_resolver().url_patterns  # noqa: S101
