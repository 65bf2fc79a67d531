"""Public pages of the register: the logo, and what an inspector sees by a link."""

from django.urls import path

from akkoord.register import inspect_public, public

app_name = "register_public"
urlpatterns = [
    path("inzage/<str:token>/", inspect_public.index, name="inspect"),
    path("inzage/<str:token>/bestand/<slug:name>/", inspect_public.export, name="inspect_file"),
    path("inzage/<str:token>/dossier.zip", inspect_public.dossier, name="inspect_dossier"),
    path("inzage/<str:token>/bedrijf/<slug:key>/", inspect_public.company, name="inspect_company"),
    path("inzage/<str:token>/<slug:key>/", inspect_public.history, name="inspect_history"),
    path("logo/<slug:name>.png", public.logo, name="logo"),
]
