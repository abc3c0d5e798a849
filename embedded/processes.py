"""Starting servers, looking at processes, ending them one process id at a time.

A process id is a number that gets used again, so nothing here acts on a bare id: a process is *ours* only while its
command line carries the words its starter gave it. `/proc/PID/cmdline` is readable for every user and survives in
containers without CAP_SYS_PTRACE, where `environ`, `cwd` and `exe` of a process of another user do not open.

Left to others: deciding what to start, and what to do when something has died.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

# Servers outlive the object that started them. Their handles are kept here: none is thrown away while the server runs, none stays a zombie.
_spawned: list[subprocess.Popen[bytes]] = []


def spawn(words: list[str], log: Path, folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a server that may outlive us: a session of its own, no input, output appended to `log`, files for its owner alone."""
    log.touch(mode=0o600)
    with log.open("ab") as output:
        server = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, env=environment, start_new_session=True, umask=0o077
        )
    _spawned.append(server)
    return server


def _collect() -> None:
    _spawned[:] = [server for server in _spawned if server.poll() is None]


def command_line(pid: int) -> list[str]:
    """The words a process was started with; empty when it is gone, or dead and not yet collected (a zombie)."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [word.decode("utf-8", "surrogateescape") for word in raw.rstrip(b"\0").split(b"\0") if raw]


def of_session(session: int, folder: Path) -> list[int]:
    """Living processes of this user in the session that work in `folder`.

    A child inherits both and rarely changes them, while it may rewrite its command line and environment. Together they
    name one family: a session id is not given out again while a process of that session lives.
    """
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _belongs(pid, session, folder)]


def _belongs(pid: int, session: int, folder: Path) -> bool:
    try:
        return os.getsid(pid) == session and Path(f"/proc/{pid}/cwd").readlink() == folder and bool(command_line(pid))
    except OSError:  # gone meanwhile, or another user's
        return False


def wait_until(happened: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Ask `happened` until it says yes or `seconds` have passed; returns its last answer."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def end(pid: int, is_ours: Callable[[int], bool], seconds: float, gently: signal.Signals = signal.SIGTERM) -> bool:
    """Ask the process to end, and after `seconds` kill it; True when it went (or was gone) without being killed.

    Sends nothing to a process for which `is_ours` answers no, at any of the steps.
    """
    if not is_ours(pid):
        return True
    _send(pid, gently)
    went = wait_until(lambda: not is_ours(pid), seconds)
    if not went:
        kill(pid, is_ours)
    _collect()
    return went


def kill(pid: int, is_ours: Callable[[int], bool]) -> None:
    """SIGKILL, and wait until the process is gone."""
    _send(pid, signal.SIGKILL)
    wait_until(lambda: not is_ours(pid), 10)
    _collect()


def kill_family(pid: int, is_ours: Callable[[int], bool]) -> None:
    """SIGKILL the process and its children, as a power cut would, and wait until all are gone.

    It is stopped first: it can then neither start another child nor tidy up after one, and a dead child's id stays taken until it is
    collected, so none of the ids can come to belong to a stranger.
    """
    _send(pid, signal.SIGSTOP)
    wait_until(lambda: _state(pid)[0] in "TZX", 10, pause=0.001)
    children = [child for child in map(int, filter(str.isdigit, os.listdir("/proc"))) if _state(child)[1] == pid]
    for child in children:
        _send(child, signal.SIGKILL)
    kill(pid, is_ours)
    wait_until(lambda: not any(command_line(child) for child in children), 10)


def _state(pid: int) -> tuple[str, int]:
    """State letter and parent of a process (proc(5), stat); `X` when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    state, parent = stat.rpartition(")")[2].split()[:2]  # the name before it may hold anything
    return state, int(parent)


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def free_port() -> int:
    """A TCP port of the loopback address that is free now. Another process may take it before the caller does: be ready to ask again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
