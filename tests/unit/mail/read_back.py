#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reads built mails with Python's email package and compares them with what was meant.

    read_back.py DIR

DIR holds NAME.eml and beside it NAME.subject, NAME.to, NAME.text, NAME.html (no file = no such part). Prints
what differs and ends with 1 when anything does. Any defect that the parser reports counts.
"""
import email
import email.header
import email.policy
import email.utils
import os
import re
import sys

ORDER = ["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
         "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
         "Precedence", "Feedback-ID", "X-Fundwatch-Run", "X-Fundwatch-Why"]


def lines_of(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def wire_faults(raw):
    """What a relay or a gateway could stumble over."""
    head = raw.partition(b"\r\n\r\n")[0]
    if re.search(rb"(?<!\r)\n|\r(?!\n)|\0|[\x80-\xff]", raw):
        yield "bare line end, NUL or 8-bit byte"
    if not raw.endswith(b"\r\n"):
        yield "no line end at the end"
    for line in head.split(b"\r\n"):
        if len(line) > 78 and not re.match(rb"( |List-Unsubscribe: )<(https|mailto):|Message-ID:| <[^ ]+@[^ ]+>$", line):
            yield f"header line of {len(line)} bytes: {line[:60]}"
        if line != line.rstrip():
            yield f"header line that ends in white space: {line!r}"
        for word in re.findall(rb"=\?[^ ]*\?=", line):
            if len(word) > 75:
                yield f"encoded word of {len(word)} bytes"
    for line in raw[len(head) + 4:].split(b"\r\n"):
        if len(line) > 76 and b":" not in line[:30]:
            yield f"body line of {len(line)} bytes"
        if line.startswith((b".", b"From ")) or line != line.rstrip():
            yield f"body line {line[:60]!r}"


def header_faults(message):
    names = [n for n in message.keys()]
    if names != [n for n in ORDER if n in names]:
        yield f"header order {names}"
    for part in message.walk():
        for defect in part.defects:
            yield f"defect {defect!r}"
        for name, value in part.items():
            for defect in getattr(value, "defects", []):
                yield f"defect in {name}: {defect!r}"
    for name in ("Auto-Submitted", "Precedence", "MIME-Version"):
        if name not in message:
            yield f"no {name}"


def compare(what, got, want):
    if got != want:
        at = next((i for i, (x, y) in enumerate(zip(got, want)) if x != y), min(len(got), len(want)))
        yield f"{what} differs at {at}: {got[at - 20 if at > 20 else 0:at + 40]!r}, meant {want[at:at + 40]!r}"


def part_faults(message, stem):
    for kind, subtype in (("text", "plain"), ("html", "html")):
        part = message.get_body((subtype,))
        want = read(f"{stem}.{kind}")
        if want is None:
            if part is not None:
                yield f"a {subtype} part"
            continue
        if part is None:
            yield f"no {subtype} part"
            continue
        if part.get_content_charset() != "utf-8" or part["content-transfer-encoding"] not in ("quoted-printable",
                                                                                             "base64"):
            yield f"{subtype}: {part['content-type']}, {part['content-transfer-encoding']}"
        want = lines_of(want)
        want = want if want.endswith("\n") else want + "\n"
        yield from compare(subtype, lines_of(part.get_payload(decode=True).decode("utf-8")), want)


def read(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def faults(stem):
    with open(stem + ".eml", "rb") as f:
        raw = f.read()
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    yield from wire_faults(raw)
    yield from header_faults(message)
    yield from compare("subject", str(message["subject"]), read(stem + ".subject"))
    if [a.addr_spec for a in message["to"].addresses] != [read(stem + ".to").rpartition("|")[2]]:
        yield f"to is {message['to'].addresses}"
    # By the older parser: the newer one of Python 3.11 keeps the space between two encoded words of a name.
    name, address = email.utils.parseaddr(re.sub(r"\r?\n", "", dict(message.raw_items())["To"]))
    yield from compare("to", f"{email.header.make_header(email.header.decode_header(name))}|{address}",
                       read(stem + ".to"))
    yield from part_faults(message, stem)


def main():
    stems = sorted(os.path.join(sys.argv[1], f[:-4]) for f in os.listdir(sys.argv[1]) if f.endswith(".eml"))
    bad = 0
    for stem in stems:
        for fault in faults(stem):
            print(f"{os.path.basename(stem)}: {fault}")
            bad += 1
    print(f"{len(stems)} mails, {bad} faults")
    sys.exit(bad > 0 or not stems)


if __name__ == "__main__":
    main()
