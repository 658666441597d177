"""The rules of the house that a program can check. Each says why it is there when it fails."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("video_dialog", "bot", "retrieval", "prompts", "demo")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
BENCHMARKS = sorted((ROOT / "benchmarks").glob("*.py"))

MAY_IMPORT = {
    "retrieval": {"retrieval"},
    "prompts": {"prompts"},
    "demo": {"demo", "retrieval"},
    "bot": {"bot", "retrieval", "prompts", "demo"},
    "video_dialog": {"video_dialog", "bot", "retrieval"},
}

LAYERS = {
    "retrieval": [
        ["library"],
        ["ingest", "training"],
        ["publishing"],
        ["searching"],
        ["catalogue", "index"],
        ["encoders"],
        ["analysis", "numerals", "pictures", "sizes", "spaces", "types"],
        ["errors", "private"],
    ],
    "bot": [
        ["cli"],
        ["api", "trial", "health", "model_files", "setup"],
        ["bootstrap"],
        ["slack", "tui"],
        ["actions"],
        ["dialogue"],
        ["tools", "vision"],
        ["servers"],
        ["settings", "setting_sources", "language_settings", "model_settings", "opensearch_settings", "slack_settings"],
        ["addresses", "player"],
        ["rights"],
        ["errors", "untrusted"],
    ],
    "bot/dialogue": [
        ["manager"],
        ["agent", "gone", "model_planner", "plan_reply", "weighing"],
        ["acts"],
        ["looking"],
        ["planner"],
        ["composing", "storing", "verdict"],
        ["conversation", "events", "messages", "plan", "reading"],
    ],
}
"""Rooms from top to bottom: a room may import from its own row and from those below."""

HEAVY = {
    "torch": ["retrieval/encoders/", "retrieval/training/", "retrieval/explain/", "bot/vision/huggingface"],
    "transformers": ["retrieval/encoders/", "retrieval/training/", "retrieval/explain/", "bot/vision/huggingface"],
    "sentence_transformers": ["retrieval/encoders/"],
    "open_clip": ["retrieval/encoders/clip.py"],
    "lancedb": ["retrieval/index/lance.py"],
    "opensearchpy": ["retrieval/index/opensearch.py"],
    "rapidocr": ["retrieval/ingest/ocr.py"],
    "langchain": ["bot/dialogue/agent/loop.py"],
    "langchain_core": ["bot/bootstrap/language.py", "bot/dialogue/", "bot/tools/langchain_tools.py"],
    "langchain_ollama": ["bot/bootstrap/language.py"],
    "langgraph": ["bot/dialogue/agent/loop.py"],
    "langsmith": ["bot/dialogue/"],
    "slack_bolt": ["bot/slack/"],
    "slack_sdk": ["bot/slack/"],
    "textual": ["bot/tui/"],
    "matplotlib": ["retrieval/explain/plots.py"],
}
SLOW_TO_IMPORT = [
    *HEAVY,
    "av",
    "cv2",
    "scenedetect",
    "onnxruntime",
    "scipy",
    "sklearn",
    "pandas",
    "faster_whisper",
    "huggingface_hub",
    "ollama",
]

ONE_IDEA = {"benchmarks/opensearch_parity.py", "benchmarks/search_latency.py"}
"""Modules that are one idea and would only be torn by the limit; they may have 400 lines."""

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "core"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path, run: bool = False) -> Iterator[str]:
    """Yield what a module imports; with `run` only what it imports when it runs, not for its types alone."""
    tree = tree_of(path)
    checked = [node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    for_types = {id(inner) for node in checked for inner in ast.walk(node)} if run else set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lines_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) and isinstance(first, ast.Expr):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_packages_import_downward_only() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in SOURCES
        for module in imported(path)
        if (top := module.split(".")[0]) in PACKAGES and top not in MAY_IMPORT[path.relative_to(ROOT).parts[0]]
    ]
    assert not wrong, "retrieval and prompts stand alone, and nothing but the public package imports the assistant"


def test_only_the_command_line_the_composition_root_and_the_trial_know_the_demo() -> None:
    wrong = [
        name_of(path)
        for path in SOURCES
        if path.is_relative_to(ROOT / "bot")
        and any(module.split(".")[0] == "demo" for module in imported(path))
        and not any(path.is_relative_to(ROOT / "bot" / room) for room in ("cli", "trial", "bootstrap"))
    ]
    assert not wrong


@pytest.mark.parametrize("package", LAYERS)
def test_rooms_import_their_own_row_and_below(package: str) -> None:
    level = {room: row for row, rooms in enumerate(LAYERS[package]) for room in rooms}
    inside, deep = package.replace("/", ".") + ".", package.count("/") + 1
    wrong = []
    for path in SOURCES:
        if not path.is_relative_to(ROOT / package) or path == ROOT / package / "__init__.py":
            continue
        room = path.relative_to(ROOT).with_suffix("").parts[deep]
        for module in imported(path):
            if module.startswith(inside) and level[module.split(".")[deep]] < level[room]:
                wrong.append(f"{name_of(path)} imports {module}")
    assert not wrong


def test_the_command_line_parses_and_prints() -> None:
    allowed = (
        *(
            "bot.cli.",
            "bot.bootstrap",
            "bot.settings",
            "bot.setting_sources.",
            "bot.errors.",
            "bot.rights.",
            "bot.untrusted.",
            "bot.actions.",
        ),
        *(
            "bot.trial.",
            "bot.health.",
            "bot.slack.manifest.",
            "bot.setup.",
            "bot.dialogue.events",
            "bot.dialogue.messages.",
            "bot.dialogue.storing.",
            "bot.dialogue.acts.table",
        ),
        *("retrieval.types.", "retrieval.errors.", "retrieval.private.", "retrieval.ingest.relink.is_gone"),
    )
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "bot" / "cli")
        for module in imported(path, run=True)
        if module.split(".")[0] in PACKAGES and not module.startswith(allowed)
    ]
    assert not wrong, "what a person does with an answer lies in bot/actions, for all front ends"


def test_no_module_imports_itself_by_way_of_others() -> None:
    modules = {module_of(path): path for path in SOURCES}
    graph = {
        name: {there if there in modules else there.rpartition(".")[0] for there in imported(path)} & modules.keys()
        for name, path in modules.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", [*SOURCES, *BENCHMARKS], ids=name_of)
def test_modules_and_functions_are_small_and_modules_say_what_they_are_for(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (400 if name_of(path) in ONE_IDEA else 300), f"{lines} lines: split it along its ideas"
    tree = tree_of(path)
    assert ast.get_docstring(tree), "a module opens with what it is for"
    long = {
        node.name: size
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := lines_without_docstring(node)) > 50
    }
    assert not long


def test_no_public_type_has_the_name_of_another() -> None:
    named: dict[str, list[str]] = {}
    for path in SOURCES:
        if "planning" in path.parts:
            continue
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            else:
                continue
            for name in names:
                if name[0].isupper() and not name.isupper():
                    named.setdefault(name, []).append(name_of(path))
    assert not {name: places for name, places in named.items() if len(places) > 1}, "one name, one meaning"


def test_names_say_what_a_module_is_about() -> None:
    assert not [name_of(path) for path in SOURCES if path.stem in SAYS_NOTHING or path.parent.name in SAYS_NOTHING]


@pytest.mark.parametrize("package", HEAVY)
def test_heavy_packages_have_one_door(package: str) -> None:
    wrong = [
        name_of(path)
        for path in SOURCES
        if any(module.split(".")[0] == package for module in imported(path))
        and not any(name_of(path).startswith(door) for door in HEAVY[package])
    ]
    assert not wrong, f"{package} is imported only in {HEAVY[package]}"


def test_pictures_are_opened_in_one_place() -> None:
    opens = {
        name_of(path)
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "Image.open"
    }
    assert opens == {"retrieval/pictures.py", "demo/lessons.py"}, "there alone it is said which kinds are opened"


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom bot.cli import main\nsys.argv = ['vdialog', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [m for m in {SLOW_TO_IMPORT!r} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED []"


def test_the_public_package_names_what_others_make_and_loads_nothing_heavy() -> None:
    (path,) = (ROOT / "video_dialog").glob("*.py")
    made = [node for node in tree_of(path).body if not isinstance(node, ast.ImportFrom | ast.Assign | ast.Expr)]
    assert not made
    heavy = [name for name in SLOW_TO_IMPORT if name != "cv2"]  # comes with what says how an ingest went, in 30 ms
    program = f"import sys, video_dialog\nprint([m for m in {heavy!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_every_package_says_that_it_is_typed() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in PACKAGES)


def test_the_environment_example_names_every_setting() -> None:
    from bot.settings import Settings

    named = re.findall(r"^#? ?(VDIALOG_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert named == [f"VDIALOG_{field.upper()}" for field in Settings.model_fields]


def test_only_the_settings_read_the_environment() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        if path != ROOT / "bot" / "settings.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    allowed = "retrieval/__init__.py"  # silences packages before they are imported
    assert not [place for place in wrong if not place.startswith(allowed)]


def test_visible_sets_come_from_the_rights_alone() -> None:
    paths = [path for path in SOURCES if not path.is_relative_to(ROOT / "retrieval") and path != ROOT / "bot/rights.py"]
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in paths
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "collections"
        and isinstance(node.ctx, ast.Load)
        and ast.unparse(node.value).endswith(("catalogue", "shelf"))
    ]
    assert not wrong, "ask bot.rights what may be seen"


def test_the_tree_in_the_readme_names_what_exists() -> None:
    readme = (ROOT / "README.md").read_text()
    block = next(part for part in re.findall(r"```text\n(.*?)```", readme, re.DOTALL) if "pyproject.toml" in part)
    named = [line.split()[0] for line in block.splitlines() if line.strip()]
    assert not [name for name in named if not (ROOT / name).exists()]
    there = {p.name for p in ROOT.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert there <= {name.rstrip("/") for name in named}


def test_each_question_of_the_map_is_answered_by_at_most_two_files_that_exist() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    asked = [line for line in guide.splitlines() if re.match(r"\| [^|]*\? \|", line)]
    assert len(asked) >= 10
    for line in asked:
        named = re.findall(r"`([^`]+)`", line)
        assert 1 <= len(named) <= 2, line
        assert all((ROOT / name).is_file() for name in named), line


def test_each_decision_is_a_page_that_the_map_and_a_module_name() -> None:
    def named(text: str) -> set[str]:
        return set(re.findall(r"docs/decisions/([\w-]+\.md)", text))

    pages = {page.name for page in (ROOT / "docs" / "decisions").glob("*.md")}
    assert named((ROOT / "CONTRIBUTING.md").read_text()) == pages
    assert named("\n".join(ast.get_docstring(tree_of(path)) or "" for path in SOURCES)) == pages


WORDS_ARE_LISTED_IN = ("bot/dialogue/reading/closed_words.py", "bot/dialogue/reading/commands.py")
MOST_WORDS = 12

READS_UTTERANCES = ("bot/dialogue/reading", "bot/dialogue/acts", "bot/dialogue/planner.py", "bot/dialogue/weighing.py")


def test_words_of_a_language_are_listed_in_two_files() -> None:
    """A list that grows with each question that was not understood is no understanding: search decides instead."""
    long = []
    for path in sorted((ROOT / "bot/dialogue").rglob("*.py")):
        if str(path.relative_to(ROOT)) in WORDS_ARE_LISTED_IN:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _words_listed(node) > MOST_WORDS:
                long.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert not long


def _words_listed(node: ast.AST) -> int:
    """Count the single words of a literal: of a string that is split, or a collection of strings."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        text = node.func.value
        return len(text.value.split()) if isinstance(text, ast.Constant) and isinstance(text.value, str) else 0
    items = node.elts if isinstance(node, ast.Set | ast.List | ast.Tuple) else []
    return sum(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items)


def test_what_reads_an_utterance_stays_small() -> None:
    paths = [
        path
        for name in READS_UTTERANCES
        for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))
    ]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths) < 3_350


def test_each_promise_names_tests_that_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text().partition("## What is promised")[2]
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(rows) >= 15
    for row in rows:
        named = re.findall(r"`((?:tests|docs)/[^`]+)`", row)
        assert named and all((ROOT / name).is_file() for name in named), row


def test_the_repository_names_no_machine_and_no_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    foreign = re.compile(
        "|".join(["/wo" + "rk/", "/ho" + "me/[a-z]", "/ro" + "ot/", "py" + r"pi\.org", "python" + "hosted"])
    )
    wrong = []
    for name in filter(None, listed.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).exists() else b""
        if b"\0" not in content and foreign.search(content.decode("utf-8", "replace")):
            wrong.append(name)
    assert not wrong


def test_versions_are_pinned_without_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line) for line in lines)
