#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A year in seconds: 300 members, 40 portals whose calls move, flap, vanish, reopen; clocks that
change, a week without the machine, two weeks without mail, pauses, new rules. Every mail is
compared with what its reader should have got (year_check.py), and the promises are recounted
from the mails alone.

FUNDWATCH_YEAR="seed=7 members=1000 sources=60 calls=2000 days=365" is another year."""

import atexit
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
import year
import year_check as check
from world import ROOT, Server

VARIANT = os.environ.get("VARIANT", "release")
SETTINGS = """[fundwatch]
name: Year of calls
from: Year of calls <calls@cluster.example>
admin: it@cluster.example
zone: Europe/Tallinn
database: {dir}/fundwatch.db
catalogue: {dir}/none
deliver: {deliver}
transport: {transport}
reminders: 14, 3 days
allow-private: 127.0.0.0/8
"""
PENDING_EVERY = 28  # days
SHOWN = 12          # differences


class Run:
    """The year, run: what arrived at each instant, what should have, and what differs."""

    def __init__(self, smtp=False, **size):
        self.year = year.Year(**size)
        self.portal = year.Portal(self.year.sources, self.year.calls)
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a year of syncs is no test of disks
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="fundwatch-year-", dir=memory))
        self.conf = self.dir / "conf"
        for sub in ("profiles.d", "feeds.d", "rules.d"):
            (self.conf / sub).mkdir(parents=True)
        for s in self.year.sources:
            (self.conf / "feeds.d" / (s.name + ".conf")).write_text(s.recipe(self.portal.port))
        self.expected = check.Expected(self.year)
        self.ids = {}
        for m in self.year.members:
            self.write(m)
        self.relay = Server("smtp_sink.py", "--maildir", self.dir / "mail") if smtp else None
        self.settings("on")
        self.mails, self.differences, self.stopped = [], [], {}
        self.files = collections.defaultdict(list)  # profile -> [(instant, what its file said)]
        for m in self.year.members:
            self.files[m.id].append((0, m))
        self.asked, self.times, self.waited = 0, [], set()
        atexit.register(self.close)

    def close(self):
        self.portal.stop()
        if self.relay:
            self.relay.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def settings(self, deliver):
        (self.conf / "fundwatch.conf").write_text(SETTINGS.format(
            dir=self.dir, deliver=deliver,
            transport="esmtp 127.0.0.1:%d" % self.relay.port if self.relay else "maildir %s/mail" % self.dir))
        self.expected.deliver = deliver == "on"

    def write(self, m):
        (self.conf / "profiles.d" / (m.id + ".conf")).write_text(m.text())

    def program(self, t, *args):
        command = [str(ROOT / "build" / VARIANT / "fundwatch"), "-c", str(self.conf), "--now", year.iso(t), *args]
        r = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert r.returncode == 0, "%s\n%s%s" % (" ".join(command), r.stdout, r.stderr)
        return r

    def rows(self, t, *args):
        return [json.loads(line) for line in self.program(t, *args, "--json").stdout.splitlines()]

    # -- what staff do

    def act(self, t, verb, who, more=None):
        members = self.expected.members
        if verb == "deliver":
            self.settings(who)
        elif verb == "join":
            self.expected.join(who)
            self.write(who)
        elif verb == "unsubscribe":
            self.program(t, "unsubscribe", who)
            self.expected.reader(who).stopped = True
            self.stopped.setdefault(who, t)
        elif who in members:
            getattr(self, "act_" + verb)(t, who, more)

    def act_edit(self, t, who, more):
        self.expected.edit(who, more)
        self.write(self.expected.members[who])

    def act_leave(self, t, who, more):
        self.expected.leave(who)
        (self.conf / "profiles.d" / (who + ".conf")).unlink()

    def act_rename(self, t, who, more):
        self.expected.rename(who, more)
        self.write(self.expected.members[more])
        (self.conf / "profiles.d" / (who + ".conf")).unlink()

    def act_review(self, t, who, more):
        for n in self.expected.held(who, t):
            verdict = "reject" if n % 4 == 0 else "approve"
            self.program(t, "review", verdict, self.id_of(t, n), who, "--by", "anna")
            self.expected.decided[who, n] = verdict

    def act_answer(self, t, who, more):
        told = self.expected.reader(self.expected.members[who].emails[0]).told
        got = [n for n, x in told.items() if who in x.profiles and x.accepted]
        if got:
            n = max(got)
            self.program(t, "answer", who, self.id_of(t, n), "not-relevant")
            self.expected.answered.add((who, n))

    def id_of(self, t, n):
        if n not in self.ids:
            self.ids = {number_of(row): row["opportunity"] for row in self.rows(t, "list", "--all")}
        return self.ids[n]

    # -- one instant

    def new_mails(self, t):
        out = []
        for f in sorted((self.dir / "mail/new").glob("*")):
            out.append(check.read_mail(f.read_bytes(), t))
            f.unlink()
        return out

    def step(self, t, acts):
        for act in acts:
            self.act(t, *act)
        for m in self.expected.members.values():
            if not self.files[m.id] or self.files[m.id][-1][1] is not m:
                self.files[m.id].append((t, m))
        self.portal.now = t
        self.program(t, "run", "--once")
        self.times.append(t)
        polls, self.asked = self.portal.log[self.asked:], len(self.portal.log)
        expected = self.expected.tick(t, polls)
        got = collections.defaultdict(list)
        for mail in self.new_mails(t):
            self.mails.append(mail)
            if mail.kind != "staff":
                got[mail.to].append(mail.said())
        for address in sorted(set(got) | set(expected)):
            want = [w.said() for w in expected.get(address, [])]
            if got[address] != want:
                self.differences.append("%s %s\n  got  %s\n  want %s" % (year.iso(t), address, got[address], want))

    def pending(self, t):
        numbers = {row["opportunity"]: number_of(row) for row in self.rows(t, "list", "--all")}
        rows = self.rows(t, "pending")
        assert all(row["why it waits"] for row in rows)
        why = lambda said: next((short for words, short in check.WHY.items() if said.startswith(words)), "")
        got = sorted((row["profile"], numbers[row["id"]], why(row["why it waits"])) for row in rows)
        self.waited |= {(profile, n) for profile, n, _ in got}
        want = self.expected.pending(t)
        if got != want:
            a, b = collections.Counter(got), collections.Counter(want)
            self.differences.append("%s pending\n  too many %s\n  missing  %s" % (
                year.iso(t), sorted((a - b).elements())[:9], sorted((b - a).elements())[:9]))

    def go(self):
        next_look = 0
        for t, acts in self.year.ticks():
            self.step(t, acts)
            if t >= next_look:
                self.pending(t)
                next_look = t + PENDING_EVERY * 86400
        self.pending(t)

    # -- what stood in the files

    def profiles(self, address, t):
        """The profiles of an address, as their files were at that instant."""
        out = []
        for versions in self.files.values():
            then = [m for at, m in versions if at <= t]
            if then and address in then[-1].emails:
                out.append(then[-1])
        return out

    def began(self, m):
        return self.files[m.id][0][0]


def number_of(row):
    return int(row["link"].rsplit("/", 1)[1])


run = Run(**{k: int(v) for k, v in (x.split("=") for x in os.environ.get("FUNDWATCH_YEAR", "").split())})


def test_each_mail_is_what_its_reader_should_get():
    run.go()
    print("# %d runs, %d polls, %d mails to %d addresses" % (
        len(run.times), len(run.portal.log), len(run.mails), len({m.to for m in run.mails})))
    assert not run.differences, "%d differences, the first:\n%s" % (
        len(run.differences), "\n".join(run.differences[:SHOWN]))


def digests():
    return [m for m in run.mails if m.kind != "staff"]


def test_a_lot_happened():
    said = collections.Counter(f for m in digests() for fields in m.changes.values() for f in fields)
    print("# %d calls, %d reminders, changes: %s" % (
        sum(len(m.calls) for m in digests()), sum(len(m.reminders) for m in digests()), dict(said)))
    if run.year.days >= 365:
        assert set(said) == set(check.FIELDS), said
        assert {m.kind for m in run.mails} == {"digest", "urgent", "staff"} and run.stopped and run.expected.decided


def test_no_call_is_lost():
    """What a portal showed open under a title that never changed, to a profile that never changed."""
    titles, first = collections.defaultdict(set), {}
    for t, name, outcome, listed in run.portal.log:
        for call, state in listed if outcome == "ok" else ():
            known = check.seen(run.expected.calls.sources[name], call, state)
            titles[call.number].add(known.words)
            if not known.over(t):
                first.setdefault(call.number, known)
    got = {(m.to, n) for m in digests() for n in m.calls}
    steady = [versions[0][1] for versions in run.files.values() if len(versions) == 1 and versions[0][0] == 0]
    lost, pairs = [], 0
    for n, known in first.items():
        for m in steady:
            if len(titles[n]) == 1 and m.id in run.expected.members and check.suits(m, known):
                pairs += len(m.emails)
                lost += [(a, n) for a in m.emails if (a, n) not in got and (m.id, n) not in run.waited]
    print("# %d times a call suited an address" % pairs)
    assert not lost, (len(lost), lost[:SHOWN])


def test_no_call_comes_twice():
    n = collections.Counter((m.to, c) for m in digests() for c in m.calls)
    assert max(n.values()) == 1, [k for k, v in n.items() if v > 1][:SHOWN]


def test_changes_and_reminders_are_of_calls_that_the_reader_has():
    had = collections.defaultdict(set)
    for m in digests():
        strange = (set(m.changes) | set(m.reminders)) - had[m.to]
        assert not strange, (m.to, m.subject, strange)
        had[m.to] |= set(m.calls)


def test_one_mail_for_each_recipient_and_period():
    n = collections.Counter((m.to, m.kind, m.slot) for m in digests())
    assert max(n.values()) == 1, [k for k, v in n.items() if v > 1][:SHOWN]


def back_again():
    """The first run after the machine was off: what is caught up comes on another day."""
    return next((t for t in run.times if t >= year.instant(year.DOWN[1])), 0)


def test_one_mail_a_day():
    n = collections.Counter()
    for m in digests():
        made = int(m.date.timestamp())
        zones = {p.zone for p in run.profiles(m.to, made)}
        days = {(check.local_day(z, made), check.local_day(z, m.slot)) for z in zones}
        if m.kind == "digest" and len(days) == 1 and made != back_again():
            n[m.to, days.pop()] += 1
    assert max(n.values()) == 1, [k for k, v in n.items() if v > 1][:SHOWN]


def test_no_mail_on_a_wrong_local_day():
    """On the day of its schedule, but for the first mail of all and after the machine was off."""
    wrong, ever = [], set()
    for m in digests():
        first, made = m.to not in ever, int(m.date.timestamp())
        ever.add(m.to)
        if m.kind == "urgent" or made == back_again():
            continue
        right = False
        for p in run.profiles(m.to, made):
            new = made <= run.began(p) or made == run.times[0]
            day = check.local_day(p.zone, m.slot) == check.local_day(p.zone, made)
            right = right or (m.slot in check.schedule(p) and (day or new))
        if not right:
            wrong.append((m.to, m.date.isoformat(), year.iso(m.slot), first))
    assert not wrong, (len(wrong), wrong[:SHOWN])


def test_nothing_after_unsubscribe():
    late = [(m.to, m.date) for m in run.mails if m.tick >= run.stopped.get(m.to, m.tick + 1)]
    assert not late, late


def test_nothing_in_a_pause():
    for m in digests():
        made = int(m.date.timestamp())
        profiles = run.profiles(m.to, made)
        assert any(not p.pause or str(m.date.astimezone(check.zone(p.zone)).date()) >= p.pause for p in profiles), m


def test_subjects_count_right():
    for m in digests():
        things = m.calls or m.changes or m.reminders
        want = len(things) if m.calls or len(things) > 1 else None
        got = check.counted(m.subject)
        assert got == want or (want is None and not m.calls), (m.subject, m.calls, m.changes, m.reminders)


def test_no_more_in_a_mail_than_its_profiles_allow():
    for m in digests():
        assert len(m.calls) <= sum(p.limit for p in run.profiles(m.to, int(m.date.timestamp()))), m


def test_portals_are_asked_in_time():
    asked = collections.defaultdict(list)
    for t, name, outcome, _ in run.portal.log:
        asked[name].append(t)
    for s in run.year.sources:
        after = [0] + asked[s.name]
        for t in run.times:
            last = max(a for a in after if a <= t)
            assert t - last < max(s.hours, 24) * 3600, (s.name, year.iso(t), year.iso(last))


def test_admins_hear_once_of_a_portal_that_fails():
    streaks, n = 0, collections.Counter()
    for _, name, outcome, _ in run.portal.log:
        n[name] = n[name] + 1 if outcome == "bad" else 0
        streaks += n[name] == 3
    notices = [m for m in run.mails if m.kind == "staff"]
    assert len(notices) == streaks and {m.to for m in notices} <= {"it@cluster.example"}, (len(notices), streaks)


def test_the_same_through_a_mail_server():
    small = Run(smtp=True, seed=3, members=50, sources=8, calls=120, days=25)
    small.go()
    print("# %d mails" % len(small.mails))
    assert len(small.mails) > 30 and not small.differences, small.differences[:SHOWN]


tap.main(globals())
