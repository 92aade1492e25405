#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The vocabularies of conf/rules.d, word by word: each finds all that stands behind it, and
nothing stands there that the word finds without."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent)]
import tap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "build" / os.environ.get("VARIANT", "release") / "fundwatch")
PACKS = sorted((ROOT / "conf/rules.d").glob("vocabulary-*.conf"))
PROFILE = "[profile p%d]\nname: P\norganisation: o\nkind: sme\nemail: a@b.example\nmatch: %s\n"


def words(pack):
    """Its words, each with the list of what stands behind it."""
    text = re.sub(r"(?m)^#.*\n", "", pack.read_text())
    text = re.sub(r"\n[ \t]+", " ", re.search(r"(?s)^\[synonyms\]\n(.*?)^\[", text, re.M).group(1))
    lines = re.findall(r'(?m)^("[^"]+"|[^\s:]+):\s+(.+)$', text)
    return [(word, re.split(r",\s*", rest.strip())) for word, rest in lines]


WORDS = [w for pack in PACKS for w in words(pack)]


def spelt(term):
    """A text that holds it: a star stands for some ending."""
    return term.strip('"').lstrip("=").replace("*", "xyz")


def found(with_packs):
    """(word, what stands behind it) for those that a rule of the word alone finds."""
    with tempfile.TemporaryDirectory(prefix="fundwatch-") as d:
        folder = pathlib.Path(d)
        shutil.copy(ROOT / "conf/fundwatch.conf", folder)
        (folder / "rules.d").mkdir()
        (folder / "profiles.d").mkdir()
        for pack in PACKS if with_packs else []:
            text = re.search(r"(?s)^(.*?)^\[(profile|test)", pack.read_text(), re.M).group(1)
            (folder / "rules.d" / pack.name).write_text(text)
        (folder / "profiles.d/all.conf").write_text("".join(PROFILE % (i, w) for i, (w, _) in enumerate(WORDS)))
        items = "".join(json.dumps({"id": "%d %s" % (i, t), "title": spelt(t)}) + "\n"
                        for i, (w, list) in enumerate(WORDS) for t in [w] + list)
        r = subprocess.run([PROGRAM, "-c", d, "match", "-"], input=items, capture_output=True, text=True)
        assert r.returncode == 0, r.stderr
    hits = set()
    for line in r.stdout.splitlines():
        hit = json.loads(line)
        i, term = hit["id"].split(" ", 1)
        if hit["profile"] == "p" + i:
            hits.add((WORDS[int(i)][0], term))
    return hits


def test_there_are_as_many_words_as_we_say():
    for pack in PACKS:
        assert 60 <= len(words(pack)) <= 120, (pack.name, len(words(pack)))
    assert len(PACKS) == 2


def test_each_word_finds_all_that_stands_behind_it():
    hits = found(with_packs=True)
    lost = [(w, t) for w, list in WORDS for t in [w] + list if (w, t) not in hits]
    assert not lost, lost


def test_nothing_is_there_that_the_word_finds_anyway():
    """But for a word that another line explains: personalized medicine."""
    hits = found(with_packs=False)
    idle = [(w, t) for w, list in WORDS for t in list if (w, t) in hits and len(list) > 1]
    assert not idle, idle


def test_each_language_has_its_tests():
    for pack in PACKS:
        tests = re.findall(r"(?ms)^\[test (.*?)(?=^\[|\Z)", pack.read_text())
        for lang in ("en", "et", "de", "fr"):
            hits = [t for t in tests if "language:     %s\n" % lang in t and "expect:       match" in t]
            assert len(hits) >= 3, (pack.name, lang)
        assert sum("expect:       no match" in t for t in tests) >= 4, pack.name


def test_they_stay_sound_without_the_example_members():
    with tempfile.TemporaryDirectory(prefix="fundwatch-") as d:
        conf = shutil.copytree(ROOT / "conf", pathlib.Path(d) / "conf", ignore=shutil.ignore_patterns("profiles.d"))
        r = subprocess.run([PROGRAM, "-c", str(conf), "check"], capture_output=True, text=True)
        assert r.returncode == 0 and re.search(r"\b[1-9]\d tests: 0 errors, 0 warnings", r.stdout), r.stdout + r.stderr


tap.main(globals())
