"""Indexes for search by name (full text, prefixes) and by the start of an address."""

from django.db import migrations


class Migration(migrations.Migration):
    """Two indexes that Django's options cannot express exactly."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX people_person_search ON people_person USING gin "
            "(to_tsvector('simple'::regconfig, "
            "((COALESCE(given_name, '') || (COALESCE(' ', '') || COALESCE(family_name, ''))))))",
            "DROP INDEX people_person_search",
        ),
        migrations.RunSQL(
            "CREATE INDEX people_point_prefix ON people_contactpoint "
            "(normalised varchar_pattern_ops)",
            "DROP INDEX people_point_prefix",
        ),
    ]
