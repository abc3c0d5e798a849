"""`python -m governance`: the same as the command `governance`."""

from governance.cli import main

main()
