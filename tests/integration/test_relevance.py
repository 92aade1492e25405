#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The study of relevance: its profiles are in order and its figures are counted right,
on five invented calls. The real calls are not part of the project."""

import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "relevance")]
import relevance
import tap

STUDY = HERE.parent / "relevance"
CALLS = {
    "A-1": ("Welding robots for shipyards", "Robots that weld."),
    "A-2": ("Skills for the sea", "A robot is mentioned in passing."),
    "A-3": ("Bridges and tunnels", "Inspection by machines."),
    "A-4": ("Choirs in small towns", "Singing."),
    "EuropeAid/5/DD": ("Robots in schools", ""),
}
RULES = """[profile weld]
name: Weld
kind: sme
email: desk@weld.example
country: EE
match: robot
exclude: title:schools
"""


def call(id):
    title, text = CALLS[id]
    prospect = id.startswith("EuropeAid")
    return {"topicId": id, "reference": id + ("PROSPECTSEN" if prospect else "TOPICSen"), "title": title,
            "callIdentifier": id, "description": text, "topicConditions": "", "programmeId": "43108390",
            "typesOfAction": "", "keywords": "", "callStatus": "open", "deadlineModel": "single-stage",
            "deadline": "2027-01-12"}


def study(dir, rows=None):
    """A small study: five calls, one firm; the passes agree about two of the three calls that either lists."""
    (dir / "first.conf").write_text(RULES)
    (dir / "labels-a.tsv").write_text("weld\tA-1\ty\nweld\tA-3\tm\n")
    (dir / "labels-b.tsv").write_text("weld\tA-1\tm\nweld\tA-3\tm\nweld\tA-2\tm\n")
    (dir / "calls.jsonl").write_text("".join(json.dumps(call(id)) + "\n" for id in rows or CALLS))
    return dir / "calls.jsonl"


def prints(calls, dir, *args, ok=True):
    r = subprocess.run([sys.executable, STUDY / "relevance.py", calls, "--folder", dir, *args],
                                 capture_output=True, text=True, check=False)
    assert (r.returncode == 0) == ok, r.stdout + r.stderr
    return r.stdout + r.stderr


def test_profiles_are_in_order():
    ids = [line.split()[1] for line in (STUDY / "firms.txt").read_text().splitlines() if line.startswith("id: ")]
    assert len(ids) == 24
    for name in relevance.RULES:
        with tempfile.TemporaryDirectory() as dir:
            conf = relevance.configuration(pathlib.Path(dir), STUDY / (name + ".conf"))
            out = relevance.run("-c", conf, "check")
            assert "0 errors, 0 warnings" in out, out
            relevance.run("fmt", "--check", STUDY / (name + ".conf"))
            profiles = [line[9:-1] for line in (STUDY / (name + ".conf")).read_text().splitlines()
                        if line.startswith("[profile ")]
            assert profiles == ids, (profiles, ids)


def test_labels_name_the_firms():
    firms = (STUDY / "firms.txt").read_text()
    for who in "ab":
        path = STUDY / ("labels-%s.tsv" % who)
        labels = relevance.read_labels(path)
        assert len(labels) == len(path.read_text().splitlines())
        assert all("id: %s\n" % firm in firms for firm, _ in labels) and set(labels.values()) == {"y", "m"}


FIELDS = {  # rule set: titles that it finds, and one that it must not
    "ai-and-data": (("Foundation models in the open", "Tehisintellekti rakendamine"), "Choirs in small places"),
    "biomaterials": (("Implants that dissolve", "Biomaterials"), "Wood panels"),
    "cities": (("Towns without cars", "Omavalitsuste võrgustik"), "Energy communities"),
    "civil-society": (("Youth and democracy", "Vabatahtlike tunnustamine"), "Property rights of inventors"),
    "clean-industry": (("Green steel", "Décarbonation des usines"), "Creative industries"),
    "drug-discovery": (("New antivirals", "Vaccines for all"), "Drug trafficking"),
    "food": (("Safe food", "Toidu raiskamine"), "Food contact plastics"),
    "health-investment": (("EIC Accelerator", "Venture capital for medtech"), "Real estate"),
    "nature": (("Forests and wild species", "Elurikkuse kaitse"), "Digital ecosystems"),
    "space": (("Launchers of tomorrow", "Raumfahrt heute"), "Public spaces"),
    "transport": (("Ships without smoke", "Liikuvuse uuringud"), "Electron transport in leaves"),
    "ageing-and-care": (("Respite for carers", "Loneliness of elderly people"), "Ageing infrastructure"),
    "agriculture": (("Healthy soils for farmers", "Põllumajanduse uuringud"), "A new power plant"),
    "bio-based": (("Glues from lignin", "Puidu keemia"), "Wooden toys and biofuels"),
    "brain": (("Sleep and mental health", "Neue Wege zum Gehirn"), "Neutron sources"),
    "buildings": (("Renovating social housing", "Sanierung alter Schulen"), "Capacity building for courts"),
    "cancer": (("Living after cancer", "Onkoloogia uuringud"), "Canvas prints"),
    "cell-therapy": (("Immunotherapies made at the bedside", "Stem cell banks"), "Fuel cells for ships"),
    "circular-economy": (("Recycling of mixed plastics", "Économie circulaire des territoires"), "Radioactive waste"),
    "culture-and-media": (("Museums and games", "Loomemajanduse arendamine"), "Cell cultures for tests"),
    "clinical-trials": (("Trials without industry", "Patients first"), "Field trials of barley"),
    "cybersecurity": (("Post-quantum networks", "Küberturvalisuse toetus"), "Food security in towns"),
    "diagnostics": (("Sequencing for all newborns", "Screening in small towns"), "Fault diagnosis of trains"),
    "digital-health": (("Data of patients across borders", "AI in health"), "Health of forests"),
    "drones-and-defence": (("Swarms of drones for rescue", "Mehitamata süsteemid"), "Future battle tank"),
    "earth-observation": (("Copernicus for cities", "Satelliidiandmete kasutamine"), "Launchers of satellites"),
    "energy-storage": (("Batteries of tomorrow", "Vesiniku tootmine"), "Nuclear energy systems"),
    "genomics": (("Rare cancers in the young", "Genomic medicine"), "Folk songs"),
    "health-systems": (("Hospitals of tomorrow", "Tervishoiu uuendamine"), "Soil health"),
    "industrial-biotech": (("Proteins from side streams", "Enzymes for dairies"), "Wooden toys"),
    "infection-control": (("Zoonoses at the farm", "One Health networks"), "Malware in grids"),
    "medical-devices": (("Implants that heal", "Rehabilitation after stroke"), "Metal detectors"),
    "ocean": (("Restoring coasts", "Schutz der Küsten"), "Submarine cables"),
    "open-to-companies": (("EIC Accelerator Open", "Eurostars call 11"), "Town Twinning"),
    "open-to-research": (("MSCA Postdoctoral Fellowships", "ERA Chairs"), "Call Town Twinning"),
    "patients": (("Volunteers in clinics", "Puudega inimeste tugi"), "Sports of all kinds"),
    "photonics-and-chips": (("Pilot lines for lasers", "Photonik in Europa"), "Wooden facades"),
    "robotics": (("Robots at work", "Robootika tööstuses"), "Robots' place in novels of surgical robots"),
    "social-services": (("Affordable housing for all", "Sotsiaalteenuste arendamine"), "Financial inclusion"),
    "skills": (("Skills for welders", "Täiskasvanute koolitus"), "Machine learning on graphs"),
    "water-and-climate": (("Rivers and floods", "Hochwasser am Rhein"), "Inland waterways"),
}


def test_rule_sets_of_fields_find_their_own():
    shipped = {f.stem for f in (relevance.ROOT / "conf/rules.d").glob("*.conf") if "[rules " in f.read_text()}
    assert shipped == set(FIELDS), shipped ^ set(FIELDS)
    with tempfile.TemporaryDirectory() as dir:
        dir = pathlib.Path(dir)
        (dir / "first.conf").write_text("".join(
            "[profile %s-p]\nname: %s\nkind: sme\nemail: desk@%s.example\nuse: %s\n\n" % (n, n, n, n) for n in FIELDS))
        titles = [(n, t) for n, (found, wrong) in FIELDS.items() for t in (*found, wrong)]
        items = dir / "items.jsonl"
        items.write_text("".join(json.dumps({"id": t, "title": t, "link": "https://a.example/%d" % i}) + "\n"
                                 for i, (_, t) in enumerate(titles)))
        hits = relevance.match(relevance.configuration(dir, dir / "first.conf"), items)
        missed = [(n, t) for n, (found, _) in FIELDS.items() for t in found if (n + "-p", t) not in hits]
        wrong = [(n, t) for n, (_, t) in FIELDS.items() if (n + "-p", t) in hits]
        assert not missed and not wrong, (missed, wrong)


def test_figures_are_counted():
    with tempfile.TemporaryDirectory() as dir:
        dir = pathlib.Path(dir)
        calls = relevance.read_calls(study(dir))
        a, b = (relevance.read_labels(dir / ("labels-%s.tsv" % who)) for who in "ab")
        suits, clear = relevance.views(a, b)
        assert suits.truth == {("weld", "A-1"), ("weld", "A-3")} and clear.truth == {("weld", "A-1")}
        conf = relevance.configuration(dir, dir / "first.conf")
        hits = relevance.match(conf, relevance.read_items(calls, dir, conf))
        assert set(hits) == {("weld", "A-1"), ("weld", "A-2")}, hits
        everything = lambda pair: True
        assert relevance.figures(suits.truth, hits, everything) == (2, 1, 2)
        assert relevance.figures(clear.truth, hits, everything) == (1, 1, 2)
        assert relevance.shown(relevance.Figures(2, 1, 2)) == "   2    1 0.50    2 0.50"
        # 5 pairs: 2 listed by both, 1 by one of them; by chance (2*3 + 3*2) / 25 would agree.
        assert abs(relevance.kappa(set(a), set(b), 5) - (0.8 - 0.48) / 0.52) < 1e-9


def test_it_prints_and_refuses():
    with tempfile.TemporaryDirectory() as dir:
        dir = pathlib.Path(dir)
        out = prints(study(dir), dir)
        assert "agreement, listed:    first 2, second 3, both 2 of 5 pairs, kappa 0.615" in out, out
        row = [line.split() for line in out.splitlines() if line.startswith("weld")]
        assert row == ["weld 2 1 0.50 2 0.50 | 1 1 1.00 2 0.50".split()], out
        total = [line for line in out.splitlines() if line.startswith("total, all")]
        assert total[0].split()[2:] == "2 1 0.50 2 0.50 | 1 1 1.00 2 0.50".split(), out
        look = prints(study(dir), dir, "--look", "weld")
        assert all((id in look) == (relevance.worked_on(id) and id in ("A-1", "A-2", "A-3")) for id in CALLS), look
        assert len({relevance.worked_on(id) for id in CALLS}) == 2, "both halves are tried"
        fault = prints(study(dir, ["A-1", "A-2"]), dir, ok=False)
        assert "labelled, but not in" in fault and "A-3" in fault, fault


tap.main(globals())
