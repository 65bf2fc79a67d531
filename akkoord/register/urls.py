"""Staff pages of the register: first run, topics, register, settings."""

from django.urls import path

from akkoord.register import balancing_views, channel_views, customer_views, field_views, views

app_name = "register"
urlpatterns = [
    path("begin/", views.begin, name="begin"),
    path("onderwerpen/", views.topics, name="topics"),
    path("onderwerpen/meten/", views.measuring, name="measuring"),
    path("onderwerpen/nieuw/", views.topic_create, name="topic_create"),
    path("onderwerpen/<slug:slug>/", views.topic_detail, name="topic_detail"),
    path("onderwerpen/<slug:slug>/wijzigen/", views.topic_revise, name="topic_revise"),
    path("onderwerpen/<slug:slug>/duur/", views.topic_life, name="topic_life"),
    path("onderwerpen/<slug:slug>/manieren/", channel_views.topic_channels, name="topic_channels"),
    path(
        "onderwerpen/<slug:slug>/klanten/", customer_views.topic_customers, name="topic_customers"
    ),
    path("producten/", customer_views.products, name="products"),
    path("producten/boekhouding/", customer_views.books, name="books"),
    path("producten/naam/", customer_views.seller, name="seller"),
    path("producten/<uuid:group_id>/", customer_views.product_change, name="product_change"),
    path("onderwerpen/<slug:slug>/stoppen/", views.topic_end, name="topic_end"),
    path("register/", views.index, name="index"),
    path("register/<slug:key>/", views.activity, name="activity"),
    path("register/<slug:key>/brieven/", balancing_views.balancing_test, name="balancing"),
    path(
        "register/<slug:key>/brieven/stoppen/", balancing_views.balancing_end, name="balancing_end"
    ),
    path("register/<slug:key>/brieven/gekocht/", balancing_views.post_check, name="post_check"),
    path("register/<slug:key>/velden/", field_views.activity_fields, name="activity_fields"),
    path(
        "register/<slug:key>/velden/<slug:field>/niet-meer/",
        field_views.field_release,
        name="field_release",
    ),
    path("velden/", field_views.fields, name="fields"),
    path("velden/nieuw/", field_views.field_create, name="field_create"),
    path("velden/<slug:key>/keuzes/", field_views.field_choices, name="field_choices"),
    path("instellingen/", views.settings, name="settings"),
]
