"""The door to the program: `.ci/env.py` in a copy of its own, with locks that name nothing (or a
package that is made here), so that a real venv and a real pip are all it takes."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# No index at all: what is not found in a folder that a test names cannot be found.
ALONE = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose environment is ready; tests that spoil it copy it again."""
    root = tmp_path_factory.mktemp("made") / "with a blank"
    project(root)
    done = start(root, "true")
    assert done.returncode == 0, done.stderr
    assert "(first time: about two minutes)" in done.stderr
    return root


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    project(tmp_path / "p")
    return tmp_path / "p"


@pytest.fixture
def ready(made: Path, tmp_path: Path) -> Path:
    """A copy of the one that is ready, which passes for one that was made where it stands."""
    return settled(made, tmp_path / "ready")


def settled(made: Path, root: Path) -> Path:
    shutil.copytree(made, root, symlinks=True)
    stamp = root / ".venv/.ready"
    lock, _, python = stamp.read_text(encoding="utf-8").splitlines()
    stamp.write_text(f"{lock}\n{root}\n{python}", encoding="utf-8")
    return root


def project(root: Path, run: str = "# nothing\n", dev: str = "# nothing, with tools\n") -> None:
    (root / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/env.py", root / ".ci/env.py")
    (root / "requirements.lock").write_text(run, encoding="utf-8")
    (root / "requirements-dev.lock").write_text(dev, encoding="utf-8")


def start(
    root: Path, *command: str, python: str = sys.executable, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Runs env.py from elsewhere, with nothing in the environment but HOME and PATH."""
    plain = {"HOME": str(root), "PATH": "/usr/bin:/bin", **ALONE, **environ}
    return subprocess.run(
        [python, str(root / ".ci/env.py"), *command],
        env=plain,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def popen(root: Path, *command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(root / ".ci/env.py"), *command],
        env={"HOME": str(root), "PATH": "/usr/bin:/bin", **ALONE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wheel(folder: Path, name: str = "parcel", content: str = "WORD = 'inside'\n") -> str:
    """A package as pip installs it, and the line of a lock that names it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}==1.0 --hash=sha256:{digest}\n"


def test_a_command_runs_in_the_environment_and_in_the_root(made: Path) -> None:
    code = "import os, sys; print(sys.prefix, os.getcwd(), sys.argv[1:])"
    done = start(made, "python", "-c", code, "a b", "--help")
    assert done.stdout.strip() == f"{made}/.venv {made} ['a b', '--help']"
    assert done.stderr == ""


def test_the_second_start_goes_straight_to_the_command(made: Path) -> None:
    def everything() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (made / ".venv").rglob("*") if path.is_file()}

    before = everything()
    done = start(made, "true")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert everything() == before, "nothing was installed again"


def test_what_is_compiled_is_kept_in_the_environment_where_it_may_not_stand_beside_the_sources(
    ready: Path,
) -> None:
    (ready / "own.py").write_text("WORD = 'compiled'\n")
    done = start(ready, "python", "-c", "import own; print(own.WORD)", PYTHONDONTWRITEBYTECODE="1")
    assert done.stdout == "compiled\n"
    assert not (ready / "__pycache__").exists()
    assert len(list((ready / ".venv/bytecode").rglob("own.*.pyc"))) == 1


def test_stdin_exit_code_and_signals_are_the_commands(made: Path) -> None:
    assert start(made, "python", "-c", "raise SystemExit(7)").returncode == 7
    done = start(made, "python", "-c", "import os; os.kill(os.getpid(), 9)")
    assert done.returncode == -signal.SIGKILL


def test_a_command_of_the_machine_works_and_one_that_is_none_is_named(made: Path) -> None:
    assert start(made, "echo", "hello").stdout == "hello\n"
    done = start(made, "no-such-thing")
    assert (done.returncode, done.stderr) == (1, "env: there is no command no-such-thing\n")
    assert start(made).returncode == 2


def test_the_program_needs_its_own_lock_and_everything_else_the_tools_too(
    ready: Path, tmp_path: Path
) -> None:
    root, run, dev = ready, wheel(tmp_path), wheel(tmp_path, "tool")
    (root / "requirements.lock").write_text(run, encoding="utf-8")
    (root / "requirements-dev.lock").write_text(run + dev, encoding="utf-8")
    links = {"PIP_FIND_LINKS": str(tmp_path)}
    (root / "bot.py").write_text("import parcel, importlib.util as u; print(u.find_spec('tool') is None)")
    first = start(root, "python", "-m", "bot", **links)
    assert first.stdout == "True\n"
    assert "installing 1 packages into .venv …" in first.stderr
    assert "WARNING" not in first.stderr
    second = start(root, "python", "-c", "import parcel, tool; print(tool.WORD)", **links)
    assert second.stdout == "inside\n"
    assert "installing 2 packages into .venv …" in second.stderr
    third = start(root, "python", "-m", "bot", **links)  # the tools' environment serves both
    assert (third.stdout, third.stderr) == ("False\n", "")


def test_a_changed_lock_is_followed(ready: Path, tmp_path: Path) -> None:
    (ready / "requirements-dev.lock").write_text(wheel(tmp_path), encoding="utf-8")
    done = start(ready, "python", "-c", "import parcel", PIP_FIND_LINKS=str(tmp_path))
    assert done.returncode == 0
    assert "making .venv" not in done.stderr


def test_a_package_that_is_not_the_one_of_the_lock_is_not_installed(ready: Path, tmp_path: Path) -> None:
    (ready / "requirements-dev.lock").write_text(wheel(tmp_path), encoding="utf-8")
    wheel(tmp_path, content="WORD = 'changed on the way'\n")
    done = start(ready, "true", PIP_FIND_LINKS=str(tmp_path))
    assert done.returncode == 1
    assert "is not the one that the lock names" in done.stderr
    assert not list(ready.glob(".venv/lib/*/site-packages/parcel.py"))


def test_without_a_network_it_says_so(ready: Path, tmp_path: Path) -> None:
    (ready / "requirements-dev.lock").write_text(wheel(tmp_path), encoding="utf-8")
    done = start(ready, "true")
    assert done.returncode == 1
    assert "The packages could not be fetched. Is this machine online" in done.stderr


def test_an_installation_that_was_cut_short_begins_anew(ready: Path, tmp_path: Path) -> None:
    (ready / ".venv/.ready").unlink()  # as a kill in the middle leaves it: half a package, no stamp
    (ready / ".venv/.installing").touch()
    (half,) = ready.glob(".venv/lib/*/site-packages")
    (half / "parcel-1.0.dist-info").mkdir()
    (half / "parcel-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: parcel\nVersion: 1.0\n")
    (ready / "requirements-dev.lock").write_text(wheel(tmp_path), encoding="utf-8")
    done = start(ready, "python", "-c", "import parcel", PIP_FIND_LINKS=str(tmp_path))
    assert done.returncode == 0
    assert "making .venv" in done.stderr


def test_an_environment_that_cannot_work_is_made_again(made: Path, tmp_path: Path) -> None:
    """Shown with a Python that cannot make one, which says so instead of taking its time."""
    debian = {"PYTHONPATH": str(without_ensurepip(tmp_path))}
    assert start(made, "true", **debian).returncode == 0
    moved = tmp_path / "moved"
    shutil.copytree(made, moved, symlinks=True)
    assert "cannot make environments" in start(moved, "true", **debian).stderr
    gone = settled(made, tmp_path / "gone")
    assert start(gone, "true", **debian).returncode == 0
    (gone / ".venv/bin/python").unlink()
    (gone / ".venv/bin/python").symlink_to("/nowhere/python3.11")
    assert "cannot make environments" in start(gone, "true", **debian).stderr


def test_a_kill_at_any_moment_leaves_nothing_that_the_next_start_cannot_mend(fresh: Path) -> None:
    for wait in (0.2, 1.5):
        running = popen(fresh, "true")
        with running:
            try:
                running.wait(wait)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
    both = [popen(fresh, "python", "-c", "import pip; print('ran')") for _ in range(2)]
    said = [running.communicate(timeout=120) for running in both]
    assert [out for out, _ in said] == ["ran\n", "ran\n"]
    # and two starts at once make it once
    assert sum("making .venv" in err for _, err in said) == 1
    assert sum("waiting: another start is installing" in err for _, err in said) == 1


def test_a_folder_of_somebody_else_is_not_touched(fresh: Path) -> None:
    (fresh / ".venv").mkdir()
    (fresh / ".venv/thesis.txt").write_text("four years", encoding="utf-8")
    done = start(fresh, "true")
    assert done.returncode == 1
    assert "is not an environment of Python's" in done.stderr
    assert (fresh / ".venv/thesis.txt").exists()


def without_ensurepip(folder: Path) -> Path:
    """A module path on which Python lacks ensurepip, as on a Debian without python3-venv."""
    (folder / "sitecustomize.py").write_text(
        "import sys\nsys.modules['ensurepip'] = None\n", encoding="utf-8"
    )
    return folder


def test_a_python_without_venv_is_told_which_package_brings_it(fresh: Path, tmp_path: Path) -> None:
    done = start(fresh, "true", PYTHONPATH=str(without_ensurepip(tmp_path)))
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("setpriv"), reason="there is no setpriv to become somebody else")
def test_a_folder_that_may_not_be_written_to_is_named() -> None:
    nobody = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        project(Path(folder) / "p")
        (Path(folder) / "p").chmod(0o555)
        done = subprocess.run(
            [*nobody, "/usr/bin/python3", f"{folder}/p/.ci/env.py", "true"],
            env={"PATH": "/usr/bin:/bin", **ALONE},
            capture_output=True,
            text=True,
            check=False,
        )
        (Path(folder) / "p").chmod(0o755)
    assert done.returncode == 1
    assert "You may not write to this folder." in done.stderr
    assert "Traceback" not in done.stderr


def old_python() -> str | None:
    versions = Path.home() / ".pyenv/versions"
    for minor in (8, 9, 10):
        kept = [str(path) for path in versions.glob(f"3.{minor}.*/bin/python3")]
        if found := [*kept, shutil.which(f"python3.{minor}", path="/usr/bin:/usr/local/bin")][0]:
            return found
    return None


OLD = old_python()


@pytest.mark.skipif(OLD is None, reason="no Python older than 3.11 is installed here")
def test_a_python_that_is_too_old_is_told_so_or_finds_a_newer_one(fresh: Path, tmp_path: Path) -> None:
    assert OLD is not None
    (tmp_path / "empty").mkdir()
    done = start(fresh, "true", python=OLD, PATH=str(tmp_path / "empty"))
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    (tmp_path / "empty/python3.11").symlink_to(sys.executable)
    newer = f"{tmp_path}/empty:/usr/bin:/bin"
    assert start(
        fresh, "python", "-c", "import sys; sys.exit(sys.version_info < (3, 11))", python=OLD, PATH=newer
    )
    assert (fresh / ".venv/.ready").exists()
