// A job: what it does now, what it did in each attempt, what went in and what came out.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address, go, link } from "../core/router.js";
import { ago, clock, duration, moment, span } from "../core/time.js";
import { bytes, ownPath, short } from "../core/words.js";
import { log } from "../parts/log.js";
import { button, confirm, crumbs, empty, facts, headOf, panel, say } from "../parts/page.js";
import { palette } from "../parts/palette.js";
import { again } from "../parts/snippets.js";
import { REASONS, badge, hasEnded, progress, sign, stateOf } from "../parts/state.js";
import { tree } from "../parts/tree.js";

/** The least time between two readings of the job, in ms. */
const READ_EVERY = 250;

export async function show({ id, signal, session }) {
	const path = `/jobs/${encodeURIComponent(id)}?include=attempts,assets,diagnostics&expand=brand`;
	const first = await read(path, { signal });
	const view = new View(first, session.may("write"));
	const reload = async () => view.draw(await read(path, { signal }));
	const soon = calmly(reload, READ_EVERY, signal);
	listen((type, news) => {
		if (type === "reset") soon();
		if (type !== "job" || news.id !== first.id) return;
		view.moved(news);
		soon();
	}, signal);
	view.log.append(log(first.id, signal));
	return view.elements;
}

class View {
	#state = h("div.job-state", { role: "status" });
	#actions = h("div.head-actions");
	#facts = h("div");
	#timeline = h("div");
	#result = h("div.stack");
	#mayWrite;
	#resultOf;
	log = h("div");

	constructor(job, mayWrite) {
		this.#mayWrite = mayWrite;
		const input = job.payload?.input;
		const isPart =
			job.run_id &&
			h(
				"a",
				{ href: address("runs", job.run_id) },
				`Step ${job.step_id} of the run ${short(job.run_id)}`,
			);
		this.elements = [
			crumbs(link("Jobs", "jobs"), isPart),
			headOf(job.action, job.id, this.#actions),
			this.#state,
			h(
				"div.columns.columns-job",
				h(
					"div.stack",
					this.#result,
					panel(
						"Input",
						{ name: "input" },
						input && Object.keys(input).length
							? tree(input, { label: "the input", raw: `/api/v1/jobs/${job.id}?fields=payload` })
							: empty("No input.", "The job was posted without one."),
					),
					panel("The same again", again(job)),
				),
				h(
					"div.stack",
					panel("Facts", this.#facts),
					panel("Attempts", { name: "attempts" }, this.#timeline),
					panel("Log", { name: "log" }, this.log),
				),
			),
		];
		this.draw(job);
	}

	/** Shows what the stream tells before the whole job is read. */
	moved({ status, progress: value, phase }) {
		if (status !== "processing") return;
		fill(this.#state, standing({ progress: value, payload: { phase } }, status));
	}

	draw(job) {
		const state = stateOf(job);
		fill(this.#state, standing(job, state));
		fill(this.#actions, this.#mayWrite && actions(job, state));
		fill(this.#facts, known(job));
		fill(this.#timeline, timeline(job, state));
		// A result never changes, and a tree that somebody opened must not close.
		if (this.#resultOf !== state) {
			this.#resultOf = state;
			fill(this.#result, outcome(job, state));
		}
	}
}

function standing(job, state) {
	if (state === "processing") {
		return [
			badge(state),
			progress(job.progress, "Progress of the job"),
			h("p.muted", job.payload?.phase),
		];
	}
	if (state === "queued") return [badge(state), h("p.muted", waits(job.waiting_for))];
	if (state === "completed") {
		const took = span(job.started_at, job.completed_at);
		return [badge(state), h("p.muted", `in ${took}`)];
	}
	return [
		badge(state),
		h("p.job-error", job.error_log),
		job.error_code && h("code", job.error_code),
	];
}

/** What a job waits for, as a sentence. */
function waits(waiting) {
	const { reason, position, message, retry_at: retry, run_at: run } = waiting ?? {};
	if (message) return message;
	if (reason === "retry") return ["for its next attempt at ", clock(retry)];
	if (reason === "scheduled") return ["for its time, ", moment(run)];
	if (reason in REASONS) return `for ${REASONS[reason]}`;
	return position > 1 ? `${position - 1} of yours go before it` : "for the next free worker";
}

function actions(job, state) {
	if (!hasEnded(state)) {
		return button("Cancel", async () => {
			if (!(await confirm("Cancel this job?", "Cancel it"))) return;
			await ask("POST", `/jobs/${job.id}/cancel`);
			say("The job is cancelled.");
		});
	}
	const edit = address("try", job.action, { from: job.id });
	return [
		h("a.button", { href: edit }, "Edit and submit"),
		button(
			"Submit again",
			async () => {
				const { data } = await ask("POST", `/jobs/${job.id}/retry`);
				go(address("jobs", data.job_id));
			},
			{ kind: "button-main" },
		),
	];
}

function known(job) {
	const again =
		job.retry_of && link(short(job.retry_of), "jobs", job.retry_of);
	return facts([
		["Accepted", ago(job.created_at)],
		["Waited", span(job.created_at, job.started_at)],
		["Attempt", `${job.attempt} of ${job.max_attempts}`],
		["Again of", again],
		["Reference", job.payload?.input?.client_reference_id],
	]);
}

function timeline(job, state) {
	const past = job.attempts ?? [];
	const all = state === "processing" ? [...past, { ...job, outcome: state }] : past;
	if (all.length === 0) return empty("Not begun.", "Attempts show here with how long they took.");
	return h("ol.timeline", all.map(attempt), steps(job.diagnostics));
}

const OUTCOMES = { retried: "failed", lost: "failed", released: "queued" };

function attempt({ attempt, started_at: start, ended_at: end, outcome, error, worker }) {
	const took = span(start, end);
	return h(
		"li",
		sign(OUTCOMES[outcome] ?? outcome),
		h(
			"div",
			h(
				"p",
				h("b", `Attempt ${attempt}`),
				` ${outcome}`,
				worker && worker !== "local" && h("span.tag", worker),
			),
			h("p.muted", ago(start), took && ` · ${took}`),
			error && h("p.remark.remark-failed", error.message ?? String(error)),
		),
	);
}

/** What the last attempt did, step by step. */
function steps(diagnostics) {
	if (!diagnostics?.length) return null;
	return h(
		"li.steps",
		h(
			"details",
			h("summary", "What the last attempt did"),
			h(
				"ul",
				diagnostics.map(({ step, status, duration_ms: ms, detail }) =>
					h(
						"li",
						h("b", step),
						` ${duration(ms / 1000)}`,
						status !== "ok" && h("span.tag", status),
						detail && h("p.muted", detail),
					),
				),
			),
		),
	);
}

/** The result, its pictures and its brand. */
function outcome(job, state) {
	if (state !== "completed") return null;
	const all = (job.assets ?? []).filter(({ mime_type: kind }) => kind.startsWith("image/"));
	// A drawing stands beside the picture that was made of it; it need not be shown twice.
	const painted = all.filter(({ mime_type: kind }) => kind !== "image/svg+xml");
	const pictures = painted.length ? painted : all;
	const drawings = all.filter(one => !pictures.includes(one));
	const brand = job.expanded?.brand;
	const { brand: _, ...result } = job.job_result ?? {};
	return [
		pictures.length > 0 &&
			panel(
				"Pictures",
				h("ul.pictures", pictures.map(picture)),
				drawings.length > 0 &&
					h(
						"p.muted",
						"As drawings: ",
						drawings.map((one, place) => [
							place > 0 && ", ",
							h(
								"a",
								{ href: ownPath(one.image_url), target: "_blank" },
								`SVG, ${bytes(one.bytes)}`,
							),
						]),
					),
			),
		brand && panel(link(brand.name, "brands", brand.id), palette(brand)),
		panel(
			"Result",
			{ name: "result" },
			tree(result, { label: "the result", raw: `/api/v1/jobs/${job.id}?fields=job_result` }),
		),
	];
}

function picture({ image_url: url, mime_type: kind, bytes: size }) {
	const path = ownPath(url);
	const note = `${kind.replace("image/", "").replace("+xml", "").toUpperCase()} · ${bytes(size)}`;
	return h(
		"li",
		h(
			"a",
			{ href: path, target: "_blank" },
			h("img", { src: path, alt: "A picture of this job", loading: "lazy" }),
		),
		h("small", note),
	);
}
