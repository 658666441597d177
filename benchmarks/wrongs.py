"""What is wrong while a command runs: small disks, locks, clocks, servers, files that change. For `faults.py`."""

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from demo.stories import FILMS

HELD = 60.0
"""Seconds that a lock is held."""

DAYS = 10 * 24 * 3600
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long by(void) { const char *given = getenv("CLOCK_BY"); return given ? atol(given) : 0; }
int clock_gettime(clockid_t id, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(id, now);
    if (code == 0 && id == CLOCK_REALTIME) now->tv_sec += by();
    return code;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *told) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (told) *told = found.tv_sec;
    return found.tv_sec;
}
"""


@dataclass
class Place:
    """Where a case runs: its home, the film that is taken in, and what is set."""

    folder: Path
    home: Path
    film: Path
    settings: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def small_disk(place: Place, kilobytes: int | None) -> Iterator[None]:
    """Put the home on a disk with so much room left; None makes it read-only."""
    disk = place.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=True)
    try:
        shutil.copytree(place.home, disk / "home")
        before, place.home = place.home, disk / "home"
        if kilobytes is None:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        else:
            (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free - kilobytes * 1024))
        yield
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        (disk / "filler").unlink(missing_ok=True)
        shutil.rmtree(before)
        shutil.copytree(place.home, before)
        place.home = before
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


@contextlib.contextmanager
def locked(place: Place, name: str) -> Iterator[None]:
    """Hold the lock of a database, or of the index, for a minute."""
    let_go = threading.Event()

    def hold() -> None:
        if name.endswith(".db"):
            with contextlib.closing(sqlite3.connect(place.home / name, isolation_level=None)) as db:
                db.execute("BEGIN IMMEDIATE")
                let_go.wait(HELD)
        else:
            with FileLock(place.home / name):
                let_go.wait(HELD)

    thread = threading.Thread(target=hold)
    thread.start()
    time.sleep(0.3)
    try:
        yield
    finally:
        let_go.set()
        thread.join()


@contextlib.contextmanager
def moved_clock(place: Place, by: int) -> Iterator[None]:
    """Let the process see another date."""
    (place.folder / "clock.c").write_text(CLOCK)
    library = place.folder / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(place.folder / "clock.c"), "-ldl"], check=True)
    place.settings |= {"LD_PRELOAD": str(library), "CLOCK_BY": str(by)}
    yield
    del place.settings["LD_PRELOAD"]


Serve = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def slow(client: socket.socket) -> None:
    """Send a byte now and then."""
    client.sendall(HEAD + b"Content-Length: 5000\r\n\r\n")
    for _ in range(300):
        client.sendall(b" ")
        time.sleep(0.2)


def endless(client: socket.socket) -> None:
    """Send without end."""
    client.sendall(HEAD + b"\r\n{")
    while True:
        client.sendall(b'"x": [' * 10_000)


def half(client: socket.socket) -> None:
    """Send a part of a reply."""
    client.sendall(HEAD + b'Content-Length: 5000\r\n\r\n{"message": {"content": "A d')


def garbage(client: socket.socket) -> None:
    """Send what is no HTTP."""
    client.sendall(bytes(range(256)) * 8)


def closed(_: socket.socket) -> None:
    """Close at once."""


SERVERS: dict[str, Serve] = {"slow": slow, "endless": endless, "half": half, "garbage": garbage, "closed": closed}
STAGES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "planner": (("ask", "where is the dog?"), {"VDIALOG_PLANNER": "ollama", "VDIALOG_CHAT_MODEL": "any"}),
    "looking": (("ask", "what colour is the boat?"), {"VDIALOG_VISION": "openai", "VDIALOG_VISION_MODEL": "any"}),
    "describing": (
        ("ingest", "FILM"),
        {"VDIALOG_VISION": "openai", "VDIALOG_VISION_MODEL": "any", "VDIALOG_VISION_CAPTIONS": "true"},
    ),
    "doctor": (("doctor",), {"VDIALOG_VISION": "ollama", "VDIALOG_AGENT": "true", "VDIALOG_CHAT_MODEL": "any"}),
}


@contextlib.contextmanager
def faulty(place: Place, serve: Serve, settings: dict[str, str]) -> Iterator[None]:
    """Let the models be behind a server that does what it should not."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(client: socket.socket) -> None:
            with client, contextlib.suppress(OSError):
                client.recv(65_536)
                serve(client)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        place.settings |= settings
        place.settings |= {"VDIALOG_VISION_URL": url, "VDIALOG_CHAT_URL": url}
        place.settings |= {"VDIALOG_VISION_TIMEOUT": "4", "VDIALOG_CHAT_TIMEOUT": "4"}
        yield
        place.settings.clear()


@contextlib.contextmanager
def meanwhile(place: Place, change: Callable[[Place], None], after: float) -> Iterator[None]:
    """Change a file while the command runs."""
    timer = threading.Timer(after, change, [place])
    timer.start()
    yield
    timer.join()


def replace_film(place: Place) -> None:
    """Put another film in the place of the one that is read."""
    other = place.folder / "other.mp4"
    shutil.copyfile(next(place.folder.parent.glob(f"films/{FILMS[1].name}.mp4")), other)
    os.replace(other, place.film)


def cut_film(place: Place) -> None:
    """Cut the film that is read."""
    os.truncate(place.film, place.film.stat().st_size // 2)


def delete_film(place: Place) -> None:
    """Delete the film that is read."""
    place.film.unlink(missing_ok=True)


def delete_index(place: Place) -> None:
    """Delete the index that is read."""
    shutil.rmtree(place.home / "index" / "1", ignore_errors=True)


def delete_frames(place: Place) -> None:
    """Delete the keyframes."""
    shutil.rmtree(place.home / "frames", ignore_errors=True)
