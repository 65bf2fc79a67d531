"""Make `akkoord` of this folder the one in `.venv`, without a network and without a build.

An editable install would want its build tool from an index; a path file and a start script do
the same.
"""

import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SCRIPT = """#!{python}
import sys

from akkoord.config.command import main

sys.exit(main())
"""


def main() -> None:
    """Write the path file and the start script."""
    Path(sysconfig.get_path("purelib"), "akkoord.pth").write_text(f"{HERE}\n")
    script = Path(sysconfig.get_path("scripts"), "akkoord")
    script.write_text(SCRIPT.format(python=sys.executable))
    script.chmod(0o755)


if __name__ == "__main__":
    main()
