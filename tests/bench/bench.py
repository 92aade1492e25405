#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`make bench`: figures as ratios against a reference in the same run, never timed
assertions. Feeds: MB/s and feeds/s of parsing in process, large and small, beside
xmllint --noout (a bare tree by libxml2) and python3-feedparser on the same files; items
per second of the whole program beside python3-feedparser. Poll: CPU
of taking in 1,000 items. Match: a call of 2 KB against 1,000 and 10,000 profiles, beside the
plain evaluator; `match` of 310 calls x 200 profiles. Try: one edited profile against 10,000
stored calls. Check: 10,000 profiles in 2,000 files."""

import functools
import http.server
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "replay"))
from world import ROOT, World

ITEMS, CALLS, PROFILES, TRIED = 1000, 310, 200, 10000
rng = random.Random(7)
WORDS = [w.strip(".,;:()'\"").lower() for f in sorted((ROOT / "conf").rglob("*.conf")) for w in f.read_text().split()
         if w.strip(".,;:()'\"").isalpha() and len(w) > 3]


def prose(n):
    return " ".join(rng.choice(WORDS) for _ in range(n))


def rss(n, first=0, words=120):
    items = "".join(
        "<item><title>%s</title><link>https://p.example/%d</link><guid isPermaLink=\"false\">g%d</guid>"
        "<pubDate>Mon, 23 Nov 2026 07:00:%02d +0000</pubDate><description>&lt;p&gt;%s&lt;/p&gt;</description></item>"
        % (prose(8), i, i, i % 60, prose(words)) for i in range(first, first + n))
    return '<?xml version="1.0"?><rss version="2.0"><channel><title>Bench</title><link>https://p.example/</link>%s' \
           "</channel></rss>" % items


def timed(command, **kw):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, **kw)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_mb(command):
    """Peak resident memory of one command. A child's figure starts with its parent's size at the fork,
    and this process holds whole feeds: a small one of its own does the asking."""
    code = "import os, subprocess, sys\n" \
           "p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n" \
           "_, status, usage = os.wait4(p.pid, 0)\n" \
           "print(usage.ru_maxrss / 1024)\n" \
           "sys.exit(status != 0)"
    return float(subprocess.run(["/usr/bin/python3", "-c", code] + command, check=True, capture_output=True).stdout)


def bench_feed(program, dir):
    path = dir / "bench.xml"
    path.write_text(rss(ITEMS))
    rounds = 20
    ours = timed([program, "extract", "auto"] + [str(path)] * rounds) / rounds
    code = "import feedparser,sys\nfor _ in range(2): feedparser.parse(open(sys.argv[1],'rb').read())"
    theirs = timed(["/usr/bin/python3", "-c", code, str(path)]) / 2
    print("feed of %d items: fundwatch %7.0f items/s, python3-feedparser %6.0f items/s, ratio %.1f"
          % (ITEMS, ITEMS / ours, ITEMS / theirs, theirs / ours))


def rss_large(n):
    """Full texts in CDATA, as large real feeds have them."""
    items = "".join(
        "<item><title>%s</title>\n<link>https://p.example/%d</link><guid isPermaLink=\"false\">g%d</guid>"
        "<dc:creator>A. Writer</dc:creator><category>health</category>"
        "<pubDate>Mon, 23 Nov 2026 07:00:%02d +0000</pubDate>\n<description><![CDATA[<p>%s</p>]]></description>"
        "<content:encoded><![CDATA[%s]]></content:encoded></item>\n"
        % (prose(8), i, i, i % 60, prose(40),
           "".join('<p>%s <a href="https://p.example/?a=1&amp;b=2">more</a></p>' % prose(60) for _ in range(5)))
        for i in range(n))
    return '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" ' \
           'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Bench</title>%s</channel></rss>' % items


def bench_parsing(dir):
    for name, text, rounds, slow in (("large", rss_large(5000), 4, 1), ("small", rss(5), 10000, 200)):
        path = dir / (name + ".xml")
        path.write_text(text)
        mb = path.stat().st_size / 1e6
        ours = subprocess.run([str(ROOT / "build/release/tests/bench/feeds"), str(path), str(rounds)],
                              check=True, capture_output=True, text=True).stdout.strip()
        bare = timed(["xmllint", "--noout"] + [str(path)] * slow) / slow
        code = "import feedparser,sys\nfor _ in range(%d): feedparser.parse(open(sys.argv[1],'rb').read())" % slow
        theirs = timed(["/usr/bin/python3", "-c", code, str(path)]) / slow
        print("%s feed of %.1f MB: fundwatch %s; xmllint --noout %.1f MB/s, %.0f feeds/s; python3-feedparser "
              "%.2f MB/s, %.0f feeds/s" % (name, mb, ours, mb / bare, 1 / bare, mb / theirs, 1 / theirs))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def bench_poll(dir):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(dir)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    w = World(sources=())
    (w.conf / "feeds.d/bench.conf").write_text(
        "[source bench]\nlabel: Bench\nformat: feed\nverified: no\nurl: http://127.0.0.1:%d/bench.xml\n"
        "every: 6 hours\npause: 0 s\n" % server.server_address[1])
    w.settings(sources="bench")
    command = [w.program, "-c", str(w.conf), "--now", "2026-11-23T07:00:00Z", "poll"]
    first = timed(command)
    mb = peak_mb(command + ["--force"])
    print("poll of %d items, stored and matched with the shipped rules: %.2f s of CPU, %.0f MB resident at the peak"
          % (ITEMS, first, mb))
    print("check of the shipped rules against them: %.2f s of CPU"
          % timed(command[:-1] + ["check", "--quiet"], stderr=subprocess.DEVNULL))
    w.close()
    server.shutdown()


def bench_match(program, dir):
    conf = dir / "conf"
    (conf / "profiles.d").mkdir(parents=True)
    (conf / "fundwatch.conf").write_text(
        "[fundwatch]\nname: Bench\nfrom: a@bench.example\ndatabase: %s/bench.db\ncatalogue: none\nsources: none\n" % dir)
    (conf / "feeds.d").mkdir()
    (conf / "feeds.d/none.conf").write_text(
        "[source none]\nlabel: None\nformat: feed\nverified: no\nurl: https://p.example/\n")
    for i in range(PROFILES):
        w = lambda: rng.choice(WORDS)
        (conf / "profiles.d" / ("p%03d.conf" % i)).write_text(
            "[profile p%03d]\nname: P\nkind: sme\nemail: p%d@bench.example\n"
            "match: (%s OR %s) (%s OR %s)\nmatch: \"%s %s\" OR %s*\nmatch: %s NEAR/5 %s\nexclude: %s %s\nscore 2: title:%s\n"
            % (i, i, w(), w(), w(), w(), w(), w(), (w() + "xxxx")[:5], w(), w(), w(), w(), w()))
    calls = dir / "calls.jsonl"
    with open(calls, "w") as f:
        for i in range(CALLS):
            f.write(json.dumps({"id": str(i), "title": prose(10), "summary": prose(700), "language": "en"}) + "\n")
    command = [program, "-c", str(conf), "match", str(calls)]
    seconds = timed(command)
    print("%d calls x %d profiles: %.2f s of CPU, %.1f us a pair, %.0f MB resident at the peak"
          % (CALLS, PROFILES, seconds, seconds / CALLS / PROFILES * 1e6, peak_mb(command)))


def bench_try(dir):
    """One edited profile against stored calls of about 2 KB."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(dir)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    w = World(sources=())
    names = ["b%d" % i for i in range(TRIED // ITEMS)]
    for i, name in enumerate(names):
        (dir / (name + ".xml")).write_text(rss(ITEMS, first=i * ITEMS, words=250))
        (w.conf / ("feeds.d/%s.conf" % name)).write_text(
            "[source %s]\nlabel: Bench\nformat: feed\nverified: no\nurl: http://127.0.0.1:%d/%s.xml\n"
            "every: 6 hours\npause: 0 s\n" % (name, server.server_address[1], name))
    w.settings(sources=", ".join(names))
    command = [w.program, "-c", str(w.conf), "--now", "2026-11-23T07:00:00Z"]
    timed(command + ["poll"])
    edited = dir / "edited.conf"
    edited.write_text("[profile edited]\nname: E\nkind: sme\nemail: e@bench.example\n"
                      "match: \"%s %s\" OR %s*\nmatch: %s NEAR/5 %s\nexclude: %s\n"
                      % tuple(rng.choice(WORDS) for _ in range(6)))
    seconds = timed(command + ["try", str(edited)])
    print("try of one edited profile against %d stored calls: %.2f s of CPU, %.0f us a call"
          % (TRIED, seconds, seconds / TRIED * 1e6))
    w.close()
    server.shutdown()


def bench_check(program, dir):
    """10,000 profile sections in 2,000 files, beside Python's configparser on the same files."""
    conf = dir / "many"
    (conf / "profiles.d").mkdir(parents=True)
    (conf / "fundwatch.conf").write_text(
        "[fundwatch]\nname: Bench\nfrom: a@bench.example\ndatabase: %s/none.db\ncatalogue: .\n" % dir)
    w = lambda: rng.choice(WORDS)
    for f in range(2000):
        (conf / "profiles.d" / ("f%04d.conf" % f)).write_text("".join(
            "[profile p%d]\nname: Member %d\nkind: sme\nemail: desk@m%d.example\nmatch: \"%s %s\" OR %sxxxx*\n"
            "match: %s NEAR/5 %s\nexclude: %s\nscore 5: title:%s\nbudget: >= 50k EUR\ndeadline: 14..200 days\n\n"
            % (i, i, i, w(), w(), w(), w(), w(), w(), w()) for i in range(f * 5, f * 5 + 5)))
    started = time.monotonic()
    ours = timed([program, "-c", str(conf), "check", "--quiet"], stderr=subprocess.DEVNULL)
    wall = time.monotonic() - started
    code = "import configparser,glob,sys\nfor f in glob.glob(sys.argv[1]+'/*'):\n" \
           " configparser.ConfigParser(strict=False,interpolation=None).read(f)"
    theirs = timed(["/usr/bin/python3", "-c", code, str(conf / "profiles.d")])
    print("check of 10,000 profiles in 2,000 files, rules compiled: %.2f s (%.2f s of CPU); python3 configparser, "
          "syntax alone: %.2f s, ratio %.1f" % (wall, ours, theirs, theirs / ours))


def main():
    with tempfile.TemporaryDirectory(prefix="fundwatch-bench-") as name:
        dir = pathlib.Path(name)
        program = str(ROOT / "build/release/fundwatch")
        bench_parsing(dir)
        bench_feed(program, dir)
        bench_poll(dir)
        bench_match(program, dir)
        sys.stdout.flush()
        for profiles in ("1000", "10000"):
            subprocess.run([str(ROOT / "build/release/tests/bench/match"), profiles], check=True)
        bench_try(dir)
        sys.stdout.flush()
        subprocess.run([str(ROOT / "build/release/tests/bench/digests"), "10000"], check=True)
        bench_check(program, dir)


main()
