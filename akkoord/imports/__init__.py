"""Files in, with provenance: who consented to what, on which evidence, and who may not be mailed."""
