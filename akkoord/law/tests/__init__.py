"""Tables and properties of the law; no database, no clock."""
