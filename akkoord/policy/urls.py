"""Staff pages of the policy."""

from django.urls import path

from akkoord.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.index, name="index"),
    path("publiceren/", views.publication, name="publish"),
    path("elders/", views.elsewhere, name="elsewhere"),
    path("woorden/<slug:place>/", views.words, name="words"),
    path("versie/<uuid:version_id>/", views.version, name="version"),
    path("versie/<uuid:version_id>/vertellen/", views.tell, name="tell"),
]
