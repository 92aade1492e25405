#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An HTTP server on loopback that misbehaves by path, for tests of what fetches.

    faulty.py [--port 0]

Prints "listening PORT", then serves until it is killed. It writes raw bytes, so that
it can break rules that http.server keeps.
/_log answers with one line per request so far: path, Host, and how many requests
to that Host were under way when it arrived (itself included).
"""

import argparse
import gzip
import socket
import struct
import threading
import time
import zlib

TEXT = b"the quick brown fox\n" * 100
BOMB_BYTES = 200 << 20
DATE = b"Date: Mon, 23 Nov 2026 07:00:00 GMT\r\n"
HOLD_SECONDS = 0.05

log = []
open_by_host = {}
lock = threading.Lock()
bomb = []


class Request:
    def __init__(self, conn, path, head, body):
        self.conn, self.path, self.head, self.body = conn, path, head, body
        self.counted = False

    def header(self, name):
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip()
        return b""

    def begin(self):
        host = self.header(b"host")
        with lock:
            open_by_host[host] = open_by_host.get(host, 0) + 1
            self.counted = True
            if self.path != b"/_log":
                log.append((self.path, host, open_by_host[host]))

    def end(self):
        """No longer under way: said before bytes go out, since after the last one the
        client is free to ask again."""
        with lock:
            open_by_host[self.header(b"host")] -= self.counted
            self.counted = False

    def send(self, data):
        self.end()
        self.conn.sendall(data)

    def answer(self, body=b"", status=b"200 OK", headers=b"", length=None):
        """A whole answer; False as a handler's result closes the connection."""
        length = len(body) if length is None else length
        self.send(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n%s\r\n" % (status, DATE, length, headers) + body)
        return length == len(body)


def coded(encoding, data):
    return lambda r: r.answer(data, headers=b"Content-Encoding: %s\r\n" % encoding)


def typed(value):
    return lambda r: r.answer(b"x", headers=b"Content-Type: %s\r\n" % value)


def status(line, headers=b""):
    return lambda r: r.answer(b"<p>no</p>", status=line, headers=headers)


def redirect(to):
    return lambda r: r.answer(status=b"301 Moved Permanently", headers=b"Location: %s\r\n" % to)


def linked(value):
    return lambda r: r.answer(TEXT, headers=b"Link: %s\r\n" % value)


def raw(data):
    """Bytes as they are, then the connection ends."""
    return lambda r: r.send(data)


def raw_deflate(data):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def gzip_bomb(r):
    with lock:
        if not bomb:
            c, zeros = zlib.compressobj(1, zlib.DEFLATED, 31), bytes(1 << 20)
            bomb.append(b"".join(c.compress(zeros) for _ in range(BOMB_BYTES >> 20)) + c.flush())
    return r.answer(bomb[0], headers=b"Content-Encoding: gzip\r\n")


def drip(r):
    r.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(600):
        r.send(b".")
        time.sleep(0.1)


def reset(r):
    r.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 10)
    time.sleep(HOLD_SECONDS)
    r.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def held(r):
    time.sleep(HOLD_SECONDS)
    return r.answer(TEXT)


def echo(r):
    return r.answer(r.head + b"\r\n\r\n" + r.body)


def show_log(r):
    with lock:
        lines = b"".join(b"%s %s %d\n" % entry for entry in log)
    return r.answer(lines)


GZIP = gzip.compress(TEXT)
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
VALIDATORS = b"ETag: W/\"a b\\\"c\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT \r\n"

HANDLERS = {
    b"/ok": lambda r: r.answer(TEXT),
    b"/held": held,
    b"/echo": echo,
    b"/_log": show_log,
    b"/validators": lambda r: r.answer(TEXT, headers=VALIDATORS),
    b"/set-cookie": lambda r: r.answer(TEXT, headers=b"Set-Cookie: id=1; Path=/\r\n"),
    # redirects
    b"/r3": redirect(b"/r2"),
    b"/r2": redirect(b"r1"),
    b"/r1": redirect(b"/ok?after three"),
    b"/loop": redirect(b"/loop"),
    b"/to-file": redirect(b"file:///etc/passwd"),
    b"/to-private": redirect(b"http://127.9.9.9/"),
    b"/to-metadata": redirect(b"http://169.254.169.254/latest/"),
    b"/to-echo": redirect(b"/echo"),
    b"/no-location": status(b"301 Moved Permanently"),
    # lengths and endings
    b"/short": lambda r: r.answer(b"x" * 1204, length=5000),
    b"/two-lengths": raw(HEAD + b"Content-Length: 2000\r\nContent-Length: 20\r\n\r\n" + TEXT),
    b"/two-equal-lengths": raw(HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
    b"/chunked": raw(CHUNKED + b"ETag: \"head\"\r\n\r\n3\r\nabc\r\n0\r\nETag: \"tail\"\r\n\r\n"),
    b"/chunked-cut": raw(CHUNKED + b"\r\n400\r\n" + b"x" * 0x400 + b"\r\n400\r\nabc"),
    b"/chunked-bad": raw(CHUNKED + b"\r\nzz\r\nabc\r\n"),
    b"/until-close": raw(HEAD + b"\r\n" + TEXT),
    b"/reset": reset,
    b"/drip": drip,
    b"/stall": lambda r: r.end() or time.sleep(60),
    b"/no-answer": lambda r: None,
    b"/empty": lambda r: r.answer(),
    b"/204": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    b"/304": raw(b"HTTP/1.1 304 Not Modified\r\nETag: \"same\"\r\n\r\n"),
    b"/304-body": lambda r: r.answer(TEXT, status=b"304 Not Modified"),
    b"/continue": lambda r: r.send(b"HTTP/1.1 100 Continue\r\nETag: \"no\"\r\n\r\n") or r.answer(b"abc"),
    # what is no HTTP, or too much of it
    b"/http09": raw(b"<html>just so</html>\n"),
    b"/long-header": raw(HEAD + b"X-Long: " + b"x" * (1 << 20) + b"\r\nContent-Length: 0\r\n\r\n"),
    b"/many-headers": raw(HEAD + b"X-Many: 0123456789abcdef\r\n" * 5000 + b"Content-Length: 0\r\n\r\n"),
    b"/large": lambda r: r.answer(b"x" * (3 << 20)),
    # content codings
    b"/gzip": coded(b"gzip", GZIP),
    b"/gzip-two": coded(b"x-gzip", gzip.compress(TEXT[:7]) + gzip.compress(TEXT[7:])),
    b"/gzip-nuls": coded(b"GZIP", GZIP + bytes(300)),
    b"/gzip-cut": coded(b"gzip", GZIP[:-9]),
    b"/gzip-plain": coded(b"gzip", TEXT),
    b"/gzip-bomb": gzip_bomb,
    b"/deflate": coded(b"deflate", zlib.compress(TEXT)),
    b"/deflate-bare": coded(b"deflate", raw_deflate(TEXT)),
    b"/brotli": coded(b"br", TEXT),
    # charsets
    b"/charset-plain": typed(b"text/xml; charset=utf-8"),
    b"/charset-quoted": typed(b"text/html; x=\"a;charset=no\"; Charset=\"ISO-8859-15\""),
    b"/charset-none": typed(b"text/html"),
    # statuses
    b"/403": status(b"403 Forbidden"),
    b"/404": status(b"404 Whatever"),
    b"/410": status(b"410 Gone"),
    b"/429": status(b"429 Slow Down", b"Retry-After: 120\r\n"),
    b"/500": status(b"500 Oops"),
    b"/503-date": status(b"503 Service Unavailable", b"Retry-After: Mon, 23 Nov 2026 07:01:30 GMT\r\n"),
    b"/503-endless": raw(b"HTTP/1.1 503 x\r\nContent-Length: 999999999\r\n\r\n" + bytes(100)),
    b"/599": status(b"599 x"),
    # links
    b"/link": linked(b"<a>; rel=prev, <p?n=2, 3>; title=\"x, <y>\"; rel=\"last next\""),
    b"/link-evil": linked(b"<file:///etc/passwd>; rel=next"),
}


def read_request(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    path = head.split(b" ", 2)[1]
    r = Request(conn, path, head, b"")
    length = int(r.header(b"content-length") or 0)
    while len(body) < length:
        body += conn.recv(65536)
    r.body = body[:length]
    return r


def serve_one(r):
    """True when the connection may be used again."""
    r.begin()
    try:
        handler = HANDLERS.get(r.path.partition(b"?")[0], status(b"404 Not Found"))
        return bool(handler(r))
    finally:
        r.end()


def serve(conn):
    try:
        while (r := read_request(conn)) is not None and serve_one(r):
            pass
    except OSError:
        pass
    finally:
        conn.close()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--port", type=int, default=0)
    options = args.parse_args()
    listener = socket.create_server(("127.0.0.1", options.port), backlog=64)
    print("listening", listener.getsockname()[1], flush=True)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    main()
