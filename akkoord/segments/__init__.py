"""The segment language and purpose binding: a condition outside its purposes does not compile."""
