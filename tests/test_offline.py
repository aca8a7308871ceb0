"""The tests stay on this machine, and so does careerqa with its shipped model."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading

import pytest

from careerqa.settings import Settings
from conftest import ROOT


def test_a_connection_to_another_machine_is_refused() -> None:
    with (
        socket.socket() as outside,
        pytest.raises(OSError, match=r"tests stay on this machine.* 192\.0\.2\.1"),
    ):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as outside, pytest.raises(OSError, match="tests stay on this machine"):
        outside.connect_ex(("192.0.2.1", 80))


def test_looking_up_another_machine_is_refused() -> None:
    with pytest.raises(OSError, match=r"tests stay on this machine.* careerqa\.invalid"):
        socket.create_connection(("careerqa.invalid", 443))


def test_a_server_on_this_machine_can_be_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        received: list[bytes] = []

        def serve() -> None:
            with server.accept()[0] as connection:
                received.append(connection.recv(5))

        thread = threading.Thread(target=serve)
        thread.start()
        with socket.create_connection(server.getsockname()) as client:
            client.sendall(b"hello")
        thread.join()
        assert received == [b"hello"]


def _isolated(*command: str) -> list[str]:
    """The command in a network namespace without any interface; skips where there are none."""
    unshare = shutil.which("unshare")
    if (
        not unshare
        or subprocess.run([unshare, "-rn", "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("no network namespaces here")
    return [unshare, "-rn", *command]


@pytest.mark.slow
def test_the_shipped_model_builds_and_answers_without_a_network(real_index: Settings) -> None:
    program = """
import sys
from careerqa.indexing.models import load_embedder
from careerqa.service import CareerQA
from careerqa.settings import Settings
settings = Settings.model_validate_json(sys.argv[1])
print(load_embedder(settings).embed_passages(["The lamp is lit."]).shape)
print(type(CareerQA.from_settings(settings).ask("How much do AI engineers earn?").result).__name__)
"""
    command = _isolated(sys.executable, "-c", program, real_index.model_dump_json())
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[0] == "(1, 384)"
    assert done.stdout.split("\n")[1] in ("Answer", "Abstention")
