"""A worker whose server was killed gives its port free."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

SERVER = """
import multiprocessing, time
from blogsite.orphans import end_with_parent

def work():
    end_with_parent()
    print("at work", flush=True)
    time.sleep(60)

if __name__ == "__main__":
    multiprocessing.get_context("spawn").Process(target=work).start()
    time.sleep(60)
"""


def test_a_worker_ends_with_the_server_that_began_it(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "server.py")],
        env={"PYTHONPATH": str(settings.BASE_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        assert server.stdout.readline() == "at work\n"
        server.kill()
        # They end when nobody holds them any more, the worker neither.
        _, told = server.communicate(timeout=60)
    assert "so it ends, too" in told
