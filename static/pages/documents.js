// Handoffs and insights of a project: the list, and one of them to read.

import { ask } from "../core/api.js";
import { h } from "../core/dom.js";
import { address, go, link, search } from "../core/router.js";
import { ago } from "../core/time.js";
import { markdown } from "../parts/markdown.js";
import { segments } from "../parts/list.js";
import { copy, crumbs, empty, head, items, panel } from "../parts/page.js";

const KINDS = { handoff: "handoffs", insight: "insights" };

export async function show({ id, query, signal }) {
	const kind = query.get("kind") in KINDS ? query.get("kind") : "handoff";
	if (id) return reading(kind, id, signal);
	const { projects } = await ask("GET", "/projects", { signal });
	const project = projects.find(({ id }) => id === query.get("project")) ?? projects[0];
	const title = head("Handoffs & insights", { note: "Written from what a team really did." });
	if (!project) return [title, empty("No projects yet.", ...advice())];
	const to = change => address("documents", { project: project.id, kind, ...change });
	const choose = ({ target }) => go(to({ project: target.value }));
	const option = ({ id, name }) => h("option", { value: id, selected: id === project.id }, name);
	const found = await list(kind, project.id, signal);
	return [
		title,
		h(
			"div.filters",
			segments("Kind", Object.entries(KINDS), kind, kind => to({ kind })),
			h("select", { "aria-label": "Project", on: { change: choose } }, projects.map(option)),
		),
		found.length === 0
			? empty(`No ${KINDS[kind]} of ${project.name} yet.`, ...advice())
			: h(
					"ul.items.panel",
					found.map(one => item(kind, one)),
				),
	];
}

const advice = () => [
	h("code", "tidemill projects add NAME --repo PATH"),
	" brings a project in, ",
	link("a form here", "try", "handoffs.generate"),
	" has its documents written.",
];

async function list(kind, project, signal) {
	const path =
		kind === "handoff"
			? `/handoffs${search({ project_id: project, limit: 50 })}`
			: `/projects/${encodeURIComponent(project)}/insights?limit=50`;
	return (await ask("GET", path, { signal }))[KINDS[kind]];
}

function item(kind, { id, title, summary, created_at: at, kind: sort }) {
	return h(
		"li",
		h(
			"div",
			h("a.action", { href: address("documents", id, { kind }) }, title || "Untitled"),
			sort && h("span.tag", sort.replaceAll("_", " ")),
			h("p.muted", summary),
		),
		h("small", ago(at)),
	);
}

async function reading(kind, id, signal) {
	const found = await ask("GET", `/${KINDS[kind]}/${encodeURIComponent(id)}`, { signal });
	const one = found[kind] ?? found.data ?? found;
	const events = await evidence(one, signal);
	const list = address("documents", { kind, project: one.project_id });
	return [
		crumbs(h("a", { href: list }, KINDS[kind])),
		head(one.title || "Untitled", {
			note: [one.project_name, " written ", ago(one.created_at)],
			actions: copy(one.markdown ?? "", "Copy the Markdown"),
		}),
		h(
			"div.columns.columns-job",
			h("article.panel", markdown(one.markdown ?? one.summary)),
			panel(
				"Evidence",
				items(events, event, "It cites no event.", "What speaks for it are files."),
			),
		),
	];
}

/** The events that the document cites, as far as they are among the project's newest. */
async function evidence({ project_id: project, related_event_ids: ids = [] }, signal) {
	const path = `/events${search({ project_id: project, limit: 100 })}`;
	const { events } = await ask("GET", path, { signal }).catch(() => ({ events: [] }));
	const known = new Map(events.map(event => [event.id, event]));
	return ids.map(id => known.get(id) ?? { id });
}

function event({ id, title, source, url, created_at: at }) {
	const name = title ?? id;
	const link = url ? h("a", { href: url, target: "_blank", rel: "noreferrer" }, name) : name;
	return h("li", h("div", link, source && h("span.tag", source)), at && h("small", ago(at)));
}
