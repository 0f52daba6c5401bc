// The filters of the list of jobs: a form whose fields are the address's query.

import { h } from "../core/dom.js";
import { address, go } from "../core/router.js";
import { short } from "../core/words.js";
import { word } from "./state.js";

const STATES = ["", "queued", "processing", "completed", "failed", "cancelled"];

const SPANS = [
	["", "Any time"],
	["900", "Last 15 minutes"],
	["3600", "Last hour"],
	["86400", "Last day"],
	["604800", "Last week"],
];

/** The form. `filter` is what the address says now. */
export function filters(filter, actions) {
	const apply = change => go(address("jobs", undefined, { ...filter, ...change }));
	const form = h(
		"form.filters",
		{
			role: "search",
			on: {
				submit: event => {
					event.preventDefault();
					find(event.target.elements.find.value.trim(), apply);
				},
			},
		},
		states(filter),
		h("label.visually-hidden", { for: "filter-action" }, "Action"),
		h(
			"select",
			{ id: "filter-action", on: { change: event => apply({ action: event.target.value }) } },
			[["", "Every action"], ...withOwn(actions, filter.action)].map(([value, label]) =>
				h("option", { value, selected: value === filter.action }, label),
			),
		),
		h("label.visually-hidden", { for: "filter-span" }, "Time"),
		h(
			"select",
			{ id: "filter-span", on: { change: event => apply(since(event.target.value)) } },
			filter.created_after && h("option", { selected: true, value: "kept" }, "Since a moment"),
			SPANS.map(([value, label]) => h("option", { value }, label)),
		),
		h("input", {
			type: "search",
			name: "find",
			placeholder: "Error text or job id",
			"aria-label": "Find by the text of the error, or by the job's id",
			value: filter.q,
		}),
		filter.run_id &&
			h(
				"a.chip",
				{ href: address("jobs", undefined, { ...filter, run_id: "" }) },
				`run ${short(filter.run_id)}`,
				h("span", { "aria-label": "remove" }, "×"),
			),
	);
	return form;
}

function states(filter) {
	return h(
		"div.segments",
		{ role: "group", "aria-label": "State" },
		STATES.map(status =>
			h(
				"a",
				{
					href: address("jobs", undefined, { ...filter, status }),
					"aria-current": status === filter.status ? "true" : undefined,
				},
				status ? word(status) : "all",
			),
		),
	);
}

function withOwn(actions, own) {
	const known = own && !actions.includes(own) ? [...actions, own] : actions;
	return known.map(name => [name, name]);
}

function since(seconds) {
	if (seconds === "kept") return {};
	const after = seconds && new Date(Date.now() - Number(seconds) * 1000).toISOString();
	return { created_after: after, created_before: "" };
}

/** An id opens its job; any other text is looked for in errors. */
function find(text, apply) {
	if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text)) go(address("jobs", text.toLowerCase()));
	else apply({ q: text });
}
