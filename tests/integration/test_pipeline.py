#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole cast on all four sources: recipes in their real protocols, review, caps,
answers, figures, and every verb that shows them."""

import json
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, ROOT, World, text_part

w = World()
NEXT_WEEK = "2026-11-30T07:00:00Z"


def by_profile(profile):
    return [p for p in w.rows("pending") if p["profile"] == profile]


def test_one_pass_over_all_sources():
    w.run("add", ROOT / "tests/demo/offer.eml")
    out = w.run("run", "--once").stdout
    assert "4 sources" in out and "0 failed" in out, out
    rows = {r["source"]: r for r in w.rows("sources")}
    assert set(rows) == {"eu-funding-tenders", "hadea-news", "estban", "innovate-uk"}
    assert all(r["state"] == "ok" and r["verified"] == "no" for r in rows.values()), rows


def test_the_portal_was_asked_in_its_protocol():
    log = w.requests()
    posts = [r for r in log if r["path"].startswith("/search-api")]
    assert len(posts) == 3, posts  # two pages and the empty one
    assert all(r["method"] == "POST" and r["status"] == 200 for r in posts), posts
    assert any(r["path"].startswith("/innovate-uk/") and "page=1" in r["path"] for r in log), log


def test_stored_calls_are_what_the_samples_say():
    stored = w.rows("list", "--all")
    calls = {r.get("call") for r in stored}
    want = [json.loads(line) for line in open(ROOT / "feeds/samples/eu-funding-tenders.expect")]
    assert all(it["call"] in calls for it in want if "call" in it)
    assert len({r["opportunity"] for r in stored}) == len(stored)
    by_call = {r["call"]: r for r in stored if "call" in r}
    for it in want:
        if "deadlines" in it:
            got = by_call[it["call"]]["deadlines"]
            assert [d["date"] for d in got] == [d["date"] for d in it["deadlines"]], it["call"]


def test_each_recipient_got_one_mail_and_each_call_once():
    mails = w.mails()
    to = [m["To"] for m in mails]
    assert len(set(to)) == len(to), to
    for mail in mails:
        links = [line.strip() for line in text_part(mail).splitlines() if line.strip().startswith("http")]
        assert len(set(links)) == len(links), links


def test_a_profile_under_review_holds_its_calls():
    held = w.rows("review")
    assert held and all(r["profile"] == "uni-materials" for r in held), held
    assert not any("materials@university.example" in m["To"] for m in w.mails())
    assert any("review" in p["why it waits"] for p in by_profile("uni-materials"))


def test_staff_decide_with_who_and_why():
    held = w.rows("review")
    w.run("review", "approve", held[0]["id"], "uni-materials", "--by", "anna", "--note", "Ask us for the last winner.")
    if len(held) > 1:
        w.run("review", "reject", held[1]["id"], "uni-materials", "--by", "anna", "--why", "too far from their work")
    out = w.run("explain", held[0]["id"], "uni-materials").stdout
    assert "approved by anna" in out, out
    w.run("run", "--once", now=NEXT_WEEK)
    mail = [m for m in w.mails() if "materials@university.example" in m["To"]]
    assert len(mail) == 1 and "Ask us for the last winner." in text_part(mail[0])
    r = w.run("review", "approve", held[0]["id"], "uni-materials", ok=False)
    assert "already sent" in r.stderr, r.stderr


def test_explain_says_what_stopped_a_call():
    vaccine = next(r for r in w.rows("list", "--all") if "cold chain" in r["title"].lower())
    out = w.run("explain", vaccine["opportunity"], "coldchain").stdout
    assert "Not sent: " in out and "in 18 days" in out and "asks for 30" in out, out
    noise = next(r for r in w.rows("list", "--all") if "farming" in r["title"].lower())
    out = w.run("explain", noise["opportunity"], "celltech").stdout
    assert "By the rules:" in out and "not in it" in out, out


def test_answers_count_once_and_can_be_retracted():
    period = ("--from", "2026-11-01", "--to", "2026-11-30")
    row = next(r for r in w.rows("report", "--evidence", *period) if r["profile"] == "celltech")
    w.run("answer", "celltech", row["call"], "interested", "--by", "member")
    out = w.run("answer", "celltech", row["call"], "applying").stdout
    event = out.split("event ")[1].split(":")[0]
    kpi = json.loads(w.run("report", "--json", *period).stdout)
    assert kpi["engaged"] == {**kpi["engaged"], "total": 1, "smes": 1}, kpi
    w.run("retract", event, "was about another call")
    kpi = json.loads(w.run("report", "--json", *period).stdout)
    assert kpi["engaged"]["total"] == 1, kpi  # the first answer still stands
    r = w.run("retract", event, "again", ok=False)
    assert "retracted already" in r.stderr, r.stderr
    r = w.run("answer", "celltech", "no-such-call", "interested", ok=False)
    assert "no call has the id" in r.stderr, r.stderr


def test_test_members_never_count():
    kpi = json.loads(w.run("report", "--json", now=NEXT_WEEK).stdout)
    evidence = w.rows("report", "--evidence", now=NEXT_WEEK)
    assert any("test@cluster.example" in m["To"] for m in w.mails())
    assert not any(e["profile"] == "test-member" for e in evidence)
    assert kpi["forwarded"] == len({e["call"] for e in evidence if e["what"] == "forwarded"})
    assert kpi["reached"]["total"] == len({e["organisation"] for e in evidence if e["what"] == "forwarded"})
    assert kpi["reached"]["research_institutions"] == 1, kpi  # two labs, one university


def test_figures_recounted_from_the_maildir():
    mails = [m for m in w.mails() if m["To"] and "test@cluster.example" not in m["To"]]
    links = set()
    for m in mails:
        links |= {line.strip() for line in text_part(m).splitlines() if line.strip().startswith("http")}
    stored = {r["link"] for r in w.rows("list", "--all") if "link" in r}
    kpi = json.loads(w.run("report", "--json", now=NEXT_WEEK).stdout)
    assert kpi["forwarded"] == len(links & stored), (kpi, len(links & stored))


def test_an_offer_can_be_edited():
    offer = next(r for r in w.rows("list", "--all") if r["source"] == "received")
    w.run("add", "--id", offer["opportunity"], "--deadline", "31 January 2027", "--kind", "partner")
    out = w.run("show", offer["opportunity"]).stdout
    assert "31 January 2027" in out and "Changed:" in out and "forwarded by" in out.lower(), out
    polled = next(r for r in w.rows("list", "--all") if r["source"] == "estban")
    r = w.run("add", "--id", polled["opportunity"], "--title", "x", ok=False)
    assert "overwrite" in r.stderr, r.stderr


def test_caps_carry_over():
    small = World(sources=("eu-funding-tenders", "innovate-uk", "hadea-news"), profiles=("test-member",))
    small.edit("profiles.d/test-member.conf", "limit:        30 per digest", "limit: 2 per digest")
    small.edit("profiles.d/test-member.conf", "weekly mon 08:00 Europe/Tallinn", "daily 08:00")
    small.run("run", "--once")
    before = len(small.rows("pending"))
    assert before > 2 and any("over the limit" in p["why it waits"] for p in small.rows("pending"))
    seen = []
    for day in range(24, 30):
        small.run("run", "--once", now="2026-11-%02dT07:00:00Z" % day)
    for m in small.mails():
        links = [line.strip() for line in text_part(m).splitlines() if line.strip().startswith("http")]
        seen += [x for x in links if "127.0.0.1" in x or "europa" in x or "gov.uk" in x]
    assert len(seen) == len(set(seen)), "a call came twice"
    assert len(small.mails()) > 2
    small.close()


def test_suppressed_addresses_get_nothing():
    other = World(sources=("eu-funding-tenders",), profiles=("celltech",))
    for address in ("desk@celltech.example", "lab@celltech.example"):
        other.run("unsubscribe", address)
    assert "0 new mails" in other.run("run", "--once").stdout
    assert other.mails() == []
    other.close()


def test_deliver_off_holds_and_only_lets_some_through():
    other = World(sources=("eu-funding-tenders",), profiles=("celltech", "medscan"))
    other.settings(deliver="off")
    assert "0 new mails" in other.run("run", "--once").stdout
    assert other.mails() == [] and other.rows("outbox")
    assert any("deliver" in p["why it waits"] for p in other.rows("pending"))
    other.settings(deliver="only medscan.example")
    assert "1 new mail " in other.run("run", "--once").stdout
    # More than a period later what was queued is superseded and told anew, once.
    other.settings(deliver="on")
    other.run("run", "--once", now=NEXT_WEEK)
    to = [m["To"] for m in other.mails()]
    assert sum("celltech" in t for t in to) == len({t for t in to if "celltech" in t}), to
    assert any("celltech" in t for t in to)
    other.close()


def test_file_transports():
    other = World(sources=("eu-funding-tenders",), profiles=("celltech",))
    eml = other.dir / "eml"
    other.settings(transport="eml %s" % eml)
    other.run("run", "--once")
    files = sorted(eml.glob("*"))
    assert files and all(f.read_bytes().count(b"\r\n") > 10 for f in files), files
    other.close()


tap.main(globals())
