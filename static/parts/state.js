// A state as shape, colour and word: none of the three alone carries it.

import { h, s } from "../core/dom.js";

/** Each state's word on the page, and the strokes of its sign on a grid of 16. */
const STATES = {
	queued: ["queued", ["M8 4.5V8l2.5 1.5"]],
	pending: ["pending", []],
	processing: ["processing", []],
	in_progress: ["in progress", []],
	completed: ["completed", ["M5 8.3l2 2 4-4.4"]],
	failed: ["failed", ["M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"]],
	cancelled: ["cancelled", ["M5 8h6"]],
	skipped: ["skipped", ["M5.2 5.5L7.8 8l-2.6 2.5M8.6 5.5L11.2 8l-2.6 2.5"]],
};

/** What a queued job waits for. */
export const REASONS = {
	retry: "its next attempt",
	scheduled: "its time",
	dependency: "an earlier step",
	remote_worker: "a remote worker",
	action_limit: "its action's limit",
	organization_limit: "the organization's limit",
};

/** The sign alone, for places where the word stands beside it. */
export function sign(state) {
	const [, strokes] = STATES[state] ?? STATES.pending;
	return s(
		"svg",
		{ class: `sign sign-${state}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
		s("circle.sign-ground", { cx: 8, cy: 8, r: 6.5 }),
		isMoving(state) && s("circle.sign-turn", { cx: 8, cy: 8, r: 6.5 }),
		strokes.map(d => s("path.sign-mark", { d })),
	);
}

/** The sign with its word. */
export function badge(state) {
	return h("span", { class: `badge badge-${state}` }, sign(state), word(state));
}

/** What a state is called on the page. */
export const word = state => STATES[state]?.[0] ?? String(state);

/** Whether a job, a run or a step changes no more. */
export const hasEnded = state => ["completed", "failed", "cancelled", "skipped"].includes(state);

/** Cancelled and skipped jobs read `failed` on the wire; their code tells them apart. */
export function stateOf(job) {
	if (job.status !== "failed") return job.status;
	if (job.error_code === "cancelled") return "cancelled";
	return job.error_code === "dependency_failed" ? "skipped" : "failed";
}

/** A bar that tells how far something is; without a number it only says that it moves. */
export function progress(value, label) {
	const known = typeof value === "number";
	return h(
		"div",
		{
			class: known ? "progress" : "progress progress-open",
			role: "progressbar",
			"aria-label": label ?? "Progress",
			"aria-valuemin": 0,
			"aria-valuemax": 100,
			"aria-valuenow": known ? Math.round(value * 100) : undefined,
		},
		h("div.progress-bar", { style: known ? { width: `${value * 100}%` } : {} }),
	);
}

const isMoving = state => state === "processing" || state === "in_progress";
