// One route: what it takes, answers and refuses, and a line of curl to try it with.

import { h } from "../core/dom.js";
import { block, choice, code } from "../parts/code.js";
import { follow } from "./document.js";
import { schemaOf, words } from "./schema.js";

/** All that is told of an operation. */
export function operationOf(document, operation) {
	return h(
		"div.operation",
		operation.about && h("p.prose", code(operation.about)),
		part("Try it", block(curl(operation))),
		operation.parameters.length > 0 && part("Parameters", parameters(document, operation)),
		operation.body && part("Body", bodyOf(document, operation.body)),
		part(
			"Answers",
			operation.answers.map(answer => answerOf(document, answer)),
		),
		part("Refusals", refusals(operation)),
	);
}

function part(title, ...content) {
	return [h("h3", title), content];
}

function parameters(document, { parameters }) {
	const row = ({ name, in: place, required, description, schema }) =>
		h(
			"tr",
			h("td", h("code", name), required && h("span.tag", "required")),
			h("td", place),
			h("td", words(document, schema)),
			h("td", code(description)),
		);
	const titles = ["Name", "In", "Kind", "Meaning"].map(title => h("th", { scope: "col" }, title));
	return h(
		"div.scroll",
		h("table.table", h("thead", h("tr", titles)), h("tbody", parameters.map(row))),
	);
}

function bodyOf(document, body) {
	const [[, media]] = Object.entries(body.content);
	const examples = Object.entries(media.examples ?? {});
	return [
		!body.required && h("p.muted", "May be left out."),
		schemaOf(document, media.schema),
		examples.length > 0 &&
			choice(
				examples.map(([name, { value }]) => [name, JSON.stringify(value, null, 2)]),
				"Examples",
			),
	];
}

function answerOf(document, { status, description, headers = {}, content = {} }) {
	const named = Object.keys(headers).filter(name => !name.startsWith("X-Rate"));
	return h(
		"div.answer",
		h("p", h("b", String(status)), " ", code(description)),
		named.length > 0 && h("p.muted", "Headers: ", code(named.map(it => `\`${it}\``).join(", "))),
		Object.entries(content).map(([kind, { schema, example }]) => [
			h("p.muted.mono", kind),
			kind === "application/json" && schemaOf(document, schema),
			example !== undefined && exampleOf(example),
		]),
	);
}

function exampleOf(example) {
	const text = typeof example === "string" ? example : JSON.stringify(example, null, 2);
	return h("details", h("summary", "Example"), block(text));
}

/** Each code with its status and what it means, as the document's descriptions say it. */
function refusals({ refusals }) {
	const rows = refusals.flatMap(({ status, content }) =>
		Object.entries(content?.["application/json"]?.examples ?? {}).map(([name, { value }]) =>
			h(
				"tr",
				h("td", String(status)),
				h("td", h("code", name)),
				h("td", code(value.error.message ?? value.error)),
			),
		),
	);
	const titles = ["Status", "Code", "Meaning"].map(title => h("th", { scope: "col" }, title));
	return h("div.scroll", h("table.table", h("thead", h("tr", titles)), h("tbody", rows)));
}

/** The request as one would type it: parts of the path in capitals, the key in a variable. */
function curl({ method, path, scope, parameters, body }) {
	const typed = path.replaceAll(/\{(\w+)\}/g, (_, name) => name.toUpperCase());
	const json = body && Object.values(body.content)[0].examples;
	const example = json && Object.values(json)[0]?.value;
	const key = parameters.some(({ name }) => name === "Idempotency-Key");
	const lines = [
		`curl -sS ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${location.origin}${typed}`,
		scope && `  -H "Authorization: Bearer $API_KEY"`,
		key && `  -H 'Idempotency-Key: choose-one'`,
		example && `  -H 'Content-Type: application/json'`,
		example && `  -d '${JSON.stringify(example).replaceAll("'", `'\\''`)}'`,
	];
	return lines.filter(Boolean).join(" \\\n");
}
