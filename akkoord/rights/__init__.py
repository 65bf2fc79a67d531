"""People's requests, what we keep of a person, export, and erasure with a certificate."""
