"""Staff pages of the check-up."""

from django.urls import path

from akkoord.checkup import views

app_name = "checkup"
urlpatterns = [
    path("", views.index, name="index"),
    path("vraag/<slug:key>/", views.question, name="question"),
    path("plan/<slug:key>/", views.plan, name="plan"),
    path("plan/<slug:key>/klaar/", views.done, name="done"),
    path("dossier.zip", views.dossier, name="dossier"),
    path("cursus/", views.course, name="course"),
]
