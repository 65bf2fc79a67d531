"""Terms: what is due and the nightly clean-up."""
