"""Answers the theory benchmark's questions with OpenSpiel, Gambit and HiGHS: one JSON object per line in, one per line out.

Every time is processor time of the solve alone; games are read before the clock starts."""

import io
import json
import os
import resource
import sys
import time
from importlib.metadata import version

import numpy as np
import pygambit
import pyspiel
from scipy.optimize import linprog
from scipy.sparse import coo_array, hstack, vstack

solvers = {}


def versions(_):
    names = {"openspiel": "open_spiel", "gambit": "pygambit", "scipy": "scipy"}
    return {name: version(package) for name, package in names.items()}


def cfr_plus(question):
    """Seconds per iteration of OpenSpiel's own C++ solver; it keeps its state between questions, past the first iteration."""
    name = question["game"]
    if name not in solvers:
        solvers[name] = pyspiel.CFRPlusSolver(pyspiel.load_game(name))
        solvers[name].evaluate_and_update_policy()
    solver, iterations = solvers[name], question["iterations"]
    begun = time.thread_time()
    for _ in range(iterations):
        solver.evaluate_and_update_policy()
    return {"seconds": (time.thread_time() - begun) / iterations}


def matrix_game(question):
    """The value of a zero-sum matrix to the row player, as a linear program of HiGHS."""
    matrix = np.array(question["payoffs"], dtype=float)
    rows, columns = matrix.shape
    begun = time.thread_time()
    found = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
        method="highs",
    )
    return {"seconds": time.thread_time() - begun, "value": -found.fun}


def constraints(side):
    """Realisation plans: the empty sequence weighs 1, and in each set the moves weigh as much as what leads there."""
    entries = [(0, 0, 1.0)]
    for number, (parent, first, actions) in enumerate(side["sets"], start=1):
        entries.append((number, parent, -1.0))
        entries += [(number, first + action, 1.0) for action in range(actions)]
    row, column, value = zip(*entries)
    return coo_array((value, (row, column)), shape=(len(side["sets"]) + 1, side["sequences"]))


def sequence_form(question):
    """The value of a zero-sum tree to its first player: Koller, Megiddo and von Stengel's program, assembled and solved."""
    begun = time.thread_time()
    first, second = map(constraints, question["sides"])
    row, column, value = zip(*question["payoffs"])
    payoffs = coo_array((value, (row, column)), shape=(first.shape[1], second.shape[1]))
    zero = coo_array((first.shape[0], second.shape[0]))
    found = linprog(
        np.concatenate([np.zeros(first.shape[1]), [-1.0], np.zeros(second.shape[0] - 1)]),
        A_ub=hstack([-payoffs.T, second.T]).tocsc(),
        b_ub=np.zeros(second.shape[1]),
        A_eq=hstack([first, zero]).tocsc(),
        b_eq=np.append([1.0], np.zeros(first.shape[0] - 1)),
        bounds=[(0, None)] * first.shape[1] + [(None, None)] * second.shape[0],
        method="highs",
    )
    return {"seconds": time.thread_time() - begun, "value": -found.fun}


def limited(limit_s, work):
    """Seconds that the work takes in a process of its own, which the kernel ends at the limit: then null."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
        begun = time.process_time()
        work()
        os.write(tell, str(time.process_time() - begun).encode())
        os._exit(0)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return {"seconds": float(answer) if answer else None}


def gambit_exact(question):
    game = pygambit.read_nfg(io.StringIO(question["nfg"]))
    return limited(question["limit_s"], lambda: pygambit.nash.lp_solve(game, rational=True))


def gambit_read(question):
    with open(question["path"], encoding="utf-8") as file:
        text = io.StringIO(file.read())
    return limited(question["limit_s"], lambda: pygambit.read_efg(text))


asked = [versions, cfr_plus, matrix_game, sequence_form, gambit_exact, gambit_read]
answers = {function.__name__: function for function in asked}

for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = answers[question["ask"]](question)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
