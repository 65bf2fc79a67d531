"""References of requests and erasures, which a person holds."""

from akkoord.datamap.references import new_reference as new_reference
