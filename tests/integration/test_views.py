#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""try on the command line, and the views that staff look at before they edit: orphans,
silent, terms."""

import json
import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import ROOT, World

w = World()
edited = w.dir / "edited.conf"


def edit(name, *pairs):
    text = (w.conf / name).read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    edited.write_text(text)


def test_try_says_when_there_is_nothing_to_look_at():
    out = w.run("try", "celltech").stdout
    assert "there is no stored call to look at: fetch some with 'fundwatch poll'" in out, out


def test_an_orphan_reached_nobody_and_names_the_nearest():
    w.run("add", ROOT / "tests/demo/offer.eml")
    w.run("run", "--once")
    orphans = {r["id"]: r for r in w.rows("orphans")}
    waiting = {r["id"] for r in w.rows("pending") if r["profile"] != "test-member"}
    sent = {r["call"] for r in w.rows("report", "--evidence")}
    opened = {r["opportunity"] for r in w.rows("list")}
    assert set(orphans) == opened - waiting - sent - {r["id"] for r in w.rows("review")}
    near = next(r for r in orphans.values() if r["title"].startswith("Cell & gene therapy manufacturing"))
    want = "if the filter 'eligible in' let it pass (asks for EE, the call is for GB)"
    assert near["nearest"] == "celltech" and near["would suit"] == want, near
    far = next(r for r in orphans.values() if r["title"].startswith("Offshore wind"))
    assert far["nearest"] == "-" and far["would suit"].startswith("nothing near"), far


def test_silent_says_why():
    rows = {r["profile"]: r for r in w.rows("silent")}
    assert "celltech" not in rows and rows["coldchain"]["last sent"] == "never", rows
    assert rows["coldchain"]["why"] == "1 call suits, stopped by the filter 'deadline'", rows
    assert "see 'fundwatch pending'" in rows["uni-materials"]["why"], rows
    assert not any(name.startswith("words-") for name in rows), rows
    (w.conf / "profiles.d" / "quiet.conf").write_text("".join(
        "[profile %s]\nname: Q\nkind: sme\nemail: %s@quiet.example\ncountry: EE\n%s\n" % (name, name, rest)
        for name, rest in {"nowords": "match: xylophone", "muted": "match: health\nmode: mute",
                           "picky": "eligible in: any\nmatch: health\nexclude: \"public health\"\nkinds: loan"}.items()))
    rows = {r["profile"]: r["why"] for r in w.rows("silent")}
    assert rows["nowords"] == "nothing matched: no match line hits any of 29 calls", rows
    assert rows["muted"] == "it is muted (mode: mute)", rows
    assert "all stopped:" in rows["picky"] and "by the filter 'kinds'" in rows["picky"], rows
    assert "by 'exclude'" in rows["picky"], rows
    (w.conf / "profiles.d" / "quiet.conf").unlink()
    later = {r["profile"]: r["last sent"] for r in w.rows("silent", now="2027-03-01T00:00:00Z")}
    assert later["celltech"] == "23 November 2026 09:00", later
    assert "number of days" in w.run("silent", "--last", "soon", ok=False).stderr


def test_terms_never_found_and_disliked():
    rows = w.rows("terms")
    idle = " ".join(r["never found"] for r in rows if "never found" in r)
    assert "Implantat" in idle and '"digital health"' not in idle.split(", "), idle
    assert not any("not relevant" in r for r in rows)
    sent = next(r for r in w.rows("report", "--evidence") if r["profile"] == "celltech")
    event = w.run("answer", "celltech", sent["call"], "not-relevant").stdout.split("event ")[1].split(":")[0]
    disliked = [r for r in w.rows("terms") if "not relevant" in r]
    assert disliked and all(r["profile"] == "celltech" and r["not relevant"] == "1" for r in disliked), disliked
    w.run("retract", event, "about another call")
    assert not any("not relevant" in r for r in w.rows("terms"))


def test_try_a_file_as_a_diff():
    edit("profiles.d/celltech.conf", ("use:", "match:        vaccin*\nuse:"), ("eligible in:  EE", "eligible in:  EE, GB"))
    before = (w.conf / "profiles.d/celltech.conf").read_text()
    out = w.run("try", edited).stdout
    assert "celltech: 3 new (3 of them open now), 0 gone, 2 stay" in out, out
    assert "+ " in out and "because Vaccine, vaccines (%s:" % edited in out, out
    assert "mails a week: 1.0, would be 1.0; calls a week: 2.0, would be" in out and "flood" not in out, out
    assert (w.conf / "profiles.d/celltech.conf").read_text() == before
    rows = w.rows("try", edited)
    assert {r["change"] for r in rows[:-1]} == {"new", "same"} and rows[-1]["new"] == 3, rows


def test_try_says_why_a_call_goes():
    edit("rules.d/cell-therapy.conf", ("exclude:", "exclude: manufactur* OR "))
    out = w.run("try", edited).stdout
    assert "no difference for" in out, out  # celltech's own lines still hit
    edit("profiles.d/celltech.conf", ("exclude:", "exclude: manufactur* OR "))
    out = w.run("try", edited).stdout
    assert "0 new (0 of them open now), 2 gone" in out, out
    assert "an exclude line hits: 'manufacturing'" in out, out


def test_try_warns_of_a_flood():
    edit("profiles.d/celltech.conf", ("use:", "match:        health OR innovation\nuse:"), ("12 per digest", "2 per digest"))
    out = w.run("try", edited).stdout
    assert "warning: a flood: " in out and "its limit of 2 per digest spreads them over" in out, out
    assert w.rows("try", edited)[-1]["flood"] is True


def test_try_finds_faults_before_anything_else():
    edit("profiles.d/celltech.conf", ("use:", "match:        tittle:health\nuse:"))
    r = w.run("try", edited, ok=False)
    assert "there is no field called 'tittle'" in r.stderr and r.stdout == "", r
    assert "did you mean medscan" in w.run("try", "medscna", ok=False).stderr
    r = w.run("try", "--query", "vaccin* OR tittle:x", ok=False)
    assert "query:1:12: error" in r.stderr, r.stderr


def test_try_a_profile_and_a_query():
    out = w.run("try", "coldchain").stdout
    assert out.startswith("coldchain: 1 call suits\n"), out
    found = {r["title"] for r in w.rows("search", "vaccin*", "--all")}
    tried = {r["title"] for r in w.rows("try", "--query", "vaccin*") if "change" in r}
    assert tried == found and len(found) > 1, (tried, found)


def test_words_that_are_there_only_inside_longer_ones():
    head = "Words that these calls have only inside longer ones:\n"
    out = w.run("try", "--query", "aging OR vaccine OR accel").stdout
    assert head in out, out
    said = out.split(head)[1].splitlines()
    assert [line.split(",")[0].strip() for line in said if "finds it" in line] == ["aging", "accel"], out
    assert "; *aging finds it   (query:1)" in said[0] and "; accel* finds it   (query:1)" in said[1], out
    assert head not in w.run("try", "--query", "vaccine OR xylophone OR *aging").stdout
    (w.conf / "profiles.d" / "quiet.conf").write_text(
        "[profile inside]\nname: I\nkind: sme\nemail: i@quiet.example\nmatch: aging OR \"aging\" -manufacturing\n")
    call = next(r["id"] for r in w.rows("try", "--query", "packaging") if "change" in r)
    out = w.run("explain", call, "inside").stdout
    want = "Words that the call has only inside longer ones:\n  aging, in packaging; *aging finds it   (profiles.d/quiet.conf:5)\n"
    assert want in out, out


def test_a_language_without_its_dictionary_is_told():
    (w.conf / "profiles.d" / "quiet.conf").write_text(
        "[profile dutch]\nname: D\nkind: sme\nemail: d@quiet.example\nlanguage: nl\nmatch: vaccin\n")
    feed = w.conf / "feeds.d" / "hadea-news.conf"
    feed.write_text(re.sub("(?m)^default language:.*\n", "", feed.read_text()).rstrip() + "\ndefault language: pl\n")
    away = {"DICPATH": "/nonexistent"}
    assert "languages  word forms of all profiles' and sources' languages" in w.run("status").stdout
    state = re.search("^languages .*", w.run("status", env=away).stdout, re.M).group()
    assert "Dutch needs hunspell-nl" in state and "Polish needs hunspell-pl" in state, state
    said = w.run("check", env=away).stderr
    assert "quiet.conf:1:1: note: Dutch: some forms of a word are missed without its dictionary" in said, said
    assert re.search(r"hadea-news.conf:\d+:1: note: Polish: many forms of a word are missed without its dictionary", said)
    assert "install the package hunspell-pl" in said and "dictionary" not in w.run("check").stderr, said


tap.main(globals())
