// The API reference: every route by group, found by any word that is said of it.

import { fill, h } from "../core/dom.js";
import { address, go } from "../core/router.js";
import { code } from "../parts/code.js";
import { empty, head, panel } from "../parts/page.js";
import { groups, load } from "./document.js";
import { operationOf } from "./operation.js";

/** The page; `id` names the operation that is open at first. */
export async function show({ id, query }) {
	const document = await load();
	const all = groups(document);
	const list = h("div");
	const search = h("input", {
		type: "search",
		class: "reference-search",
		placeholder: "Find a route, a parameter, an error code",
		"aria-label": "Find in the reference",
		value: query.get("q") ?? "",
		on: { input: () => find() },
	});
	const find = () => {
		const needles = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		const found = all
			.map(group => ({
				...group,
				operations: group.operations.filter(({ words }) =>
					needles.every(needle => words.includes(needle)),
				),
			}))
			.filter(({ operations }) => operations.length > 0);
		const nothing = empty("Nothing is said of that.", "Try a part of a path, or an error code.");
		fill(list, found.length > 0 ? found.map(group => groupOf(document, group, id)) : nothing);
	};
	find();
	const raw = h("a.button", { href: "/openapi.json", target: "_blank" }, "openapi.json");
	return [
		h("link", { rel: "stylesheet", href: "/static/reference/style.css" }),
		head("API reference", { note: `Tidemill ${document.info.version}`, actions: raw }),
		panel(
			undefined,
			document.info.description.split("\n\n").map(text => h("p.prose", code(text))),
		),
		search,
		list,
	];
}

function groupOf(document, { name, about, operations }, opened) {
	return panel(
		name,
		h("p.muted.prose", about),
		h(
			"ul.operations",
			operations.map(operation => h("li", folded(document, operation, operation.id === opened))),
		),
	);
}

function folded(document, operation, isOpen) {
	const content = h("div");
	const build = () => content.firstChild ?? content.append(operationOf(document, operation));
	if (isOpen) build();
	const toggle = ({ currentTarget }) => {
		if (!currentTarget.open) return;
		build();
		go(address("reference", operation.id), { replace: true, quiet: true });
	};
	const summary = h(
		"summary",
		h("span", { class: `method method-${operation.method}` }, operation.method.toUpperCase()),
		h("code", operation.path),
		h("span.muted", operation.summary),
		operation.scope && h("span.tag", operation.scope),
	);
	return h("details", { open: isOpen, id: operation.id, on: { toggle } }, summary, content);
}
