"""The compute program reaches nobody: a connection is refused before it leaves the machine."""

import subprocess
import sys

TRY = (
    "import socket\n"
    "from accord.sidecar.life import stay_offline\n"
    "stay_offline(threads=1)\n"
    "for reach in (lambda: socket.create_connection(('127.0.0.1', 9)), lambda: socket.getaddrinfo('localhost', 80)):\n"
    "    try:\n"
    "        reach()\n"
    "    except PermissionError as error:\n"
    "        print(error)\n"
)


def test_every_way_out_is_refused() -> None:
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["this program reaches nobody over a network"] * 2
