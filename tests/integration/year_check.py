# SPDX-License-Identifier: MIT
"""What members should have read in the year of tests/replay/year.py, worked out anew from what
the portals answered and what stood in the files, by the promises of the README alone; and what
they did read, by Python's email. Asks the program nothing."""

import bisect
import dataclasses
import datetime
import email.header
import email.utils
import functools
import pathlib
import re
import unicodedata
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = (14, 3)        # fundwatch.conf: reminders
FORGOTTEN = 30         # days after its last deadline in which `pending` still names a call
GONE = 3               # complete polls without it, where a portal lists all calls

WHY = {"closed": "closed", "came during a pause": "pause", "too early": "early", "too close": "late",
       "held for review": "review"}

# ---- time ------------------------------------------------------------------------------------


@functools.lru_cache(None)
def zone(name):
    return zoneinfo.ZoneInfo(name)


@functools.lru_cache(1 << 16)
def local_day(name, t):
    return datetime.datetime.fromtimestamp(t, zone(name)).toordinal()


@functools.lru_cache(1 << 16)
def passes(deadline):
    """The instant at which (ordinal day, minute or None, zone, stage) is over."""
    day, minute, name, _ = deadline
    d = datetime.date.fromordinal(day)
    at = datetime.time(23, 59, 59) if minute is None else datetime.time(minute // 60, minute % 60)
    return int(datetime.datetime.combine(d, at, zone(name)).timestamp())


def days_left(deadline, t):
    return deadline[0] - local_day(deadline[2], t)


@functools.lru_cache(None)
def slots(every, day, at, name):
    """Every instant of the year at which such a schedule sends; a time that the clocks skip is
    read by the offset before."""
    out, d = [], datetime.date(2026, 11, 1)
    while d < datetime.date(2028, 3, 1):
        if every == "daily" or (every == "weekly" and d.weekday() == day) or (every == "monthly" and d.day == day):
            out.append(int(datetime.datetime.combine(d, datetime.time(*at), zone(name)).timestamp()))
        d += datetime.timedelta(days=1)
    return out


def schedule(m):
    return slots(m.every, m.day % 7 if m.every == "weekly" else m.day, m.at, m.zone)


def slot_at(m, t):
    times = schedule(m)
    return times[bisect.bisect_right(times, t) - 1]


def slot_after(m, t):
    times = schedule(m)
    return times[bisect.bisect_right(times, t)]


def is_today(m, slot, t):
    return local_day(m.zone, slot) == local_day(m.zone, t)


def midnight(m, t):
    """The beginning of the day after: an address gets one mail a day."""
    day = datetime.date.fromordinal(local_day(m.zone, t) + 1)
    return int(datetime.datetime.combine(day, datetime.time(), zone(m.zone)).timestamp())


# ---- mails as they arrived -------------------------------------------------------------------


CATALOGUES = [{english.replace('"\n"', ""): said.replace('"\n"', "") for english, said in
               re.findall(r'^msgid "((?:.|"\n")+)"\nmsgstr "((?:.|"\n")+)"$', f.read_text(), re.M)}
              for f in sorted((ROOT / "conf/po").glob("*.po"))]


def said_as(english):
    """The same in all languages of the mails."""
    return [english] + [c[english] for c in CATALOGUES]


SECTIONS = dict(re.findall(r'"l_(calls|changes|reminders)", N_\("(.+)"\)', (ROOT / "src/render/digest.c").read_text()))
HEADS = {head: name for name, english in SECTIONS.items() for head in said_as(english)}
FIELDS = {"deadline": ("Deadline:", "More time:", "Less time:", "Closed early:"), "budget": ("Budget:",),
          "title": ("Title:",), "eligibility": ("Who may apply:",), "withdrawn": ("This call was withdrawn.",),
          "reopened": ("This call is open again.",)}
LABELS = [(f, label) for f, english in FIELDS.items() for e in english for label in said_as(e)]
RULE, LINK = "=" * 72, re.compile(r"^https://p\d\d\.example/c/(\d+)$", re.M)


@dataclasses.dataclass
class Mail:
    tick: int
    to: str
    kind: str
    date: datetime.datetime
    subject: str
    slot: int              # of the schedule that it answers
    calls: list
    changes: dict          # call -> fields that are said to have changed
    reminders: list

    def said(self):
        return (self.kind, self.calls, self.changes, sorted(self.reminders))


def read_mail(data, tick):
    m = email.message_from_bytes(data)
    plain = next(p for p in m.walk() if p.get_content_type() == "text/plain")
    text = plain.get_payload(decode=True).decode().replace("\r\n", "\n")
    found = {"calls": [], "changes": {}, "reminders": []}
    for part in text.split(RULE + "\n")[1:]:
        name = HEADS.get(part.split("\n", 1)[0])
        if name is None:
            continue
        for block in part.split("-" * 72 + "\n")[1:]:
            link = LINK.search(block)
            assert link, "a call without its link: " + block
            if name == "changes":
                lines = block[link.end():].split("\n")
                marked = " -> " in block
                found[name][int(link[1])] = {
                    f for f, label in LABELS for line in lines
                    if line.startswith(label) and (f != "deadline" or changed_deadline(lines, line, marked))}
            else:
                found[name].append(int(link[1]))
    subject = str(email.header.make_header(email.header.decode_header(m["Subject"])))
    return Mail(tick, email.utils.parseaddr(m["To"])[1], m.get("X-Fundwatch-Run", "staff").split()[0],
                email.utils.parsedate_to_datetime(m["Date"]), subject, int(m.get("Feedback-ID", "0").split(":")[0]),
                found["calls"], found["changes"], found["reminders"])


def changed_deadline(lines, line, marked):
    """A change says "before -> after", perhaps over several lines; else it only says when it closes."""
    if not marked:
        return False
    at = lines.index(line)
    whole = " ".join(lines[at:next((k for k in range(at + 1, len(lines)) if not lines[k] or
                                    re.match(r"[A-Z][^:]*:( |$)", lines[k])), len(lines))])
    return "->" in whole


def counted(subject):
    """The number that the subject begins with, behind a word and a colon perhaps."""
    n = re.match(r"(?:[^:\d]*: )?(\d+) ", subject)
    return int(n[1]) if n else None


# ---- what portals said --------------------------------------------------------------------------


@functools.lru_cache(1 << 14)
def folded(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.split())


@dataclasses.dataclass
class Known:
    """A call as it stands, with all that ever changed: (field, before, after)."""
    number: int
    voice: str             # the portal whose words these are
    title: str
    words: frozenset
    deadlines: tuple
    budget: tuple
    eligibility: str
    language: str
    withdrawn: bool
    changes: list = dataclasses.field(default_factory=list)

    def ahead(self, t):
        return [d for d in self.deadlines if passes(d) >= t]

    def over(self, t):
        """Nobody can apply any more: withdrawn, or all its deadlines passed."""
        return self.withdrawn or (bool(self.deadlines) and not self.ahead(t))

    def last_entry(self, t):
        """Nobody new can apply: the first of two stages passed."""
        return len(self.deadlines) > 1 and any(d[3] for d in self.deadlines) and passes(self.deadlines[0]) < t

    def closes(self, t):
        return min((passes(d) for d in self.ahead(t)), default=1 << 60)


def read_deadlines(source, call, state):
    """JSON portals give a time or not; `closes at` of a recipe stands in for it."""
    out = []
    for d in state["deadlines"] if source.form == "json" else state["deadlines"][:1]:
        time = (d.get("time") if source.form == "json" else None) or source.closes_at
        minute = int(time[:2]) * 60 + int(time[3:]) if time else None
        out.append((datetime.date.fromisoformat(d["date"]).toordinal(), minute, source.zone, d.get("stage", "")))
    return tuple(sorted(out, key=lambda d: (d[0], d[1] is None, d[1])))


def seen(source, call, state):
    b = state.get("budget", {}) if source.form == "json" else {}
    return Known(
        call.number, source.name, state["title"],
        frozenset(folded(state["title"]).split()), read_deadlines(source, call, state),
        (b.get("min"), b.get("max"), b.get("currency")), state.get("eligibility", "") if source.form == "json" else "",
        state.get("language", "en") if source.form == "json" else "en",
        source.form == "json" and state.get("status") == "withdrawn")


def day_and_time(deadlines, t):
    return {(d[0], d[1]) for d in deadlines if passes(d) >= t}


def over_by_date(known, t):
    return bool(known.deadlines) and all(days_left(d, t) <= 0 for d in known.deadlines)


class Calls:
    """All calls that were ever taken in, by number."""

    def __init__(self, sources):
        self.sources = {s.name: s for s in sources}
        self.known, self.missed, self.failing, self.touched = {}, {}, set(), set()

    def take(self, t, name, outcome, listed):
        """One answer of a portal: what it makes of what is known."""
        source = self.sources[name]
        if outcome == "bad":
            self.failing.add(name)
            return
        missed = self.missed.setdefault(name, {})
        steady = name not in self.failing  # right after a failure nothing is missed
        self.failing.discard(name)
        shown = {call.number for call, _ in listed}
        for number in missed:
            missed[number] = 0 if number in shown else missed[number] + steady
        for call, state in listed:
            missed[call.number] = 0
            if outcome == "ok":
                self.merge(t, seen(source, call, state))
        if steady and source.lists_all:
            self.close_gone(t, name)

    def merge(self, t, now):
        old = self.known.get(now.number)
        if old is None:
            self.known[now.number] = now
            self.touched.add(now.number)
            return
        if now.voice != old.voice:
            return  # the first portal's words stand
        if now.language != old.language:  # the same call in other words
            now.title, now.words, now.eligibility, now.language = old.title, old.words, old.eligibility, old.language
            now.deadlines = now.deadlines or old.deadlines
            now.budget = now.budget if any(now.budget[:2]) else old.budget
        if not now.deadlines and not old.ahead(t) and old.deadlines:
            now.deadlines = old.deadlines  # one that passed and is no longer shown
        now.changes = old.changes
        if day_and_time(old.deadlines, t) != day_and_time(now.deadlines, t):
            now.changes.append(("deadline", text_of(old.deadlines), text_of(now.deadlines)))
        for field in ("budget", "title", "eligibility"):
            before, after = getattr(old, field), getattr(now, field)
            if before != after and (field == "budget" or folded(before) != folded(after)):
                now.changes.append((field, before, after))
        if old.withdrawn != now.withdrawn and not over_by_date(old if now.withdrawn else now, t):
            now.changes.append(("open", old.withdrawn, now.withdrawn))
        if dataclasses.astuple(old) != dataclasses.astuple(now):
            self.touched.add(now.number)
        self.known[now.number] = now

    def close_gone(self, t, name):
        for number, missed in self.missed[name].items():
            known = self.known[number]
            if missed < GONE or known.withdrawn or known.voice != name or over_by_date(known, t):
                continue
            if any(m.get(number) == 0 for s, m in self.missed.items() if s != name):
                continue  # another portal shows it
            known.withdrawn = True
            known.changes.append(("open", False, True))
            self.touched.add(number)


def text_of(deadlines):
    return tuple((d[0], d[1]) for d in deadlines)


# ---- what members should have read -----------------------------------------------------------------


def suits(m, known):
    hit = any(any(all(w in known.words for w in both) for both in line) for line in m.match)
    return hit and not any(w in known.words for w in m.exclude)


def score(m, known):
    return sum(n for n, w in m.scores if w in known.words)


@dataclasses.dataclass
class Told:
    at: int                # when the mail was made
    profiles: set
    changes: int           # how many of the call's changes are known
    accepted: bool = False  # the mail left


@dataclasses.dataclass
class Waiting:
    """A mail that was made and not yet sent."""
    tick: int
    kind: str
    slot: int
    calls: list
    profiles: dict
    changes: dict
    known: dict
    reminders: list

    def said(self):
        return (self.kind, self.calls, self.changes, sorted(n for n, _, _ in self.reminders))


class Reader:
    """One address."""

    def __init__(self):
        self.told, self.reminded, self.waiting, self.stopped = {}, {}, [], False
        self.urgent_days = []


class Expected:
    def __init__(self, year):
        self.calls = Calls(year.sources)
        self.members, self.readers, self.served, self.hits, self.paused = {}, {}, {}, {}, {}
        self.edited, self.moved, self.answered, self.deliver = set(), set(), set(), True
        self.all = {m.id: m for m in year.members}
        self.decided = {}  # (profile, call) -> approve | reject, of those that staff were asked about
        for m in year.members:
            self.join(m)

    # -- what staff did

    def join(self, m):
        self.members[m.id] = m
        self.hits.setdefault(m.id, {})
        self.edited.add(m.id)

    def edit(self, id, changes):
        old = self.members[id]
        self.members[id] = m = dataclasses.replace(old, **changes)
        self.edited.add(id)
        if schedule(m) is not schedule(old):
            self.moved.add(id)

    def rename(self, id, new):
        self.members[new] = dataclasses.replace(self.members.pop(id), id=new, was=id)
        self.hits[new] = self.hits.pop(id)
        self.paused[new] = self.paused.pop(id, [])
        for key in [k for k in self.served if k[0] == id]:
            self.served[new, key[1]] = self.served.pop(key)
        for r in self.readers.values():
            for told in r.told.values():
                if id in told.profiles:
                    told.profiles.add(new)
        self.answered |= {(new, n) for i, n in self.answered if i == id}
        self.decided.update({(new, n): v for (i, n), v in self.decided.items() if i == id})
        self.edited.add(new)

    def leave(self, id):
        del self.members[id]
        self.hits.pop(id)

    def reader(self, address):
        return self.readers.setdefault(address, Reader())

    # -- one run of the program

    def tick(self, t, polls):
        """The mails that leave now: {address: [Waiting]}."""
        for poll in polls:
            self.calls.take(*poll)
        self.match(t)
        self.pauses(t)
        by_address = {}
        for m in sorted(self.members.values(), key=lambda m: m.id):
            silent = m.mode == "mute" or self.pause_end(m) > t
            for address in m.emails:  # slots in silence and of another schedule are not caught up
                if silent or (m.id in self.moved and (m.id, address) in self.served):
                    self.served[m.id, address] = max(slot_at(m, t), self.served.get((m.id, address), 0))
            if silent:
                continue
            for address in m.emails:
                by_address.setdefault(address, []).append(m)
        self.moved.clear()
        for address in [a for a in self.readers if a not in by_address]:
            self.take_back(self.reader(address))
        for address, profiles in sorted(by_address.items()):
            self.serve(t, address, profiles)
        out = {}
        for address, r in self.readers.items():
            if r.stopped:
                self.take_back(r)
            if self.deliver and r.waiting:
                out[address] = r.waiting
                for mail in r.waiting:
                    self.accept(r, mail)
                r.waiting = []
        return out

    def match(self, t):
        touched, self.calls.touched = self.calls.touched, set()
        edited, self.edited = self.edited, set()
        for m in self.members.values():
            for n in (self.calls.known if m.id in edited else touched):
                known = self.calls.known[n]
                if known.over(t):
                    continue
                if suits(m, known):
                    self.hits[m.id].setdefault(n, t)
                elif (m.id, n) not in self.decided:
                    self.hits[m.id].pop(n, None)

    def pause_end(self, m):
        if not m.pause:
            return 0
        day = datetime.date.fromisoformat(m.pause)
        return int(datetime.datetime.combine(day, datetime.time(), zone(m.zone)).timestamp())

    def pauses(self, t):
        for m in self.members.values():
            spans, end = self.paused.setdefault(m.id, []), self.pause_end(m)
            if spans and spans[-1][1] > t:
                spans[-1][1] = max(end, t) if end else t
            elif end > t:
                spans.append([t, end])

    def came_in_pause(self, m, n):
        at = self.hits[m.id][n]
        return any(a <= at < b for a, b in self.paused.get(m.id, []))

    def stop(self, m, n, t):
        """Why a call can't be told to the member now; "" when it can."""
        known = self.calls.known[n]
        if known.over(t) or known.last_entry(t):
            return "closed"
        if m.mode == "review" and (m.id, n) not in self.decided:
            return "review"
        if self.came_in_pause(m, n):
            return "pause"
        if m.days and known.deadlines:
            ahead = known.ahead(t)
            verdicts = ["late" if days_left(d, t) < m.days[0] else "early" if days_left(d, t) > m.days[1] else ""
                        for d in ahead if d is ahead[0] or not d[3]]
            return "" if verdicts[0] == "" else verdicts[0] if verdicts[0] == "early" else \
                next((v for v in verdicts if v != "late"), "late")
        return ""

    def candidates(self, t, address, profiles):
        told = self.reader(address).told
        return [(m, n) for m in profiles for n in self.hits[m.id]
                if n not in told and self.decided.get((m.id, n)) != "reject" and not self.stop(m, n, t)]

    def held(self, id, t):
        """What waits for staff's word, of calls that are still open."""
        m = self.members[id]
        told = self.reader(m.emails[0]).told
        return [n for n in sorted(self.hits[id]) if n not in told and self.stop(m, n, t) == "review"]

    def select(self, t, candidates):
        """The calls of a mail in order, and what is over the limit; `limit` is of each profile."""
        groups, room = {}, {}
        for m, n in candidates:
            groups.setdefault(n, []).append(m)
            room[m.id] = m.limit

        def rank(n):
            known = self.calls.known[n]
            closes = known.closes(t)
            misses = any(closes < 1 << 60 and closes <= slot_after(m, midnight(m, t) - 1) for m in groups[n])
            return (not misses, -max(score(m, known) for m in groups[n]), closes, known.title.encode(), n)

        taken, left = [], []
        for n in sorted(groups, key=rank):
            most = max((m.id for m in groups[n]), key=lambda i: room[i])
            if room[most] > 0:
                room[most] -= 1
                taken.append(n)
            else:
                left.append(n)
        return taken, left, groups

    def serve(self, t, address, profiles):
        r = self.reader(address)
        served = {m.id: self.served.get((m.id, address), 0) for m in profiles}
        slots = {m.id: slot_at(m, t) for m in profiles
                 if slot_at(m, t) > served[m.id] and slot_at(m, t) >= self.pause_end(m)}
        if any(m.id in slots and is_today(m, slots[m.id], t) for m in profiles):  # one mail a day
            slots.update({m.id: slot_after(m, t) for m in profiles if m.id not in slots
                          and is_today(m, slot_after(m, t), t) and slot_after(m, t) > served[m.id]})
        due = [m for m in profiles if m.id in slots]
        if not due:
            if not r.stopped:
                self.serve_urgent(t, address, profiles, r)
            return
        slot = max(slots.values())
        again = [w for w in r.waiting if w.slot != slot or w.kind != "digest"]
        taken = any(w.slot == slot and w.kind == "digest" for w in r.waiting)
        for m in due:
            self.served[m.id, address] = slots[m.id]
        if r.stopped or taken:
            return
        if again:  # what waited is told anew
            self.take_back(r)
        calls, _, groups = self.select(t, self.candidates(t, address, profiles if again else due))
        for m, n in self.candidates(t, address, [m for m in profiles if m not in due]):
            if n in calls:
                groups[n].append(m)
        changes, known = self.changes(t, r, calls)
        following = min(slot_after(m, max(t, slots.get(m.id, 0))) for m in profiles)
        reminders = self.reminders(t, r, following, calls, changes)
        if calls or changes or reminders:
            self.queue(r, Waiting(t, "digest", slot, calls, {n: {m.id for m in groups[n]} for n in calls}, changes,
                                  known, reminders))

    def serve_urgent(self, t, address, profiles, r):
        today = [d for d in r.urgent_days if d == local_day(profiles[0].zone, t)]
        if not any(m.urgent for m in profiles) or len(today) >= max(m.urgent_limit for m in profiles):
            return
        urgent = [(m, n) for m, n in self.candidates(t, address, profiles)
                  if m.urgent and m.urgent in self.calls.known[n].words]
        calls, _, groups = self.select(t, urgent)
        if calls:
            r.urgent_days.append(local_day(profiles[0].zone, t))
            self.queue(r, Waiting(t, "urgent", t, calls, {n: {m.id for m in groups[n]} for n in calls}, {}, {}, []))

    def queue(self, r, mail):
        r.waiting.append(mail)
        for n in mail.calls:  # nothing else tells it meanwhile
            r.told[n] = Told(mail.tick, mail.profiles[n], len(self.calls.known[n].changes))

    def take_back(self, r):
        for mail in r.waiting:
            for n in mail.calls:
                del r.told[n]
        r.waiting = []

    def accept(self, r, mail):
        for n in mail.calls:
            r.told[n].accepted = True
        for n, upto in mail.known.items():
            r.told[n].changes = upto
        for n, deadline, step in mail.reminders:
            key = n, deadline[0]
            r.reminded[key] = min(step, r.reminded.get(key, step))

    def changes(self, t, r, calls):
        """Call -> the fields of which a change is told now: the way from what the reader knows to
        what is. Of a call that is over only what ended it is worth a line."""
        out, upto = {}, {}
        for n, told in r.told.items():
            known = self.calls.known[n]
            news = known.changes[told.changes:]
            if not news or not told.accepted:
                continue
            first, last = {}, {}
            for field, before, after in news:
                first.setdefault(field, before)
                last[field] = after
            fields = {f for f in first if first[f] != last[f]}
            if known.over(t) and not fields & {"deadline", "open"}:
                continue
            upto[n] = len(known.changes)
            if fields:
                out[n] = {("withdrawn" if known.withdrawn else "reopened") if f == "open" else f for f in fields}
        return out, upto

    def reminders(self, t, r, following, calls, changes):
        out = []
        for n, told in r.told.items():
            known = self.calls.known[n]
            if n in calls or n in changes or known.withdrawn or not told.accepted:
                continue
            if any((p, n) in self.answered for p in told.profiles):
                continue
            for d in known.ahead(t):
                last_chance = passes(d) <= following
                steps = [s for s in STEPS if (days_left(d, t) <= s or last_chance) and s < days_left(d, told.at)
                         and s < r.reminded.get((n, d[0]), 1 << 30)]
                if steps:
                    out.append((n, d, min(steps)))
        return out

    # -- what waits

    def pending(self, t):
        """(profile, call, why it can't be told now or ""), once for each address."""
        out = []
        for m in self.members.values():
            for address in m.emails:
                r = self.reader(address)
                for n in self.hits[m.id]:
                    known = self.calls.known[n]
                    if n in r.told or self.decided.get((m.id, n)) == "reject":
                        continue
                    if known.deadlines and max(d[0] for d in known.deadlines) < t // 86400 + 719163 - FORGOTTEN:
                        continue
                    out.append((m.id, n, self.stop(m, n, t)))
        for r in self.readers.values():  # made, and not sent
            out += [(id, n, "") for mail in r.waiting for n in mail.calls for id in mail.profiles[n]]
        return sorted(out)
