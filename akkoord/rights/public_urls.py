"""Public addresses: my data, forget me, and certificates by their reference."""

from django.urls import path

from akkoord.rights import public, public_answer, public_request, recipient_public

app_name = "rights_public"
urlpatterns = [
    path("privacyverzoek/", public_request.ask, name="request_new"),
    path("privacyverzoek/<str:token>/", public_request.request_page, name="request"),
    path("antwoord/<str:token>/", public_answer.answer, name="answer"),
    path("antwoord/<str:token>/ophalen/", public_answer.fetch, name="fetch"),
    path("mijn/vraag/<str:token>/", public.ask, name="ask"),
    path("mijn/<str:token>/", public.mine, name="mine"),
    path("mijn/<str:token>/gegevens.json", public.mine_file, name="mine_file"),
    path("mijn/<str:token>/gegevens.zip", public.mine_bundle, name="mine_bundle"),
    path("ontvanger/<str:token>/", recipient_public.notice, name="recipient"),
    path("certificaat/<str:reference>/", public.certificate, name="certificate"),
    path("certificaat/<str:reference>/bewijs.json", public.certificate_file, name="file"),
    path("certificaat/<str:reference>/bewijs.pdf", public.certificate_paper, name="paper"),
]
