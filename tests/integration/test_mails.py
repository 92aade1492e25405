#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The golden mails as other programs read them: Python's email and Perl's MIME::Parser
find no fault and the same text, python3-icalendar the same deadlines."""

import email
import email.policy
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import icalendar
import tap
from world import ROOT

dir = tempfile.TemporaryDirectory(prefix="fundwatch-mails-")
here = pathlib.Path(dir.name)
program = ROOT / "build" / os.environ.get("VARIANT", "release") / "tests/unit/render/test_golden"
subprocess.run([str(program)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
               env={**os.environ, "FUNDWATCH_MAILS": str(here)})
names = sorted(p.stem for p in here.glob("*.eml"))
raw = {n: (here / (n + ".eml")).read_bytes() for n in names}
mails = {n: email.message_from_bytes(raw[n], policy=email.policy.SMTP) for n in names}

PERL = """use MIME::Parser; my $bad = 0;
for my $f (@ARGV) { my $p = MIME::Parser->new; $p->output_to_core(1); $p->tmp_to_core(1);
    my $m = eval { $p->parse_open($f) }; my $r = $p->results;
    for ($@ ? $@ : (), $r->errors, $r->warnings) { print "$f: $_\\n"; $bad = 1; }
    my @leaves = grep { !$_->parts } $m ? $m->parts_DFS : ();
    print "$f\\t", join(' ', map { lc $_->mime_type } @leaves), "\\t", $m->head->get('Message-ID'); }
exit $bad;"""


def parts(mail):
    return [p for p in mail.walk() if not p.is_multipart()]


def calendar(name):
    found = [p for p in parts(mails[name]) if p.get_content_type() == "text/calendar"]
    return found[0] if found else None


def test_there_are_twenty_situations():
    assert len(names) == 20, names


def test_bytes_are_what_relays_take():
    for n, b in raw.items():
        assert b.isascii(), n
        assert b"\r\n" in b and not re.search(rb"(?<!\r)\n|\r(?!\n)", b), n
        assert max(map(len, b.split(b"\r\n"))) <= 998, n
        head = b.split(b"\r\n\r\n")[0]
        assert max(len(line) for line in head.split(b"\r\n") if b"mailto:" not in line and b"https:" not in line) <= 78, n
        assert b"Bcc" not in head and b"X-Header" not in head, n


def test_python_finds_no_defect():
    for n, m in mails.items():
        for p in m.walk():
            assert not p.defects, (n, p.defects)
            for key, value in p.items():
                assert not value.defects, (n, key, value.defects)


def test_text_and_html_arrive_as_they_were_written():
    for n, m in mails.items():
        plain, html = m.get_body(("plain",)), m.get_body(("html",))
        tidy = lambda s: s.replace("\r\n", "\n").strip()
        assert tidy(plain.get_content()) == tidy((here / (n + ".txt")).read_text()), n
        assert tidy(html.get_content()) == tidy((here / (n + ".html")).read_text()), n
        assert len(html.get_content().encode()) <= 90 * 1024 + 1, n


def test_text_and_html_have_the_same_links_in_the_same_order():
    import html as escapes
    for n in names:
        page, text = (here / (n + ".html")).read_text(), (here / (n + ".txt")).read_text()
        links = [escapes.unescape(x) for x in re.findall(r'href="([^"]*)"', page)]
        links = [x for x in links if not re.fullmatch(r"mailto:[^?]*", x)]  # the text says: reply
        at = 0
        for link in links:
            found = text.find(link, at)
            assert found >= 0, (n, link)
            at = found + len(link)


def test_perl_finds_no_fault():
    run = subprocess.run(["perl", "-e", PERL] + [str(here / (n + ".eml")) for n in names], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 0, run.stdout
    for n, line in zip(names, filter(None, run.stdout.split("\n"))):
        kinds = line.split("\t")[1].split()
        assert kinds == [p.get_content_type() for p in parts(mails[n])], (n, line)
        assert line.split("\t")[2].strip() == mails[n]["Message-ID"], line


def test_the_calendar_is_an_attachment_beside_the_text():
    for n in names:
        part = calendar(n)
        bodies = [p.get_content() for p in parts(mails[n]) if p.get_content_type() in ("text/plain", "text/html")]
        assert ["calls.ics" in b for b in bodies] == [part is not None] * 2, n
        if part is None:
            assert mails[n].get_content_type() == "multipart/alternative", n
            continue
        assert mails[n].get_content_type() == "multipart/mixed", n
        assert part.get_filename() == "calls.ics" and part.get_content_disposition() == "attachment", n
        assert part["Content-Type"].params == {"charset": "utf-8", "method": "PUBLISH"}, part["Content-Type"]


def test_an_independent_reader_reads_the_calendar():
    for n in filter(calendar, names):
        data = calendar(n).get_payload(decode=True)
        assert max(map(len, data.split(b"\r\n"))) <= 75, n
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data), n
        book = icalendar.Calendar.from_ical(data)
        assert book["METHOD"] == "PUBLISH" and book["VERSION"] == "2.0", n
        zones = {str(z["TZID"]) for z in book.walk("VTIMEZONE")}
        events = book.walk("VEVENT")
        assert events and len({str(e["UID"]) for e in events}) == len(events), n
        for e in events:
            assert not e.errors, (n, e.errors)
            assert str(e["UID"]).endswith("@cluster.example"), e["UID"]
            start = e["DTSTART"]
            assert start.params.get("TZID") is None or start.params["TZID"] in zones, (n, zones)
            assert str(e["SUMMARY"]) and e["TRANSP"] == "TRANSPARENT", n
            assert "ATTENDEE" not in e, n


def event(name, uid):
    book = icalendar.Calendar.from_ical(calendar(name).get_payload(decode=True))
    return next(e for e in book.walk("VEVENT") if str(e["UID"]) == uid)


def test_a_moved_deadline_keeps_its_uid_and_raises_its_sequence():
    old, new = event("new-only", "call-m7q2@cluster.example"), event("changes-only", "call-m7q2@cluster.example")
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert str(old["DTSTART"].dt) == "2026-12-03" and str(new["DTSTART"].dt) == "2026-11-20", (old, new)
    old = event("new-only", "call-k3f9-stage-1@cluster.example")
    assert str(old["DTSTART"].dt) == "2026-12-15 17:00:00+01:00", old["DTSTART"].dt
    new = event("changes-only", "call-k3f9@cluster.example")
    assert str(new["DTSTART"].dt) == "2027-03-28 17:00:00+02:00", new["DTSTART"].dt  # the day clocks go forward


def test_a_reminder_brings_the_entry_once_more():
    first, again = event("new-only", "call-m7q2@cluster.example"), event("reminder", "call-m7q2@cluster.example")
    assert first["DTSTART"].dt == again["DTSTART"].dt and first["SEQUENCE"] == again["SEQUENCE"]


def test_what_is_gone_is_cancelled():
    assert event("withdrawn", "call-k3f9-stage-1@cluster.example")["STATUS"] == "CANCELLED"
    assert event("withdrawn", "call-k3f9-stage-2@cluster.example")["STATUS"] == "CANCELLED"
    assert event("mixed", "call-p4t8@cluster.example")["STATUS"] == "CONFIRMED"
    assert event("mixed", "call-p4t8.2@cluster.example")["STATUS"] == "CANCELLED"  # one of two was taken away


def test_hostile_text_stays_text():
    e = event("hostile", "call-k3f9-stage-1@cluster.example")
    assert "X;Y,Z" in str(e["DESCRIPTION"]) and "ATTENDEE:mailto" in str(e["DESCRIPTION"]), e["DESCRIPTION"]


tap.main(globals())
