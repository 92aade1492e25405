#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""kill -9 at many points of a pass, then another pass: the same mails and the same
figures as without the crash; at most the one mail in flight may come twice, identical."""

import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, ROOT, World

POINTS = 40  # crashes, spread over the pass

w = World(sources=("eu-funding-tenders", "hadea-news"), profiles=("celltech", "medscan", "uni-genomics"))
shim = w.dir / "crash.so"
subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", shim,
                ROOT / "tests/integration/crash.c", "-ldl"], check=True)


# A database that is empty but for the key that signs answers: left to itself, each makes
# its own, and the mails of two runs are compared byte by byte.
seed = w.dir / "seed.db"
w.run("status")
with sqlite3.connect(w.dir / "fundwatch.db") as made, sqlite3.connect(seed) as copy:
    made.execute("INSERT INTO meta (key, value) VALUES ('answer-key', ?)", ("5a" * 32,))
    made.commit()
    made.backup(copy)


def fresh():
    for f in w.dir.glob("fundwatch.db*"):
        f.unlink()
    shutil.copy(seed, w.dir / "fundwatch.db")
    for f in (w.maildir / "new").glob("*"):
        f.unlink()


def outcome():
    mails = {}
    for m in w.mails():
        mails.setdefault(m["Message-ID"], []).append(m.as_bytes())
    figures = json.loads(w.run("report", "--json").stdout)
    calls = sorted(r.get("call", r["title"]) for r in w.rows("list", "--all"))
    return mails, figures, calls, w.rows("pending")


def count(call):
    """How many calls of this name ("" = all) a whole pass makes."""
    fresh()
    path = w.dir / "count"
    w.run("run", "--once", env={"LD_PRELOAD": str(shim), "CRASH_COUNT": str(path), **only(call)})
    return int(path.read_text())


def only(call):
    return {"CRASH_CALL": call} if call else {}


def crash(call, at):
    fresh()
    r = w.run("run", "--once", env={"LD_PRELOAD": str(shim), "CRASH_AT": str(at), **only(call)}, ok=None)
    assert r.returncode == -9, (call, at, r)


def spread(total, n):
    return sorted({1 + i * (total - 1) // (n - 1) for i in range(n)})


def test_a_pass_cut_off_anywhere_ends_the_same():
    total = count("")
    mails, figures, calls, pending = outcome()
    assert total > POINTS and len(mails) == 3, (total, len(mails))
    points = [("", at) for at in spread(total, POINTS)]
    points += [("write", at) for at in spread(count("write"), POINTS // 2)]  # while it speaks SMTP
    for call, at in points:
        crash(call, at)
        w.run("run", "--once")
        again = outcome()
        assert set(again[0]) == set(mails), "crash at %s %d: other mails" % (call, at)
        for key, copies in again[0].items():
            assert copies[0] == mails[key][0], "crash at %s %d: the mail differs" % (call, at)
            assert set(copies) == set(copies[:1]), "crash at %s %d: a second copy differs" % (call, at)
        repeats = sum(len(c) - 1 for c in again[0].values())
        assert repeats <= 1, "crash at %s %d: %d mails came twice" % (call, at, repeats)
        assert again[1:] == (figures, calls, pending), "crash at %s %d: other figures" % (call, at)
        assert "0 new mails" in w.run("run", "--once").stdout, (call, at)


def test_hold_does_not_send_again():
    w.settings(after_crash="hold")
    held = 0
    for at in spread(count("write"), 12):
        crash("write", at)
        w.run("run", "--once")
        ids = [m["Message-ID"] for m in w.mails()]
        assert len(ids) == len(set(ids)), "crash at %d: a mail came twice" % at
        held += sum(m["state"] == "held" for m in w.rows("outbox"))
    assert held > 0, "no crash fell between hand-over and answer"


tap.main(globals())
