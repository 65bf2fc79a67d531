"""Public addresses of messages: the counted links of a letter."""

from django.urls import path

from akkoord.messages import public

app_name = "messages_public"
urlpatterns = [path("k/<str:run>/<int:place>/", public.link, name="link")]
