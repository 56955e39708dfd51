"""Measures Celery on Redis as the Rookery benchmark measures itself: prints one JSON object, measure name -> figure.

Usage: python celery_noop.py <redis socket> <tasks>. The worker is Celery's own command, prefork with two processes.
"""

import json
import os
import subprocess
import sys
import time

import redis
from celery import Celery

SOCKET = os.environ.get("BENCH_REDIS_SOCKET") or sys.argv[1]
app = Celery("celery_noop", broker=f"redis+socket://{SOCKET}")
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False, broker_connection_retry_on_startup=True)
store = redis.Redis(unix_socket_path=SOCKET)


@app.task
def noop():
    pass


@app.task
def stamp(due):
    store.rpush("bench:late", (time.time() - due) * 1000)


def main():
    tasks = int(sys.argv[2])
    figures = {}

    few = max(tasks // 4, 1)
    begun = time.perf_counter()
    for _ in range(few):
        noop.delay()
    figures["submit_one_by_one"] = few / (time.perf_counter() - begun)

    for _ in range(tasks - few):
        noop.delay()
    worker = start_worker()
    try:
        figures["processed_at_64"] = drain_rate(tasks)
        figures["worker_memory"] = memory_of_group(worker.pid)
        starts = stamps(300, gap=0.01, delay=0)
        figures["start_idle_p50"] = quantile(starts, 0.5)
        figures["start_idle_p99"] = quantile(starts, 0.99)
        late = stamps(300, gap=0.01, delay=1)
        figures["due_earliest"] = min(late)
        figures["due_p50"] = quantile(late, 0.5)
        figures["due_p99"] = quantile(late, 0.99)
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, 9)
    print(json.dumps(figures))


def start_worker():
    command = [sys.executable, "-m", "celery", "-A", "celery_noop", "worker", "-P", "prefork", "-c", "2", "-l", "error"]
    environment = dict(os.environ, BENCH_REDIS_SOCKET=SOCKET, C_FORCE_ROOT="1")
    return subprocess.Popen(
        command,
        cwd=os.path.dirname(os.path.abspath(__file__)),
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def drain_rate(tasks):
    while store.llen("celery") == tasks:
        time.sleep(0.002)
    begun = time.perf_counter()
    while store.llen("celery") or store.hlen("unacked"):
        time.sleep(0.01)
    return tasks / (time.perf_counter() - begun)


def stamps(count, gap, delay):
    store.delete("bench:late")
    for _ in range(count):
        due = time.time() + delay
        stamp.apply_async((due,), countdown=delay or None)
        time.sleep(gap)
    while store.llen("bench:late") < count:
        time.sleep(0.05)
    return [float(value) for value in store.lrange("bench:late", 0, -1)]


def memory_of_group(leader):
    """Resident megabytes of the worker and its children: Celery's worker is several processes."""
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) == leader:
                with open(f"/proc/{pid}/status") as status:
                    total += next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        except (ProcessLookupError, FileNotFoundError, StopIteration):
            continue
    return total / 1024


def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(q * 1000) * len(ordered) // 1000) - 1))]


if __name__ == "__main__":
    main()
