#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A month of polls, one a day, of portals that flap, speak two languages, change their ids
or their host, give two calls one id, and lose calls: no false "new", "changed" or merge,
and the true news once each."""

import http.server
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import threading
import zlib

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import World

DAYS = 30
RECIPE = """[source %s]
format: json
url: http://127.0.0.1:%d/%s
pause: 0 s
identity: %s
zone: Europe/Brussels
items: .list[]
%s"""
today = {"doc": {}}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        items = today["doc"].get(self.path.strip("/"))
        data = json.dumps({"list": items}).encode() if items is not None else b"<html>maintenance</html>"
        tag = "\"%x\"" % zlib.crc32(data) if today.get("tags") else None
        same = tag and self.headers.get("If-None-Match") == tag
        self.send_response(304 if same else 200)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Length", "0" if same else str(len(data)))
        self.end_headers()
        self.wfile.write(b"" if same else data)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()


def call(n, title=None, **more):
    return {"id": "g%s" % n, "title": title or "Call number %s" % n, "link": "https://p.example/c/%s" % n,
            "deadlines": [{"date": "2027-03-%02d" % (int(n) % 28 + 1), "time": "17:00"}], **more}


def world(**sources):
    """Sources by name: (identity, further lines of the recipe)."""
    w = World(sources=(), profiles=("celltech",))
    for name, (identity, more) in sources.items():
        (w.conf / "feeds.d" / (name + ".conf")).write_text(
            RECIPE % (name, server.server_port, name, identity, more))
    w.settings(sources=", ".join(sources))
    return w


def month(w, document, days=DAYS, start=0):
    """document(day) -> {source: items, or None when it fails}."""
    for day in range(start, days):
        today["doc"] = document(day)
        month_, date = divmod(day + 22, 30)
        w.run("poll", "--force", now="2026-%02d-%02dT07:00:00Z" % (11 + month_, date + 1), ok=None)


def stored(w):
    db = sqlite3.connect(w.dir / "fundwatch.db")
    calls = db.execute("SELECT title FROM opportunity ORDER BY id").fetchall()
    changes = db.execute("SELECT o.title, c.field, c.after FROM change c JOIN opportunity o"
                         " ON o.id = c.opportunity ORDER BY c.id").fetchall()
    db.close()
    return [t for t, in calls], changes


def quiet(w, document, calls, days=DAYS):
    month(w, document, days)
    assert stored(w) == (calls, []), stored(w)
    w.close()


def test_results_that_come_and_go():
    quiet(world(p=("guid", "lists all: yes")),
          lambda day: {"p": [call(n) for n in range(12) if (day + n) % 3 or day == 0]},
          ["Call number %d" % n for n in range(12)])


def test_languages_take_turns():
    words = {"en": "Manufacturing of cell therapies", "fr": "Production de thérapies cellulaires"}

    def document(day):
        order = ["en", "fr"] if day % 3 else ["fr", "en"]
        first = [call(1, words[x], language=x, call="HORIZON-1", id="1-" + x) for x in order[:1 + day % 2]]
        return {"p": first, "q": [call(2, words[order[0]], language=order[0])]}

    quiet(world(p=("call", ""), q=("guid", "")), document, [words["fr"]] * 2, 12)


def test_times_in_two_forms():
    forms = ["15:00", "15:00:00", "15:00:00.000", "", "3 pm"]

    def document(day):
        time = forms[day % len(forms)]
        return {"p": [call(1, deadlines=[{"date": "2027-03-02", **({"time": time} if time else {})}]),
                      call(2, deadlines=["2027-03-02T" + forms[day % 2]]),
                      call(3, deadlines=["2027-03-02"] if day % 2 else ["02 March 2027"])]}

    quiet(world(p=("guid", "")), document, ["Call number %d" % n for n in (1, 2, 3)], 10)


def test_ids_change_scheme_and_host():
    def document(day):
        base = ["http://p.example", "https://p.example", "https://www.p.example/"][day % 3].rstrip("/")
        host = "https://old.example" if day < 10 else "https://new.example"
        return {"p": [call(1, id=base + "/?p=1", link=base + "/c/1"),
                      call(2, id=host + "/?p=2", link=host + "/c/2"),
                      call(3, id="%s-3" % day, link="https://p.example/c/3")]}  # new ids every day

    quiet(world(p=("guid", "")), document, ["Call number %d" % n for n in (1, 2, 3)])


def test_one_id_on_several_calls():
    def document(day):
        shown = [n for n in (1, 2, 3) if (n + day) % 4]
        return {"p": [call(n, id="0") for n in (shown if day % 2 else shown[::-1])]}

    w = world(p=("guid", ""))
    month(w, document, 12)
    titles, changes = stored(w)
    assert sorted(titles) == ["Call number 1", "Call number 2", "Call number 3"] and changes == [], (titles, changes)
    w.close()


def test_two_calls_with_one_title():
    w = world(p=("guid", ""), q=("guid", ""))
    month(w, lambda day: {"p": [call(1, "Open call"), call(29, "Open call")][::1 if day % 2 else -1],
                          "q": [call(57, "Open  CALL")]}, 10)
    titles, changes = stored(w)
    assert len(titles) == 3 and changes == []
    proposed = w.rows("merge")
    assert len(proposed) == 3, proposed
    one, two = proposed[0]["id"], proposed[0]["other id"]
    w.run("merge", one, two, "--by", "anna")
    gone = one if "was merged into" in w.run("show", one).stderr else two
    assert "by anna on" in w.run("show", gone).stdout
    assert len(w.rows("list")) == 2
    assert len(w.rows("merge")) == 1
    w.run("merge", "--reject", *[w.rows("merge")[0][k] for k in ("id", "other id")])
    assert w.rows("merge") == []
    w.run("merge", one, two, ok=False)
    w.run("merge", "--undo", one, two)
    assert len(w.rows("list")) == 3
    assert w.run("merge", one, ok=None).returncode == 2
    w.close()


def test_a_passed_cut_off_disappears():
    dates = ["2026-11-30", "2026-12-10", "2027-03-01"]

    def document(day):
        now = "2026-%02d-%02d" % (11 + (day + 22) // 30, (day + 22) % 30 + 1)
        return {"p": [call(1, deadlines=[{"date": d} for d in dates if d >= now]),
                      call(2, deadlines=[{"date": d} for d in dates[:1] if d >= now])]}

    w = world(p=("guid", ""))
    month(w, document)
    assert stored(w)[1] == [], stored(w)
    assert [r["title"] for r in w.rows("list", now="2026-12-23T07:00:00Z")] == ["Call number 1"]
    w.close()


def test_a_source_says_closed_and_open_again():
    def document(day):
        return {"p": [call(1, status="Closed" if 5 <= day < 9 else "Open"),
                      call(2, status="geschlossen" if day > 20 else "offen", deadlines=[{"date": "2026-12-05"}]),
                      call(3, status="closed")]}

    w = world(p=("guid", ""))
    month(w, document)
    assert [(t, f) for t, f, _ in stored(w)[1]] == [("Call number 1", "withdrawn"), ("Call number 1", "reopened")], \
        stored(w)
    assert [r["title"] for r in w.rows("list", now="2026-12-23T07:00:00Z")] == ["Call number 1"]
    w.close()


def test_absence_closes_after_several_complete_polls_only():
    def document(day):
        every = [call(n) for n in range(1, 14)]
        some = [c for c in every if c["id"] not in (["g1", "g3"] if 5 <= day < 12 else []) + (["g2"] if day == 8 else [])]
        if day in (6, 7):
            some = None  # it fails
        if day == 20:
            some = every[:2]  # and shrinks
        return {"all": some, "news": [c for c in every if day < 5 or c["id"] != "g1"],
                "other": [call(4)] if day > 2 else [call(5)]}

    w = world(all=("guid", "lists all: yes\ngone after: 3 polls"), news=("guid", ""), other=("guid", ""))
    month(w, document, 9)
    assert stored(w)[1] == [], "too early: two polls failed, one came after a failure"
    month(w, document, start=9)
    assert [(t, f) for t, f, _ in stored(w)[1]][:2] == [("Call number 1", "withdrawn"),
                                                       ("Call number 1", "reopened")], stored(w)
    assert len(stored(w)[1]) == 2, stored(w)
    w.close()


def test_a_document_that_stays_the_same_lacks_the_call_each_time():
    today["tags"] = True
    w = world(p=("guid", "lists all: yes\ngone after: 3 polls"))
    documents = [[1, 2], [1], [1], [1], [1], [1, 2], [1, 2]]  # from the third on "not modified"
    month(w, lambda day: {"p": [call(n) for n in documents[day]]}, 3)
    assert stored(w)[1] == [], "too early"
    month(w, lambda day: {"p": [call(n) for n in documents[day]]}, len(documents), start=3)
    assert [(t, f) for t, f, _ in stored(w)[1]] == [("Call number 2", "withdrawn"), ("Call number 2", "reopened")], stored(w)
    w.close()
    w = world(p=("guid", "lists all: yes\ngone after: 3 polls"))
    documents = [[1, 2], None, [1], [1], [1], [1]]  # what follows a failure counts for nothing, but stands
    month(w, lambda day: {"p": documents[day] and [call(n) for n in documents[day]]}, 5)
    assert stored(w)[1] == [], "too early"
    month(w, lambda day: {"p": [call(n) for n in documents[day]]}, 6, start=5)
    assert [(t, f) for t, f, _ in stored(w)[1]] == [("Call number 2", "withdrawn")], stored(w)
    today["tags"] = False
    w.close()


# The clock of the machine, a second later at each look at it: so it is when a transaction is long.
CLOCK = """#include <time.h>
time_t time(time_t *out)
{
	static time_t looks;
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += looks++;
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}
"""


def test_a_poll_that_takes_seconds_misses_nothing():
    today["tags"] = True
    w = world(p=("guid", "lists all: yes\ngone after: 2 polls"))
    shim = w.dir / "clock.so"
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-x", "c", "-o", shim, "-"], input=CLOCK, text=True, check=True)
    env = dict(os.environ, LD_PRELOAD=str(shim),
               ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
    today["doc"] = {"p": [call(n) for n in range(1, 6)]}
    for _ in range(4):  # from the second on "not modified"
        subprocess.run([w.program, "-c", w.conf, "poll", "--force"], env=env, check=True, timeout=60,
                       capture_output=True)
    db = sqlite3.connect(w.dir / "fundwatch.db")
    assert db.execute("SELECT DISTINCT missed FROM sighting").fetchall() == [(0,)]
    db.close()
    assert stored(w)[1] == [], stored(w)
    today["tags"] = False
    w.close()


tap.main(globals())
