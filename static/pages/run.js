// A run: its graph, live, and what each step was given and gave.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { calmly, listen } from "../core/live.js";
import { address, go, link } from "../core/router.js";
import { ago, span } from "../core/time.js";
import { ownPath, short } from "../core/words.js";
import { graph } from "../parts/graph.js";
import { button, confirm, crumbs, empty, facts, headOf, panel, say } from "../parts/page.js";
import { badge, hasEnded } from "../parts/state.js";
import { tree } from "../parts/tree.js";

/** The least time between two readings of the run, in ms. */
const READ_EVERY = 250;

/** What stands around a graph in its panel, in px. */
const PADDING = 26;

export async function show({ id, query, signal, session }) {
	const path = `/runs/${encodeURIComponent(id)}`;
	const view = new View(await read(path, { signal }), {
		chosen: query.get("step"),
		mayWrite: session.may("write"),
	});
	const reload = async () => view.draw(await read(path, { signal }));
	const soon = calmly(reload, READ_EVERY, signal);
	listen((type, news) => {
		if (type === "reset" || news?.id === view.id || news?.run_id === view.id) soon();
	}, signal);
	signal.addEventListener("abort", () => view.leave());
	return view.elements;
}

class View {
	#run;
	#chosen;
	#mayWrite;
	#state = h("div.job-state", { role: "status" });
	#actions = h("div.head-actions");
	#graph = h("div.panel.panel-graph", { "data-panel": "graph" });
	#step = h("div");
	#shown;
	#width = innerWidth;
	#sizes = new ResizeObserver(([{ contentRect }]) => {
		if (contentRect.width === this.#width) return;
		this.#width = contentRect.width;
		this.redraw();
	});

	constructor(run, { chosen, mayWrite }) {
		this.#chosen = chosen;
		this.#mayWrite = mayWrite;
		this.id = run.run_id;
		this.elements = [
			crumbs(link("Runs", "runs"), link("Its jobs", "jobs", { run_id: this.id })),
			headOf(`Run ${short(this.id)}`, this.id, this.#actions),
			this.#state,
			this.#graph,
			this.#step,
		];
		// A step is chosen in place: the address keeps it, the page stays.
		this.#graph.addEventListener("click", event => {
			const link = event.target.closest("[data-step]");
			if (!link) return;
			event.preventDefault();
			event.stopPropagation();
			this.#choose(link.dataset.step);
		});
		this.draw(run);
		this.#sizes.observe(this.#graph);
	}

	leave() {
		this.#sizes.disconnect();
	}

	draw(run) {
		this.#run = run;
		const ended = hasEnded(run.status);
		const took = span(run.created_at, run.completed_at);
		fill(
			this.#state,
			badge(run.status),
			h("p.muted", "accepted ", ago(run.created_at), took && `, took ${took}`),
			run.retry_of &&
				link(`again of ${short(run.retry_of)}`, "runs", run.retry_of),
		);
		fill(this.#actions, this.#mayWrite && actions(run, ended));
		this.redraw();
	}

	redraw() {
		const { steps } = this.#run;
		const chosen = steps.find(({ id }) => id === this.#chosen) ?? suggested(steps);
		const focused = document.activeElement?.closest?.("[data-step]")?.dataset.step;
		fill(this.#graph, graph(this.#run, { chosen: chosen.id, room: this.#width - 2 * PADDING }));
		if (focused) this.#graph.querySelector(`[data-step="${CSS.escape(focused)}"]`)?.focus();
		// A tree that somebody opened must not close because another step moved.
		const is = JSON.stringify(chosen);
		if (is !== this.#shown) fill(this.#step, detail(chosen));
		this.#shown = is;
	}

	#choose(id) {
		this.#chosen = id;
		go(address("runs", this.id, { step: id }), { replace: true, quiet: true });
		this.redraw();
	}
}

/** The step that somebody would look at first. */
function suggested(steps) {
	const of = status => steps.find(step => step.status === status);
	return (
		of("failed") ??
		of("processing") ??
		steps.findLast(({ result }) => result?.image_url) ??
		steps[0]
	);
}

function actions(run, ended) {
	if (!ended) {
		return button("Cancel", async () => {
			const detail = "Steps that have not ended are cancelled with it.";
			if (!(await confirm("Cancel this run?", "Cancel it", { detail }))) return;
			await ask("POST", `/runs/${run.run_id}/cancel`);
			say("The run is cancelled.");
		});
	}
	if (run.status === "completed") return null;
	return button(
		"Retry from what failed",
		async () => {
			const { data } = await ask("POST", `/runs/${run.run_id}/retry`);
			go(address("runs", data.run_id));
		},
		{ kind: "button-main" },
	);
}

function detail(step) {
	const { brand, ...result } = step.result ?? {};
	const url = ownPath(step.result?.image_url ?? "");
	return h(
		"div.columns",
		panel(
			step.id,
			{ name: "step" },
			facts([
				["State", badge(step.status)],
				["Action", step.action],
				["Job", link(short(step.job_id), "jobs", step.job_id)],
				["Attempt", step.attempt || null],
				["Took", span(step.started_at, step.completed_at)],
				["Error", step.error && h("span.remark-failed", step.error)],
			]),
			h("h3", "What was passed into it"),
			Object.keys(step.mapped ?? {}).length
				? tree(step.mapped, { label: "what was passed" })
				: h("p.muted", step.depends_on.length ? "Nothing yet." : "It waits for none."),
		),
		panel(
			"What came out",
			{ name: "out" },
			step.result?.image_url &&
				h(
					"a",
					{ href: url, target: "_blank" },
					h("img.shot", { src: url, alt: `The picture of ${step.id}` }),
				),
			step.result
				? tree(brand ? { ...result, brand } : result, { label: "the result" })
				: empty("Nothing yet.", "The step's result shows here when it has completed."),
		),
	);
}
