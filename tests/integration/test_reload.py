#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An edit of the rules, from the check before it to the mails after it: a refused
reload is told where it must be told, a widened rule never floods, a renamed profile
keeps its past, and what was in force on a day can be read later."""

import json
import pathlib
import re
import sqlite3
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, World, start_daemon, text_part

WEEKS = ["2026-11-30T07:00:00Z", "2026-12-07T07:00:00Z", "2026-12-14T07:00:00Z"]
SOURCES = ("eu-funding-tenders", "hadea-news", "innovate-uk")
BROKEN = "match: ATMP OR tittle:pharma\nmatch:"
w = World(sources=SOURCES)


def database(world=w):
    return sqlite3.connect("file:%s?mode=ro" % (world.dir / "fundwatch.db"), uri=True)


def status(now=NOW):
    return {r["what"]: r["state"] for r in w.rows("status", now=now)}


def diagnostics(world=w, ok=True):
    return [json.loads(line) for line in world.run("check", "--format", "json", ok=ok).stdout.splitlines()]


def staff_mails():
    return [m for m in w.mails() if m["To"] == "desk@cluster.example"]


def test_check_needs_no_database_and_makes_none():
    r = w.run("check")
    assert not (w.dir / "fundwatch.db").exists()
    assert re.search(r"^\d+ profiles, \d+ rule sets, 3 sources, [1-9]\d* tests: 0 errors", r.stdout), r.stdout
    w.run("run", "--once")
    assert status()["last load"].startswith("23 November 2026 09:00, ok: rules "), status()


def test_check_speaks_to_editors_and_programs():
    w.edit("rules.d/cell-therapy.conf", "match:", BROKEN)
    lines = w.run("check", "--format", "gcc", ok=False).stdout.splitlines()
    assert any(line.startswith("rules.d/cell-therapy.conf:") and line.endswith(
        ": error: there is no field called 'tittle' [did you mean title: ?]") for line in lines), lines
    (d,) = [d for d in diagnostics(ok=False) if d["severity"] == "error"]
    assert d["file"] == "rules.d/cell-therapy.conf" and d["width"] == len("tittle"), d
    assert d["text"][d["col"] - 1:][:6] == "tittle" and d["hint"] == "did you mean title: ?", d
    assert w.run("check", "--format", "xml", ok=False).returncode == 2
    w.edit("rules.d/cell-therapy.conf", BROKEN, "match:")


def test_a_file_can_be_checked_alone():
    r = w.run("check", w.conf / "profiles.d/celltech.conf")
    assert r.stdout == "0 errors, 0 warnings\n", r.stdout + r.stderr
    (w.dir / "draft.conf").write_text("[profile x]\nname: X\nkind: sme\nemail: x@x.example\nuse: elsewhere\n"
                                      "match: gene OR tittle:pharma\nmatsch: y\n")
    lines = w.run("check", "--format", "gcc", w.dir / "draft.conf", ok=False).stdout.splitlines()
    assert [line.split("draft.conf")[1] for line in lines] == [
        ":6:16: error: there is no field called 'tittle' [did you mean title: ?]",
        ":7:1: error: there is no key called 'matsch' in a [profile] section [did you mean match ?]"], lines


def test_a_language_that_nobody_knows_is_said():
    w.edit("profiles.d/celltech.conf", "\nlanguage:     ", "\nlanguage:     xx\n#")
    r = w.run("check")
    assert "'xx' is no language of the EU: words are found only as they are written" in r.stderr, r.stderr
    w.edit("profiles.d/celltech.conf", "xx\n#", "")


def test_a_failing_test_is_an_error_of_check():
    w.edit("profiles.d/celltech.conf", "expect:       no match", "expect: match, score >= 2")
    r = w.run("check", ok=False)
    assert "fails: expected a match, got none" in r.stderr and "an exclude line hits" in r.stderr, r.stderr
    w.edit("profiles.d/celltech.conf", "expect: match, score >= 2", "expect:       no match")


def test_a_refused_reload_is_told_once_for_each_set_of_faults():
    daemon = start_daemon(w)
    log = w.dir / "daemon.log"

    def reload_until(words, times):
        daemon.send_signal(1)
        for _ in range(400):
            if log.read_text().count(words) >= times:
                return
            time.sleep(0.02)
        raise AssertionError("%r is not in the log %d times:\n%s" % (words, times, log.read_text()))
    for _ in range(100):
        if "started" in log.read_text():
            break
        time.sleep(0.05)
    refused = "1 error; the old rules stay in force"
    w.edit("rules.d/cell-therapy.conf", "match:", BROKEN)
    reload_until(refused, 1)
    reload_until(refused, 2)
    w.edit("rules.d/cell-therapy.conf", BROKEN, "match:")
    said = status()["last load"]
    assert "refused: 1 error; rules " in said and "stay in force" in said, said
    w.edit("rules.d/cell-therapy.conf", "match:", "matsch:")
    reload_until(refused, 3)
    w.edit("rules.d/cell-therapy.conf", "matsch:", "match:")
    reload_until("configuration loaded", 1)  # of the supervisor; it wakes the workers
    assert ", ok: rules " in status()["last load"]
    for _ in range(400):
        if len(staff_mails()) == 2:
            break
        time.sleep(0.05)
    daemon.terminate()
    assert daemon.wait(30) == 0
    # Both may have left within one tick of the clock that file times know.
    first, second = sorted(staff_mails(), key=lambda m: "matsch" in m.get_content())
    assert first["Subject"] == "Fundwatch: 1 error in the files; the old rules stay in force", first["Subject"]
    body = first.get_content()
    assert first.get_content_type() == "text/plain" and "List-Unsubscribe" not in first
    assert "rules.d/cell-therapy.conf:" in body and "no field called 'tittle'" in body, body
    assert "^^^^^^ did you mean title: ?" in body and "'fundwatch check'" in body, body
    assert "matsch" in second.get_content()
    w.run("run", "--once")
    assert len(staff_mails()) == 2


def test_hits_and_mails_name_the_rules_that_made_them():
    db = database()
    (latest,) = db.execute("SELECT hash FROM in_force ORDER BY id DESC LIMIT 1").fetchone()
    assert db.execute("SELECT count(*) FROM outbox WHERE rules <> ?", (latest,)).fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM hit WHERE rules <> ?", (latest,)).fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM outbox").fetchone()[0] > 3


def test_a_widened_rule_never_floods():
    before = {p["id"] for p in w.rows("pending") if p["profile"] == "uni-materials"}
    mails = len(w.mails())
    path = w.conf / "profiles.d/uni-materials.conf"
    text = re.sub(r"(?m)^(limit|digest|mode):.*\n", "", path.read_text())
    path.write_text(text.replace("[profile uni-materials]", "[profile uni-materials]\nlimit: 3 per digest\n"
                                 "match: health OR research OR innovation OR business OR cell", 1))
    w.run("run", "--once", now=WEEKS[0])
    new = [m for m in w.mails()[mails:] if "materials" in m["To"]]
    assert len(new) == 1, [m["To"] for m in w.mails()[mails:]]
    links = [line for line in text_part(new[0]).splitlines() if line.startswith("http") and "cluster.example" not in line]
    pending = [p for p in w.rows("pending", now=WEEKS[0]) if p["profile"] == "uni-materials"]
    carried = [p for p in pending if "next digest" in p["why it waits"] or "over the limit" in p["why it waits"]]
    assert len(links) == 3 and carried == pending and len(pending) > len(before), (links, pending)
    db = database()
    scores = dict(db.execute("SELECT o.short_id, h.score FROM hit h JOIN opportunity o ON o.id = h.opportunity"
                             " WHERE h.profile = 'uni-materials'").fetchall())
    sent = [r[0] for r in db.execute("SELECT o.short_id FROM forward f JOIN opportunity o ON o.id = f.opportunity"
                                     " WHERE f.profile = 'uni-materials' ORDER BY f.id DESC LIMIT ?", (len(links),))]
    assert min(scores[s] for s in sent) >= max(scores[p["id"]] for p in carried), (sent, carried)
    open_calls = {r["opportunity"] for r in w.rows("list", now=WEEKS[0])}
    assert set(sent) <= open_calls and {p["id"] for p in carried} <= open_calls
    w.run("run", "--once", now=WEEKS[1])  # what was carried over comes, as many again
    more = [m for m in w.mails()[mails:] if "materials" in m["To"]]
    assert len(more) == 2 and more[1]["Message-ID"] != more[0]["Message-ID"]


def test_what_was_in_force_can_be_read():
    assert "match: health OR research" not in w.run("rules", "--at", "2026-11-23").stdout
    now = w.run("rules", "--at", "2026-11-30").stdout
    assert "\nmatch: health OR research" in now and "in force since 30 November 2026" in now
    assert "email:" not in now and "@" not in now and "# The shared words" not in now
    rows = w.rows("rules")
    assert len(rows) == 2 and rows[1]["at"] == WEEKS[0], rows
    assert "no rules were in force" in w.run("rules", "--at", "2026-01-01", ok=False).stderr


def test_check_asks_about_a_profile_that_vanished():
    db = database()
    forwards = db.execute("SELECT opportunity FROM forward WHERE profile = 'celltech' ORDER BY 1").fetchall()
    w.edit("profiles.d/celltech.conf", "[profile celltech]", "[profile celltech-group]")
    text = (w.conf / "profiles.d/celltech.conf").read_text()
    (w.conf / "profiles.d/celltech.conf").write_text(
        text.replace("profile:      celltech", "profile:      celltech-group"))
    (d,) = [d for d in diagnostics() if "former" in d["message"]]
    assert d["severity"] == "warning" and d["message"] == \
        "is 'celltech-group' the former 'celltech', which is gone and had the same address?", d
    assert d["hint"] == "then add the line 'was: celltech': its history goes on, and nothing is counted twice", d
    assert d["text"] == "[profile celltech-group]", d
    w.edit("profiles.d/celltech.conf", "[profile celltech-group]", "[profile celltech-group]\nwas: celltech")
    assert not [d for d in diagnostics() if "former" in d["message"]]
    assert forwards


def test_a_renamed_profile_keeps_its_past():
    db = database()
    tables = [t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
              if "profile" in [c[1] for c in db.execute("PRAGMA table_info(%s)" % t)]]
    assert "forward" in tables and "hit" in tables
    before = {t: db.execute("SELECT count(*) FROM %s WHERE profile = 'celltech'" % t).fetchone()[0] for t in tables}
    mails = len(w.mails())
    w.run("run", "--once", now=WEEKS[1])
    db = database()
    for t in tables:
        rows = dict(db.execute("SELECT profile, count(*) FROM %s WHERE profile LIKE 'celltech%%' GROUP BY 1" % t))
        assert "celltech" not in rows, (t, rows)
        assert rows.get("celltech-group", 0) >= (before[t] if t != "hit" else 1), (t, rows, before)
    assert before["forward"] > 0 and len(w.mails()) == mails, "a renamed profile was mailed again"
    w.run("run", "--once", now=WEEKS[2])
    again = [m for m in w.mails()[mails:] if "celltech" in m["To"]]
    assert not again, [text_part(m) for m in again]


def test_rules_are_held_against_stored_calls():
    def words(d):
        return d["message"]
    few = [d for d in diagnostics() if "stored calls" in words(d)]
    (n,) = database().execute("SELECT count(*) FROM opportunity").fetchone()
    if n < 50:  # too few to tell a rate
        assert few == [], few
        for i in range(50 - n):
            w.run("add", "--title", "Invented call %d for herring fleets" % i, "--deadline",
                  "2027-03-01", "--text", "Money for nets number %d" % i)
    w.edit("profiles.d/celltech.conf", "was: celltech", "was: celltech\nmatch: herring OR zzyzx")
    told = [d for d in diagnostics() if "stored calls" in words(d)]
    assert any("in none of the" in words(d) and "zzyzx" in words(d) for d in told), told
    assert all(d["severity"] == "warning" for d in told), told


def test_check_works_beside_a_database_that_is_none():
    (w.dir / "other.db").write_bytes(b"no database" * 1000)
    w.settings(database=w.dir / "other.db", sources=", ".join(SOURCES))
    (d,) = [d for d in diagnostics() if "the rules were not held against the stored calls: " in d["message"]]
    assert d["severity"] == "note" and d["file"] == "fundwatch.conf", d
    w.settings(sources=", ".join(SOURCES))
    stamp = (w.dir / "fundwatch.db").stat().st_mtime_ns
    diagnostics()
    assert (w.dir / "fundwatch.db").stat().st_mtime_ns == stamp


def test_status_tells_the_refused_load_while_the_files_are_wrong():
    w = World(sources=("eu-funding-tenders",), profiles=("celltech",))
    w.run("run", "--once")
    w.edit("rules.d/cell-therapy.conf", "match:", "match: ATMP OR tittle:pharma\nmatch:")
    r = w.run("status", ok=False)
    assert r.returncode == 78 and "tittle" in r.stderr, r
    assert "last load" in r.stdout and "keeps the rules" in r.stdout, r.stdout
    w.close()


tap.main(globals())
