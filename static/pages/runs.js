// Runs, newest first, each with the states of its steps.

import { isAbort, read } from "../core/api.js";
import { Rows, fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address, search } from "../core/router.js";
import { ago, span } from "../core/time.js";
import { short } from "../core/words.js";
import { pager, segments, table } from "../parts/list.js";
import { empty, failure, head } from "../parts/page.js";
import { badge, sign, word } from "../parts/state.js";

const STATES = ["", "pending", "in_progress", "completed", "failed", "cancelled"];

/** The least time between two readings of the list, in ms. */
const READ_EVERY = 1_000;

export async function show({ query, signal }) {
	const [status, cursor] = [query.get("status") ?? "", query.get("cursor") ?? ""];
	const body = h("tbody");
	const rows = new Rows(body, row);
	const list = h("div.list");
	const shown = table("runs", ["State", "Run", "Steps", "Accepted", "Took"], body);
	const load = async () => {
		const page = await read(`/runs${search({ status, cursor, limit: 30 })}`, { signal });
		if (page.data.length === 0) return fill(list, nothing(status));
		rows.show(page.data, ({ run_id: id }) => id);
		const next = page.next_cursor;
		const older = next && to({ status, cursor: next });
		fill(list, shown, pager(older, cursor && to({ status })));
	};
	await load().catch(error => {
		if (isAbort(error)) throw error;
		fill(list, failure(error));
	});
	const soon = calmly(load, READ_EVERY, signal);
	listen((type, news) => (type !== "job" || news.run_id) && soon(), signal);
	const states = STATES.map(state => [state, state ? word(state) : "all"]);
	return [
		head("Runs", { note: "Steps that wait for each other, posted in one request." }),
		h("div.filters", segments("State", states, status, status => to({ status }))),
		list,
	];
}

const to = parameters => address("runs", parameters);

function row(run) {
	const [state, name, steps, at, took] = ["state", "action", "steps", "at", "took"].map(kind =>
		h("td", { class: `cell-${kind}` }),
	);
	const element = h("tr", state, name, steps, at, took);
	let shown;
	const update = run => {
		const is = JSON.stringify([run.status, run.steps.map(({ status }) => status)]);
		if (is === shown) return;
		shown = is;
		fill(state, badge(run.status));
		fill(
			steps,
			h(
				"ul.dots",
				run.steps.map(step =>
					h(
						"li",
						{ title: `${step.id}: ${word(step.status)}` },
						sign(step.status),
						h("span.visually-hidden", `${step.id} ${word(step.status)}`),
					),
				),
			),
		);
		fill(took, span(run.created_at, run.completed_at) ?? "–");
	};
	fill(
		name,
		h("a.action", { href: address("runs", run.run_id) }, names(run)),
		h("span.remark", short(run.run_id)),
	);
	fill(at, ago(run.created_at));
	update(run);
	return { element, update };
}

const names = ({ steps }) => steps.map(({ id }) => id).join(" → ");

function nothing(status) {
	if (status) {
		return empty("No run is in that state.", h("a", { href: to({}) }, "Show all"), ".");
	}
	return empty(
		"No runs yet.",
		"Post steps to ",
		h("code", "/api/v1/runs"),
		". ",
		h("code", "tidemill demo"),
		" shows one of three steps.",
	);
}
