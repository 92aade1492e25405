#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every example in the cheat sheet, the manual pages and the README can be pasted and
checks clean; the pages hold all verbs and keys; what is installed is where it belongs."""

import os
import pathlib
import re
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import ROOT, World

w = World(sources=("eu-funding-tenders",))
PAGES = sorted((ROOT / "src/cli/man").glob("*.[157]"))
SHEET = ROOT / "conf/README.md"
KEYS = r"(match|require|exclude|score -?\d+|use|deadline|budget):"


def fenced(path):
    """Blocks between ``` lines."""
    return re.findall(r"(?ms)^```\n(.*?)^```$", path.read_text())


def displays(path):
    """Literal displays of a manual page, with its escapes undone."""
    blocks = re.findall(r"(?ms)^\.Bd -literal.*?\n(.*?)^\.Ed$", path.read_text())
    return [b.replace(r"\-", "-").replace(r"\e", "\\") for b in blocks]


BLOCKS = [(SHEET.name, b) for b in fenced(SHEET)] + [(p.name, b) for p in PAGES for b in displays(p)]


def check_with(name, text):
    path = w.conf / name
    old = path.read_text() if path.exists() else None
    path.write_text(text)
    r = w.run("check", ok=None)
    path.unlink() if old is None else path.write_text(old)
    return r


def test_files_in_examples_check_clean():
    tried = 0
    for where, block in BLOCKS:
        if not re.match(r"(#.*\n)?\[", block):
            continue
        name = {"fundwatch": "fundwatch.conf", "source": "feeds.d/example.conf"}.get(
            re.search(r"(?m)^\[(\w+)", block).group(1), "profiles.d/example.conf")
        if name == "fundwatch.conf":
            block += "catalogue: %s\ndatabase: x.db\n" % (ROOT / "feeds")
        r = check_with(name, block)
        assert " 0 errors, 0 warnings" in r.stdout, (where, block, r.stdout, r.stderr)
        tried += 1
    assert tried >= 8, tried


def test_rule_lines_in_examples_check_clean():
    tried = 0
    for where, block in BLOCKS:
        if not re.match(r"(#.*\n)*" + KEYS, block):
            continue
        r = check_with("profiles.d/example.conf", "[profile example]\nname: A\nkind: sme\nemail: a@b.example\n"
                       + ("" if re.search("(?m)^match:", block) else "match: x\n") + block)
        assert " 0 errors, 0 warnings" in r.stdout, (where, block, r.stderr)
        tried += 1
    assert tried >= 4, tried


def test_the_mistake_is_shown_as_check_shows_it():
    shown = next(b for b in fenced(SHEET) if "error:" in b)
    old = (w.conf / "profiles.d/celltech.conf").read_text()
    r = check_with("profiles.d/celltech.conf", old.replace("\nexclude:      v", "\nexlude:       v", 1))
    assert shown in r.stderr, r.stderr


def test_searches_in_examples_can_be_typed():
    texts = [SHEET.read_text()] + ["\n".join(displays(p)) for p in PAGES]
    queries = [q for t in texts for q in re.findall(r"fundwatch search '([^'\n]+)'", t)]
    assert len(queries) >= 2, queries
    for q in queries:
        w.run("search", q)


def test_verbs_in_documents_exist():
    verbs = set(re.findall(r'^\t\{"([a-z]+)", "', (ROOT / "src/cli/main.c").read_text(), re.M))
    for path in [ROOT / "README.md", SHEET, *PAGES]:
        text = path.read_text()
        for verb in re.findall(r"(?m)(?:`|\.Nm |^)(?:sudo )?fundwatch (?:Cm )?([a-z]+)", text):
            assert verb in verbs, (path.name, verb)


def test_manual_pages_are_clean_and_whole():
    subprocess.run(["make", "-s", "-C", str(ROOT), "VARIANT=" + os.environ.get("VARIANT", "release"), "man"], check=True,
                   stdout=subprocess.DEVNULL)
    built = pathlib.Path(w.program).parent / "man"
    for page in PAGES:
        r = subprocess.run(["mandoc", "-Tlint", "-W", "style", built / page.name], capture_output=True, text=True)
        faults = [x for x in r.stdout.splitlines() if "referenced manual not found" not in x]
        assert not faults, faults
    text = (built / "fundwatch.1").read_text().replace(r"\-", "-")
    for line in w.run("help").stdout.splitlines():
        verb = re.match(r"  ([a-z]+)  ", line)
        assert not verb or re.search(r'(?m)^\.It "%s\b' % verb.group(1), text), line
    text = (built / "fundwatch.conf.5").read_text().replace(r"\-", "-")
    keys = re.findall(r"(?m)^  ([a-z][a-z -]*)(?: N)?:", w.run("help", "keys").stdout)
    assert len(keys) > 60, keys
    for key in keys:
        assert '.It "%s' % key in text, key


def test_install_puts_everything_in_its_place():
    to = w.dir / "root"
    subprocess.run(["make", "-s", "-C", str(ROOT), "VARIANT=" + os.environ.get("VARIANT", "release"), "install",
                    "DESTDIR=%s" % to, "PREFIX=/opt/fw"], check=True, stdout=subprocess.DEVNULL)
    for name in ("opt/fw/bin/fundwatch", "opt/fw/share/man/man1/fundwatch.1", "opt/fw/share/man/man5/fundwatch.conf.5",
                 "opt/fw/share/man/man7/fundwatch-rules.7", "usr/share/doc/fundwatch/README.md",
                 "etc/fundwatch/fundwatch.conf", "usr/share/fundwatch/feeds/estban.conf"):
        assert (to / name).exists(), name
    for unit in (to / "lib/systemd/system").iterdir():
        assert "/opt/fw/bin/fundwatch" in unit.read_text() and "/usr/local" not in unit.read_text(), unit.name


tap.main(globals())
