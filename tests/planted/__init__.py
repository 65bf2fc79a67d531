"""One person planted everywhere, by looking at what exists; forgotten; looked for by others."""
