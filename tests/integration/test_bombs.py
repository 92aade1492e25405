#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Answers made to exhaust whoever reads them: bounded time and memory, a clear word on
what happened, and what the source had stored stays."""

import gzip
import http.server
import os
import pathlib
import resource
import sys
import threading
import time
import zlib

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import World

MB = 1 << 20
ASAN = os.environ.get("VARIANT") == "asan"
SECONDS_MAX = 60 if ASAN else 20
MEMORY_MAX = 800 * MB  # of any process, ASan's shadow aside

RSS = b"<?xml version='1.0'?>%s<rss version='2.0'><channel><title>T</title>%s</channel></rss>"
ITEM = b"<item><title>Call %d</title><link>https://x.example/%d</link></item>"
GOOD = {
    "feed": RSS % (b"", b"".join(ITEM % (i, i) for i in range(3))),
    "xml": b"<calls>" + b"".join(b"<call><t>Call %d</t><l>https://x.example/x/%d</l></call>" % (i, i)
                                 for i in range(3)) + b"</calls>",
    "html": b"<html><ul>" + b"".join(b"<li><a href='/c/%d'>Call %d</a></li>" % (i, i) for i in range(3)) + b"</ul>",
    "json": b'{"list":[{"t":"Call 1","i":1},{"t":"Call 2","i":2}]}',
    "streamed": b'{"list":[{"t":"Call 1","i":1},{"t":"Call 2","i":2}]}',
}
RECIPES = {
    "feed": "format: feed\n",
    "xml": "format: xml\nitems: //call\ntitle: t\nlink: l\n",
    "html": "format: html\nitems: //li\ntitle: .//a\nlink: .//a/@href\n",
    "json": "format: json\nitems: .list[] | {id: .i, title: .t, link: \"https://x.example/j/\\(.i)\"}\n",
    "streamed": "format: json\nstream: 2\nitems: {id: .i, title: .t, link: \"https://x.example/s/\\(.i)\"}\n",
}
answers = {}  # path -> bytes of the whole answer


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        headers, body = answers[self.path.strip("/")]
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + headers + b"Connection: close\r\n\r\n")
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the client had enough
        self.close_connection = True

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()


def serve(source, body, headers=b"", length=None):
    answers[source] = (headers + b"Content-Length: %d\r\n" % (len(body) if length is None else length), body)


w = World(sources=())
for name, lines in RECIPES.items():
    serve(name, GOOD[name])
    (w.conf / "feeds.d" / (name + ".conf")).write_text(
        "[source %s]\nlabel: %s\nurl: http://127.0.0.1:%d/%s\nat least: 1 items\nat most: 120 MB a page\npause: 0 s\n%s"
        % (name, name, server.server_address[1], name, lines))
w.settings(sources=", ".join(RECIPES))
w.run("run", "--once")
stored = w.rows("list", "--all")
assert len(stored) == 13, len(stored)


def refused(source, words, body, headers=b"", length=None):
    serve(source, body, headers, length)
    start = time.monotonic()
    r = w.run("poll", source, ok=False)
    took = time.monotonic() - start
    serve(source, GOOD[source])
    assert "1 failed" in r.stdout, r.stdout + r.stderr
    assert any(x in r.stderr for x in words), "%s: %s" % (source, r.stderr)
    assert took < SECONDS_MAX, "%s took %.1f s" % (source, took)
    assert w.rows("list", "--all") == stored, "%s changed what is stored" % source
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert used < MEMORY_MAX or ASAN, "%s: %d MB" % (source, used // MB)


def test_billion_laughs():
    laughs = b"<!DOCTYPE x [<!ENTITY a0 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10)) + b"]>"
    bomb = b"<item><title>&a9;</title></item>"
    refused("feed", ["entities"], RSS % (laughs, bomb))
    refused("xml", ["entities"], b"<?xml version='1.0'?>" + laughs + b"<calls><call><t>&a9;</t></call></calls>")


def test_quadratic_entities():
    one = b"<!DOCTYPE x [<!ENTITY a '%s'>]>" % (b"x" * 100000)
    refused("feed", ["entities"], RSS % (one, b"<item><title>%s</title></item>" % (b"&a;" * 100000)))
    refused("xml", ["entities"], one + b"<calls><call><t>%s</t></call></calls>" % (b"&a;" * 100000))


def test_deep_nesting():
    deep = b"<a>" * 200000
    refused("feed", ["deep", "nested"], RSS % (b"", b"<item><title>" + deep + b"x</title></item>"))
    refused("xml", ["deep", "nested"], b"<calls>" + deep)
    refused("html", ["deep", "0 items", "nested"], b"<html>" + b"<div>" * 200000 + b"x")
    refused("json", ["depth", "deep"], b'{"list":' + b"[" * 200000)
    refused("streamed", ["depth", "deep"], b'{"list":[' + b"[" * 200000)


def test_a_huge_attribute():
    if ASAN:
        return  # its memory has no limit there
    value = b"x" * (100 * MB)
    refused("feed", ["more than 32 MB"], RSS % (b"", b"<item a='" + value + b"'/>"))
    refused("xml", ["more than 32 MB"], b"<calls a='" + value + b"'/>")
    refused("html", ["MB"], b"<html a='" + value + b"'>")
    refused("json", ["memory", "items"], b'{"list":[],"x":"' + value + b'"}')
    refused("streamed", ["larger than"], b'{"list":["' + value + b'"]}')


def test_ten_million_empty_items():
    if ASAN:
        return
    n = 10000000
    refused("feed", ["more than 32 MB"], RSS % (b"", b"<item/>" * n))
    refused("feed", ["memory", "0 items"], RSS % (b"", b"<item/>" * 4000000))
    refused("xml", ["more than 32 MB"], b"<calls>" + b"<call/>" * n + b"</calls>")
    refused("xml", ["memory", "0 items"], b"<calls>" + b"<call/>" * 4000000 + b"</calls>")
    refused("html", ["MB"], b"<ul>" + b"<li></li>" * n)
    refused("json", ["memory", "0 items", "items"], b'{"list":[' + b"{}," * n + b"{}]}")
    refused("streamed", ["0 items", "items", "too long"], b'{"list":[' + b"{}," * n + b"{}]}")


def test_compressed_bombs():
    packer, zeros = zlib.compressobj(9, zlib.DEFLATED, 31), b" " * MB
    bomb = b"".join(packer.compress(zeros) for _ in range(1000)) + packer.flush()
    for source in ("feed", "streamed"):
        refused(source, ["larger than 120 MB"], bomb, headers=b"Content-Encoding: gzip\r\n")
        packed = gzip.compress(GOOD[source] * 1000)
        refused(source, ["breaks off"], packed[:len(packed) // 2], headers=b"Content-Encoding: gzip\r\n")
        refused(source, ["broken"], GOOD[source], headers=b"Content-Encoding: gzip\r\n")


def test_lying_lengths():
    for source in ("feed", "streamed"):
        refused(source, ["broke off"], GOOD[source], length=len(GOOD[source]) + 1000)
        refused(source, ["broke off", "larger"], GOOD[source], length=10**15)
        refused(source, ["not JSON", "0 items", "not XML", "feed"], GOOD[source], length=20)


def test_afterwards_all_is_well():
    out = w.run("poll", "--force").stdout
    assert "0 failed" in out and w.rows("list", "--all") == stored, out


tap.main(globals())
