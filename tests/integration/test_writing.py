#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Help with writing: fmt, new profile (by flags and asked on a terminal), and the two
imports, in the formats that spreadsheet programs write."""

import os
import pathlib
import pty
import re
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import NOW, ROOT, World

w = World(sources=("eu-funding-tenders",), profiles=("celltech", "medscan"))
PERIOD = ("--from", "2026-01-01", "--to", "2026-11-30")


def profiles():
    return {f.name: f.read_text() for f in (w.conf / "profiles.d").glob("*")}


def csv(name, data):
    path = w.dir / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_fmt_checks_and_mends():
    path = w.dir / "x.conf"
    path.write_text("[profile x]\n# why\nname:A\r\nmatch: a OR\n  b\n")
    os.chmod(path, 0o640)
    r = w.run("fmt", "--check", path, ok=False)
    assert "is not laid out" in r.stdout and "name:A" in path.read_text()
    w.run("fmt", path)
    assert path.read_text() == "[profile x]\n# why\nname:         A\nmatch:        a OR\n              b\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert w.run("fmt", "--check", path).stdout == ""
    path.write_text("name: A\n")
    r = w.run("fmt", path, ok=False)
    assert "before the first section" in r.stderr and path.read_text() == "name: A\n"
    assert w.run("fmt", "-", input="[rules x]\nmatch: a\n").stdout == "[rules x]\nmatch:        a\n"


def test_shipped_files_are_laid_out():
    root = ROOT / "conf"
    w.run("fmt", "--check", root / "fundwatch.conf", *sorted(root.glob("*.d/*.conf")),
          *sorted((ROOT / "feeds").glob("*.conf")))


def test_new_profile_by_flags():
    out = w.run("new", "profile", "--name", "Bøn & Søn OÜ", "--kind", "sme", "--email", "a@bon.example",
                "--keywords", 'gene therapy, GMP, "car-t cells", OR, R&D', "--use", "cell-therapy").stdout
    assert "bon-son-ou.conf" in out, out
    text = (w.conf / "profiles.d/bon-son-ou.conf").read_text()
    assert 'match:        gene NEAR/3 therapy OR GMP OR "car-t cells" OR "OR" OR R&D\n' in text, text
    assert 'score 5:      title:(gene NEAR/3 therapy OR GMP OR "car-t cells" OR "OR" OR R&D)\n' in text, text
    check = w.run("check")
    assert "0 errors, 0 warnings" in check.stdout, check.stdout + check.stderr
    (w.conf / "profiles.d/bon-son-ou.conf").write_text(re.sub(r"(?m)^#(?=[a-z])", "", text))
    check = w.run("check")  # every line that waits to be switched on can be
    assert "0 errors, 0 warnings" in check.stdout, check.stdout + check.stderr
    (w.conf / "profiles.d/bon-son-ou.conf").write_text(text)
    assert w.run("fmt", "--check", w.conf / "profiles.d/bon-son-ou.conf").stdout == ""


def test_new_profile_never_overwrites():
    before = profiles()
    flags = ("--name", "X", "--kind", "sme", "--email", "a@x.example", "--keywords", "x")
    r = w.run("new", "profile", "--id", "celltech", *flags, ok=False)
    assert "there already is a profile 'celltech'" in r.stderr, r.stderr
    (w.conf / "profiles.d/other.conf").write_text("# reserved\n")
    r = w.run("new", "profile", "--id", "other", *flags, ok=False)
    assert "there already is a file" in r.stderr, r.stderr
    (w.conf / "profiles.d/other.conf").unlink()
    assert profiles() == before


def test_new_profile_says_what_is_wrong():
    before = profiles()
    good = {"--name": "X", "--kind": "sme", "--email": "a@x.example", "--keywords": "x"}
    for key, value, said in (("--kind", "smee", "did you mean sme"), ("--email", "a@", "email: "),
                             ("--use", "cell-terapy", "did you mean cell-therapy"),
                             ("--match", "a OR b c", "mixed without brackets"), ("--country", "Estonia", "country: "),
                             ("--digest", "sometimes", "digest: "), ("--id", "A B", "can't be used"),
                             ("--keywords", "", "--use, --keywords or --match"), ("--kind", "", "--kind missing")):
        flags = [x for pair in {**good, key: value}.items() for x in pair]
        r = w.run("new", "profile", *flags, ok=False)
        assert said in r.stderr, (key, value, r.stderr)
    assert profiles() == before


def on_terminal(lines):
    """What a person sees who types these lines."""
    master, slave = pty.openpty()
    p = subprocess.Popen([w.program, "-c", str(w.conf), "--now", NOW, "new", "profile"], stdin=slave,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.close(slave)
    os.write(master, "".join(x + "\n" for x in lines).encode() + b"\x04")
    out = p.communicate(timeout=30)[0].decode()
    os.close(master)
    return p.returncode, out


def test_new_profile_asks_on_a_terminal():
    code, out = on_terminal(["Nordic Laser", "", "company", "sme", "hello@laser.example", "", "EE",
                             "", "", "laser surgery, optics", "2026-11-01 by phone"])
    assert code == 0, out
    assert "[nordic-laser]" in out and "That can't be used: there is no kind of organisation" in out, out
    assert "Cell and gene therapy" in out, out  # the rule sets are shown
    text = (w.conf / "profiles.d/nordic-laser.conf").read_text()
    assert 'match:        laser NEAR/3 surgery OR optics' in text and "consent:      2026-11-01 by phone" in text
    assert "0 errors, 0 warnings" in w.run("check").stdout


def test_an_end_of_input_writes_nothing():
    before = profiles()
    code, out = on_terminal(["Half a Company"])
    assert code == 1 and "nothing was written" in out, out
    assert profiles() == before


def test_import_members_previews_then_writes():
    before = profiles()
    data = ("E-Mail;Kind;Company;Phone;Keywords;Country\r\n"
            "a@ox.example;sme;Öx & Co;1;\"cell therapy; GMP\";EE\r\n"
            "\r\n"
            "nobody;sme;No Mail;2;x;EE\r\n"
            "b@lab.example;research;\"The \"\"Lab\"\"\";3;;EE\r\n"
            "c@ox.example;sme;Öx & Co;4;x;EE\r\n"
            "d@x.example;firm;Firm;5;x;EE\r\n").encode("cp1252")
    path = csv("members.csv", data)
    r = w.run("import", "members", path, ok=False)  # refused rows fail it
    assert "'Phone' is not used" in r.stderr, r.stderr
    assert "members.csv:4: refused: email: " in r.stderr and "members.csv:6: refused: id: " in r.stderr, r.stderr
    assert "members.csv:7: refused: kind: " in r.stderr, r.stderr
    assert "2 files would be written" in r.stdout and "3 rows refused" in r.stdout and "ox-co" in r.stdout, r.stdout
    assert "none yet" in r.stdout, r.stdout
    assert profiles() == before
    r = w.run("import", "members", path, "--write", ok=False)
    assert "2 files written" in r.stdout, r.stdout
    now = profiles()
    assert set(now) - set(before) == {"ox-co.conf", "the-lab.conf"}, set(now) - set(before)
    assert "name:         Öx & Co\n" in now["ox-co.conf"] and 'cell NEAR/3 therapy OR GMP' in now["ox-co.conf"]
    assert "0 errors" in w.run("check").stdout
    r = w.run("import", "members", path, "--write", ok=False)
    assert "0 files written" in r.stdout and "there already is a profile 'ox-co'" in r.stderr, r.stdout + r.stderr
    assert profiles() == now
    for name in ("ox-co.conf", "the-lab.conf"):
        (w.conf / "profiles.d" / name).unlink()


def test_import_members_needs_its_columns():
    for data, said in (("name,kind\nA,sme\n", "no column called 'email'"), ("", "is empty"),
                       ("name,email,company\n", "two columns are called name"),
                       ("name,email,kind\n\"A,b@c.example,sme\n", "line 2: a quotation mark is opened here")):
        r = w.run("import", "members", csv("bad.csv", data), ok=False)
        assert said in r.stderr, (data, r.stderr)


FORWARDS = ("date\tprofile\tcall\ttitle\tlink\tanswer\tnote\teur\tproject\n"
            "2026-03-02\tcelltech\tHORIZON-HLTH-2025-01-TOOL-09\tOld cell call\thttps://x.example/1\tapplied\tby phone\t\t\n"
            "2026-03-02\tmedscan\tHORIZON-HLTH-2025-01-TOOL-09\t\t\t\t\t\t\n"
            "05.05.2026\tCellTech OÜ\tPitch day in Riga\t\t\twon\t\t250000\tRIGA\n"
            "2026-05-05\tceltech\tx\t\t\t\t\t\t\n"
            "2027-05-05\tcelltech\tx\t\t\t\t\t\t\n"
            "sometime\tcelltech\tx\t\t\t\t\t\t\n"
            "2026-05-05\tcelltech\tx\t\t\tmaybe\t\t\t\n")


def test_import_forwards_counts_with_evidence():
    path = csv("forwards.csv", FORWARDS)
    r = w.run("import", "forwards", path, "--by", "anna", ok=False)
    assert "3 forwards and 2 answers would be stored" in r.stdout and "4 rows refused" in r.stdout, r.stdout + r.stderr
    for line, said in ((5, "did you mean celltech"), (6, "in the future"), (7, "is no date"), (8, "is no answer")):
        assert any("forwards.csv:%d: refused" % line in x and said in x for x in r.stderr.splitlines()), r.stderr
    assert "forwarded: 0" in w.run("report", *PERIOD).stdout
    w.run("import", "forwards", path, "--by", "anna", "--write", ok=False)
    out = w.run("report", *PERIOD).stdout
    assert "forwarded: 2" in out and "reached: 2 (2 SMEs" in out and "engaged: 1 (1 SMEs" in out, out
    rows = w.rows("report", "--evidence", *PERIOD)
    assert {r["from"] for r in rows} == {"imported by anna on 2026-11-23"} and len(rows) == 5, rows


def test_the_same_file_twice_adds_nothing():
    before = w.run("report", "--evidence", *PERIOD).stdout
    r = w.run("import", "forwards", w.dir / "forwards.csv", "--by", "anna", "--write", ok=False)
    assert "0 forwards and 0 answers stored, 3 rows known already" in r.stdout, r.stdout
    assert w.run("report", "--evidence", *PERIOD).stdout == before


def test_what_was_forwarded_by_hand_is_never_sent():
    w.run("run", "--once")
    calls = [r for r in w.rows("list") if r["source"] == "imported"]
    assert calls == [], calls  # over, for us
    assert any("celltech" in m["To"] for m in w.mails())
    gmp = next(r for r in w.rows("list") if "Automated manufacturing" in r["title"])
    # In a second world the same call was passed on by hand before: only the other member gets it.
    second = World(sources=("eu-funding-tenders",), profiles=("celltech", "test-member"))
    path = second.dir / "f.csv"
    second.edit("profiles.d/test-member.conf", "health OR innovation", "health OR innovation OR manufactur*")
    path.write_text("Date,Member,Call ID\n2026-11-01,celltech,%s\n" % gmp["call"])
    second.run("import", "forwards", path, "--write")
    assert second.rows("pending") == []
    second.run("run", "--once")
    got = {m["To"]: m.get_body(("plain",)).get_content() for m in second.mails()}
    sent = {to: gmp["title"] in text for to, text in got.items()}
    assert sent.get("test@cluster.example") and not any(v for to, v in sent.items() if "celltech" in to), sent
    stored = next(r for r in second.rows("list") if r.get("call") == gmp["call"])
    assert stored["title"] == gmp["title"] and stored["source"] == "eu-funding-tenders", stored
    assert "by hand" in second.run("explain", gmp["call"], "celltech").stdout
    # Nobody else is told of a call that only the list names.
    past = w.run("explain", "HORIZON-HLTH-2025-01-TOOL-09", "celltech").stdout
    assert "by hand on 2 March 2026 (imported by anna on 2026-11-23)" in past, past


tap.main(globals())
