#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`digest PROFILE --preview` shows the mail that goes out right after it, and changes
nothing; and that mail's headers and envelope, with pages and return addresses set up."""

import pathlib
import re
import sqlite3
import sys
from urllib.parse import quote, unquote

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import ROOT, World, text_part

w = World(sources=("eu-funding-tenders", "hadea-news"), profiles=("celltech", "medscan"))
w.settings(web="127.0.0.1:8080", web_url="https://alerts.cluster.example/", bounces="calls+bounce@cluster.example")
# A second profile of the same person: one mail for both.
address = re.search(r"^email:\s*(.*)$", (w.conf / "profiles.d/celltech.conf").read_text(), re.M).group(1)
(w.conf / "profiles.d/second.conf").write_text(
    "[profile second]\nname: Second unit\nkind: sme\nemail: %s\nmatch: genom*\n" % address)
ORDER = ["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "List-Id",
         "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Precedence", "Feedback-ID",
         "X-Fundwatch-Run", "X-Fundwatch-Why"]


def dump():
    with sqlite3.connect(w.dir / "fundwatch.db") as db:
        return list(db.iterdump())


def without_tokens(text):
    return re.sub(r"%20[a-z2-7]{26}\b", "%20TOKEN", text.replace("\r\n", "\n"))


def celltech():
    return [m for m in w.mails() if "celltech" in m["To"]]


def test_a_preview_changes_nothing():
    w.run("add", ROOT / "tests/demo/offer.eml")
    w.run("poll")
    before = dump()
    w.seen = w.run("digest", "celltech", "--preview", "--html", w.dir / "seen.html").stdout
    assert w.seen.startswith("Subject: ") and "mailto:" in w.seen, w.seen
    assert dump() == before
    assert not w.mails()


def test_it_is_the_mail_that_is_sent_right_after():
    w.run("digest")
    queued = w.run("digest", "celltech", "--preview").stdout  # what waits would be made anew
    assert without_tokens(queued) == without_tokens(w.seen), queued
    w.run("deliver")
    mail, = celltech()
    sent = "Subject: %s\n\n%s" % (mail["Subject"], text_part(mail))
    assert without_tokens(sent) == without_tokens(w.seen), sent
    html = mail.get_body(("html",)).get_content()
    assert without_tokens(html) == without_tokens((w.dir / "seen.html").read_text())
    assert "CellTech" in sent and "Second unit" in sent, sent
    assert "nothing to send" in w.run("digest", "celltech", "--preview").stdout


def test_headers_are_complete_and_in_order():
    mail = celltech()[0]
    names = [n for n in mail.keys() if not n.startswith("X-Envelope")]
    assert names == [n for n in ORDER if n != "Reply-To" or "Reply-To" in names], names
    assert re.fullmatch(r"<https://alerts\.cluster\.example/u/[a-z2-7]{26}>,\s*<mailto:[^>]+>",
                        mail["List-Unsubscribe"]), mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"\d+:digest:[a-z.]+:fundwatch", mail["Feedback-ID"]), mail["Feedback-ID"]
    assert re.fullmatch(r"digest 20\d\d-\d\d-\d\dT[\d:]{8}Z", mail["X-Fundwatch-Run"]), mail["X-Fundwatch-Run"]
    assert re.match(r"rules [0-9a-f]{12}; profiles celltech", mail["X-Fundwatch-Why"]), mail["X-Fundwatch-Why"]
    links = {m["List-Unsubscribe"] for m in w.mails()}
    assert len(links) == len(w.mails()) > 1  # each recipient has its own


def test_a_request_says_whose_mails_it_is_about():
    for m in w.mails():
        address = m["To"].addresses[0].addr_spec
        for word in ("unsubscribe", "preferences"):
            said = re.search(r"mailto:(\S+)\?subject=%s(\S*)" % word, text_part(m))
            assert re.fullmatch(" %s [a-z2-7]{26}" % re.escape(address), unquote(said.group(2))), said.group()
        assert "subject=unsubscribe%20" + quote(address, safe="") in m["List-Unsubscribe"]


def test_what_cannot_be_delivered_returns_by_its_own_address():
    senders = {m["X-Envelope-From"] for m in w.mails()}
    assert len(senders) == len(w.mails())
    for s in senders:
        local, _, domain = s.partition("@")
        assert re.fullmatch(r"calls\+bounce-\d+-[a-z2-7]{26}", local) and domain == "cluster.example", s
        assert len(local) <= 64, s


def test_without_pages_unsubscribing_is_by_mail():
    plain = World(sources=("hadea-news",), profiles=("celltech",))
    plain.settings(web_url="https://alerts.cluster.example")  # nothing serves it
    plain.run("add", ROOT / "tests/demo/offer.eml")
    plain.run("run", "--once")
    mail, = plain.mails()
    assert re.fullmatch(r"<mailto:[^>]+>", mail["List-Unsubscribe"]), mail["List-Unsubscribe"]
    assert "List-Unsubscribe-Post" not in mail
    assert mail["X-Envelope-From"] == "calls@cluster.example", mail["X-Envelope-From"]


tap.main(globals())
