"""Staff pages: requests, what is kept of a person, forgetting, certificates."""

from django.urls import path

from akkoord.rights import handling_views, list_views, place_views, recipient_views, views

app_name = "rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("nieuw/", views.open_new, name="open"),
    path("ontvangers/", recipient_views.index, name="recipients"),
    path("ontvangers/<uuid:recipient_id>/", recipient_views.way, name="recipient_way"),
    path("ontvangers/bericht/<uuid:notice_id>/", recipient_views.answered, name="notice_answered"),
    path("persoon/<uuid:person_id>/ontvanger/", recipient_views.hand, name="hand"),
    path("lijsten/", list_views.index, name="lists"),
    path("lijsten/nieuw/", list_views.new, name="list_new"),
    path("lijsten/<uuid:list_id>/", list_views.page, name="list"),
    path("lijsten/<uuid:list_id>/vragen/", list_views.ask, name="list_ask"),
    path("lijsten/<uuid:list_id>/goedkeuren/", list_views.approve, name="list_approve"),
    path("lijsten/<uuid:list_id>/afwijzen/", list_views.refuse, name="list_refuse"),
    path("lijsten/<uuid:list_id>/stoppen/", list_views.stop, name="list_stop"),
    path("lijsten/<uuid:list_id>/verslag.json", list_views.report, name="list_report"),
    path("lijsten/<uuid:list_id>/verslag.pdf", list_views.report_paper, name="list_paper"),
    path("<uuid:request_id>/", views.request_page, name="request"),
    path("<uuid:request_id>/klaar/", views.close, name="close"),
    path("<uuid:request_id>/weigeren/", views.refuse, name="refuse"),
    path("<uuid:request_id>/langer/", views.extend, name="extend"),
    path("<uuid:request_id>/langer.pdf", handling_views.extension_file, name="extension_file"),
    path("<uuid:request_id>/langer/verteld/", handling_views.told, name="extension_told"),
    path("<uuid:request_id>/wie/", handling_views.attach, name="attach"),
    path("<uuid:request_id>/meer-vragen/", handling_views.ask_more, name="ask_more"),
    path("<uuid:request_id>/onderdeel/", handling_views.finish, name="finish"),
    path("<uuid:request_id>/afweging/", handling_views.assess, name="assess"),
    path("<uuid:request_id>/aantekening/", handling_views.annotate, name="annotate"),
    path("<uuid:request_id>/weer-gebruiken/", handling_views.lift, name="lift"),
    path("<uuid:request_id>/brief/", handling_views.letter, name="letter"),
    path("<uuid:request_id>/versturen/", handling_views.deliver, name="deliver"),
    path("<uuid:request_id>/brief.pdf", handling_views.letter_file, name="letter_file"),
    path("<uuid:request_id>/antwoord.zip", handling_views.bundle, name="bundle"),
    path("persoon/<uuid:person_id>/", views.keep, name="keep"),
    path("persoon/<uuid:person_id>/bestand/", views.export, name="export"),
    path("persoon/<uuid:person_id>/vergeten/", views.forget_person, name="forget"),
    path("certificaat/<str:reference>/", views.certificate, name="certificate"),
    path("certificaat/<str:reference>/leeg/", place_views.empty, name="place_empty"),
    path("certificaat/<str:reference>/blijft/", place_views.keep, name="place_keep"),
    path("certificaat/<str:reference>/van-schijf/", place_views.left_disk, name="left_disk"),
    path("certificaat/<str:reference>/opnieuw/", views.look_again, name="look_again"),
]
