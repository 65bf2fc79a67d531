"""A small shop with declared tables of its own, so that the engines are tested without any room.

Made inside a test's transaction and gone with it; the declarations are put back too.
"""

import uuid

import pytest
from django.apps.registry import Apps
from django.db import connection, models

from akkoord.datamap import declaration
from akkoord.datamap.declaration import (
    Column,
    Identifier,
    OnErasure,
    no_personal_data,
    personal_data,
)
from akkoord.datamap.keys import keyed_hash

SHOP = Apps()
SERVICE = ("dpv:ServiceProvision",)
ANNA = uuid.UUID("0193c1d0-0000-7000-8000-00000000000a")
BERT = uuid.UUID("0193c1d0-0000-7000-8000-00000000000b")


class Customer(models.Model):
    """The person."""

    id = models.UUIDField(primary_key=True)
    given = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    email = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=20, blank=True)
    password = models.CharField(max_length=80, blank=True)

    class Meta:
        apps = SHOP
        app_label = "datamap"
        db_table = "shop_customer"


class Door(models.Model):
    """Where a customer lives."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="doors")
    postcode = models.CharField(max_length=10)
    house = models.CharField(max_length=10)

    class Meta:
        apps = SHOP
        app_label = "datamap"
        db_table = "shop_door"


class Note(models.Model):
    """Two steps from the person; a file goes with it."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE)
    text = models.TextField()
    path = models.CharField(max_length=200, blank=True)

    class Meta:
        apps = SHOP
        app_label = "datamap"
        db_table = "shop_note"


class Sending(models.Model):
    """Stays as a number, without the person."""

    customer_id = models.UUIDField(null=True)
    words = models.TextField(blank=True)
    state = models.CharField(max_length=10)

    class Meta:
        apps = SHOP
        app_label = "datamap"
        db_table = "shop_sending"


class Invoice(models.Model):
    """Stays on a ground."""

    customer_id = models.UUIDField()
    name = models.CharField(max_length=200)

    class Meta:
        apps = SHOP
        app_label = "datamap"
        db_table = "shop_invoice"


class Blocked(models.Model):
    """Keyed hashes."""

    digest = models.BinaryField()

    class Meta:
        apps = SHOP
        app_label = "datamap"
        db_table = "shop_blocked"


MODELS: tuple[type[models.Model], ...] = (Customer, Door, Note, Sending, Invoice, Blocked)


def declare_shop() -> None:
    """Enter the shop's declarations."""
    ident = Column("pd:Identifier", (), identifier=Identifier.PERSON_ID)
    personal_data(
        subject="id",
        order=900,
        columns={
            "id": ident,
            "given": Column(
                "pd:GivenName",
                SERVICE,
                field="shop_given",
                identifier=Identifier.NAME,
                provided=True,
            ),
            "family": Column("pd:FamilyName", SERVICE, identifier=Identifier.NAME, provided=True),
            "email": Column("pd:EmailAddress", SERVICE, identifier=Identifier.EMAIL, provided=True),
            "phone": Column("pd:TelephoneNumber", SERVICE, identifier=Identifier.PHONE),
            "number": Column("pd:Identifier", (), identifier=Identifier.CUSTOMER_NUMBER),
            "password": Column("pd:Password", (), secret=True),
        },
    )(Customer)
    personal_data(
        subject="customer_id",
        plain=("id",),
        columns={
            "customer_id": ident,
            "postcode": Column("pd:PostalCode", SERVICE, identifier=Identifier.POSTCODE),
            "house": Column("pd:HouseNumber", SERVICE, identifier=Identifier.HOUSE_NUMBER),
        },
    )(Door)
    personal_data(
        subject="door__customer_id",
        plain=("id", "door_id"),
        columns={
            "text": Column("pd:Opinion", ()),
            "path": Column("pd:Opinion", ()),
        },
        files=("path",),
    )(Note)
    personal_data(
        subject="customer_id",
        erase=OnErasure.BLANK,
        plain=("id", "state"),
        columns={"customer_id": ident, "words": Column("pd:Opinion", (), blank="")},
    )(Sending)
    personal_data(
        subject="customer_id",
        erase=OnErasure.KEEP,
        ground="fiscal-record",
        until="fiscal-term",
        plain=("id",),
        columns={"customer_id": ident, "name": Column("pd:Name", ())},
    )(Invoice)
    no_personal_data(
        why="Keyed hashes only.",
        plain=("id", "digest"),
        hashes=("digest",),
        ground="suppression",
        until="suppression-review",
    )(Blocked)


@pytest.fixture
def own_declarations(monkeypatch: pytest.MonkeyPatch) -> None:
    """No declarations but those that the test makes; all are back after it."""
    monkeypatch.setattr(declaration, "_declarations", {})


@pytest.fixture
def shop(db: None, own_declarations: None) -> None:
    """The shop with Anna, who is to be forgotten, and Bert, who stays."""
    declare_shop()
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    for person, given, family, address, phone, number in (
        (ANNA, "Anna", "van der Berg", "Anna.Berg+fiets@Example.NL", "06-12345678", "K-40017"),
        (BERT, "Bert", "van der Berg", "bert@example.nl", "0687654321", "K-40018"),
    ):
        Customer.objects.create(
            id=person,
            given=given,
            family=family,
            email=address,
            phone=phone,
            number=number,
            password="hash",
        )
        door = Door.objects.create(customer_id=person, postcode="1234 AB", house="12-a")
        Note.objects.create(door=door, text=f"{given} wil een bel")
        Sending.objects.create(customer_id=person, words=f"voor {given}", state="sent")
    Invoice.objects.create(customer_id=ANNA, name="A. van der Berg")
    Blocked.objects.create(digest=keyed_hash("anna.berg+fiets@example.nl"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
