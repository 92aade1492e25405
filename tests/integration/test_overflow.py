#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""More calls than one mail has room for: what does not fit counts as not told, waits in
`pending`, and comes with the next mail, once."""

import json
import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import World, text_part

CALLS = 60
w = World(sources=("hadea-news",), profiles=("celltech",))
(w.conf / "profiles.d/celltech.conf").write_text(
    "[profile celltech]\nname: CellTech\nkind: sme\nemail: desk@celltech.example\nmatch: \"three batches\"\n"
    "limit: 100 per digest\n")
SENTENCE = "Proposals in cell therapy show a pilot line that makes three batches under real conditions. "


def text(mail):
    return text_part(mail).replace("\r\n", "\n")


def links(mail):
    return re.findall(r"^https://portal\.example/call/\d+$", text(mail), re.M)


def test_a_mail_takes_what_it_has_room_for():
    w.run("poll")
    for n in range(CALLS):
        item = {"id": "c%d" % n, "title": "Cell therapy call number %d" % n, "call": "CT-2027-%d" % n,
                "link": "https://portal.example/call/%d" % n, "summary": SENTENCE * 5,
                "deadlines": [{"date": "2027-02-%02d" % (1 + n % 28)}], "eligibility": SENTENCE * 2}
        w.run("add", "-", input=json.dumps(item) + "\n")
    out = w.run("run", "--once").stdout
    mail, = w.mails()
    w.first = links(mail)
    assert 10 < len(w.first) < CALLS, len(w.first)
    html = mail.get_body(("html",)).get_content().replace("\r\n", "\n")
    assert 80 * 1024 < len(html.encode()) <= 90 * 1024, len(html)
    assert "%d new calls" % len(w.first) in mail["Subject"], mail["Subject"]
    assert "%d more calls wait" % (CALLS - len(w.first)) in text(mail).replace("\n", " "), out


def test_the_rest_waits_and_comes_next():
    waiting = [p for p in w.rows("pending") if "Cell therapy call" in p["title"]]
    assert len(waiting) == CALLS - len(w.first), len(waiting)
    w.run("run", "--once", now="2026-11-30T07:00:00Z")
    second = links(w.mails()[1])
    assert second and not set(second) & set(w.first)
    assert set(second) | set(w.first) == {"https://portal.example/call/%d" % n for n in range(CALLS)}


tap.main(globals())
