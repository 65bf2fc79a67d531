"""Public addresses of messages: the counted links of a letter."""

from django.urls import path

from akkoord.messages import public

app_name = "messages_public"
urlpatterns = [
    path("k/<str:run>/<int:place>/", public.link, name="link"),
    path("k/<str:run>/<int:place>/<str:token>/", public.own_link, name="own_link"),
    path("k/o/<str:token>.gif", public.picture, name="picture"),
]
