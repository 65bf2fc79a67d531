"""What several files of tests of this room begin with."""

from akkoord.config.tests.house import built as built
from akkoord.config.tests.house import house as house
