#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What members hear after the first mail: changes, reminders, urgent calls, pauses; and
what they never hear: mail after they said stop, after they left, or overtaken by time."""

import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, World, text_part

EU = ("eu-funding-tenders",)
CELL = "HORIZON-HLTH-2027-03-TOOL-02-two-stage"  # first deadline 2027-02-16


def at(day, hour=7):
    return "%sT%02d:00:00Z" % (day, hour)


def to(world, address):
    return [m for m in world.mails() if address in m["To"]]


def test_a_moved_deadline_reaches_those_who_had_the_call_and_nobody_else():
    w = World(sources=EU, profiles=("celltech", "medscan", "uni-genomics"))
    w.run("run", "--once")
    before = {m["Message-ID"] for m in w.mails()}
    w.control("eu-funding-tenders", "moved-deadline", id=CELL)
    w.run("run", "--once", now=at("2026-11-30"))
    told = [m for m in w.mails() if m["Message-ID"] not in before]
    assert told and all("celltech" in m["To"] for m in told), [m["To"] for m in told]
    w.run("run", "--once", now=at("2026-12-07"))
    assert len(w.mails()) == len(before) + len(told), "a change was told twice"
    w.close()


def test_a_change_that_went_back_is_no_news():
    w = World(sources=EU, profiles=("celltech",))
    w.run("run", "--once")
    n = len(w.mails())
    w.control("eu-funding-tenders", "moved-deadline", id=CELL)
    w.run("poll", "--force", now=at("2026-11-25"))
    w.control("eu-funding-tenders", "none")
    w.run("poll", "--force", now=at("2026-11-26"))
    w.run("run", "--once", now=at("2026-11-30"))
    assert len(w.mails()) == n
    w.close()


def test_reminders_come_once_a_step_and_stop_after_an_answer():
    w = World(sources=EU, profiles=("medscan",))  # daily
    w.run("run", "--once")
    call = next(r for r in w.rows("list") if "competitive-calls" in r.get("link", ""))  # closes 2027-01-15
    days = {}
    for day in ("2026-12-31", "2027-01-01", "2027-01-02", "2027-01-11", "2027-01-12", "2027-01-13", "2027-01-15"):
        n = len(w.mails())
        w.run("digest", now=at(day))
        w.run("deliver", now=at(day))
        days[day] = len(w.mails()) - n
    assert days == {**dict.fromkeys(days, 0), "2027-01-01": 1, "2027-01-12": 1}, days
    w.close()
    w = World(sources=EU, profiles=("medscan",))
    w.run("run", "--once")
    w.run("answer", "medscan", call["opportunity"], "not-relevant")
    n = len(w.mails())
    w.run("digest", now=at("2027-01-01"))
    w.run("deliver", now=at("2027-01-01"))
    assert len(w.mails()) == n
    w.close()


def test_a_deadline_before_the_next_monthly_mail_is_reminded_of_in_this_one():
    w = World(sources=EU, profiles=("medscan",))
    path = w.conf / "profiles.d/medscan.conf"
    path.write_text(re.sub(r"(?m)^digest:.*$", "digest: monthly 20 09:00 Europe/Tallinn", path.read_text()))
    w.run("run", "--once")
    n = len(w.mails())
    w.run("digest", now=at("2026-12-20", 8))  # one call closes on 2027-01-15, the next mail is of the 20th
    w.run("deliver", now=at("2026-12-20", 8))
    assert len(w.mails()) == n + 1 and "closes in 26 days" in w.mails()[-1]["Subject"], w.mails()[-1]["Subject"]
    w.close()


def test_a_slot_within_a_pause_is_not_caught_up_on_another_day():
    w = World(sources=EU, profiles=("celltech",))  # weekly on Mondays
    w.edit("profiles.d/celltech.conf", "\nuse:", "\npause: until 2026-12-09\nuse:")
    w.run("run", "--once")
    w.edit("profiles.d/celltech.conf", "\npause: until 2026-12-09", "\npause: until 2026-12-16")
    w.run("run", "--once", now=at("2026-12-08"))
    w.run("add", "--title", "CAR-T manufacturing after the pause", "--text", "GMP", now=at("2026-12-17"))
    w.run("run", "--once", now=at("2026-12-17"))
    assert w.mails() == [], "a Thursday is not their day"
    w.run("run", "--once", now=at("2026-12-21"))
    assert len(w.mails()) == 1
    w.close()


def test_a_new_schedule_and_the_end_of_a_silence_wait_for_their_next_slot():
    later = "digest: weekly tue 08:00 Europe/Tallinn"
    for before, after, day in ((None, later, "2026-12-01"), ("pause: until 2026-12-20", "", "2026-11-30"),
                               ("mode: mute", "", "2026-11-30"), ("digest: off", "", "2026-11-30")):
        w = World(sources=EU, profiles=("celltech",))  # weekly on Mondays
        path = w.conf / "profiles.d/celltech.conf"
        text = path.read_text().split("[test")[0]
        without = lambda line: re.sub(r"(?m)^%s:.*\n" % line.split(":")[0], "", text) if line else text
        w.run("run", "--once", now=at("2026-11-16"))
        if before:
            path.write_text(without(before).rstrip() + "\n" + before + "\n")
            w.run("run", "--once", now=at("2026-11-17"))
            w.run("run", "--once", now=at("2026-11-24"))
        path.write_text((without(after) if after else text).rstrip() + "\n" + after + "\n")
        w.run("add", "--title", "CAR-T manufacturing", "--text", "GMP", now=at("2026-11-25"))
        n = len(w.mails())
        w.run("run", "--once", now=at("2026-11-25"))
        assert len(w.mails()) == n, (before, after, "a Wednesday is not their day")
        w.run("run", "--once", now=at(day))
        assert len(w.mails()) > n and "CAR-T manufacturing" in text_part(w.mails()[-1]), (before, after)
        w.close()


def test_one_address_gets_one_mail_a_day():
    w = World(sources=EU, profiles=())
    for name, when in (("early", "daily 08:00"), ("late", "daily 10:30"), ("friday", "weekly fri 17:00")):
        (w.conf / "profiles.d" / (name + ".conf")).write_text(
            "[profile %s]\nname: %s\norganisation: EE-1\nkind: sme\nemail: one@lab.example\ncountry: EE\n"
            "digest: %s Europe/Tallinn\nmatch: %s\nempty: send\n" % (name, name, when, name))
    w.run("run", "--once", now=at("2026-11-25", 16))  # all of them for the first time
    for day in ("2026-11-26", "2026-11-27"):  # Thursday and Friday
        for name in ("early", "late", "friday"):
            w.run("add", "--title", "Money for %s laboratories of %s" % (name, day), "--text", "Apply.",
                  now=at(day, 5))
        for hour in (6, 9, 16):  # 08:00, 11:00 and 18:00 in Tallinn
            w.run("digest", now=at(day, hour))
            w.run("deliver", now=at(day, hour))
    mails = w.mails()
    assert [m["Date"][:11] for m in mails] == ["Wed, 25 Nov", "Thu, 26 Nov", "Fri, 27 Nov"], mails
    thursday, friday = (text_part(m) for m in mails[1:])
    assert "early lab" in thursday and "late lab" in thursday and "friday lab" not in thursday, thursday
    assert all(name + " laboratories of 2026-11-27" in friday for name in ("early", "late", "friday")), friday
    assert "friday laboratories of 2026-11-26" in friday and "late laboratories of 2026-11-26" not in friday
    w.close()


def test_urgent_calls_come_at_once_and_few_a_day():
    w = World(sources=EU, profiles=("celltech",))
    w.edit("profiles.d/celltech.conf", "\nuse:", "\nurgent: partners\nurgent limit: 1 per day\nuse:")
    w.run("run", "--once")
    n = len(w.mails())
    for i in (1, 2):
        w.run("add", "--title", "Partners wanted for CAR-T manufacturing %d" % i, "--text", "GMP pilot production",
              "--link", "https://fund.example/%d" % i, now=at("2026-11-25"))
        w.run("digest", now=at("2026-11-25", 9 + i))
        w.run("deliver", now=at("2026-11-25", 9 + i))
    per_contact = {m["To"] for m in w.mails()}
    assert len(w.mails()) == n + len(per_contact), "one urgent mail a day"
    w.run("digest", now=at("2026-11-26"))
    w.run("deliver", now=at("2026-11-26"))
    assert len(w.mails()) == n + 2 * len(per_contact)
    links = re.findall(r"https://fund\.example/\d", "".join(text_part(m) for m in w.mails()))
    assert len(links) == 2 * len(per_contact), links
    w.close()


def test_a_pause_ends_without_a_flood():
    w = World(sources=EU, profiles=("celltech",))
    w.edit("profiles.d/celltech.conf", "\nuse:", "\npause: until 2026-12-20\nuse:")
    w.run("run", "--once")
    w.run("add", "--title", "CAR-T manufacturing during the pause", "--text", "GMP", now=at("2026-12-01"))
    w.run("run", "--once", now=at("2026-12-01"))
    assert w.mails() == []
    w.run("run", "--once", now=at("2026-12-21"))
    assert w.mails() == [], [m["Subject"] for m in w.mails()]
    assert any("pause" in p["why it waits"] for p in w.rows("pending", now=at("2026-12-21")))
    w.run("add", "--title", "CAR-T manufacturing after the pause", "--text", "GMP", now=at("2026-12-22"))
    w.run("run", "--once", now=at("2026-12-28"))
    assert w.mails() and "after the pause" in text_part(w.mails()[0])
    assert "during the pause" not in text_part(w.mails()[0])
    w.close()


def test_an_empty_digest_where_it_is_wanted():
    w = World(sources=EU, profiles=("coldchain",))
    w.edit("profiles.d/coldchain.conf", "\nkinds:", "\nempty: send\nkinds:")
    w.run("run", "--once")
    assert len(w.mails()) == 1
    w.close()


def test_no_mail_after_unsubscribe_even_when_it_was_queued():
    w = World(sources=EU, profiles=("celltech",))
    w.settings(deliver="off")
    w.run("run", "--once")
    assert "Subject: " in w.run("digest", "celltech", "--preview").stdout
    w.run("unsubscribe", "Desk@CellTech.example")
    shown = w.run("digest", "celltech", "--preview").stdout
    assert shown.startswith("nothing to send to celltech: this address gets nothing: it unsubscribed"), shown
    w.settings(deliver="on")
    w.run("run", "--once")
    assert to(w, "desk@celltech.example") == []
    w.run("run", "--once", now=at("2026-11-30"))
    assert to(w, "desk@celltech.example") == []
    w.close()


def test_who_left_or_is_muted_gets_nothing_that_was_queued():
    for old, new in (("mode: auto", "mode: mute"), (None, None)):
        w = World(sources=EU, profiles=("celltech", "medscan"))
        w.settings(deliver="off")
        w.run("run", "--once")
        path = w.conf / "profiles.d/celltech.conf"
        if new:
            path.write_text(path.read_text().replace("\nuse:", "\nmode: mute\nuse:", 1))
        else:
            path.unlink()
        w.settings(deliver="on")
        w.run("run", "--once")
        assert to(w, "celltech.example") == [] and to(w, "medscan.example")
        w.close()


def test_mail_that_waited_too_long_is_made_anew():
    w = World(sources=EU, profiles=("celltech",), smtp_args=("--defer", "desk@celltech.example=451"))
    w.run("run", "--once")
    w.smtp.stop()
    import world
    w.smtp = world.Server("smtp_sink.py", "--maildir", w.maildir)
    w.settings()
    w.run("run", "--once", now=at("2026-11-30"))
    mail = to(w, "desk@celltech.example")
    assert len(mail) == 1 and "in 78 days" in text_part(mail[0]), [text_part(m)[:300] for m in mail]
    w.close()


def test_one_address_spelled_two_ways_is_one_recipient():
    w = World(sources=EU, profiles=("celltech",))
    text = (w.conf / "profiles.d/celltech.conf").read_text().split("[test")[0]
    other = text.replace("[profile celltech]", "[profile celltwin]").replace("desk@", "Desk@")
    (w.conf / "profiles.d/celltwin.conf").write_text(re.sub(r"(?m)^organisation:.*$", "organisation: EE-14392011", other))
    w.run("run", "--once")
    assert len(to(w, "desk@celltech.example")) == 1 and not to(w, "Desk@")
    evidence = w.rows("report", "--evidence")
    assert {e["profile"] for e in evidence} == {"celltech", "celltwin"}
    w.close()


def test_the_same_offer_forwarded_by_two_colleagues():
    w = World(sources=EU, profiles=("celltech",))
    from world import ROOT
    offer = (ROOT / "tests/demo/offer.eml").read_text()
    w.run("add", ROOT / "tests/demo/offer.eml")
    second = w.dir / "second.eml"
    second.write_text(re.sub(r"(?im)^Message-ID:.*$", "Message-ID: <another@cluster.example>", offer))
    assert "known already" in w.run("add", second).stdout
    w.close()


def test_an_offer_that_names_a_stored_call_is_that_call():
    w = World(sources=EU, profiles=("celltech",))
    w.run("poll")
    mail = w.dir / "mail.eml"
    mail.write_text("From: Mari <mari@cluster.example>\nSubject: Fwd: worth a look\nMessage-ID: <x@y.example>\n\n"
                    "See %s, closes on 3 March 2027: https://elsewhere.example/news\n" % CELL)
    n = len(w.rows("list", "--all"))
    assert "known already" in w.run("add", mail).stdout
    assert len(w.rows("list", "--all")) == n
    w.close()


def test_a_rejection_reaches_a_mail_that_waits():
    w = World(sources=EU, profiles=("celltech",))
    w.settings(deliver="off")
    w.run("run", "--once")
    call = next(r for r in w.rows("list") if r.get("call") == CELL)
    w.run("review", "reject", call["opportunity"], "celltech", "--why", "they told us", "--by", "anna")
    w.settings(deliver="on")
    w.run("run", "--once")
    assert CELL not in "".join(text_part(m) for m in w.mails())
    w.close()


def test_staff_release_or_drop_what_failed():
    w = World(sources=EU, profiles=("celltech",), smtp_args=("--refuse", "desk@celltech.example=550"))
    w.run("run", "--once")
    failed = next(m for m in w.rows("outbox") if m["state"] == "failed")
    w.run("outbox", "release", failed["mail"])
    assert next(m for m in w.rows("outbox") if m["mail"] == failed["mail"])["state"] == "queued"
    w.run("outbox", "drop", failed["mail"])
    w.settings(transport="maildir %s" % w.maildir)
    w.run("run", "--once")
    assert len(list((w.maildir / "new").glob("*"))) >= 1
    accepted = next(m for m in w.rows("outbox") if m["state"] == "accepted")
    r = w.run("outbox", "drop", accepted["mail"], ok=False)
    assert "went already" in r.stderr, r.stderr
    w.close()


def test_a_test_copy_is_marked_and_recorded_nowhere():
    w = World(sources=EU, profiles=("celltech",))
    w.settings(deliver="only me@cluster.example")
    w.run("run", "--once")
    before = w.rows("pending")
    w.run("digest", "celltech", "--to", "me@cluster.example")
    mail = to(w, "me@cluster.example")
    assert len(mail) == 0 or "test" in mail[0]["Subject"].lower(), mail[0]["Subject"]
    r = w.run("digest", "celltech", "--to", "other@elsewhere.example", ok=False)
    assert "does not allow" in r.stderr
    assert w.rows("pending") == before
    w.close()


tap.main(globals())
