"""Staff pages of data leaks."""

from django.urls import path

from akkoord.breaches import out_views, paper_views, step_views, views, who_views

app_name = "breaches"
urlpatterns = [
    path("", views.index, name="index"),
    path("melden/", step_views.begin, name="begin"),
    path("oefenen/", step_views.drill, name="drill"),
    path("les/<uuid:lesson_id>/klaar/", views.lesson_done, name="lesson_done"),
    path("<uuid:breach_id>/", views.breach, name="breach"),
    path("<uuid:breach_id>/geschiedenis/", views.history, name="history"),
    path("<uuid:breach_id>/stap/<slug:name>/", step_views.step, name="step"),
    path("<uuid:breach_id>/wie/", who_views.who, name="who"),
    path("<uuid:breach_id>/wie/zoeken/", who_views.scope_add, name="scope_add"),
    path("<uuid:breach_id>/wie/erbij/", who_views.person_add, name="person_add"),
    path("wie/<uuid:scope_id>/weg/", who_views.scope_remove, name="scope_remove"),
    path("<uuid:breach_id>/mensen/", who_views.people, name="people"),
    path("<uuid:breach_id>/besluit/", views.decide, name="decide"),
    path("<uuid:breach_id>/sluiten/", views.close, name="close"),
    path("<uuid:breach_id>/openen/", views.reopen, name="reopen"),
    path("<uuid:breach_id>/les/", views.lesson_add, name="lesson_add"),
    path("<uuid:breach_id>/ap/", out_views.authority, name="authority"),
    path("<uuid:breach_id>/ap/pdf/", out_views.authority_file, name="authority_file"),
    path("<uuid:breach_id>/brief/", out_views.letter, name="letter"),
    path("<uuid:breach_id>/brief/versturen/", out_views.letter_send, name="letter_send"),
    path(
        "<uuid:breach_id>/brief/<uuid:run_id>/<slug:act>/",
        out_views.letter_steer,
        name="letter_steer",
    ),
    path("<uuid:breach_id>/post/", out_views.post, name="post"),
    path("<uuid:breach_id>/post/<slug:kind>/", out_views.post_file, name="post_file"),
    path("<uuid:breach_id>/post-kiezen/", out_views.post_choose, name="post_choose"),
    path("<uuid:breach_id>/gepost/", out_views.post_handed, name="post_handed"),
    path("<uuid:breach_id>/openbaar/", out_views.public, name="public"),
    path("register/<slug:kind>/", paper_views.register_file, name="register_file"),
    path("protocol/", paper_views.protocol_page, name="protocol"),
    path("protocol/pdf/", paper_views.protocol_file, name="protocol_file"),
]
