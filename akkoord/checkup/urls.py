"""Staff pages of the check-up."""

from django.urls import path

from akkoord.checkup import dpia_views, views

app_name = "checkup"
urlpatterns = [
    path("", views.index, name="index"),
    path("vraag/<slug:key>/", views.question, name="question"),
    path("plan/<slug:key>/", views.plan, name="plan"),
    path("plan/<slug:key>/klaar/", views.done, name="done"),
    path("dossier.zip", views.dossier, name="dossier"),
    path("mail/", views.mail, name="mail"),
    path("cursus/", views.course, name="course"),
    path("dpia/", dpia_views.index, name="dpia"),
    path("dpia/eens/", dpia_views.confirm, name="dpia_confirm"),
    path("dpia/<slug:key>/", dpia_views.one, name="dpia_one"),
    path("dpia/<slug:key>/criteria/", dpia_views.screen, name="dpia_screen"),
    path("dpia/<slug:key>/stap/<slug:step>/", dpia_views.step, name="dpia_step"),
    path("dpia/<slug:key>/<int:number>.pdf", dpia_views.pdf, name="dpia_pdf"),
]
