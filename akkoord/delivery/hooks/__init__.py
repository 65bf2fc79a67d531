"""Reports of mail providers over https: proved to be theirs, and read. Nothing is stored here."""
