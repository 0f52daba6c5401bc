// The same request in a shell, in Python and in TypeScript. The key is a variable: it is not here.

import { choice } from "./code.js";

/** How to post this job again. */
export function again(job) {
	return isWhole(job)
		? snippets("/api/v1/jobs", { action: job.action, input: job.payload.input })
		: snippets(`/api/v1/jobs/${job.id}/retry`, {});
}

/** An input that is echoed in short would not make the same job: its pictures are not in it. */
function isWhole({ payload }) {
	const input = payload?.input;
	return Boolean(input) && !("reference_image_count" in input && input.reference_image_count > 0);
}

/** A POST of `body` to `path`, and the waiting for what comes of it. */
export function snippets(path, body) {
	const base = location.origin;
	return choice(
		[
			["curl", curl(base, path, body)],
			["Python", python(base, path, body)],
			["TypeScript", typescript(base, path, body)],
		],
		"Language",
	);
}

function curl(base, path, body) {
	const text = JSON.stringify(body, null, 2).replaceAll("'", `'\\''`);
	return [
		`curl -sS ${base}${path} \\`,
		`  -H "Authorization: Bearer $API_KEY" \\`,
		`  -H 'Content-Type: application/json' -H 'Prefer: wait=20' \\`,
		`  -d '${text}'`,
	].join("\n");
}

function python(base, path, body) {
	// A JSON text is read as such: Python writes true, false and null in other words.
	const text = JSON.stringify(body, null, 2)
		.replaceAll("\\", "\\\\")
		.replaceAll("'''", "\\'\\'\\'");
	return [
		"import json, os, urllib.request",
		"",
		"def ask(path, body=None):",
		`    request = urllib.request.Request("${base}" + path, body, {`,
		`        "Authorization": f"Bearer {os.environ['API_KEY']}",`,
		`        "Content-Type": "application/json",`,
		"    })",
		"    with urllib.request.urlopen(request) as answer:",
		`        return json.load(answer)["data"]`,
		"",
		`posted = ask("${path}", '''${text}'''.encode())`,
		"job = {}",
		`while job.get("status") not in ("completed", "failed"):`,
		`    job = ask(f"/api/v1/jobs/{posted['job_id']}?wait_for_completion=true")`,
		`print(job["status"], job["job_result"] or job["error_log"])`,
	].join("\n");
}

function typescript(base, path, body) {
	return [
		"async function ask(path: string, body?: unknown) {",
		`  const answer = await fetch("${base}" + path, {`,
		`    method: body === undefined ? "GET" : "POST",`,
		"    headers: {",
		"      Authorization: `Bearer ${process.env.API_KEY}`,",
		`      "Content-Type": "application/json",`,
		"    },",
		"    body: JSON.stringify(body),",
		"  });",
		"  const json = await answer.json();",
		"  if (!answer.ok) throw new Error(json.error.message);",
		"  return json.data;",
		"}",
		"",
		`const { job_id } = await ask("${path}", ${JSON.stringify(body, null, 2)});`,
		"let job;",
		"do job = await ask(`/api/v1/jobs/${job_id}?wait_for_completion=true`);",
		`while (!["completed", "failed"].includes(job.status));`,
		"console.log(job.status, job.job_result ?? job.error_log);",
	].join("\n");
}
