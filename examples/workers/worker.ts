// A remote worker for Tidemill that counts words. Needs nothing but Node.
//
//     TIDEMILL_URL=http://127.0.0.1:8080 TIDEMILL_KEY=pi_live_… ACTION=words.count node worker.ts
//
// Node runs TypeScript itself from 22.18 on. All types here are inferred, so that an older one runs
// it as well: node --input-type=module < worker.ts

const { TIDEMILL_URL, TIDEMILL_KEY, ACTION } = process.env;

class Refused extends Error {
  status = 0;
}

async function send(path = "", body = "", kind = "application/json") {
  const headers = { Authorization: `Bearer ${TIDEMILL_KEY}`, "Content-Type": kind };
  const url = `${TIDEMILL_URL}/api/v1/workers/${path}`;
  const answer = await fetch(url, { method: "POST", headers, body });
  const { data, error } = await answer.json();
  if (!answer.ok) throw Object.assign(new Refused(error.message), { status: answer.status });
  return data;
}

const ask = (path = "", body = {}) => send(path, JSON.stringify(body));

// Brings a file for the job; it is the job's when the job is finished.
const attach = (lease = "", name = "", data = "") =>
  send(`leases/${lease}/assets?name=${encodeURIComponent(name)}`, data, "application/octet-stream");

async function work(input = { text: "", sorted: false }, lease = "") {
  const words = input.text.split(/\s+/).filter(Boolean);
  if (input.sorted) await attach(lease, "words.txt", words.sort().join("\n"));
  return { words: words.length };
}

const pause = (seconds = 1) => new Promise((wake) => setTimeout(wake, seconds * 1000));

for (;;) {
  try {
    const claim = await ask("claim", { actions: [ACTION], worker: `ts-${process.pid}` });
    for (const { lease, job } of claim.data) {
      // Keeps the lease while the work goes on.
      const renewing = setInterval(() => ask(`leases/${lease}/renew`).catch(() => {}), 10_000);
      try {
        const result = await work(job.input, lease);
        await ask(`leases/${lease}/finish`, { result });
      } catch (error) {
        if (error instanceof Refused) throw error;
        await ask(`leases/${lease}/fail`, { message: String(error), retryable: false });
      } finally {
        clearInterval(renewing);
      }
      console.log(job.id, "finish");
    }
  } catch (error) {
    console.error(String(error));
    // 409: another worker has the job by now. Otherwise the server is away, and will be back.
    await pause(error instanceof Refused && error.status === 409 ? 0 : 1);
  }
}
