"""An index on the postcode as it is compared: who else lives at a door."""

from typing import ClassVar

from django.db import migrations, models

import akkoord.people.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0011_point_number")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="postaladdress",
            index=models.Index(
                akkoord.people.models.SqueezedPostcode("postcode"), name="people_address_door"
            ),
        ),
    ]
