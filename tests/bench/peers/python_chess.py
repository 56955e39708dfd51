"""Answers the chess benchmark's questions with python-chess: one JSON object per line in, one per line out.

Every time is processor time."""

import json
import sys
import time

import chess

# The six standard positions of the Chess Programming Wiki's page "Perft Results", with our depths.
POSITIONS = [
    ("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1", 6),
    ("r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1", 5),
    ("8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1", 6),
    ("r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1", 5),
    ("rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8", 5),
    ("r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - - 0 10", 5),
]


def leaves(board, depth):
    # The last ply is counted without being played, as ours is.
    if depth == 1:
        return board.legal_moves.count()
    count = 0
    for move in board.legal_moves:
        board.push(move)
        count += leaves(board, depth - 1)
        board.pop()
    return count


def perft(question):
    begun = time.process_time()
    count = sum(leaves(chess.Board(fen), depth - question["less"]) for fen, depth in POSITIONS)
    return {"per_second": count / (time.process_time() - begun)}


def requests(question):
    begun = time.process_time()
    for fen, uci in question["sample"]:
        board = chess.Board(fen)
        move = board.parse_uci(uci)
        board.san(move)
        board.push(move)
        board.fen()
        board.outcome()
    return {"seconds": (time.process_time() - begun) / len(question["sample"])}


for line in sys.stdin:
    question = json.loads(line)
    answer = {"perft": perft, "requests": requests}[question["ask"]](question)
    print(json.dumps(answer), flush=True)
