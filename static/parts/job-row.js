// A job as a row of a table that changes in place.

import { fill, h } from "../core/dom.js";
import { address } from "../core/router.js";
import { ago, span } from "../core/time.js";
import { short } from "../core/words.js";
import { REASONS, badge, hasEnded, progress, stateOf } from "./state.js";

/** `{ element, update }` for a list. With `choice` it begins with a box: `choice.chosen` is the set
    of ids, `choice.changed()` is called when it changes. */
export function jobRow(job, choice) {
	const cell = kind => h("td", { class: `cell-${kind}` });
	const [state, action, id, at, took] = ["state", "action", "id", "at", "took"].map(cell);
	const box = choice && choiceBox(job, choice);
	const element = h("tr", box && h("td.cell-choice", box), state, action, id, at, took);
	let shown = "";
	const update = job => {
		const now = stateOf(job);
		const is = JSON.stringify([now, job.progress, job.payload?.phase, job.error_log, job.attempt]);
		if (is === shown) return;
		shown = is;
		element.dataset.state = now;
		fill(state, badge(now), now === "processing" && progress(job.progress));
		fill(action, link(job), remark(job, now));
		fill(took, hasEnded(now) ? (span(job.started_at, job.completed_at) ?? "–") : "–");
	};
	fill(id, h("code", { title: job.id }, short(job.id)));
	fill(at, ago(job.created_at));
	update(job);
	return { element, update };
}

function choiceBox(job, { chosen, changed }) {
	return h("input", {
		type: "checkbox",
		value: job.id,
		"aria-label": `Choose the job ${short(job.id)} of ${job.action}`,
		on: {
			change: ({ target }) => {
				chosen[target.checked ? "add" : "delete"](job.id);
				changed();
			},
		},
	});
}

const link = job => h("a.action", { href: address("jobs", job.id) }, job.action);

/** What there is to know beside the state: the error, what it is doing, which step it is. */
function remark(job, state) {
	if (state === "failed") {
		return h("span.remark.remark-failed", { title: job.error_log }, job.error_log);
	}
	const phase = job.payload?.phase;
	if (state === "processing" && phase !== state) return h("span.remark", phase);
	const reason = job.waiting_for?.reason;
	if (reason && reason !== "worker") return h("span.remark", `waits: ${REASONS[reason]}`);
	return job.step_id && h("span.remark", `step ${job.step_id}`);
}
