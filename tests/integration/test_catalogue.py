#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole catalogue at once: every recipe polls its own sample over HTTP, nothing fails,
each source stores calls, and relevance keeps out what is no call. Then a portal is rebuilt."""

import http.server
import json
import pathlib
import re
import sys
import threading

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import ROOT, World

RECIPES = sorted((ROOT / "feeds").glob("*.conf"))
NAMES = [r.stem for r in RECIPES]
TYPES = {".json": "application/json", ".html": "text/html; charset=utf-8", ".xml": "application/rss+xml"}


class Samples(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.split("/")[1].split("?")[0]
        found = sorted(p for p in (ROOT / "feeds/samples").glob(name + ".*") if p.suffix in TYPES)
        body = found[0].read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", TYPES[found[0].suffix])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Samples)
threading.Thread(target=server.serve_forever, daemon=True).start()
w = World(sources=(), profiles=("celltech",))
for recipe in RECIPES:  # one page each, from here
    text = re.sub(r"^(pages|next|token|pause|at least|detail[a-z ]*):.*\n", "", recipe.read_text(), flags=re.M)
    text = re.sub(r"^url:.*$", "url: http://127.0.0.1:%d/%s\npause: 0 s\nat least: 1 items" % (
        server.server_port, recipe.stem), text, flags=re.M)
    (w.conf / "feeds.d" / recipe.name).write_text(text.replace("{page}", "1").replace("{offset}", "0"))
w.settings(sources=", ".join(NAMES), deliver="off")


def expected(name):
    path = ROOT / "feeds/samples" / (name + ".expect")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_source_answers():
    w.run("poll", "--force")
    states = {r["source"]: r["state"] for r in w.rows("sources")}
    assert set(states) == set(NAMES), set(NAMES) - set(states)
    assert not {n: s for n, s in states.items() if s != "ok"}, states


def test_relevance_lets_calls_through_and_nothing_else():
    stored, calls = {}, set()
    for row in w.rows("list", "--all"):
        stored.setdefault(row["source"], set()).add(row["title"])
        calls.add(row.get("call"))
    assert not [n for n in NAMES if not stored.get(n)], [n for n in NAMES if not stored.get(n)]
    for recipe in RECIPES:
        if not re.search(r"^relevance:", recipe.read_text(), re.M):
            continue
        items = expected(recipe.stem)
        dated = {i["title"] for i in items if i.get("deadlines") and not (
            "call" in i and i["call"] in calls)}  # those are known from another portal too
        kept = stored[recipe.stem]
        assert len(kept) < len(items), "%s: relevance keeps everything: %s" % (recipe.stem, kept)
        lost = {t for t in dated - kept if not re.search(r"[Vv]acancy", t)}
        assert not lost, "%s: relevance loses %s" % (recipe.stem, lost)


def test_a_rebuilt_portal_changes_nothing():
    before = w.rows("list", "--all")
    w.edit("feeds.d/eit-opportunities.conf", " end-date ", " closing-date ")  # as if the class had gone
    r = w.run("poll", "eit-opportunities", ok=False)
    assert "0 of 4 items have a 'deadline'" in r.stderr and "nothing was changed" in r.stderr, r.stderr
    assert w.rows("list", "--all") == before


tap.main(globals())
