# SPDX-License-Identifier: MIT
"""A year of funding calls, made from one seed: portals and what they show on which day, members
and their rules, what staff do to their files, and the hours at which the program runs.

What a portal answered is kept in the order of its answers (Portal.log), so that whoever recounts
the year need not ask the program what it saw."""

import dataclasses
import datetime
import hashlib
import html
import http.server
import json
import random
import threading

UTC = datetime.timezone.utc
BEGIN, END = datetime.date(2027, 1, 1), datetime.date(2027, 12, 31)
DOWN = (datetime.date(2027, 5, 12), datetime.date(2027, 5, 19))  # the machine is off: [from, to)
HELD = (datetime.date(2027, 9, 3), datetime.date(2027, 9, 17))   # `deliver: off`
CLOCKS = (datetime.date(2027, 3, 28), datetime.date(2027, 10, 31))
NIGHT, MORNING = (19, 33), (7, 3)  # UTC: when the program runs; mornings once a week
TOPICS = """antibody bioreactor catheter dialysis enzyme fermenter genome hydrogel implant jaundice keratin laser
microbiome nanoparticle optic peptide quinine robot sensor tendon ultrasound vaccine wound xylose yeast zinc algae
battery cement diamond electrolyser fibre graphene helium insulin jet kiln lithium magnet nickel oxygen plasma
quartz reactor satellite turbine uranium valve wafer xenon yttrium zeolite drone cartilage polymer membrane
lentil spirulina tomograph prosthesis""".split()
ZONES = ("Europe/Tallinn",) * 4 + ("Europe/Dublin", "Europe/Brussels", "Atlantic/Azores", "America/New_York",
                                   "Pacific/Auckland")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def instant(day, hour=0, minute=0):
    return int(datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp())


def iso(t):
    return datetime.datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# ---- members -----------------------------------------------------------------------------


@dataclasses.dataclass
class Member:
    """A profile: what stands in its file."""
    id: str
    emails: tuple
    zone: str
    every: str            # daily, weekly, monthly
    day: int              # of the week (0 = Monday) or of the month
    at: tuple             # hour, minute
    match: tuple          # lines, each a tuple of alternatives, each a tuple of words that must all occur
    exclude: tuple = ()   # words
    scores: tuple = ()    # (points, word)
    limit: int = 12
    days: tuple = None    # (least, most) days to the deadline
    urgent: str = ""
    urgent_limit: int = 2
    language: str = "en"
    mode: str = "auto"
    pause: str = ""
    was: str = ""

    def text(self):
        day = {"daily": "", "weekly": DAYS[self.day % 7] + " ", "monthly": "%d " % self.day}[self.every]
        lines = ["[profile %s]" % self.id, "name: Member %s" % self.id, "kind: sme", "email: " + ", ".join(self.emails),
                 "language: " + self.language, "mode: " + self.mode, "limit: %d per digest" % self.limit,
                 "digest: %s %s%02d:%02d %s" % (self.every, day, *self.at, self.zone)]
        lines += ["match: " + " OR ".join("(%s)" % " AND ".join(w) if len(w) > 1 else w[0] for w in line)
                  for line in self.match]
        lines += ["exclude: " + w for w in self.exclude] + ["score %d: %s" % s for s in self.scores]
        if self.days:
            lines.append("deadline: %d..%d days" % self.days)
        if self.urgent:
            lines += ["urgent: " + self.urgent, "urgent limit: %d per day" % self.urgent_limit]
        if self.pause:
            lines.append("pause: until " + self.pause)
        if self.was:
            lines.append("was: " + self.was)
        return "\n".join(lines) + "\n"


def make_member(r, n, address=None):
    every = r.choices(("daily", "weekly", "monthly"), (2, 7, 2))[0]
    zone = r.choice(ZONES)
    words = r.sample(TOPICS, 5)
    match = r.choice((((words[:1],), (words[1:2],)), ((words[:1], words[1:2]),),
                      ((words[:2], words[2:3], words[3:4]),)))
    return Member(
        id="m%03d" % n, zone=zone, every=every,
        emails=(address,) if address else
        ("desk@m%03d.example" % n,) + (("lab@m%03d.example" % n,) if r.random() < 0.05 else ()),
        day=r.randrange(7) if every == "weekly" else r.randint(1, 28),
        at=(6, 30) if zone == "Pacific/Auckland" else (8, 0) if r.random() < 0.6 else
        (r.choice((2, 3, 6, 7, 9)), r.choice((0, 30))),
        match=tuple(tuple(tuple(w) for w in line) for line in match),
        exclude=tuple(words[4:]) if r.random() < 0.3 else (),
        scores=((3, words[1]), (1, words[0])) if r.random() < 0.5 else (),
        limit=r.choice((12, 12, 5, 2, 1)),
        days=r.choice((None, None, (14, 200), (0, 60), (30, 90))),
        urgent=words[0] if r.random() < 0.06 else "", urgent_limit=r.choice((1, 2)),
        # French would be read with a dictionary, which takes long to load, by each of the year's processes
        language=r.choices(("en", "et", "de"), (8, 1, 1))[0],
    )


def make_members(r, n):
    members = []
    for i in range(n):
        share = members and r.random() < 0.08  # a second profile of somebody's address
        members.append(make_member(r, i, r.choice(members).emails[0] if share else None))
    return members


# ---- what staff do -------------------------------------------------------------------------


def make_acts(r, members):
    """day -> what is done before the program runs: (verb, profile's id or address, more)."""
    acts = {HELD[0]: [("deliver", "off")], HELD[1]: [("deliver", "on")]}

    def some(share):
        return r.sample(members, max(2, int(len(members) * share)))

    def day(first=20, last=350):
        return BEGIN + datetime.timedelta(days=r.randint(first, last))

    def add(when, *act):
        acts.setdefault(min(when, END), []).append(act)

    for m in some(0.08):  # pauses, half of them ended by hand before their time
        begin, length = day(last=300), r.randint(5, 50)
        add(begin, "edit", m.id, {"pause": str(begin + datetime.timedelta(days=length))})
        if r.random() < 0.5:
            add(begin + datetime.timedelta(days=length // 2), "edit", m.id, {"pause": ""})
    for m in some(0.08):  # other words
        a, b, c = r.sample(TOPICS, 3)
        add(day(), "edit", m.id, {"match": (((a,), (b,)), ((c,),)), "exclude": (), "days": None})
    for m in some(0.04):
        add(day(), "edit", m.id, {"limit": r.choice((1, 3, 12))})
    for m in some(0.04):  # another day
        add(day(), "edit", m.id, {"every": "weekly", "day": r.randrange(7), "at": (6, 30)})
    for m in some(0.02):  # mute, and back
        begin = day(last=300)
        add(begin, "edit", m.id, {"mode": "mute"})
        add(begin + datetime.timedelta(days=r.randint(3, 40)), "edit", m.id, {"mode": "auto"})
    for m in some(0.03):  # staff look at each call first, and some day trust the rules
        m.mode = "review"
        for k in range(r.randint(3, 9)):
            add(BEGIN + datetime.timedelta(days=9 + 27 * k), "review", m.id)
        if r.random() < 0.5:
            add(day(150, 300), "edit", m.id, {"mode": "auto"})
    for i in range(max(2, len(members) // 20)):
        add(day(), "join", make_member(r, len(members) + i))
    for m in some(0.02):
        add(day(), "leave", m.id)
    for m in some(0.02):
        add(day(), "rename", m.id, m.id + "-new")
    for m in some(0.05):
        add(day(), "unsubscribe", m.emails[0])
    for m in some(0.3):  # not for us, to one of the calls it got
        add(day(), "answer", m.id)
    return acts


# ---- portals and calls ----------------------------------------------------------------------


@dataclasses.dataclass(eq=False)
class Call:
    """One call and its story: what its portal shows of it from which instant on."""
    number: int
    source: str
    story: list            # [(instant, {field: value})], by time
    at: int = 0            # how much of the story has happened
    shown: dict = None     # what is listed now; None = nothing
    state: dict = dataclasses.field(default_factory=dict)
    copy: str = ""         # another portal that lists it too, later

    @property
    def link(self):
        return "https://%s.example/c/%d" % (self.source, self.number)

    def advance(self, now):
        while self.at < len(self.story) and self.story[self.at][0] <= now:
            self.state = {**self.state, **self.story[self.at][1]}
            self.shown = self.state if self.state["listed"] else None
            self.at += 1


@dataclasses.dataclass(eq=False)
class Source:
    name: str
    form: str              # json, feed, html
    hours: int             # between polls
    zone: str
    closes_at: str         # "" = not said
    lists_all: bool
    faults: list           # [(from, to, kind)]
    calls: list = dataclasses.field(default_factory=list)

    def recipe(self, port):
        lines = ["[source %s]" % self.name, "label: Portal %s" % self.name, "format: " + self.form,
                 "url: http://127.0.0.1:%d/%s" % (port, self.name), "pause: 0 s", "at least: 0 items",
                 "every: %d hours" % self.hours, "zone: " + self.zone, "default kind: grant",
                 "default language: en"]
        if self.closes_at:
            lines.append("closes at: " + self.closes_at)
        if self.lists_all:
            lines += ["lists all: yes", "gone after: 3 polls"]
        lines += {"json": ["identity: call", "items: .list[]"],
                  "feed": ["identity: guid", "deadline: summary ~ /Closes on ([0-9]{4}-[0-9]{2}-[0-9]{2})/"],
                  "html": ["identity: url", "expect: //h1", "items: //li[.//a]", "title: .//a", "link: .//a/@href",
                           "deadline: .//b", "summary: .//p"]}[self.form]
        return "\n".join(lines) + "\n"


def dated(days, first, **more):
    return [{"date": str(first + datetime.timedelta(days=d)), **more} for d in days]


def story_of(r, source, number, first):
    """What happens to one call from its first day on. Every story is told by a portal that
    knows a deadline or not, words its title, and sometimes takes a thing back."""
    later = lambda n: first + datetime.timedelta(days=n)
    when = lambda n: instant(later(n), r.randrange(24), r.randrange(60))
    topics = r.sample(TOPICS, r.choice((1, 1, 2)))
    term = r.randint(25, 150)
    time = {"time": "17:00"} if source.form == "json" and r.random() < 0.5 else {}
    mid = r.randint(3, max(4, term - 5))
    title = "Call %d for %s projects" % (number, " and ".join(topics))
    base = {"listed": True, "title": title, "deadlines": dated([term], first, **time),
            "summary": "Support of projects.", "guid": "g%d" % number}
    move = lambda n: {"deadlines": dated([n], first, **time)}
    story, plain = [(when(0), base)], source.form != "json"
    if not plain:
        base |= {"call": "CALL-%04d" % number, "budget": {"min": 1000 * r.randint(10, 99), "currency": "EUR"},
                 "eligibility": "Small firms with a plan"}
    kinds = ["plain", "moved", "moved", "earlier", "flap", "reopened late", "passed twice", "retitled", "case",
             "blinks", "vanishes", "new id"]
    if not plain:
        kinds += ["withdrawn", "back again", "status flap", "budget", "budget flap", "eligibility", "rolling",
                  "cut-offs", "two stages", "opens", "language", "closed edit", "copied", "copied"]
    kind = r.choice(kinds)
    delist = term + r.randint(0, 9)
    if kind == "moved":
        story.append((when(mid), move(term + r.randint(3, 40))))
        delist += 40
    elif kind == "earlier":
        story.append((when(mid), move(r.randint(mid - 2, term - 1))))
    elif kind == "flap":
        for k in range(3):
            story += [(when(mid + 4 * k), move(term + 7)), (when(mid + 4 * k + r.randint(1, 3)), move(term))]
    elif kind == "reopened late":
        story.append((when(term + r.randint(1, 30)), move(term + 70)))
        delist += 80
    elif kind == "passed twice":
        story += [(when(term + 4), move(term + 2)), (when(term + 12), move(term + 60))]
        delist += 80
    elif kind == "retitled":
        other = r.sample(TOPICS, 1)
        story.append((when(mid), {"title": "Call %d for %s ventures" % (number, other[0])}))
    elif kind == "case":
        story += [(when(mid), {"title": title.upper().replace(" ", "  ")}), (when(mid + 6), {"title": title})]
    elif kind == "blinks":
        for k in range(3):
            story += [(when(mid + 5 * k), {"listed": False}), (when(mid + 5 * k + r.randint(1, 2)), {"listed": True})]
    elif kind == "vanishes":
        story.append((when(mid), {"listed": False}))
        if r.random() < 0.5:
            story.append((when(mid + r.randint(10, 25)), {"listed": True}))
    elif kind == "new id":
        story += [(when(mid + k), {"guid": "g%d-%d" % (number, k)}) for k in (0, 3, 4)]
    elif kind in ("withdrawn", "back again", "status flap"):
        story.append((when(mid), {"status": "withdrawn"}))
        if kind != "withdrawn":
            story.append((when(mid + (r.randint(8, 20) if kind == "back again" else 1)), {"status": "open"}))
    elif kind.startswith("budget"):
        story.append((when(mid), {"budget": {"min": 5000, "max": 777000, "currency": "EUR"}}))
        if kind == "budget flap":
            story.append((when(mid + 2), {"budget": base["budget"]}))
    elif kind == "eligibility":
        story.append((when(mid), {"eligibility": "Small firms of two countries"}))
    elif kind == "rolling":
        base["deadlines"] = []
        story += [(when(mid), move(term)), (when(term + 20), {"listed": False})]
    elif kind == "cut-offs":
        days = [term, term + 40, term + 80]
        base["deadlines"] = dated(days, first, **time)
        story += [(when(d + 1), {"deadlines": dated([x for x in days if x > d], first, **time)}) for d in days[:2]]
        delist += 80
    elif kind == "two stages":
        base["deadlines"] = (dated([term], first, stage="stage 1", **time) +
                             dated([term + 60], first, stage="stage 2", **time))
        delist += 60
    elif kind == "opens":
        base["opens"] = str(later(term // 2))
    elif kind == "language" and later(mid) > BEGIN:
        base["language"] = "en"
        story += [(when(mid), {"language": "fr", "title": "Appel %d en faveur de projets" % number}),
                  (when(mid + 3), {"language": "en", "title": title})]
    elif kind == "closed edit":
        story += [(when(term + 3), {"budget": {"min": 5000, "currency": "EUR"}, "eligibility": "Nobody any more"})]
        delist += 20
        if r.random() < 0.5:
            story.append((when(term + 12), move(term + 60)))
            delist += 60
    elif kind == "copied":
        story.append((when(mid), move(term + 14)))
        delist += 20
    story.append((when(delist), {"listed": False}))
    story.sort(key=lambda x: x[0])
    return kind, story


def make_source(r, n):
    name = "p%02d" % n
    source = Source(name=name, form=("json", "feed", "json", "html", "feed")[n % 5],
                    hours=r.choice((24, 48, 72, 168)),
                    zone=r.choice(("Europe/Brussels", "Europe/Lisbon", "Europe/Helsinki")),
                    closes_at=r.choice(("", "17:00", "12:00")), lists_all=r.random() < 0.5, faults=[])
    for k in range(r.choice((0, 1, 2))):
        begin = BEGIN + datetime.timedelta(days=r.randint(5, 340))
        source.faults.append((instant(begin), instant(begin + datetime.timedelta(days=r.randint(1, 9))),
                              r.choice(("html", "500") if source.form == "html" else ("html", "500", "cut"))))
    return source


def make_calls(r, sources, n):
    calls = []
    for i in range(n):
        source = r.choice(sources)
        first = BEGIN + datetime.timedelta(days=r.randint(-60, 350))
        kind, story = story_of(r, source, i, first)
        call = Call(i, source.name, story)
        if kind == "copied":
            call.copy = r.choice([s.name for s in sources if s.form == "json" and s is not source])
        source.calls.append(call)
        calls.append(call)
    return calls


# ---- the portals' server ---------------------------------------------------------------------


def item_json(call, state):
    keys = ("title", "summary", "deadlines", "budget", "status", "eligibility", "call", "language", "opens")
    return {"id": state["guid"], "link": call.link, **{k: state[k] for k in keys if k in state}}


def write_json(source, listed):
    return json.dumps({"list": [item_json(c, s) for c, s in listed]})


def said(state):
    return "Closes on %s" % state["deadlines"][0]["date"] if state["deadlines"] else ""


def write_feed(source, listed):
    items = "".join("<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">%s</guid><description>%s %s"
                    "</description></item>" % (html.escape(s["title"]), c.link, s["guid"], s["summary"], said(s))
                    for c, s in listed)
    return ("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>%s</title><link>https://%s.example/</link>%s"
            "</channel></rss>" % (source.name, source.name, items))


def write_html(source, listed):
    items = "".join("<li><a href=\"%s\">%s</a><p>%s</p><b>%s</b></li>" %
                    (c.link, html.escape(s["title"]), s["summary"], s["deadlines"][0]["date"] if s["deadlines"] else "")
                    for c, s in listed)
    return "<!DOCTYPE html><html><body><h1>Calls</h1><ul>%s</ul></body></html>" % items


class Portal:
    """All portals on one port of loopback. `log` tells what they answered: (instant, source,
    "ok" | "same" | "bad", [(call, state)])."""

    WRITERS = {"json": write_json, "feed": write_feed, "html": write_html}

    def __init__(self, sources, calls):
        self.now, self.log = 0, []
        self.sources = {s.name: s for s in sources}
        self.copies = {s.name: [c for c in calls if c.copy == s.name] for s in sources}
        self.late = {}  # what a copy shows: the call as it was first taken in elsewhere
        self.served = {}
        portal = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one answer, one packet

            def do_GET(self):
                status, body, tag = portal.answer(self.path.strip("/"), self.headers.get("If-None-Match"))
                self.send_response(status)
                if tag:
                    self.send_header("ETag", tag)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def listed(self, source):
        out = []
        for call in source.calls:
            call.advance(self.now)
            if call.shown:
                out.append((call, call.shown))
        for call in self.copies[source.name]:  # once the first portal's was taken, as it stood then: copies lag
            at, state = self.served.get(call, (self.now, None))
            if at < self.now - 86400 and call.shown:
                out.append((call, state))
        return out

    def answer(self, name, known):
        source = self.sources[name]
        fault = next((kind for a, b, kind in source.faults if a <= self.now < b), None)
        listed = self.listed(source)
        body = self.WRITERS[source.form](source, listed).encode()
        if fault:
            self.log.append((self.now, name, "bad", []))
            broken = {"html": b"<html><body><p>Maintenance</p></body></html>", "500": b"", "cut": body[:len(body) // 2]}
            return 500 if fault == "500" else 200, broken[fault], None
        tag = "\"%s\"" % hashlib.sha256(body).hexdigest()[:16]
        self.log.append((self.now, name, "same" if known == tag else "ok", listed))
        for call, state in listed:
            if call.source == name:
                self.served.setdefault(call, (self.now, state))
        return (304, b"", tag) if known == tag else (200, body, tag)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


# ---- all of it -----------------------------------------------------------------------------------


class Year:
    def __init__(self, seed=1, members=300, sources=40, calls=200, days=365):
        r = random.Random(seed)
        self.days = days
        self.members = make_members(r, members)
        self.acts = make_acts(r, self.members)
        self.sources = [make_source(r, n) for n in range(sources)]
        self.calls = make_calls(r, self.sources, calls)

    def ticks(self):
        """The instants at which the program runs, with what staff did before."""
        acts = []
        for n in range(self.days):
            day = BEGIN + datetime.timedelta(days=n)
            acts += self.acts.get(day, [])
            if DOWN[0] <= day < DOWN[1]:
                continue
            hours = [(h, 3) for h in range(5)] if day in CLOCKS else []
            for hour, minute in hours + [MORNING] * (n % 7 == 0) + [NIGHT]:
                yield instant(day, hour, minute), acts
                acts = []
