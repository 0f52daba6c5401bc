// Jobs, newest first. Every filter stands in the address, so that a view can be sent to somebody.

import { ask, isAbort, read } from "../core/api.js";
import { Rows, fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address, link, search } from "../core/router.js";
import { counted } from "../core/words.js";
import { filters } from "../parts/filters.js";
import { jobRow } from "../parts/job-row.js";
import { pager, table } from "../parts/list.js";
import { button, confirm, empty, failure, head, say } from "../parts/page.js";

/** The least time between two readings of the list, in ms. */
const READ_EVERY = 1_000;

const FILTERS = ["status", "action", "run_id", "q", "created_after", "created_before"];

export async function show({ query, signal, session }) {
	const filter = Object.fromEntries(FILTERS.map(name => [name, query.get(name) ?? ""]));
	const cursor = query.get("cursor") ?? "";
	const list = new List(session.may("write"));
	const load = async () => {
		const page = await read(`/jobs${search({ ...filter, cursor, limit: 50 })}`, { signal });
		list.show(page, filter, cursor);
	};
	await load().catch(error => {
		if (isAbort(error)) throw error;
		fill(list.element, failure(error));
	});
	const soon = calmly(load, READ_EVERY, signal);
	listen((type, news) => {
		if (type === "reset") return soon();
		if (type !== "job") return;
		const known = list.update(news.id, news);
		// A later page is a place in the past: nothing new comes there.
		if (known || (!cursor && mayShow(news, filter, session))) soon();
	}, signal);
	const add = h("a.button.button-main", { href: address("try") }, "Try an action");
	const actions = await read("/actions", { signal }).then(({ data }) => data.map(a => a.name));
	return [
		head("Jobs", { actions: session.may("write") && add }),
		filters(filter, actions),
		list.element,
	];
}

function mayShow(news, { action, run_id: run }, session) {
	// Who may see the whole server hears of everybody's jobs, and lists their own.
	if (news.org_id && news.org_id !== session.org_id) return false;
	return (!action || news.action === action) && (!run || news.run_id === run);
}

/** The table with what was chosen in it. */
class List {
	#chosen = new Set();
	#body = h("tbody");
	#all = h("input", { type: "checkbox", "aria-label": "Choose all on this page" });
	#bar = h("div.chosen", { role: "region", "aria-label": "Chosen jobs" });
	#below = h("div");
	#shown = [];
	#mayWrite;
	#rows;

	constructor(mayWrite) {
		this.#mayWrite = mayWrite;
		this.#rows = new Rows(this.#body, job =>
			jobRow(job, mayWrite && { chosen: this.#chosen, changed: () => this.#choose() }),
		);
		this.#all.addEventListener("change", () => {
			for (const { id } of this.#shown) {
				this.#chosen[this.#all.checked ? "add" : "delete"](id);
			}
			this.#choose();
		});
		this.element = h("div.list");
		const columns = [mayWrite && this.#all, "State", "Action", "Job", "Accepted", "Took"];
		this.table = table("jobs", columns, this.#body);
	}

	show({ data, next_cursor: next }, filter, cursor) {
		this.#shown = data;
		if (data.length === 0) {
			fill(this.element, nothing(filter));
			return;
		}
		this.#rows.show(data, ({ id }) => id);
		this.#choose();
		fill(this.#below, pager(next && to({ ...filter, cursor: next }), cursor && to(filter)));
		if (this.table.parentElement !== this.element) {
			fill(this.element, this.#bar, this.table, this.#below);
		}
	}

	update(id, news) {
		const { status, progress, phase } = news;
		return this.#rows.update(id, { status, progress, payload: { phase } });
	}

	/** Shows what can be done with those that are chosen. */
	#choose() {
		for (const box of this.#body.querySelectorAll("input[type=checkbox]")) {
			box.checked = this.#chosen.has(box.value);
		}
		const size = this.#chosen.size;
		this.#all.checked = size > 0 && this.#shown.every(({ id }) => this.#chosen.has(id));
		this.#all.indeterminate = size > 0 && !this.#all.checked;
		if (!this.#mayWrite || size === 0) return fill(this.#bar);
		fill(
			this.#bar,
			h("b", `${counted(size, "job")} chosen`),
			button("Cancel", () => this.#cancel()),
			button("Submit again", () => this.#again()),
			button("Choose none", () => (this.#chosen.clear(), this.#choose()), { kind: "button-quiet" }),
		);
	}

	async #cancel() {
		const ids = [...this.#chosen];
		const detail = "Those that have ended stay as they are.";
		if (!(await confirm(`Cancel ${counted(ids.length, "job")}?`, "Cancel them", { detail })))
			return;
		const { data } = await ask("POST", "/jobs/cancel", { body: { ids } });
		this.#done(data.data, "cancelled");
	}

	async #again() {
		const ids = [...this.#chosen];
		const { data } = await ask("POST", "/jobs/retry", { body: { ids } });
		this.#done(data.data, "submitted again");
	}

	#done(answers, deed) {
		const refused = answers.filter(({ error }) => error);
		const done = `${counted(answers.length - refused.length, "job")} ${deed}.`;
		const left = refused.length ? ` ${refused.length} not: ${refused[0].error.message}` : "";
		say(done + left, refused.length ? "failed" : "completed");
		this.#chosen.clear();
		this.#choose();
	}
}

const to = parameters => address("jobs", parameters);

function nothing(filter) {
	if (Object.values(filter).some(Boolean)) {
		return empty("No job fits.", h("a", { href: to({}) }, "Show all jobs"), ".");
	}
	return empty(
		"No jobs yet.",
		"Post one to ",
		h("code", "/api/v1/jobs"),
		", or ",
		link("try one here", "try"),
		".",
	);
}
