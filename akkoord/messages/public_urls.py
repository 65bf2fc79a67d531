"""Public addresses of messages: the counted links of a letter, and reports of providers."""

from django.urls import path

from akkoord.messages import hook_public, public

app_name = "messages_public"
urlpatterns = [
    path("k/<str:run>/<int:place>/", public.link, name="link"),
    path("k/<str:run>/<int:place>/<str:token>/", public.own_link, name="own_link"),
    path("k/o/<str:token>.gif", public.picture, name="picture"),
    path("hooks/<slug:provider>/<str:secret>/", hook_public.hook, name="hook"),
]
