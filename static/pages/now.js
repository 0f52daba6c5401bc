// Now: what the server is doing, how fast, what waits, and what somebody should look at.

import { isAbort, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address } from "../core/router.js";
import { ago, duration } from "../core/time.js";
import { bytes, counted, number, short } from "../core/words.js";
import { chart } from "../parts/chart.js";
import { code } from "../parts/code.js";
import { empty, head, panel } from "../parts/page.js";
import { progress, sign } from "../parts/state.js";

/** The least time between two looks at the figures, and the most while nothing happens: the
    length of a tick of the chart. Both in ms. */
const LOOK_EVERY = 2_000;
const TICK = 15_000;

export async function show({ signal, session }) {
	const view = parts();
	const look = async () => {
		try {
			view.draw(await read("/overview", { signal }), session);
		} catch (error) {
			if (!isAbort(error) && error.status !== 401) throw error;
		}
	};
	await look();
	const soon = calmly(() => look().catch(() => null), LOOK_EVERY, signal);
	listen(soon, signal);
	const moving = setInterval(() => document.visibilityState === "visible" && soon(), TICK);
	signal.addEventListener("abort", () => clearInterval(moving));
	return view.elements;
}

function parts() {
	const boxes = {};
	const box = (name, props = {}) => (boxes[name] = h("div", props));
	const history = chart();
	const elements = [
		head("Now"),
		box("warnings", { class: "warnings", role: "status", "aria-label": "Warnings" }),
		box("states", { class: "states" }),
		panel("The last hour", { name: "hour" }, history.element, box("times", { class: "times" })),
		h(
			"div.columns.columns-now",
			panel("At work", { name: "workers" }, box("workers")),
			panel("Queues", { name: "queues" }, box("queues")),
		),
		box("server", { class: "columns" }),
	];
	const draw = (overview, session) => {
		fill(boxes.warnings, overview.warnings.map(warning));
		fill(boxes.states, states(overview));
		history.draw(overview.series);
		fill(boxes.times, times(overview));
		fill(boxes.workers, workers(overview, session));
		fill(boxes.queues, queues(overview.queues));
		fill(boxes.server, overview.scope === "server" && server(overview));
	};
	return { elements, draw };
}

function warning({ message, action }) {
	const where = action && h("a", { href: address("jobs", undefined, { action }) }, "See the jobs");
	return h("p.warning", h("span.warning-sign", "!"), code(message), where);
}

function states({ jobs, waiting_clients: clients }) {
	const hour = jobs.last_hour;
	const state = (name, count, label, note, status) =>
		h(
			"a.state",
			{ href: address("jobs", undefined, { status }) },
			h("span.state-name", sign(name), label),
			h("strong", number(count)),
			h("small", note),
		);
	return [
		state(
			"processing",
			jobs.processing,
			"processing",
			counted(clients, "client") + " waiting",
			"processing",
		),
		state(
			"queued",
			jobs.queued,
			"queued",
			jobs.later ? `${number(jobs.later)} not due yet` : "due now",
			"queued",
		),
		state("completed", hour.completed, "completed", "in the last hour", "completed"),
		state("failed", hour.failed, "failed", "in the last hour", "failed"),
	];
}

function times({ wait_seconds: wait, run_seconds: run }) {
	const pair = (label, found) =>
		h(
			"dl",
			h("dt", label),
			h("dd", duration(found?.p50), h("small", "median")),
			h("dd", duration(found?.p95), h("small", "95 %")),
		);
	return [pair("Waited", wait), pair("Ran", run)];
}

function workers({ workers: { threads, busy } }, session) {
	const remote = busy.filter(({ worker }) => worker !== "local");
	const local = busy.length - remote.length;
	const idle = threads === null ? null : threads - local;
	const note =
		idle === null
			? null
			: h("p.muted", `${counted(threads, "worker")}, ` + `${number(Math.max(idle, 0))} idle`);
	if (busy.length === 0) {
		const advice = session.scopes.includes("write")
			? ["Post a job, or ", h("a", { href: address("try") }, "try one here"), "."]
			: "Jobs show here while they run.";
		return [note, empty("Nobody is at work.", advice)];
	}
	return [note, h("ul.work", busy.map(attempt))];
}

function attempt(one) {
	const worker = one.worker === "local" ? null : h("span.tag", one.worker);
	const tries = one.attempt > 1 && h("span.tag", `attempt ${one.attempt} of ${one.max_attempts}`);
	return h(
		"li",
		h(
			"div.work-line",
			h("a.action", { href: address("jobs", one.job_id) }, one.action),
			worker,
			tries,
			h("span.muted.work-since", ago(one.started_at)),
		),
		progress(one.progress, `Progress of ${one.action}`),
		h("p.muted.work-phase", one.phase ?? short(one.job_id)),
	);
}

function queues(found) {
	if (found.length === 0) {
		return empty("Nothing in the last hour.", "Queues show here by action when jobs arrive.");
	}
	return table(
		["Action", "Queued", "At work", "Done", "Failed", "Median"],
		found.map(queue => [
			[
				h("a.action", { href: address("jobs", undefined, { action: queue.action }) }, queue.action),
				queue.queued > 0 && h("small", "oldest ", ago(queue.oldest_at)),
			],
			number(queue.queued),
			number(queue.processing),
			number(queue.last_hour.completed),
			number(queue.last_hour.failed),
			duration(queue.run_seconds?.p50),
		]),
	);
}

function server({ organizations, storage, since }) {
	const used = storage.disk_total_bytes
		? 1 - storage.disk_free_bytes / storage.disk_total_bytes
		: null;
	return [
		panel(
			"Organizations",
			organizations.length === 0
				? empty("Nobody in the last hour.", "Organizations show here when they send jobs.")
				: table(
						["Organization", "Queued", "At work", "Done", "Failed"],
						organizations.map(org => [
							org.name ?? short(org.org_id),
							number(org.queued),
							number(org.processing),
							number(org.last_hour.completed),
							number(org.last_hour.failed),
						]),
					),
		),
		panel(
			"Disk",
			h(
				"dl.facts",
				fact("Database", bytes(storage.database_bytes)),
				fact("Files", bytes(storage.asset_bytes)),
				fact("Free", bytes(storage.disk_free_bytes)),
				fact("Counting since", ago(since)),
			),
			used !== null && progress(used, "Disk in use"),
			used !== null && h("small", `${Math.round(used * 100)} % of the disk in use`),
		),
	];
}

const fact = (name, value) => h("div", h("dt", name), h("dd", value));

function table(names, rows) {
	return h(
		"div.scroll",
		{ tabindex: "0" },
		h(
			"table.table.table-figures",
			h(
				"thead",
				h(
					"tr",
					names.map(name => h("th", { scope: "col" }, name)),
				),
			),
			h(
				"tbody",
				rows.map(cells =>
					h(
						"tr",
						cells.map(cell => h("td", cell)),
					),
				),
			),
		),
	);
}
