// Try it: choose an action, fill its form, post it, and watch what the API answers step by step.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { address, link } from "../core/router.js";
import { duration } from "../core/time.js";
import { ownPath } from "../core/words.js";
import { code } from "../parts/code.js";
import { form } from "../parts/form.js";
import { empty, entry, head, panel } from "../parts/page.js";
import { snippets } from "../parts/snippets.js";
import { badge, hasEnded, progress, stateOf } from "../parts/state.js";
import { tree } from "../parts/tree.js";

export async function show({ id, query, signal }) {
	const { data: actions } = await read("/actions", { signal });
	if (actions.length === 0) {
		return [head("Try it"), empty("There is nothing to try.", "The operator switched all off.")];
	}
	const action = actions.find(({ name }) => name === id) ?? actions[0];
	const from = query.get("from");
	const [value, choices] = await Promise.all([earlier(from, signal), options(signal)]);
	return [
		head("Try it", { note: "Posts a real job." }),
		h("div.columns.columns-try", list(actions, action), desk(action, value, choices, signal)),
	];
}

/** The input of the job that is to be made again, if there is one. */
async function earlier(id, signal) {
	if (!id) return {};
	const job = await read(`/jobs/${encodeURIComponent(id)}?fields=payload`, { signal });
	return job.payload?.input ?? {};
}

/** What can be chosen for fields that name a thing of ours. */
async function options(signal) {
	const found = await read("/brands?limit=50&fields=id,name,domain", { signal }).catch(() => null);
	const brands = (found?.data ?? []).map(({ id, name, domain }) => [id, `${name} (${domain})`]);
	return brands.length ? { brand_id: brands } : {};
}

function list(actions, chosen) {
	return h(
		"ul.choices",
		{ "aria-label": "Actions" },
		actions.map(({ name, summary }) =>
			h(
				"li",
				h(
					"a",
					{ href: address("try", name), "aria-current": name === chosen.name && "true" },
					h("b", name),
					h("small", code(summary)),
				),
			),
		),
	);
}

function desk(action, value, choices, signal) {
	const input = form(action.input_schema, value, choices);
	const request = h("div");
	const answer = h("div.stack", { role: "status" });
	const body = () => ({ action: action.name, input: input.value() });
	const write = () => fill(request, snippets("/api/v1/jobs", body()));
	input.changed.addEventListener("change", write);
	write();
	const post = () => input.guard(() => follow(body(), answer, signal));
	return h(
		"div.stack",
		panel(action.name, entry("Post the job", post, input.element)),
		answer,
		panel("The same as", request),
	);
}

/** Posts, shows the 202, waits as any client may, and shows what came. */
async function follow(body, answer, signal) {
	const began = performance.now();
	const since = () => duration((performance.now() - began) / 1000);
	const accepted = await ask("POST", "/jobs", { body, signal });
	const id = accepted.data.job_id;
	const took = since();
	const line = h("p.job-state");
	const result = h("div");
	fill(
		answer,
		panel(`202 accepted after ${took}`, line, tree(accepted, { label: "the answer" })),
		result,
	);
	for (;;) {
		const wait = `/jobs/${id}?wait_for_completion=true&timeout_seconds=2`;
		const job = await read(wait, { signal });
		const state = stateOf(job);
		fill(
			line,
			badge(state),
			`after ${since()}`,
			state === "processing" && progress(job.progress),
			link("See the job", "jobs", id),
		);
		if (!hasEnded(state)) continue;
		const url = job.job_result?.image_url;
		const shown = job.job_result ?? { error_code: job.error_code, error_log: job.error_log };
		fill(
			result,
			panel(
				"Result",
				url && h("img.shot", { src: ownPath(url), alt: "The picture that was made" }),
				tree(shown, { label: "the result" }),
			),
		);
		return;
	}
}
