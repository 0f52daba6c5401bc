// Schedules: what is submitted again and again, when it is next, and what came of it last.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address, go, link } from "../core/router.js";
import { ago } from "../core/time.js";
import { short } from "../core/words.js";
import { form } from "../parts/form.js";
import { button, confirm, entry, head, items, panel } from "../parts/page.js";

/** The least time between two readings of the list, in ms. */
const READ_EVERY = 2_000;

export async function show({ signal, session }) {
	const mayWrite = session.may("write");
	const list = h("div");
	const load = async () => {
		const { data } = await read("/schedules", { signal });
		const make = one => item(one, mayWrite && load);
		const advice = mayWrite ? "Say beside this what, and when." : "A key that may write adds one.";
		fill(list, items(data, make, "Nothing is scheduled.", advice));
	};
	await load();
	// What falls due brings jobs or runs.
	listen(calmly(load, READ_EVERY, signal), signal);
	const all = panel("All", { name: "schedules" }, list);
	return [
		head("Schedules", { note: "Jobs and runs by the clock of a place." }),
		mayWrite ? h("div.columns.columns-keys", all, panel("A new one", await maker(load))) : all,
	];
}

function item(one, load) {
	const { id, name, action, run, is_active: active, last_at: at } = one;
	const { last_job_id: job, last_run_id: ran } = one;
	const what = action ?? run.steps.map(step => step.id).join(" → ");
	const path = `/schedules/${id}`;
	const change = async (...request) => {
		await ask(...request);
		await load();
	};
	const submit = async () => {
		const { data } = await ask("POST", `${path}/run`, { body: {} });
		go(data.run_id ? address("runs", data.run_id) : address("jobs", data.job_id));
	};
	const remove = async () => {
		const detail = "What it submitted goes on.";
		if (await confirm("Delete this schedule?", "Delete it", { detail })) await change("DELETE", path);
	};
	const pause = () => change("PATCH", path, { body: { is_active: !active } });
	const last = job ? link(short(job), "jobs", job) : ran && link(short(ran), "runs", ran);
	return h(
		"li",
		h(
			"div",
			h("b", name ?? what),
			h("span.tag", active ? one.overlap : "paused"),
			h("p.muted", name && `${what} · `, h("code", one.cron), ` ${one.time_zone}`),
			h("p.muted", active && ["next ", ago(one.next_at)], last && [" · last ", ago(at), " ", last]),
			one.skip_reason && h("p.remark-failed", `Left out: ${one.skip_reason}.`),
		),
		load &&
			h(
				"div.head-actions",
				button("Run now", submit),
				button(active ? "Pause" : "Resume", pause),
				button("Delete", remove),
			),
	);
}

async function maker(load) {
	const { data: actions } = await read("/actions");
	const properties = {
		name: { type: "string", maxLength: 100 },
		cron: { type: "string", description: "Minute, hour, day of month, month, day of week" },
		time_zone: { type: "string" },
		action: { enum: actions.map(({ name }) => name) },
		input: { type: "object" },
		overlap: { enum: ["skip", "queue", "replace"], description: "While the last one goes on" },
	};
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	const schema = { properties, required: ["cron", "action"] };
	const fields = form(schema, { time_zone: zone, overlap: "skip" });
	const add = async () => {
		await ask("POST", "/schedules", { body: fields.value() });
		await load();
	};
	return entry("Schedule it", () => fields.guard(add), fields.element);
}
