"""The `akkoord` command."""
