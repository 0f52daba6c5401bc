// What pages with lists have in common: choices beside each other, a table, the way to older pages.

import { h } from "../core/dom.js";

/** Links of which one is where we are; `choices` being `[value, label]`. */
export function segments(label, choices, chosen, to) {
	return h(
		"div.segments",
		{ role: "group", "aria-label": label },
		choices.map(([value, text]) =>
			h("a", { href: to(value), "aria-current": value === chosen && "true" }, text),
		),
	);
}

/** A table of a kind, which its style is named after. */
export function table(kind, columns, body) {
	const heads = columns.map(column => column && h("th", { scope: "col" }, column));
	return h("table", { class: `table table-${kind}` }, h("thead", h("tr", heads)), body);
}

/** Where the list begins and how it goes on: addresses, or nothing. */
export function pager(older, newer, back = "Newest") {
	return h(
		"div.pager",
		newer && h("a.button", { href: newer }, back),
		older && h("a.button", { href: older }, "Older"),
	);
}
