// The filters of the list of jobs: a form whose fields are the address's query.

import { h } from "../core/dom.js";
import { address, go } from "../core/router.js";
import { short } from "../core/words.js";
import { segments } from "./list.js";
import { word } from "./state.js";

const STATES = ["", "queued", "processing", "completed", "failed", "cancelled"].map(state => [
	state,
	state ? word(state) : "all",
]);

const SPANS = [
	["", "Any time"],
	["900", "Last 15 minutes"],
	["3600", "Last hour"],
	["86400", "Last day"],
	["604800", "Last week"],
];

/** The form. `filter` is what the address says now. */
export function filters(filter, actions) {
	const apply = change => go(to({ ...filter, ...change }));
	return h(
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
		segments("State", STATES, filter.status, status => to({ ...filter, status })),
		h(
			"select",
			{ "aria-label": "Action", on: { change: event => apply({ action: event.target.value }) } },
			[["", "Every action"], ...withOwn(actions, filter.action)].map(([value, label]) =>
				h("option", { value, selected: value === filter.action }, label),
			),
		),
		h(
			"select",
			{ "aria-label": "Time", on: { change: event => apply(since(event.target.value)) } },
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
				{ href: to({ ...filter, run_id: "" }) },
				`run ${short(filter.run_id)}`,
				h("span", { "aria-label": "remove" }, "×"),
			),
	);
}

const to = parameters => address("jobs", parameters);

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
