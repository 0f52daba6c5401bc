#!/usr/bin/env python3
"""A client of Tidemill with nothing but Python's standard library (3.9 or newer).

    BASE=http://127.0.0.1:8080 API_KEY=pi_live_… SITE=https://example.com python3 client.py

`Tidemill` is the part to copy: it submits safely, waits without polling, and tells a refusal from
a failure. Below it is a walk through what it can do.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

# Worth another try: the server is busy, stops, or asks to slow down.
AGAIN = {429, 502, 503, 504}


class Refused(Exception):
    """The server did not accept a request. `code` is for programs, the message for people."""

    def __init__(self, status, error, headers):
        # Flow Relay's errors are a text, Pi's an object.
        error = {"message": error} if isinstance(error, str) else error
        self.status = status
        self.code = error.get("code", "")
        self.param = error.get("param")
        self.request_id = error.get("request_id") or headers.get("X-Request-Id")
        self.retry_after = int(headers.get("Retry-After", 1))
        super().__init__(f"{status} {self.code} {error.get('message', '')}".replace("  ", " "))


class Failed(Exception):
    """A job or a run was accepted, and could not be done."""

    def __init__(self, code, message):
        self.code = code
        super().__init__(f"{code}: {message}")


class Tidemill:
    def __init__(self, base, key, attempts=5):
        self.base = base.rstrip("/")
        self.key = key
        self.attempts = attempts

    def ask(self, method, path, body=None, headers=None):
        """Sends one request. It is sent again if the connection breaks or the server is busy:
        that is safe for a GET, and for a POST with an Idempotency-Key."""
        for attempt in range(1, self.attempts + 1):
            try:
                return self._send(method, path, body, headers or {})
            except Refused as refusal:
                if refusal.status not in AGAIN or attempt == self.attempts:
                    raise
                pause = refusal.retry_after
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if attempt == self.attempts:
                    raise
                pause = 2 ** (attempt - 1) / 4
            time.sleep(pause)

    def _send(self, method, path, body, headers):
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                **headers,
            },
        )
        try:
            # Longer than the server holds an answer back, which is 30 seconds.
            with urllib.request.urlopen(request, timeout=40) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as answer:
            try:
                error = json.load(answer)["error"]
            except (ValueError, KeyError):
                error = {"message": answer.reason}
            raise Refused(answer.code, error, answer.headers) from None

    def submit(self, path, body, key=None):
        """Has something done and returns the `data` of the 202. One key for all attempts: it is
        done once, however often the request had to be sent."""
        return self.ask("POST", path, body, {"Idempotency-Key": key or str(uuid.uuid4())})["data"]

    def wait(self, path, seconds=300):
        """Waits until a job or a run has ended. The server answers when it does; a request that
        outlasts its 30 seconds is asked again."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            query = urllib.parse.urlencode(
                {"wait_for_completion": "true", "timeout_seconds": round(min(left, 30), 1)}
            )
            data = self.ask("GET", f"{path}?{query}")["data"]
            if data["status"] in ("completed", "failed", "cancelled"):
                return data
        raise TimeoutError(f"{path} did not end within {seconds} s")

    def job(self, path, body):
        """Submits a job and returns its result."""
        job = self.wait(f"/api/v1/jobs/{self.submit(path, body)['job_id']}")
        if job["status"] == "failed":
            raise Failed(job["error_code"], job["error_log"])
        return job["job_result"]

    def run(self, steps):
        """Submits a run and returns the results of its steps by their ids."""
        run = self.wait(f"/api/v1/runs/{self.submit('/api/v1/runs', {'steps': steps})['run_id']}")
        for step in run["steps"]:
            if step["status"] == "failed":
                raise Failed(step["error_code"], f"step {step['id']}: {step['error']}")
        return {step["id"]: step["result"] for step in run["steps"]}


def main():
    tidemill = Tidemill(os.environ["BASE"], os.environ["API_KEY"])
    site = os.environ.get("SITE", "https://www.rust-lang.org")

    # A job: submitted, waited for, its result in hand.
    brand = tidemill.job("/api/v1/brands/extract", {"url": site})
    print("brand:", brand["domain"], brand["brand_id"])

    # A request that is wrong is refused at once, and says what would be right.
    try:
        tidemill.submit("/api/v1/jobs", {"action": "brands.extrakt"})
    except Refused as refusal:
        print("refused:", refusal.code, refusal.param)

    # A job that cannot be done is accepted, and fails with a reason: this address is private.
    try:
        tidemill.job("/api/v1/brands/extract", {"url": "http://192.168.0.1"})
    except Failed as failure:
        print("failed:", failure.code)

    # The same key and body again is the same job, whoever did not get the first answer.
    key, body = str(uuid.uuid4()), {"url": site, "client_reference_id": "order-7"}
    twice = [tidemill.submit("/api/v1/brands/extract", body, key)["job_id"] for _ in range(2)]
    print("once:", "yes" if len(set(twice)) == 1 else "no")

    # Three steps in one request; each takes what it needs from those before.
    results = tidemill.run([
        {"id": "brand", "action": "brands.extract", "input": {"url": site}},
        {
            "id": "ad", "action": "campaigns.generate", "depends_on": ["brand"],
            "input": {"prompt": "Launch our spring tea"},
            "input_map": {"brand_id": "$steps.brand.result.brand_id"},
        },
        {
            "id": "french", "action": "campaigns.localize_ad", "depends_on": ["ad"],
            "input": {"target_culture": "French urban premium", "target_language": "fr"},
            "input_map": {"source_job_id": "$steps.ad.result.job_id"},
        },
    ])
    print("ad:", results["ad"]["image_url"])
    print("french:", results["french"]["image_url"])


if __name__ == "__main__":
    try:
        main()
    except (Refused, Failed) as error:
        sys.exit(f"client.py: {error}")
