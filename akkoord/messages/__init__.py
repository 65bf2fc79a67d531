"""Every message that leaves for a person: template, compile, dispatch, and the evidence of its basis."""
