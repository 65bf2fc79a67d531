"""Every message that leaves for a person: template, compile, dispatch, its evidence."""
