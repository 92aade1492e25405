#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`make demo`: the main job on the shipped samples, as a story. Portals are replayed on
loopback, the mail server is a real one, the clock stands at Monday 23 November 2026,
09:00 in Tallinn. Nothing outside this machine is asked or mailed."""

import json
import pathlib
import re
import shutil
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "replay"))
from world import NOW, ROOT, World, start_daemon, text_part

OUT = ROOT / "build" / "demo"
NEXT_WEEK = "2026-11-30T07:00:00Z"
JANUARY = "2027-01-04T07:00:00Z"  # a Monday
BACK = "2027-02-15T07:00:00Z"  # a Monday
MOVED = "HORIZON-HLTH-2027-03-TOOL-02-two-stage"
PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")
started = last = time.monotonic()
stages = []


def chapter(title):
    global last
    now = time.monotonic()
    if stages:
        stages[-1][1] = now - last
    last = now
    stages.append([title, 0.0])
    print("\n\033[1m== %s\033[0m" % title if sys.stdout.isatty() else "\n== %s" % title)


def say(*lines):
    for line in lines:
        print(line)


def shell(world, *args, **kw):
    """Runs and shows a command as a person would type it."""
    shown = " ".join('"%s"' % a if " " in str(a) else str(a) for a in args)
    print("$ fundwatch " + shown)
    r = world.run(*args, **kw)
    print((r.stdout + r.stderr).rstrip())
    return r


def recount(world):
    """Forwarded and reached from the Maildir alone: links and recipients, nothing else."""
    members = {}  # address -> organisation, from the profile files
    for f in (world.conf / "profiles.d").glob("*.conf"):
        text = f.read_text()
        for section in re.split(r"(?m)^\[", text):
            if not section.startswith("profile ") or re.search(r"(?m)^test:\s*yes", section):
                continue
            name = section[8:].split("]")[0].strip()
            org = re.search(r"(?m)^organisation:\s*(\S+)", section)
            for address in re.findall(r"[\w.+-]+@[\w.-]+", re.search(r"(?m)^email:(.*)$", section).group(1)):
                members[address] = org.group(1) if org else name
    calls, organisations = set(), set()
    for mail in world.mails():
        address = re.search(r"[\w.+-]+@[\w.-]+", mail["To"]).group(0)
        if address not in members:
            continue
        organisations.add(members[address])
        for number, link in re.findall(r"(?ms)^(\d+)\) .*?^(https?://\S+)", text_part(mail)):
            calls.add(link)
    return len(calls), len(organisations)


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    w = World()

    chapter("An offer arrives by mail; staff pass it on")
    shell(w, "add", ROOT / "tests/demo/offer.eml")

    chapter("Monday 09:00: one pass over all portals")
    run = shell(w, "run", "--once").stdout
    stored = w.rows("list", "--all")
    opened = w.rows("list")
    evidence = w.rows("report", "--evidence", *PERIOD)
    held = w.rows("review")
    suits = {e["call"] for e in evidence} | {r["id"] for r in held} | {p["id"] for p in w.rows("pending")}
    say("", "%d calls stored, %d of them open or forthcoming; %d suit somebody; %d held for review; %d mails sent."
        % (len(stored), len(opened), len(suits), len(held), len(w.mails())))

    chapter("What CellTech reads on its phone")
    mail = next(m for m in w.mails() if "celltech" in m["To"])
    say("From: %s" % mail["From"], "To: %s" % mail["To"], "Subject: %s" % mail["Subject"], "", text_part(mail).rstrip())

    chapter("Why did ColdChain not get the vaccine call?")
    vaccine = next(r for r in stored if r.get("call") == "EU4H-2027-PJ-05")
    shell(w, "explain", vaccine["call"], "coldchain")

    chapter("What is held for review, and staff decide")
    shell(w, "review")
    if held:
        shell(w, "review", "approve", held[0]["id"], "uni-materials", "--by", "anna",
              "--note", "Last year's winner is in Tartu; ask us for the contact.")

    chapter("Somebody makes a typo in a rule; the running daemon keeps the old rules")
    daemon = start_daemon(w)
    log = w.dir / "daemon.log"
    wait_for(log, "started")
    w.edit("rules.d/cell-therapy.conf", "match:", "match:        ATMP OR tittle:pharma\nmatch:")
    daemon.send_signal(signal.SIGHUP)
    wait_for(log, "old rules stay in force")
    say(log.read_text().rstrip())
    w.edit("rules.d/cell-therapy.conf", "match:        ATMP OR tittle:pharma\n", "")
    daemon.terminate()
    daemon.wait(30)
    say("", "The staff are told by mail, in the words of `fundwatch check`:")
    shell(w, "deliver")

    chapter("Two members answer")
    calls = [e for e in evidence if e["profile"] in ("celltech", "uni-genomics")]
    shell(w, "answer", "celltech", next(e["call"] for e in calls if e["profile"] == "celltech"), "interested")
    shell(w, "answer", "uni-genomics", next(e["call"] for e in calls if e["profile"] == "uni-genomics"), "applying")

    chapter("The figures for the ministry")
    shell(w, "report", *PERIOD)
    kpi = json.loads(w.run("report", "--json", *PERIOD).stdout)
    forwarded, reached = recount(w)
    equal = (forwarded, reached) == (kpi["forwarded"], kpi["reached"]["total"])
    say("", "Recounted from the mails in the Maildir alone: %d calls forwarded, %d companies reached: %s."
        % (forwarded, reached, "equal" if equal else "NOT EQUAL"))

    chapter("The same evening: the portals are asked again")
    second = shell(w, "run", "--once", now="2026-11-23T19:00:00Z").stdout

    told = day_eight(w)

    chapter("Where to look")
    OUT.mkdir(parents=True)
    for m in w.mails():
        name = re.search(r"[\w.+-]+@[\w.-]+", m["To"]).group(0)
        html = m.get_body(("html",))  # what staff are told of a mistake is plain text
        if html is not None:
            (OUT / (name + ".html")).write_text(html.get_content())
        (OUT / (name + ".eml")).write_bytes(m.as_bytes())
    say("The mails as HTML and as .eml: %s" % OUT.relative_to(ROOT))
    stages[-1][1] = time.monotonic() - last
    say("", "seconds per stage:")
    for title, seconds in stages:
        say("  %5.1f  %s" % (seconds, title))
    say("  %5.1f  in all" % (time.monotonic() - started))
    w.close()
    if not equal or "0 new mails" not in second or "failed" not in run or not told:
        sys.exit("the demo did not end as it should")


def section(mail, heading):
    """The first entry of one part of a mail's text, without its answer links."""
    text = text_part(mail)
    start = text.index(heading)
    return text[start:text.index("Your answer", start)]


def holders(world, call):
    """Addresses that were sent the call, from the mails alone."""
    return {m["To"].addresses[0].addr_spec for m in world.mails() if call["link"] in text_part(m)}


def day_eight(w):
    """A week later: a moved deadline, a portal that lies, a reminder, a pause that ends."""
    stored = {r["opportunity"]: r for r in w.rows("list", "--all")}
    moved = next(r for r in stored.values() if r.get("call") == MOVED)
    readers = holders(w, moved)
    before = {m["Message-ID"] for m in w.mails()}
    failing = {r["opportunity"] for r in stored.values() if r["source"] == "hadea-news"}

    chapter("Monday, day 8: a deadline has moved, and one portal shows a web page instead of its list")
    w.control("eu-funding-tenders", "moved-deadline", id=MOVED)
    w.control("hadea-news", "html")
    shell(w, "run", "--once", now=NEXT_WEEK)
    fresh = [m for m in w.mails() if m["Message-ID"] not in before]
    hearing = {m["To"].addresses[0].addr_spec for m in fresh if moved["link"] in text_part(m)}
    say("", "Who had the call: %s" % ", ".join(sorted(readers)), "Who hears of it: %s" % ", ".join(sorted(hearing)), "")
    mail = next(m for m in fresh if moved["link"] in text_part(m))
    say("Subject: %s" % mail["Subject"], "", section(mail, "Changes to calls you know"))
    say("The portal that shows a web page closed nothing:")
    shell(w, "sources", now=NEXT_WEEK)
    left = {r["opportunity"] for r in w.rows("list", "--all", now=NEXT_WEEK) if r["source"] == "hadea-news"}

    chapter("Monday, 4 January: a reminder")
    w.control("eu-funding-tenders", "none")
    seen = {m["Message-ID"] for m in w.mails()}
    w.run("digest", now=JANUARY)
    w.run("deliver", now=JANUARY)
    reminding = [m for m in w.mails() if m["Message-ID"] not in seen and "coming up" in text_part(m)]
    for m in reminding[:1]:
        say("To: %s" % m["To"], "Subject: %s" % m["Subject"], "", section(m, "Deadlines coming up"))

    chapter("A company comes back from a pause of six weeks")
    flood = pause(w)
    return (hearing == readers and len(hearing) > 0 and failing == left and len(reminding) > 0 and flood)


def pause(w):
    """What came during a pause is not poured out at its end; true when it was so."""
    w.edit("profiles.d/celltech.conf", "\nuse:", "\npause:        until 2027-02-15\nuse:")
    w.run("digest", now=JANUARY)
    for i in (1, 2, 3):
        w.run("add", "--title", "GMP manufacturing, call %d of the winter" % i, "--text", "Cell therapy",
              now="2027-01-%02dT09:00:00Z" % (4 + 7 * i))
    w.run("add", "--title", "GMP manufacturing, the call after the pause", "--text", "Cell therapy",
          now="2027-02-15T06:00:00Z")
    seen = {m["Message-ID"] for m in w.mails()}
    for day in ("2027-01-11", "2027-01-25", "2027-02-08"):
        w.run("digest", now=day + "T07:00:00Z")
        w.run("deliver", now=day + "T07:00:00Z")
    during = [m for m in w.mails() if m["Message-ID"] not in seen and "celltech" in m["To"]]
    w.run("digest", now=BACK)
    w.run("deliver", now=BACK)
    after = [m for m in w.mails() if m["Message-ID"] not in seen and "celltech" in m["To"]]
    kept = [p for p in w.rows("pending", now=BACK) if "pause" in p["why it waits"]]
    say("Mails to CellTech during the pause: %d; on the first Monday after it: %d." % (len(during), len(after)))
    for m in after:
        say("Subject: %s" % m["Subject"])
    say("Of the pause stay in `pending`, for staff to look at:")
    for p in kept:
        say("  %s  %s (%s)" % (p["id"], p["title"], p["why it waits"]))
    text = "".join(text_part(m) for m in after)
    return not during and len(after) == 1 and len(kept) == 3 and "the call after the pause" in text and \
        "of the winter" not in text


def wait_for(path, words):
    for _ in range(400):
        if words in path.read_text():
            return
        time.sleep(0.05)
    raise SystemExit("%r did not appear in %s:\n%s" % (words, path, path.read_text()))


main()
