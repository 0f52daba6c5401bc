#!/usr/bin/env python3
"""A remote worker for Tidemill that counts words. Needs nothing but Python.

    TIDEMILL_URL=http://127.0.0.1:8080 TIDEMILL_KEY=pi_live_… python3 worker.py words.count
"""
import json, os, sys, threading, time, urllib.error, urllib.parse, urllib.request

URL, KEY, ACTION = os.environ["TIDEMILL_URL"], os.environ["TIDEMILL_KEY"], sys.argv[1]


def send(path, body, kind):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": kind}
    request = urllib.request.Request(f"{URL}/api/v1/workers/{path}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def ask(path, body):
    return send(path, json.dumps(body).encode(), "application/json")


def attach(lease, name, data):
    """Brings a file for the job; it is the job's when the job is finished."""
    path = f"leases/{lease}/assets?name={urllib.parse.quote(name)}"
    return send(path, data, "application/octet-stream")


def keep(lease, done):
    """Keeps the lease while the work goes on; whoever loses it need not stop at once."""
    while not done.wait(10) and ask(f"leases/{lease}/renew", {})["state"] == "held":
        pass


def work(job, lease):
    words = job["input"]["text"].split()
    if job["input"].get("sorted"):
        attach(lease, "words.txt", "\n".join(sorted(words)).encode())
    return {"words": len(words)}


while True:
    try:
        for claimed in ask("claim", {"actions": [ACTION], "worker": f"py-{os.getpid()}"})["data"]:
            lease, job, done = claimed["lease"], claimed["job"], threading.Event()
            threading.Thread(target=keep, args=(lease, done), daemon=True).start()
            try:
                route, body = "finish", {"result": work(job, lease)}
            except Exception as error:
                route, body = "fail", {"message": repr(error), "retryable": False}
            done.set()
            ask(f"leases/{lease}/{route}", body)
            print(job["id"], route, flush=True)
    except urllib.error.HTTPError as error:  # 409: another worker has the job by now.
        print(error.code, error.read().decode(), file=sys.stderr)
        time.sleep(0 if error.code == 409 else 1)
    except OSError as error:  # The server is away; it will be back.
        print(error, file=sys.stderr)
        time.sleep(1)
