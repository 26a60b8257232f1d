#!/usr/bin/env python3
"""The demo alliance as the benches use it: each command starts a server of its own and ends it.

    demo.py feed FOLDER                   prints the address of a calendar and the server's process,
                                          then serves until its input ends
    demo.py fanout FOLDER SOCKETS ROUNDS AUDIENCE
                                          trainer's marks to SOCKETS live connections
    demo.py checkins FOLDER CONNECTIONS SECONDS
                                          wrk posts check-ins of PEOPLE people
    demo.py start FOLDER                  start and memory
    demo.py plan FOLDER                   plan, check and best slots of the demo's larger project

Databases and what wrk reads go into FOLDER; CRONOTOPO names the binary. Each but feed prints one
JSON line. What the demo lacks (thousands of people with a seat and a signed-in browser) is written
into its database while no server runs on it: the server's limits stay as they are.
"""
import datetime
import hashlib
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

BINARY = os.environ.get("CRONOTOPO", "build/cronotopo")
PEOPLE = 4000  # each may ask 400 times at once, then 50 times a second
FEED_BYTES = 40960  # the size that the targets speak of
STARTS = 3
DAY_MS = 24 * 3600 * 1000


class KeepRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(KeepRedirect)


class Demo:
    """A running server; `links` are the demo's click-to-enter links by role."""

    def __init__(self, db, stage="running"):
        command = [BINARY, "serve", "--demo", "--stage", stage, "--db", db, "--port", "0"]
        started = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url, self.links = None, {}
        for line in self.process.stdout:
            if found := re.match(r"listening on (\S+)", line):
                self.url = found[1]
                self.seconds = self.answers_since(started)
            elif found := re.match(r"  (\S.*?) +(http\S+)$", line):
                self.links[found[1]] = found[2]
                if found[1] == "amministratore":
                    return
        sys.exit("bench: the demo did not start")

    def answers_since(self, started):
        """Seconds until /readyz says yes."""
        while self.ask(None, "GET", "/readyz")[0] != 200:
            time.sleep(0.001)
        return time.monotonic() - started

    def ask(self, cookie, method, path, body=None, headers=None):
        """Status, headers and body (parsed where it is JSON) of one request."""
        headers = {"Origin": self.url, **(headers or {})}
        data = None
        if cookie:
            headers["Cookie"] = cookie
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = OPENER.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
        if "json" in (answer.headers["Content-Type"] or ""):
            content = json.loads(content)
        return answer.status, answer.headers, content

    def need(self, cookie, method, path, body=None, headers=None):
        """The body of a request that must go well."""
        status, _, content = self.ask(cookie, method, path, body, headers)
        if status >= 300:
            sys.exit(f"bench: {method} {path} gave {status}: {content}")
        return content

    def enter(self, role):
        """The cookie of who clicks the role's link."""
        status, headers, _ = self.ask(None, "GET", self.links[role])
        assert status == 303, status
        return headers["Set-Cookie"].split(";")[0]

    def session_now(self, cookie):
        now = self.need(cookie, "GET", "/api/v1/me")["now"]
        sessions = self.need(cookie, "GET", "/api/v1/me/sessions")["items"]
        now = instant(now)
        return next(s for s in sessions if instant(s["starts_at"]) <= now < instant(s["ends_at"]))

    def memory(self):
        """Bytes: resident, and proportional (pages that others map too are shared out)."""
        with open(f"/proc/{self.process.pid}/smaps_rollup", encoding="ascii") as file:
            sizes = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", file.read(), re.MULTILINE))
        return int(sizes["Rss"]) * 1024, int(sizes["Pss"]) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def feed(folder):
    demo = Demo(f"{folder}/demo.db")
    try:
        cookie = demo.enter("coordinamento")
        sizes = {}
        for room in demo.need(cookie, "GET", "/api/v1/rooms")["items"]:
            body = {"kind": "room", "subject": room["id"], "comment": "bench"}
            url = demo.need(cookie, "POST", "/api/v1/me/feeds", body)["url"]
            sizes[url] = len(demo.need(None, "GET", url))
        nearest = min(sizes, key=lambda url: abs(sizes[url] - FEED_BYTES))
        print(nearest, demo.process.pid, flush=True)
        sys.stdin.read()
    finally:
        demo.stop()


def fanout(folder, sockets, rounds, audience):
    demo = Demo(f"{folder}/demo.db")
    try:
        cookie = demo.enter("docenza")
        session = demo.session_now(cookie)["session"]
        board = demo.need(cookie, "GET", f"/api/v1/sessions/{session}/live")
        person = board["people"][0]["person"]
        before, _ = demo.memory()
        say = json.dumps({"op": "subscribe", "topic": "session", "id": session})
        listeners = subprocess.Popen(
            [audience, "--port", demo.url.rsplit(":", 1)[1], "--sockets", sockets, "--rounds", rounds]
            + ["--path", "/api/v1/live", "--header", f"Cookie: {cookie}"]
            + ["--header", f"Origin: {demo.url}", "--say", say, "--match", '"op":"delta"'],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while (line := listeners.stderr.readline()) != "ready\n":
            if not line:
                sys.exit("bench: the audience did not come in")
        time.sleep(2)  # the last snapshots
        after, _ = demo.memory()
        kinds = ["excused", "undo"]
        while listeners.poll() is None:
            body = {"nonce": str(uuid.uuid4()), "people": [person], "kind": kinds[0]}
            demo.need(cookie, "POST", f"/api/v1/sessions/{session}/marks", body)
            kinds.reverse()
            time.sleep(0.4)
        if listeners.returncode != 0:
            sys.exit(listeners.stderr.read())
        result = json.loads(listeners.stdout.read())
        result["socket_bytes"] = round((after - before) / int(sockets))
        print(json.dumps(result))
    finally:
        demo.stop()


def seat_people(db, session):
    """PEOPLE participants of the session's edition; the cookies of their browsers."""
    now = round(time.time() * 1000)
    cookies = [f"bench{i:038d}" for i in range(PEOPLE)]
    ids = [str(uuid.uuid4()) for _ in cookies]
    with sqlite3.connect(db) as file:
        edition = file.execute("SELECT edition FROM session WHERE id = ?", [session]).fetchone()[0]
        file.execute("UPDATE edition SET seats = ? WHERE id = ?", [PEOPLE + 100, edition])
        file.executemany(
            "INSERT INTO person (id, created_at, updated_at, given_name, family_name)"
            " VALUES (?, ?, ?, 'Prova', ?)",
            [(id, now, now, f"Numero {i}") for i, id in enumerate(ids)],
        )
        file.executemany(
            "INSERT INTO enrolment (id, created_at, updated_at, edition, person)"
            " VALUES (?, ?, ?, ?, ?)",
            [(str(uuid.uuid4()), now, now, edition, id) for id in ids],
        )
        file.executemany(
            "INSERT INTO device (id, person, token_hash, label, created_at, last_seen_at, expires_at)"
            " VALUES (?, ?, ?, 'bench', ?, ?, ?)",
            [
                (str(uuid.uuid4()), id, hashlib.sha256(cookie.encode()).hexdigest(), now, now, now + DAY_MS)
                for id, cookie in zip(ids, cookies)
            ],
        )
    file.close()
    return cookies


def checkins(folder, connections, seconds):
    db = f"{folder}/demo.db"
    demo = Demo(db)
    session = demo.session_now(demo.enter("docenza"))["session"]
    demo.stop()
    cookies = seat_people(db, session)
    demo = Demo(db)
    try:
        shown = demo.need(demo.enter("docenza"), "GET", f"/api/v1/sessions/{session}/code")
        environment = {
            **os.environ,
            "BENCH_ORIGIN": demo.url,
            "BENCH_PEOPLE": str(len(cookies)),
            "BENCH_BODY": json.dumps({"session": session, "code": shown["code"]})[1:-1],
        }
        script = os.path.join(os.path.dirname(__file__), "checkins.lua")
        said = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script]
            + [f"{demo.url}/api/v1/checkins"],
            env=environment, stdout=subprocess.PIPE, text=True, check=True,
        ).stdout  # fmt: skip
        rate = float(re.search(r"Requests/sec: +([0-9.]+)", said)[1])
        latency = re.search(r" 50% +([0-9.]+)(us|ms|s)", said)
        scale = {"us": 0.001, "ms": 1, "s": 1000}[latency[2]]
        if "Non-2xx" in said:
            sys.exit(f"bench: check-ins were refused:\n{said}")
        print(json.dumps({"per_second": round(rate), "p50_ms": round(float(latency[1]) * scale, 2)}))
    finally:
        demo.stop()
    stored = sqlite3.connect(db).execute("SELECT count(*) FROM attendance_event").fetchone()[0]
    if stored < rate * int(seconds):
        sys.exit(f"bench: {stored} events are in the database, fewer than were answered")


def start(folder):
    cold, warm, memory = [], [], []
    for number in range(STARTS):
        for times in cold, warm:
            demo = Demo(f"{folder}/start{number}.db", "planning")
            times.append(demo.seconds)
            time.sleep(1)
            memory.append(demo.memory())
            demo.stop()
    rss, pss = (statistics.median(sizes) / 2**20 for sizes in zip(*memory))
    result = {"cold_s": statistics.median(cold), "warm_s": statistics.median(warm)}
    result.update({"rss_mb": rss, "pss_mb": pss})
    print(json.dumps({name: round(value, 3) for name, value in result.items()}))


def timed(times, action):
    """The median of `times` calls in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.monotonic()
        action()
        taken.append((time.monotonic() - started) * 1000)
    return round(statistics.median(taken), 2)


def plan(folder):
    demo = Demo(f"{folder}/demo.db", "planning")
    try:
        cookie = demo.enter("coordinamento")
        drafts = {}
        for project in demo.need(cookie, "GET", "/api/v1/projects")["items"]:
            path = f"/api/v1/projects/{project['id']}"
            drafts[path] = demo.need(cookie, "GET", f"{path}/draft")
        path = max(drafts, key=lambda each: len(drafts[each]["sessions"]))
        draft = drafts[path]
        ask = {"session": draft["unplaced"][0]["session"]}
        slots = lambda: demo.need(cookie, "POST", f"{path}/draft/best-slots", ask)
        slot = slots()["slots"][0]
        move = {**ask, **{name: slot[name] for name in ("date", "start", "room", "virtual_room", "trainers")}}
        result = {"sessions": len(draft["sessions"]), "unplaced": len(draft["unplaced"])}
        result["slots_ms"] = timed(20, slots)
        result["check_ms"] = timed(
            40, lambda: demo.need(cookie, "POST", f"{path}/draft/check", move)
        )
        started = time.monotonic()
        job = demo.need(cookie, "POST", f"{path}/plan-runs", {"seconds": 5})["job"]
        while True:
            row = demo.need(cookie, "GET", f"/api/v1/jobs/{job}")
            progress = row["progress"] or {"hard": None}
            if progress["hard"] == 0 and progress["unassigned"] == 0:
                break
            if row["state"] in ("done", "failed", "stopped"):
                sys.exit(f"bench: the plan run ended without a plan: {row}")
            time.sleep(0.01)
        result["plan_s"] = round(time.monotonic() - started, 3)
        demo.need(cookie, "POST", f"/api/v1/jobs/{job}/stop", {})
        print(json.dumps(result))
    finally:
        demo.stop()


COMMANDS = {"feed": feed, "fanout": fanout, "checkins": checkins, "start": start, "plan": plan}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
