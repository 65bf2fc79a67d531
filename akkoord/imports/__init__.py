"""Files in, with provenance: who agreed to what, on which evidence, and who may not be mailed."""
