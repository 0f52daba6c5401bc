/**
 * A client of Tidemill in TypeScript, with nothing but what Node.js and browsers have.
 *
 *     BASE=http://127.0.0.1:8080 API_KEY=pi_live_… SITE=https://example.com node client.ts
 *
 * Node.js 22.18 and later run this as it is; for older ones `tsc` makes JavaScript of it. `Tidemill`
 * is the part to copy: it submits safely, waits without polling, and tells a refusal from a failure.
 * Below it is a walk through what it can do.
 */

export interface Job {
  id: string;
  status: "queued" | "processing" | "completed" | "failed";
  /** Absent until the end, null when the job failed. */
  job_result?: Record<string, unknown> | null;
  error_code: string | null;
  error_log: string | null;
}

export interface Step {
  id: string;
  action: string;
  input?: Record<string, unknown>;
  depends_on?: string[];
  /** `{"brand_id": "$steps.brand.result.brand_id"}` */
  input_map?: Record<string, string>;
}

export interface Run {
  id: string;
  status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
  steps: {
    id: string;
    status: string;
    result: Record<string, unknown> | null;
    error: string | null;
    error_code: string | null;
  }[];
}

interface ErrorBody {
  code?: string;
  message?: string;
  param?: string;
  request_id?: string;
}

/** The server did not accept a request. `code` is for programs, the message for people. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;
  readonly requestId: string | null;
  readonly retryAfter: number;

  constructor(answer: Response, error: ErrorBody | string) {
    // Flow Relay's errors are a text, Pi's an object.
    const { code = "", message = "", param, request_id } =
      typeof error === "string" ? ({ message: error } as ErrorBody) : error;
    super(`${answer.status} ${code} ${message}`.replace("  ", " "));
    this.status = answer.status;
    this.code = code;
    this.param = param;
    this.requestId = request_id ?? answer.headers.get("X-Request-Id");
    this.retryAfter = Number(answer.headers.get("Retry-After") ?? 1);
  }
}

/** A job or a run was accepted, and could not be done. */
export class Failed extends Error {
  readonly code: string;

  constructor(code: string | null, message: string | null) {
    super(`${code}: ${message}`);
    this.code = code ?? "";
  }
}

/** Worth another try: the server is busy, stops, or asks to slow down. */
const AGAIN = new Set([429, 502, 503, 504]);

/** Longer than the server holds an answer back, which is 30 seconds. */
const PATIENCE_MS = 40_000;

export class Tidemill {
  readonly base: string;
  readonly key: string;
  readonly attempts: number;

  constructor(base: string, key: string, attempts = 5) {
    this.base = base.replace(/\/$/, "");
    this.key = key;
    this.attempts = attempts;
  }

  /**
   * Sends one request. It is sent again if the connection breaks or the server is busy: that is
   * safe for a GET, and for a POST with an Idempotency-Key.
   */
  async ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send<T>(method, path, body, headers);
      } catch (error) {
        const refused = error instanceof Refused;
        if (attempt >= this.attempts || (refused && !AGAIN.has(error.status))) throw error;
        await pause(refused ? error.retryAfter : 2 ** (attempt - 1) / 4);
      }
    }
  }

  async #send<T>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<T> {
    const answer = await fetch(this.base + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        Authorization: `Bearer ${this.key}`,
        "Content-Type": "application/json",
        ...headers,
      },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok) return (await answer.json()) as T;
    const refusal = (await answer.json().catch(() => ({}))) as { error?: ErrorBody | string };
    throw new Refused(answer, refusal.error ?? answer.statusText);
  }

  /**
   * Has something done and returns the `data` of the 202. One key for all attempts: it is done
   * once, however often the request had to be sent.
   */
  async submit<T>(path: string, body: unknown, key: string = crypto.randomUUID()): Promise<T> {
    const answer = await this.ask<{ data: T }>("POST", path, body, { "Idempotency-Key": key });
    return answer.data;
  }

  /**
   * Waits until a job or a run has ended. The server answers when it does; a request that outlasts
   * its 30 seconds is asked again.
   */
  async wait<T extends Job | Run>(path: string, seconds = 300): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (let left = seconds; left > 0; left = (deadline - Date.now()) / 1000) {
      const query = `wait_for_completion=true&timeout_seconds=${Math.min(left, 30)}`;
      const { data } = await this.ask<{ data: T }>("GET", `${path}?${query}`);
      if (["completed", "failed", "cancelled"].includes(data.status)) return data;
    }
    throw new Error(`${path} did not end within ${seconds} s`);
  }

  /** Submits a job and returns its result. */
  async job(path: string, body: unknown): Promise<Record<string, unknown>> {
    const { job_id } = await this.submit<{ job_id: string }>(path, body);
    const job = await this.wait<Job>(`/api/v1/jobs/${job_id}`);
    if (job.status === "failed") throw new Failed(job.error_code, job.error_log);
    return job.job_result ?? {};
  }

  /** Submits a run and returns the results of its steps by their ids. */
  async run(steps: Step[]): Promise<Record<string, Record<string, unknown>>> {
    const { run_id } = await this.submit<{ run_id: string }>("/api/v1/runs", { steps });
    const run = await this.wait<Run>(`/api/v1/runs/${run_id}`);
    const failed = run.steps.find((step) => step.status === "failed");
    if (failed) throw new Failed(failed.error_code, `step ${failed.id}: ${failed.error}`);
    return Object.fromEntries(run.steps.map((step) => [step.id, step.result ?? {}]));
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

// All that is needed of Node.js' own types.
declare const process: {
  env: Record<string, string | undefined>;
  exitCode: number;
};

async function main(): Promise<void> {
  const { BASE, API_KEY, SITE = "https://www.rust-lang.org" } = process.env;
  if (!BASE || !API_KEY) throw new Error("set BASE and API_KEY");
  const tidemill = new Tidemill(BASE, API_KEY);

  // A job: submitted, waited for, its result in hand.
  const brand = await tidemill.job("/api/v1/brands/extract", { url: SITE });
  console.log("brand:", brand.domain, brand.brand_id);

  // A request that is wrong is refused at once, and says what would be right.
  try {
    await tidemill.submit("/api/v1/jobs", { action: "brands.extrakt" });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.log("refused:", error.code, error.param);
  }

  // A job that cannot be done is accepted, and fails with a reason: this address is private.
  try {
    await tidemill.job("/api/v1/brands/extract", { url: "http://192.168.0.1" });
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    console.log("failed:", error.code);
  }

  // The same key and body again is the same job, whoever did not get the first answer.
  const key = crypto.randomUUID();
  const body = { url: SITE, client_reference_id: "order-7" };
  const one = await tidemill.submit<{ job_id: string }>("/api/v1/brands/extract", body, key);
  const two = await tidemill.submit<{ job_id: string }>("/api/v1/brands/extract", body, key);
  console.log("once:", one.job_id === two.job_id ? "yes" : "no");

  // Three steps in one request; each takes what it needs from those before.
  const results = await tidemill.run([
    { id: "brand", action: "brands.extract", input: { url: SITE } },
    {
      id: "ad",
      action: "campaigns.generate",
      depends_on: ["brand"],
      input: { prompt: "Launch our spring tea" },
      input_map: { brand_id: "$steps.brand.result.brand_id" },
    },
    {
      id: "french",
      action: "campaigns.localize_ad",
      depends_on: ["ad"],
      input: { target_culture: "French urban premium", target_language: "fr" },
      input_map: { source_job_id: "$steps.ad.result.job_id" },
    },
  ]);
  console.log("ad:", results.ad?.image_url);
  console.log("french:", results.french?.image_url);
}

main().catch((error: unknown) => {
  console.error(`client.ts: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
