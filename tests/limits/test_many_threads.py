"""Many threads ask one process many questions: files, connections and threads do not grow with the turns."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUESTIONS = 768
"""Of the 2,048 that were asked once, by the same program: 63 files at most, and 71 threads."""

FILES = 256
"""Files that the process may have open."""

PROGRAM = """
import os, resource, sys, threading
from concurrent.futures import ThreadPoolExecutor
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

import json
from pathlib import Path

import video_dialog
captions, threads, questions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ASKED = ("Where is the dog?", "What happens after that?", "Who cuts an onion?", "How many boats are there?", "Hello!")

def opened():
    return len(os.listdir("/proc/self/fd"))

with video_dialog.open(os.environ["VDIALOG_HOME"]) as library:
    library.assistant.library.import_annotations(Path(captions), "library")

    def ask(talk, number):
        return talk.ask(ASKED[number % len(ASKED)]).text

    def talked(_):
        talk = library.conversation()
        return [bool(ask(talk, number)) for number in range(questions // threads)]

    talked(0)
    files, most, over = [], [], threading.Event()

    def watch():
        while not over.wait(0.05):
            files.append(opened())
            most.append(threading.active_count())

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(threads) as pool:
        said = [one for answers in pool.map(talked, range(threads)) for one in answers]
    over.set()
    watcher.join()
    print(json.dumps({"said": len(said), "all": all(said), "files": max(files), "threads": max(most),
                      "left": threading.active_count(), "open": opened()}))
"""

CAPTIONS = {
    f"{place}{number}": {"duration": 20, "timestamps": [[0, 10], [10, 20]], "sentences": sentences}
    for number in range(10)
    for place, sentences in {
        "park": [f"A brown dog catches ball {number}.", "The dog sleeps under a tree."],
        "kitchen": ["A woman cuts an onion.", f"The woman stirs pot {number}."],
        "harbour": [f"A white boat {number} leaves.", "A man waves."],
    }.items()
}


@pytest.mark.slow
@pytest.mark.parametrize("threads", [64])
def test_many_questions_of_64_threads_need_few_files(tmp_path: Path, threads: int) -> None:
    captions = tmp_path / "captions.json"
    captions.write_text(json.dumps(CAPTIONS))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("VDIALOG_")},
        "VDIALOG_HOME": str(tmp_path / "home"),
        "VDIALOG_TEXT_MODEL": "hashing",
    }
    command = [sys.executable, "-c", PROGRAM, str(captions), str(threads), str(QUESTIONS)]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)
    assert ran.returncode == 0, ran.stderr[-3000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["said"] == QUESTIONS and told["all"], told
    assert told["files"] < FILES, told
    assert told["threads"] <= threads + 20 and told["left"] <= 20, told
