"""`python -m akkoord` is the `akkoord` command."""

from akkoord.config.command import main

if __name__ == "__main__":
    main()
