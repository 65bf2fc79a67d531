"""A child process that sets one document by Typst, and is gone: so is what Typst kept of it.

Started by `documents.typeset_apart`, as a file: it needs no Django and no database. The source and
its values come in over a pipe, the PDF goes out over one; nothing touches the disk.
"""

import json
import sys

import typst


def main() -> None:
    """JSON with `source` and `values` in, a PDF out; what is wrong is said on stderr."""
    given = json.load(sys.stdin.buffer)
    made = typst.compile(
        given["source"].encode(),
        format="pdf",
        ignore_system_fonts=True,  # the same document on every machine
        sys_inputs={"values": given["values"]},
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
