"""Tables of the data map itself."""

from django.db import models

from akkoord.datamap.declaration import no_personal_data


@no_personal_data(
    why="Fingerprints of the installation's own keys; they say nothing about anybody.",
    plain=("name", "fingerprint", "recorded_at"),
)
class KeyFingerprint(models.Model):
    """Which keys this database was made with; a start with other keys is refused."""

    name = models.CharField(max_length=20, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "datamap_keyfingerprint"

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="In which tables something was emptied, so that the night removes its old bytes; names of "
    "tables only.",
    plain=("store",),
)
class RewriteDue(models.Model):
    """A table that the night writes anew, although no erasure says so."""

    store = models.CharField(max_length=80, primary_key=True)

    def __str__(self) -> str:
        return self.store
