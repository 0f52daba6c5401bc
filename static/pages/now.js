// Now: what the server is doing, how fast, what waits, and what somebody should look at.

import { read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address, link } from "../core/router.js";
import { ago, duration } from "../core/time.js";
import { bytes, counted, number, short } from "../core/words.js";
import { chart } from "../parts/chart.js";
import { code } from "../parts/code.js";
import { table } from "../parts/list.js";
import { empty, facts, head, panel } from "../parts/page.js";
import { progress, sign } from "../parts/state.js";

/** The least time between two looks at the figures, and the most while nothing happens: the
    length of a tick of the chart. Both in ms. */
const LOOK_EVERY = 2_000;
const TICK = 15_000;

export async function show({ signal, session }) {
	const view = parts();
	const look = async () => view.draw(await read("/overview", { signal }), session);
	await look();
	const soon = calmly(look, LOOK_EVERY, signal);
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
	const where = action && link("See the jobs", "jobs", { action });
	return h("p.warning", h("span.warning-sign", "!"), code(message), where);
}

function states({ jobs, waiting_clients: clients }) {
	const hour = jobs.last_hour;
	const state = (status, count, note) =>
		h(
			"a.state",
			{ href: address("jobs", { status }) },
			h("span.state-name", sign(status), status),
			h("strong", number(count)),
			h("small", note),
		);
	return [
		state("processing", jobs.processing, counted(clients, "client") + " waiting"),
		state("queued", jobs.queued, jobs.later ? `${number(jobs.later)} not due yet` : "due now"),
		state("completed", hour.completed, "in the last hour"),
		state("failed", hour.failed, "in the last hour"),
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
	const idle = number(Math.max(threads - local, 0));
	const note = threads !== null && h("p.muted", `${counted(threads, "worker")}, ${idle} idle`);
	if (busy.length === 0) {
		const advice = session.may("write")
			? ["Post a job, or ", link("try one here", "try"), "."]
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
	return figures(
		["Action", "Queued", "At work", "Done", "Failed", "Median"],
		found.map(queue => [
			[
				h("a.action", { href: address("jobs", { action: queue.action }) }, queue.action),
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
				: figures(
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
			facts([
				["Database", bytes(storage.database_bytes)],
				["Files", bytes(storage.asset_bytes)],
				["Free", bytes(storage.disk_free_bytes)],
				["Counting since", ago(since)],
			]),
			used !== null && progress(used, "Disk in use"),
			used !== null && h("small", `${Math.round(used * 100)} % of the disk in use`),
		),
	];
}

function figures(names, rows) {
	const row = cells => h("tr", cells.map(cell => h("td", cell)));
	return h("div.scroll", { tabindex: "0" }, table("figures", names, h("tbody", rows.map(row))));
}
