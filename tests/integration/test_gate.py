#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The main job, end to end, in its smallest form: the EU portal's sample, one RSS feed
and one forwarded mail -> two profiles -> one mail each through a real SMTP server ->
the sentence -> a second run that sends nothing."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, ROOT, World, text_part

LATER = "2026-11-23T19:00:00Z"  # the same day, when the portals are due again

w = World(sources=("eu-funding-tenders", "hadea-news"), profiles=("celltech", "medscan"))


def test_an_offer_we_were_sent_is_taken_in():
    out = w.run("add", ROOT / "tests/demo/offer.eml").stdout
    assert "taken in: " in out, out
    assert "2027-01-15" in out, out
    assert "Fwd:" not in out, out


def test_one_pass_mails_each_member_once():
    out = w.run("run", "--once").stdout
    assert "2 new mails" in out, out
    to = sorted(m["To"] for m in w.mails())
    assert len(to) == 2 and "celltech.example" in to[0] and "medscan.example" in to[1], to


def test_the_digest_holds_what_suits_and_why():
    mail = next(m for m in w.mails() if "celltech" in m["To"])
    text = text_part(mail)
    assert "GMP" in text and "because" in text.lower(), text
    assert "15 January 2027" in text, text  # of the forwarded offer
    assert mail.get_body(("html",)) is not None
    assert mail["List-Unsubscribe"] and mail["Message-ID"] and mail["Auto-Submitted"] == "auto-generated"
    assert not mail.defects


def test_the_sentence_comes_from_the_ledger():
    out = w.run("report", "--from", "2026-11-01", "--to", "2026-11-30").stdout
    assert "No. of companies reached: 2 (2 SMEs, 0 research institutions)" in out, out
    assert "No. of companies engaged: 0 (0 SMEs, 0 research institutions)" in out, out
    forwarded = int(out.split("opportunities forwarded: ")[1].split()[0])
    assert forwarded >= 3, out


def test_a_second_run_sends_nothing():
    for now in (NOW, LATER):
        out = w.run("run", "--once", now=now).stdout
        assert "0 new mails" in out, out
    assert len(w.mails()) == 2


tap.main(globals())
