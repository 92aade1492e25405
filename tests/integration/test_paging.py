#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every way in which portals go on to their next page, and a document too large for
memory. Each source of this portal has 25 calls, ten on a page."""

import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import urllib.parse

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import PYTHON, ROOT, World

STREAM_MB = 130
RESIDENT_MAX = 64 << 20
CALLS, ON_PAGE = 25, 10
asked = {}  # source -> what each request said


def rows(source, start):
    return [{"id": "%s-%d" % (source, i), "t": "Call %d of %s" % (i, source)}
            for i in range(start, min(start + ON_PAGE, CALLS))]


def listing(source, start):
    return json.dumps({"list": rows(source, start)})


def answer(source, query, body, url):
    """(text, extra headers) of one page."""
    number = lambda key, default: int(query.get(key, [default])[0])
    if source == "page":
        return listing(source, number("p", 1) * ON_PAGE - ON_PAGE), {}
    if source == "offset":
        return listing(source, number("from", 0)), {}
    if source == "repeats":  # the last page again and again
        return listing(source, min(number("p", 0), 2) * ON_PAGE), {}
    if source == "in-body":
        start = number("s", 0)
        more = "/in-body?s=%d" % (start + ON_PAGE) if start + ON_PAGE < CALLS else None
        return json.dumps({"list": rows(source, start), "next": more}), {}
    if source in ("token-url", "token-body"):
        token = query.get("t", [""])[0] if source == "token-url" else json.loads(body)["after"]
        start = int(token.rpartition("/")[2] or 0)
        more = 'a&b "c"/%d' % (start + ON_PAGE) if start + ON_PAGE < CALLS else None
        return json.dumps({"list": rows(source, start), "token": more}), {}
    if source == "same-token":  # what a portal does whose end nobody notices
        return json.dumps({"list": rows(source, 0), "token": "x"}), {}
    if source == "link-header":
        start = number("s", 0)
        link = {"Link": '</link-header?s=%d>; rel="next"' % (start + ON_PAGE)} if start + ON_PAGE < CALLS else {}
        items = "".join("<item><guid>%(id)s</guid><title>%(t)s</title></item>" % r for r in rows(source, start))
        return "<rss version='2.0'><channel><title>T</title>%s</channel></rss>" % items, link
    if source == "html":
        start = number("s", 0)
        items = "".join("<li><a href='/c/%(id)s'>%(t)s</a></li>" % r for r in rows(source, start))
        more = "<a rel=next href='?s=%d'>more</a>" % (start + ON_PAGE) if start + ON_PAGE < CALLS else ""
        return "<ul>%s</ul>%s" % (items, more), {}
    raise KeyError(source)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        source = url.path.strip("/")
        if source.startswith("huge"):
            return self.send_huge(source)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked.setdefault(source, []).append(self.path + (" " + body if body else ""))
        text, headers = answer(source, urllib.parse.parse_qs(url.query), body, url)
        self.reply(text.encode(), headers)

    do_POST = do_GET

    def reply(self, data, headers):
        self.send_response(200)
        for key, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    def send_huge(self, source):
        path = w.dir / ("huge.json.gz" if source == "huge-gzip" else "huge.json")
        encoding = {"Content-Encoding": "gzip"} if source == "huge-gzip" else {}
        self.reply(b"", {"Content-Length": str(path.stat().st_size), **encoding})
        with open(path, "rb") as f:  # in pieces: this process is the parent of the one that is measured
            shutil.copyfileobj(f, self.wfile)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
BASE = "http://127.0.0.1:%d" % server.server_address[1]

ITEMS = "items: .list[] | {id: .id, title: .t, link: \"https://x.example/\\(.id)\"}\n"
GRANTS = """stream: 3
at most: 200 MB a page
items: select(.status.id == 31094502) | {id: .identifier, call: .identifier, title: .title,
       link: "https://x.example/\\(.identifier)", deadlines: [.deadlineDatesLong[] / 1000 | todate]}
"""
RECIPES = {
    "page": "url: %s/page?p={page}\nformat: json\npages: from 1, until empty\n" + ITEMS,
    "offset": "url: %s/offset?from={offset}\nformat: json\npages: from 0 step 10, until empty\n" + ITEMS,
    "repeats": "url: %s/repeats?p={page}\nformat: json\npages: from 0\n" + ITEMS,
    "in-body": "url: %s/in-body\nformat: json\nnext: .next\n" + ITEMS,
    "token-url": "url: %s/token-url?t={token}\nformat: json\ntoken: .token\n" + ITEMS,
    "token-body": "url: %s/token-body\nformat: json\nbody: {\"after\": \"{token}\", \"n\": {page}}\n"
                  "pages: from 1\ntoken: .token\n" + ITEMS,
    "same-token": "url: %s/same-token?t={token}\nformat: json\ntoken: .token\n" + ITEMS,
    "link-header": "url: %s/link-header\nformat: feed\npages: by Link header\nidentity: guid\n",
    "html": "url: %s/html\nformat: html\nitems: //li\ntitle: ./a\nlink: ./a/@href\nid: ./a\nnext: //a[@rel='next']/@href\n",
}

w = World(sources=())


def add(name, lines):
    (w.conf / "feeds.d" / (name + ".conf")).write_text(
        "[source %s]\nlabel: %s\npause: 0 s\n%s" % (name, name, lines % BASE if "%s" in lines else lines))


for recipe, text in RECIPES.items():
    add(recipe, text)
w.settings(sources=", ".join(RECIPES))


def pages(source, requests, calls=CALLS):
    out = w.run("poll", source).stdout
    assert "seen: %d items" % calls in out, (source, out)
    assert len(asked[source]) == requests, (source, asked[source])


def test_page_numbers_until_a_page_is_empty():
    pages("page", 4)
    assert asked["page"][-1] == "/page?p=4"


def test_offsets():
    pages("offset", 4)
    assert asked["offset"][:2] == ["/offset?from=0", "/offset?from=10"]


def test_a_page_without_news_is_the_last():
    pages("repeats", 4)


def test_a_link_in_the_body():
    pages("in-body", 3)


def test_a_token_in_the_url_is_escaped():
    pages("token-url", 3)
    assert asked["token-url"][1] == "/token-url?t=a%26b%20%22c%22%2F10", asked["token-url"]


def test_a_token_in_a_body_stays_one_text():
    pages("token-body", 3)
    assert asked["token-body"][1] == '/token-body {"after": "a&b \\"c\\"/10", "n": 2}', asked["token-body"]


def test_the_same_token_again_is_the_end():
    pages("same-token", 2, calls=ON_PAGE)


def test_a_link_header():
    pages("link-header", 3)


def test_a_link_in_a_page():
    pages("html", 3)


def test_a_program_for_the_next_page_that_is_none_has_its_line():
    path = w.conf / "feeds.d" / "bad.conf"
    path.write_text("[source bad]\nurl: https://x.example/?t={token}\nformat: json\nitems: .[]\nnext: .a[\ntoken: .b |\n")
    r = w.run("check", path, ok=False)
    path.unlink()
    assert "bad.conf:5" in r.stderr and "bad.conf:6" in r.stderr, r.stderr


def poll_huge(source):
    command = ["/usr/bin/env", "-i", w.program, "-c", w.conf, "--now", "2026-11-23T07:00:00Z", "poll", source]
    child = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out = child.stdout.read()
    err = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0 and "0 failed" in out, out + err
    return out, usage.ru_maxrss * 1024  # its own and that of the process that read the page


def test_a_document_too_large_for_memory():
    if os.environ.get("VARIANT") == "asan":
        return  # its memory is not to be measured
    path = w.dir / "huge.json"
    with open(path, "wb") as f:
        subprocess.run([PYTHON, ROOT / "tests/replay/grants.py", str(STREAM_MB)], stdout=f, check=True)
    subprocess.run(["gzip", "-1", "--keep", path], check=True)
    with open(path) as f:
        topics = sum('"Open"' in line for line in f)
    for source in ("huge-plain", "huge-gzip"):
        add(source, "url: %s/" + source + "\nformat: json\n" + GRANTS.replace("%", "%%"))
    w.settings(sources="huge-plain, huge-gzip")
    for source in ("huge-plain", "huge-gzip"):
        out, resident = poll_huge(source)
        assert "seen: %d items" % topics in out, out
        assert resident < RESIDENT_MAX, "%s: %d MB resident" % (source, resident >> 20)
        print("# %s: %d MB of JSON, %d topics, %d MB resident" % (source, path.stat().st_size >> 20, topics, resident >> 20))


tap.main(globals())
