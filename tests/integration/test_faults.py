#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Portals lie, break off and change shape; files have typos; relays refuse. Nothing that
is stored is lost by it, and what happened is said in plain words."""

import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, World, start_daemon, text_part

SOURCES = ("eu-funding-tenders", "hadea-news", "innovate-uk")
w = World(sources=SOURCES)
w.run("run", "--once")
stored = w.rows("list", "--all")


def state_of(source):
    return next(r for r in w.rows("sources") if r["source"] == source)


def failed_poll(source, fault, words):
    w.control(source, fault)
    r = w.run("poll", source, ok=False)
    w.control(source, "none")
    assert "1 failed" in r.stdout, r.stdout
    state = state_of(source)["state"]
    assert "failing" in state and any(x in state for x in words), (fault, state)
    assert w.rows("list", "--all") == stored, "%s changed what is stored" % fault
    w.run("poll", source)
    assert state_of(source)["state"] == "ok", state_of(source)


def test_an_html_page_with_status_200():
    failed_poll("hadea-news", "html", ["HTML"])
    failed_poll("eu-funding-tenders", "html", ["JSON", "json"])
    failed_poll("innovate-uk", "html", ["items", "expect"])


def test_an_empty_list():
    failed_poll("hadea-news", "empty", ["0 items"])
    failed_poll("eu-funding-tenders", "empty", ["0 items"])


def test_unfiltered_millions():
    failed_poll("eu-funding-tenders", "unfiltered", ["expect"])


def test_half_a_document():
    failed_poll("innovate-uk", "truncate", ["broke off"])
    failed_poll("eu-funding-tenders", "truncate", ["broke off"])


def test_a_list_that_shrank_is_said_and_closes_nothing():
    other = World(sources=("eu-funding-tenders",), profiles=("celltech",))
    other.run("poll")
    n = len(other.rows("list"))
    other.control("eu-funding-tenders", "half")
    other.run("poll", "--force", now="2026-11-24T07:00:00Z")
    state = other.rows("sources")[0]["state"]
    assert "shrunk" in state and "usually about" in state, state
    assert len(other.rows("list")) == n
    other.close()


def test_an_outage_is_retried_later():
    failed_poll("hadea-news", "503", ["503"])


def test_admins_are_told_of_a_failing_source_once():
    other = World(sources=("hadea-news",), profiles=("celltech",))
    other.control("hadea-news", "html")
    for day in range(24, 30):
        other.run("poll", "--force", now="2026-11-%02dT07:00:00Z" % day, ok=False)
        other.run("deliver", now="2026-11-%02dT07:00:00Z" % day)
    told = [m for m in other.mails() if "it@cluster.example" in m["To"]]
    assert len(told) == 1 and len(other.mails()) == 1, [m["Subject"] for m in other.mails()]
    assert "hadea-news" in told[0]["Subject"] and "HTML" in text_part(told[0])
    other.close()


def test_a_moved_deadline_is_a_change():
    w.control("eu-funding-tenders", "moved-deadline", id="HORIZON-HLTH-2027-03-TOOL-02-two-stage")
    out = w.run("poll", "eu-funding-tenders").stdout
    assert "1 changed" in out, out
    changed = [r for r in w.rows("list", "--all") if r not in stored]
    assert len(changed) == 1, changed
    shown = w.run("show", changed[0]["opportunity"]).stdout
    assert "Changed:" in shown and "deadline" in shown and "->" in shown, shown
    w.control("eu-funding-tenders", "none")
    w.run("poll", "eu-funding-tenders")


def test_not_modified_costs_nothing():
    out = w.run("poll", "hadea-news").stdout
    assert "1 not modified" in out, out


def test_a_broken_file_names_every_fault_and_changes_nothing():
    w.edit("rules.d/cell-therapy.conf", "match:", "match: ATMP OR tittle:pharma\nmatsch: x\nmatch:")
    r = w.run("check", ok=False)
    assert "there is no field called 'tittle'" in r.stderr and "did you mean title" in r.stderr, r.stderr
    assert "matsch" in r.stderr and "^" in r.stderr, r.stderr
    before = w.rows("sources", ok=None)
    r = w.run("run", "--once", ok=False)
    assert r.returncode == 78 and "tittle" in r.stderr, r
    assert before == []
    w.edit("rules.d/cell-therapy.conf", "match: ATMP OR tittle:pharma\nmatsch: x\n", "")
    w.run("check")
    assert w.rows("list", "--all") == stored


def test_a_reload_swaps_everything_or_nothing():
    daemon = start_daemon(w)
    log = w.dir / "daemon.log"

    def wait_for(words):
        for _ in range(200):
            if words in log.read_text():
                return
            time.sleep(0.05)
        raise AssertionError("%r is not in the log:\n%s" % (words, log.read_text()))
    wait_for("started")
    w.edit("rules.d/cell-therapy.conf", "match:", "match: ATMP OR tittle:pharma\nmatch:")
    daemon.send_signal(1)
    wait_for("the old rules stay in force")
    assert "tittle" in log.read_text() and "^" in log.read_text()
    w.edit("rules.d/cell-therapy.conf", "match: ATMP OR tittle:pharma\n", "")
    daemon.send_signal(1)
    wait_for("configuration loaded")
    daemon.terminate()
    assert daemon.wait(30) == 0
    assert "stopped" in log.read_text()


def test_a_refused_recipient_never_stops_the_rest():
    other = World(sources=SOURCES, smtp_args=("--refuse", "desk@celltech.example=550",
                                              "--defer", "hello@medscan.example=451"))
    other.run("run", "--once")
    to = [m["To"] for m in other.mails()]
    assert any("university" in t for t in to) and not any("desk@celltech" in t or "medscan" in t for t in to), to
    rows = {r["recipient"]: r for r in other.rows("outbox")}
    assert rows["desk@celltech.example"]["state"] == "failed" and "550" in rows["desk@celltech.example"]["reply"]
    assert rows["hello@medscan.example"]["state"] == "queued" and "451" in rows["hello@medscan.example"]["reply"]
    waiting = {p["profile"]: p["why it waits"] for p in other.rows("pending")}
    assert "550" in waiting["celltech"] and "451" in waiting["medscan"], waiting
    other.close()


def test_an_unreachable_relay_keeps_the_queue():
    other = World(sources=SOURCES, profiles=("celltech", "uni-genomics"))
    port = other.smtp.port
    other.smtp.stop()
    r = other.run("run", "--once", ok=False)
    assert "not tried" in r.stdout, r.stdout
    assert {m["state"] for m in other.rows("outbox")} == {"queued"}
    import world
    other.smtp = world.Server("smtp_sink.py", "--maildir", other.maildir, "--port", port)
    out = other.run("run", "--once").stdout
    assert "%d new mails" % len(other.mails()) in out and other.mails(), out
    other.close()


def test_a_source_of_our_own_network_is_refused():
    other = World(sources=("hadea-news",))
    other.settings(allow_private="10.255.0.0/16")
    r = other.run("run", "--once")
    assert "1 failed" in r.stdout and "not a public address" in r.stderr, r
    other.close()


tap.main(globals())
