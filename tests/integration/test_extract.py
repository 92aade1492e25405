#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""For people who write recipes: every fault of a recipe has its line, and --trace tells
what was found where."""

import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import World

FIELDS = ("id title link published updated summary content author category language deadline opens budget call "
          "programme kind status country funder eligibility").split()
w = World(sources=())


def recipe(text):
    path = w.dir / "t.conf"
    path.write_text("[source t]\nurl: https://x.example/?t={token}\n" + text)
    return path


def lines_named(path):
    err = w.run("check", path, ok=False).stderr
    return [int(n) for n in re.findall(r"t\.conf:(\d+):\d+: error", err)], err


def test_every_xpath_and_regex_has_its_line():
    for bad in ("./a[", "./a ~ /(/", "./a || ", "./a ~ /x"):
        text = "format: html\nitems: %s\nexpect: %s\nnext: %s\ntoken: %s\n" % ((bad,) * 4)
        text += "".join("%s: %s\n" % (f, bad) for f in FIELDS)
        found, err = lines_named(recipe(text))
        assert sorted(found) == list(range(4, 8 + len(FIELDS))), (bad, found, err)


def test_every_field_of_a_feed_has_its_line():
    for bad in ("titel", "title ~ /(/", "title ~ /x"):
        path = recipe("format: feed\n" + "".join("%s: %s\n" % (f, bad) for f in FIELDS))
        path.write_text(path.read_text().replace("?t={token}", ""))
        found, err = lines_named(path)
        assert sorted(found) == list(range(4, 4 + len(FIELDS))), (bad, found, err)


def test_every_jq_program_has_its_line():
    found, err = lines_named(recipe("format: json\nexpect: .a |\nnext: .b[\ntoken: nothing_such\n"
                                    "items:\n  .list[]\n  # fine so far\n  | {title: .t,,}\n"))
    assert found == [4, 5, 6, 10], (found, err)


def trace(text, page):
    path = w.dir / "page"
    path.write_text(page)
    return w.run("extract", recipe(text), path, "--trace").stdout


def test_a_trace_names_the_alternative_that_won():
    out = trace("format: html\ntoken: //u\nitems: //li\ntitle: ./h2 || ./a\ndeadline: ./i\nbudget: ./b\nopens: ./s\n",
                "<li><a>A &amp; B</a><i>1 December 2026</i><s>31 February 2027</s></li><u>next</u>")
    assert "page: html, 1 item\ntoken: next\n" in out, out
    assert "title: by alternative 2: ./a\n    found:   A &amp; B\n    becomes: A & B\n" in out, out
    assert "deadline: by alternative 1: ./i\n    found:   1 December 2026\n    becomes: 2026-12-01 UTC\n" in out, out
    assert "budget: nothing found by: ./b\n" in out, out
    assert "opens: by alternative 1: ./s\n    found:   31 February 2027\n    becomes: nothing, for it can't be read" in out, out


def test_a_trace_of_a_feed_and_of_json():
    out = w.run("extract", "auto", "/dev/stdin", "--trace",
                input="<rss><channel><item><title>T</title></item></channel></rss>").stdout
    assert "title: by the feed itself\n    found:   T\n" in out, out
    out = trace("format: json\ntoken: .[0].x\nitems: .[]\ndefault kind: prize\n", '[{"title": "T"}, {}]')
    assert "left out: 1, the first because: an empty item" in out, out
    assert "title: by the program of 'items'\n    found:   T\n" in out, out
    assert "kind: by the recipe's defaults, or by other fields\n    becomes: prize\n" in out, out


tap.main(globals())
