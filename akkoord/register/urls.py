"""Staff pages of the register: first run, topics, register, settings."""

from django.urls import path

from akkoord.register import (
    balancing_views,
    care_views,
    channel_views,
    customer_views,
    entry_views,
    exception_views,
    field_views,
    file_views,
    published_views,
    views,
)

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
        "onderwerpen/<slug:slug>/bedrijven/",
        published_views.topic_published,
        name="topic_published",
    ),
    path(
        "onderwerpen/<slug:slug>/klanten/", customer_views.topic_customers, name="topic_customers"
    ),
    path("producten/", customer_views.products, name="products"),
    path("producten/boekhouding/", customer_views.books, name="books"),
    path("producten/naam/", customer_views.seller, name="seller"),
    path("producten/<uuid:group_id>/", customer_views.product_change, name="product_change"),
    path("onderwerpen/<slug:slug>/stoppen/", views.topic_end, name="topic_end"),
    path("register/", entry_views.index, name="index"),
    path("register/nieuw/", entry_views.start, name="start"),
    path("register/bedrijven/", care_views.company_list, name="companies"),
    path("register/bedrijven/nieuw/", care_views.company_new, name="company_new"),
    path("register/bedrijven/<uuid:recipient_id>/", care_views.company, name="company"),
    path(
        "register/bedrijven/<uuid:recipient_id>/stoppen/",
        care_views.company_end,
        name="company_end",
    ),
    path(
        "register/bedrijven/<uuid:recipient_id>/geschiedenis/",
        care_views.company_versions,
        name="company_history",
    ),
    path(
        "register/bedrijven/<uuid:recipient_id>/contract/",
        care_views.company_contract,
        name="company_contract",
    ),
    path("register/maatregelen/", care_views.measure_list, name="measures"),
    path(
        "register/maatregelen/<uuid:measure_id>/stoppen/",
        care_views.measure_end,
        name="measure_end",
    ),
    path("register/wie/", care_views.house, name="house"),
    path("register/wie/geschiedenis/", entry_views.house_history, name="house_history"),
    path("register/inzage/", care_views.inspectors, name="inspectors"),
    path(
        "register/inzage/<uuid:link_id>/intrekken/",
        care_views.inspector_revoke,
        name="inspector_revoke",
    ),
    path("register/bestand/<slug:name>/", file_views.export, name="export"),
    path("register/inlezen/", file_views.bring, name="bring"),
    path("register/<slug:key>/", entry_views.activity, name="activity"),
    path("register/<slug:key>/geschiedenis/", entry_views.history, name="history"),
    path("register/<slug:key>/stap/<int:number>/", entry_views.step, name="step"),
    path("register/<slug:key>/publiceren/", entry_views.publish, name="publish"),
    path("register/<slug:key>/beeindigen/", entry_views.end, name="end"),
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
    path("velden/uitzonderingen/", exception_views.index, name="exceptions"),
    path("velden/uitzonderingen/nieuw/", exception_views.create, name="exception_create"),
    path("velden/uitzonderingen/<slug:key>/", exception_views.detail, name="exception"),
    path("velden/uitzonderingen/<slug:key>/sluiten/", exception_views.end, name="exception_end"),
    path("velden/<slug:key>/keuzes/", field_views.field_choices, name="field_choices"),
    path("instellingen/", views.settings, name="settings"),
]
