"""Addresses of the room: the end-points under /api/v1/, and their description."""

from django.urls import path

from akkoord.api.service import service
from akkoord.api.views import docs, nothing

urlpatterns = [
    path("docs", docs, name="api_docs"),
    path("v1/", service.urls),
    path("v1/<path:rest>", nothing, name="api_nothing"),
]
