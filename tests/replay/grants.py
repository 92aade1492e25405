#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A document in the shape of the EU portal's grantsTenders.json, as large as asked for:
grants.py MEGABYTES > FILE. Every 40th topic is open; the rest is closed."""

import json
import sys

TEXT = "Proposals should address the need for reliable manufacturing of advanced therapies across Europe. " * 40


def topic(i):
    return {"type": 1, "ccm2Id": 4000000 + i, "identifier": "HORIZON-HLTH-%d-%05d" % (2014 + i % 14, i),
            "title": "Topic %d: manufacturing of advanced therapies" % i, "callIdentifier": "HORIZON-HLTH-%d" % (2014 + i % 14),
            "status": {"id": 31094502 if i % 40 == 0 else 31094503,
                       "abbreviation": "Open" if i % 40 == 0 else "Closed"},
            "plannedOpeningDateLong": 1767225600000, "deadlineDatesLong": [1798761600000 + 86400000 * (i % 300)],
            "keywords": ["health", "manufacturing", "therapies"], "tags": [TEXT[: 2000 + i * 37 % 2000]],
            "actions": [{"status": {"id": 31094502}, "types": ["RIA"], "deadlineDates": ["2026-12-%02d" % (1 + i % 28)]}]}


def main(megabytes):
    out, written, i = sys.stdout.buffer, 0, 0
    out.write(b'{"fundingData":{"GrantTenderObj":[')
    while written < megabytes << 20:
        line = (b",\n" if i else b"\n") + json.dumps(topic(i)).encode()
        out.write(line)
        written += len(line)
        i += 1
    out.write(b"]}}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
