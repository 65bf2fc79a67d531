"""Staff addresses: forms, overview, wordings, the list, and one person's consent."""

from django.urls import path

from akkoord.consent import evidence_views, person_views, push_views, views

app_name = "consent"
urlpatterns = [
    path("", views.forms, name="forms"),
    path("nieuw/", views.form_create, name="form_create"),
    path("push/nieuw/", push_views.create, name="push_create"),
    path("push/<uuid:form_id>/", push_views.page, name="push_page"),
    path("push/<uuid:form_id>/wijzigen/", push_views.edit, name="push_edit"),
    path("push/<uuid:form_id>/publiceren/", push_views.publish, name="push_publish"),
    path("overzicht/", views.overview, name="overview"),
    path("niet-gebruiken/", views.suppressions, name="suppressions"),
    path("woorden/", views.wordings, name="wordings"),
    path("woorden/nieuw/", views.wording_create, name="wording_create"),
    path("script/nieuw/", evidence_views.script_create, name="script_create"),
    path("bewijs/<uuid:file_id>/", evidence_views.file, name="evidence_file"),
    path("mens/<uuid:person_id>/ja/", person_views.grant, name="person_grant"),
    path("mens/<uuid:person_id>/nee/", person_views.stop, name="person_stop"),
    path("<uuid:form_id>/", views.form, name="form"),
    path("<uuid:form_id>/wijzigen/", views.form_edit, name="form_edit"),
    path("<uuid:form_id>/publiceren/", views.form_publish, name="form_publish"),
    path("<uuid:form_id>/sluiten/", views.form_close, name="form_close"),
]
