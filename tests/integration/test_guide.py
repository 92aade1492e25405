#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The examples of feeds/README.md work as printed: each recipe is sound and turns the page
below it into the items below that."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

sys.path[:0] = [str(pathlib.Path(__file__).parent)]
import tap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "build" / os.environ.get("VARIANT", "release") / "fundwatch")
GUIDE = (ROOT / "feeds/README.md").read_text()
EXAMPLE = re.compile(r"```\n(\[source .*?)```\n.*?\n((?:    [^\n]*\n)+)\ngives\n\n((?:    [^\n]*\n)+)", re.S)


def run(*args):
    r = subprocess.run([PROGRAM, "--now", "2026-11-23T07:00:00Z", *map(str, args)], capture_output=True, text=True)
    assert r.returncode == 0, r.stdout + r.stderr
    return r.stdout


def test_every_example():
    formats = []
    for recipe, page, items in EXAMPLE.findall(GUIDE):
        name = re.search(r"\[source (\S+)\]", recipe).group(1)
        formats.append(re.search(r"^format:\s*(\w+)", recipe, re.M).group(1))
        with tempfile.TemporaryDirectory(prefix="fundwatch-") as d:
            folder = pathlib.Path(d)
            (folder / "samples").mkdir()
            (folder / (name + ".conf")).write_text(recipe)
            (folder / "samples" / (name + ".sample")).write_text(textwrap.dedent(page))
            (folder / "samples" / (name + ".expect")).write_text(textwrap.dedent(items))
            assert run("check", folder / (name + ".conf")).startswith("0 errors, 0 warnings")
            answer = json.loads(run("extract", folder / (name + ".conf"), folder / "samples" / (name + ".sample")))
            assert answer["entries"] == [json.loads(line) for line in items.splitlines()], answer["entries"]
            assert "refused" not in answer, answer
    assert sorted(formats) == ["feed", "html", "json"], formats


tap.main(globals())
