"""Staff addresses: forms, overview, wordings, the list, and one person's consent."""

from django.urls import path

from akkoord.consent import (
    enquiry_views,
    evidence_views,
    form_views,
    incoming_views,
    list_views,
    person_views,
    place_views,
    push_views,
    tablet_views,
    views,
)

app_name = "consent"
urlpatterns = [
    path("", form_views.forms, name="forms"),
    path("nieuw/", form_views.form_create, name="form_create"),
    path("voorbeeld/", form_views.form_preview, name="form_preview"),
    path("versie/<uuid:point_id>/", form_views.form_version, name="form_version"),
    path("vragen/", enquiry_views.index, name="enquiries"),
    path("vragen/<uuid:enquiry_id>/", enquiry_views.enquiry, name="enquiry"),
    path("vragen/<uuid:enquiry_id>/klaar/", enquiry_views.close, name="enquiry_close"),
    path("push/nieuw/", push_views.create, name="push_create"),
    path("push/<uuid:form_id>/", push_views.page, name="push_page"),
    path("push/<uuid:form_id>/wijzigen/", push_views.edit, name="push_edit"),
    path("push/<uuid:form_id>/publiceren/", push_views.publish, name="push_publish"),
    path("overzicht/", views.overview, name="overview"),
    path("niet-gebruiken/", views.suppressions, name="suppressions"),
    path("post/", incoming_views.incoming, name="incoming"),
    path("post/<uuid:mail_id>/", incoming_views.incoming_handle, name="incoming_handle"),
    path("woorden/", views.wordings, name="wordings"),
    path("woorden/nieuw/", views.wording_create, name="wording_create"),
    path("lijst/nieuw/", list_views.create, name="list_create"),
    path("lijst/<uuid:file_id>/", list_views.match, name="list_match"),
    path("script/nieuw/", evidence_views.script_create, name="script_create"),
    path("bewijs/<uuid:file_id>/", evidence_views.file, name="evidence_file"),
    path("mens/<uuid:person_id>/ja/", person_views.grant, name="person_grant"),
    path("mens/<uuid:person_id>/nee/", person_views.stop, name="person_stop"),
    path("<uuid:form_id>/", form_views.form, name="form"),
    path("<uuid:form_id>/wijzigen/", form_views.form_edit, name="form_edit"),
    path("<uuid:form_id>/plaatsen/", place_views.place, name="form_place"),
    path("<uuid:form_id>/code.svg", place_views.code, name="form_code"),
    path("<uuid:form_id>/<str:what>.pdf", place_views.paper, name="form_paper"),
    path("<uuid:form_id>/publiceren/", form_views.form_publish, name="form_publish"),
    path("<uuid:form_id>/tablet/", tablet_views.start, name="tablet_start"),
    path("<uuid:form_id>/sluiten/", form_views.form_close, name="form_close"),
]
