"""Staff pages of delivery: the built-in mailbox."""

from django.urls import path

from akkoord.delivery import views

app_name = "delivery"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:mail_id>/", views.mail, name="mail"),
    path("<uuid:mail_id>/document/", views.mail_document, name="document"),
]
