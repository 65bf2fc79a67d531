"""Public addresses: form, confirmation, one-click, preference centre, why."""

from django.urls import path

from akkoord.consent import (
    public,
    public_code,
    public_device,
    public_embed,
    public_parent,
    public_preferences,
    public_push,
    public_receipts,
    public_renew,
)

app_name = "consent_public"
urlpatterns = [
    path("f/<slug:slug>/", public.form_page, name="form"),
    path("f/<slug:slug>/gevraagd/", public.asked, name="asked"),
    path("f/<slug:slug>/begonnen/", public.begun, name="begun"),
    path("f/<slug:slug>/formulier.js", public_embed.script, name="embed_script"),
    path("f/<slug:slug>/formulier.json", public_embed.shown, name="embed_shown"),
    path("f/<slug:slug>/aanmelden/", public_embed.post, name="embed_post"),
    path("b/<str:token>/", public.confirm, name="confirm"),
    path("ouder/stop/<str:token>/", public_parent.stop, name="parent_stop"),
    path("ouder/<str:token>/", public_parent.parent, name="parent"),
    path("u/<str:token>/", public.stop, name="stop"),
    path("u/<str:token>/minder/", public.stop_then_less, name="less"),
    path("u/<str:token>/reden/", public.stop_then_why, name="reason"),
    path("v/<str:token>/", public_preferences.preferences, name="preferences"),
    path("v/<str:token>/bewijs/", public_receipts.receipts, name="receipts"),
    path("v/<str:token>/bewijs/<uuid:event>/", public_receipts.receipt, name="receipt"),
    path(
        "v/<str:token>/bewijs/<uuid:event>.pdf",
        public_receipts.receipt,
        {"kind": "pdf"},
        name="receipt_pdf",
    ),
    path(
        "v/<str:token>/bewijs/<uuid:event>.json",
        public_receipts.receipt,
        {"kind": "json"},
        name="receipt_json",
    ),
    path("ja/<str:token>/", public_renew.renewal, name="renewal"),
    path("brief/", public_code.letter_code, name="letter_code"),
    path("voorkeuren/", public_preferences.ask_link, name="ask_link"),
    path("p/", public_push.anywhere, name="push_anywhere"),
    path("p/dienst.js", public_push.worker, name="push_worker"),
    path("p/icoon.png", public_push.icon, name="push_icon"),
    path("p/mijn/", public_push.mine, name="push_mine"),
    path("p/vernieuwd/", public_push.renewed, name="push_renewed"),
    path("p/stop/<str:token>/", public_push.stop, name="push_stop"),
    path("p/v/<str:token>/", public_device.device_page, name="push_device"),
    path("p/koppel/<str:token>/", public_device.link, name="push_link"),
    path("p/samen/<str:token>/", public_device.join, name="push_join"),
    path("p/<slug:slug>/", public_push.page, name="push"),
    path("p/<slug:slug>/aan/", public_push.allow, name="push_allow"),
    path("p/<slug:slug>/app.webmanifest", public_push.manifest, name="push_manifest"),
    path("waarom/<str:token>/formulier/", public_preferences.why_form, name="why_form"),
    path("waarom/<str:token>/", public_preferences.why, name="why"),
]
