"""The entry of the packaged program; a worker process of `jobs` enters here too and is sent on its way first."""

import multiprocessing
import sys

from accord.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
