"""Serving over HTTP: a port that is taken, and the end in good order."""

import socket
import subprocess
import sys

import httpx2
import pytest
from starlette.applications import Starlette

from bot.http import serve


def test_a_port_that_is_taken_is_an_error_at_once() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(Starlette(), taken.getsockname()[1], host="127.0.0.1", listening=lambda: said.append("ready"))
    assert said == []


def test_a_termination_ends_the_server_and_leaves_time_to_close_in_order() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = (
        "from starlette.applications import Starlette\n"
        "from bot.http import serve\n"
        f"serve(Starlette(), {port}, host='127.0.0.1', listening=lambda: print('listening', flush=True))\n"
        "print('closed')\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        assert httpx2.get(f"http://127.0.0.1:{port}/", timeout=20).status_code == 404
        process.terminate()
        said, _ = process.communicate(timeout=20)
    assert (said, process.returncode) == ("closed\n", 0)


def test_a_termination_that_comes_while_it_starts_is_heard() -> None:
    program = (
        "import os, signal\n"
        "from starlette.applications import Starlette\n"
        "from bot.http import serve\n"
        "stop = lambda: os.kill(os.getpid(), signal.SIGTERM)\n"
        "serve(Starlette(), 0, host='127.0.0.1', listening=stop)\n"
        "print('closed')\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)
    assert ended.stdout == "closed\n"
