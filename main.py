"""Starts the wizard: python main.py [--web] [--sample] [PROJECT]; see --help.

Runs on a bare Python. What it needs is put into an environment beside it at the first start.
"""

# No newer syntax up here: an old Python must get as far as the sentence below.
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.stderr.write(
        "Slipway needs Python 3.11 or newer, and this is Python %d.%d.\n"  # noqa: UP031
        "Get a newer one from https://www.python.org/downloads/ or, on Debian and Ubuntu, with\n"
        "sudo apt install python3, and start main.py with it.\n" % sys.version_info[:2]
    )
    sys.exit(20)

if __name__ == "__main__":
    from builder import bootstrap

    bootstrap.enter([__file__] + sys.argv[1:], bootstrap.requirements())  # noqa: RUF005

    from app import start

    sys.exit(start.main(sys.argv[1:]))
