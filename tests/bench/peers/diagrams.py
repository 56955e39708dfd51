"""Answers the theory benchmark's questions with pycid: one JSON object per line in, one per line out."""

import json
import sys
import time

import numpy as np
from pgmpy.factors.discrete import TabularCPD
from pycid import MACID


def pure_equilibria(question):
    """Seconds of processor time for all pure equilibria of a diagram, and how many there are."""
    game = question["diagram"]
    nodes = {node["id"]: node for node in game["nodes"]}
    of = {"decision": {}, "utility": {}}
    for node in game["nodes"]:
        if node["type"] in of:
            of[node["type"]].setdefault(node["agent"], []).append(node["id"])
    edges = [(edge["source"], edge["target"]) for edge in game["edges"]]
    macid = MACID(edges, agent_decisions=of["decision"], agent_utilities=of["utility"])
    tables = [
        TabularCPD(
            table["node"],
            len(table["values"]),
            np.array(table["values"]),
            evidence=table["parents"] or None,
            evidence_card=[len(nodes[parent]["domain"]) for parent in table["parents"]] or None,
            state_names={name: nodes[name]["domain"] for name in [table["node"], *table["parents"]]},
        )
        for table in game["cpds"]
    ]
    decisions = {name: node["domain"] for name, node in nodes.items() if node["type"] == "decision"}
    macid.add_cpds(*tables, **decisions)
    begun = time.process_time()
    found = macid.get_all_pure_ne()
    return {"seconds": time.process_time() - begun, "count": len(found)}


for line in sys.stdin:
    try:
        answer = pure_equilibria(json.loads(line))
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
