"""Staff pages of campaigns."""

from django.urls import path, re_path

from akkoord.campaigns import (
    archive_views,
    editor_views,
    hook_views,
    outside_views,
    sending_views,
    service_views,
    start_views,
    version_views,
    views,
    when_views,
)

app_name = "campaigns"
urlpatterns = [
    path("", views.index, name="index"),
    path("versturen/", sending_views.sending, name="sending"),
    path("versturen/genoeg/", sending_views.cap, name="sending_cap"),
    path("versturen/tempo/", sending_views.pace, name="sending_pace"),
    path("versturen/server/", sending_views.server_add, name="server_add"),
    path(
        "versturen/server/<uuid:server_id>/weg/", sending_views.server_remove, name="server_remove"
    ),
    path("versturen/server/<slug:key>/proef/", sending_views.server_test, name="server_test"),
    path("service/", service_views.index, name="service"),
    path("service/nieuw/", service_views.write, name="service_create"),
    path("service/over/<uuid:person_id>/", service_views.about, name="service_about"),
    path("service/verzonden/<uuid:dispatch_id>/", service_views.sent, name="service_sent"),
    path("service/<uuid:template_id>/", service_views.write, name="service_write"),
    path("service/<uuid:template_id>/beeld/", service_views.preview, name="service_preview"),
    path("service/<uuid:template_id>/versturen/", service_views.send, name="service_send"),
    path("service/<uuid:template_id>/weg/", service_views.put_away, name="service_end"),
    path(
        "versturen/server/<slug:key>/aanbieder/",
        hook_views.server_provider,
        name="server_provider",
    ),
    path("versturen/meldingen/<slug:provider>/", hook_views.hook_make, name="hook_make"),
    path("versturen/meldingen/<slug:provider>/bewijs/", hook_views.hook_proof, name="hook_proof"),
    path("versturen/meldingen/<slug:provider>/weg/", hook_views.hook_remove, name="hook_remove"),
    path("nieuw/", views.create, name="create"),
    path("nieuw/blokken/", start_views.start_blocks, name="start_blocks"),
    path("nieuw/beeld/<uuid:kept_id>/weg/", start_views.beginning_remove, name="beginning_remove"),
    path("nieuw/beeld/<str:beginning>/", start_views.beginning, name="beginning"),
    path("<uuid:campaign_id>/blokken/", editor_views.editor, name="editor"),
    path("<uuid:campaign_id>/blokken/<slug:block_id>/", editor_views.block, name="block"),
    path("<uuid:campaign_id>/kop/", editor_views.head, name="head"),
    path("<uuid:campaign_id>/kladblad/", editor_views.draft, name="draft"),
    path("<uuid:campaign_id>/anders/", start_views.otherwise, name="otherwise"),
    path("<uuid:campaign_id>/bewaren/", start_views.keep, name="keep"),
    path("<uuid:campaign_id>/versies/", version_views.versions, name="versions"),
    path("nieuw/push/", views.create_push, name="create_push"),
    path("archief/", archive_views.page, name="archive"),
    path("archief/<slug:slug>/", archive_views.switch, name="archive_switch"),
    path("<uuid:campaign_id>/archief/", archive_views.move, name="archive_move"),
    path("<uuid:campaign_id>/", views.detail, name="detail"),
    path("<uuid:campaign_id>/schrijven/", views.revise, name="revise"),
    path("<uuid:campaign_id>/controle/", views.check, name="check"),
    path("<uuid:campaign_id>/controle/<slug:reason>/", views.refused, name="refused"),
    path("<uuid:campaign_id>/buiten/", outside_views.outside, name="outside"),
    path("<uuid:campaign_id>/mensen/", views.people, name="people"),
    path("<uuid:campaign_id>/beeld/", views.preview, name="preview"),
    path("<uuid:campaign_id>/proef/", views.test, name="test"),
    path("<uuid:campaign_id>/versturen/", views.send, name="send"),
    path("<uuid:campaign_id>/wanneer/", when_views.when, name="when"),
    path("<uuid:campaign_id>/van-de-planning/", when_views.unplan, name="unplan"),
    path("<uuid:campaign_id>/kopie/", views.copy, name="copy"),
    re_path(
        r"^(?P<campaign_id>[0-9a-f-]{36})/(?P<act>pauze|verder|stop)/$", views.steer, name="steer"
    ),
]
