// A JSON value as a tree that folds, can be searched and copied. Branches are built when they are
// opened, so a long list costs nothing until somebody looks.

import { fill, h } from "../core/dom.js";
import { copy } from "./page.js";

/** Members shown before the rest must be asked for. */
const MEMBERS_AT_ONCE = 100;

/** The longest text that is shown whole. */
const LONG_TEXT = 600;

/** Branches that are open at first: the root, and short ones in it. */
const OPEN_DEPTH = 2;
const SHORT_BRANCH = 8;

const HEX = /^#[0-9a-f]{6}$/i;

/** The tree of `value`, with a field to search it and a button to copy it. */
export function tree(value, { label, raw } = {}) {
	const body = h("div.tree", { tabindex: "0", role: "group", "aria-label": label });
	const search = h("input", {
		type: "search",
		class: "tree-search",
		placeholder: "Find in it",
		"aria-label": `Find in ${label}`,
		on: { input: () => show(search.value.trim().toLowerCase()) },
	});
	const show = needle => fill(body, node(value, { needle, depth: 0 }));
	show("");
	return h(
		"div.tree-box",
		h(
			"div.tree-bar",
			search,
			copy(() => JSON.stringify(value, null, 2)),
			raw && h("a.button.button-quiet", { href: raw, target: "_blank" }, "Raw"),
		),
		body,
	);
}

function node(value, at) {
	if (value !== null && typeof value === "object") return branch(value, at);
	return leaf(value, at);
}

function branch(value, { name, needle, depth }) {
	const isList = Array.isArray(value);
	const entries = Object.entries(value);
	const within = needle ? entries.filter(([key, item]) => holds(key, item, needle)) : entries;
	const shown = isHit(name, needle) ? entries : within;
	const size = isList ? `[${entries.length}]` : `{${entries.length}}`;
	if (entries.length === 0) return line(name, needle, h("span.tree-size", size));
	const list = h("ul");
	const build = () => {
		if (list.firstChild) return;
		grow(list, shown, 0, (key, item) =>
			node(item, { name: isList ? Number(key) : key, needle, depth: depth + 1 }),
		);
	};
	const opened =
		depth === 0 || Boolean(needle) || (depth < OPEN_DEPTH && entries.length <= SHORT_BRANCH);
	if (opened) build();
	const details = h(
		"details",
		{ open: opened, on: { toggle: build } },
		h("summary", key(name, needle), h("span.tree-size", size)),
		list,
	);
	return h("div", details);
}

function grow(list, entries, from, make) {
	const until = from + MEMBERS_AT_ONCE;
	for (const [name, item] of entries.slice(from, until)) {
		list.append(h("li", make(name, item)));
	}
	if (entries.length > until) {
		const more = h(
			"button.button.button-quiet",
			{ type: "button", on: { click: () => (rest.remove(), grow(list, entries, until, make)) } },
			`${entries.length - until} more`,
		);
		const rest = h("li", more);
		list.append(rest);
	}
}

function leaf(value, { name, needle }) {
	if (typeof value !== "string") {
		return line(name, needle, h("span.tree-plain", mark(String(value), needle)));
	}
	const text = h("span.tree-text", mark(value.slice(0, LONG_TEXT), needle));
	const swatch = HEX.test(value) && h("span.swatch", { style: { background: value } });
	const rest = value.length - LONG_TEXT;
	const whole = h(
		"button.button.button-quiet",
		{ type: "button", on: { click: () => (fill(text, value), whole.remove()) } },
		`${rest} more characters`,
	);
	return line(name, needle, swatch, text, rest > 0 && whole);
}

function line(name, needle, ...value) {
	return h("div", key(name, needle), value);
}

function key(name, needle) {
	if (name === undefined) return null;
	return h("span.tree-key", mark(String(name), needle));
}

function mark(text, needle) {
	const at = needle ? text.toLowerCase().indexOf(needle) : -1;
	if (at < 0) return text;
	const end = at + needle.length;
	return [text.slice(0, at), h("mark", text.slice(at, end)), text.slice(end)];
}

const isHit = (name, needle) =>
	Boolean(needle) &&
	String(name ?? "")
		.toLowerCase()
		.includes(needle);

function holds(name, value, needle) {
	if (isHit(name, needle)) return true;
	if (value !== null && typeof value === "object") {
		return Object.entries(value).some(([inner, item]) => holds(inner, item, needle));
	}
	return String(value).toLowerCase().includes(needle);
}
