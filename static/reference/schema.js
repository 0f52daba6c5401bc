// A JSON Schema as a list of members that unfolds. Members are built when somebody opens them.

import { h } from "../core/dom.js";
import { code } from "../parts/code.js";
import { follow } from "./document.js";

/** What `schema` allows. */
export function schemaOf(document, schema) {
	return h("div.schema", body(document, follow(document, schema).value));
}

/** The members of an object, or the kinds of which one is meant. */
function body(document, schema) {
	const flat = merge(document, schema);
	const kinds = flat.anyOf?.filter(kind => !isOnlyRequired(kind) && kind.type !== "null");
	if (flat.properties) return members(document, flat);
	if (kinds?.length) return h("ul", kinds.map(kind => h("li", member(document, "", kind))));
	if (flat.type === "array" && flat.items) return member(document, "each", flat.items);
	return h("p.muted", words(document, flat) || "anything");
}

/** All parts of an `allOf` as one. */
function merge(document, schema) {
	const parts = (schema.allOf ?? []).map(part => merge(document, follow(document, part).value));
	return [...parts, schema].reduce(
		(whole, part) => ({
			...whole,
			...part,
			properties: whole.properties || part.properties
				? { ...whole.properties, ...part.properties }
				: undefined,
			required: [...(whole.required ?? []), ...(part.required ?? [])],
		}),
		{},
	);
}

const isOnlyRequired = kind => Object.keys(kind).length === 1 && Boolean(kind.required);

function members(document, { properties, required = [] }) {
	const names = Object.keys(properties);
	const first = names.filter(name => required.includes(name));
	const rest = names.filter(name => !required.includes(name));
	return h(
		"ul",
		[...first, ...rest].map(name =>
			h("li", member(document, name, properties[name], first.includes(name))),
		),
	);
}

function member(document, name, schema, isRequired) {
	const { value, name: kind } = follow(document, schema);
	const inner = within(document, value);
	const line = [
		name && h("code", name),
		h("span.schema-kind", kind ?? words(document, value)),
		isRequired && h("span.tag", "always"),
		value.description && h("span.muted", code(value.description)),
	];
	if (!inner) return h("div.schema-line", line);
	const content = h("div");
	const build = () => content.firstChild ?? content.append(body(document, inner));
	// One of several kinds has no name that would say what is in it.
	if (!name) build();
	const props = { open: !name, on: { toggle: build } };
	return h("details", props, h("summary.schema-line", line), content);
}

/** The schema whose members can be looked at below this one. */
function within(document, schema) {
	const flat = merge(document, schema);
	if (flat.properties) return flat;
	if (flat.type === "array" || flat.items) {
		return flat.items && within(document, follow(document, flat.items).value);
	}
	const kinds = (flat.anyOf ?? []).map(kind => follow(document, kind).value);
	const open = kinds.filter(kind => within(document, kind));
	return open.length > 1 ? flat : open[0] && within(document, open[0]);
}

/** A schema in a few words: `integer, 0 to 9`. */
export function words(document, schema) {
	if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(" | ");
	if ("const" in schema) return JSON.stringify(schema.const);
	if (schema.anyOf) {
		const kinds = schema.anyOf.filter(kind => !isOnlyRequired(kind));
		const named = kinds.map(kind => {
			const { value, name } = follow(document, kind);
			return name ?? words(document, value);
		});
		if (named.length) return [...new Set(named)].join(" | ");
	}
	const kinds = [schema.type ?? []].flat();
	const base = kinds.map(kind => (kind === "array" ? listOf(document, schema) : kind)).join(" | ");
	return [base, schema.format, limits(schema)].filter(Boolean).join(", ");
}

function listOf(document, { items }) {
	if (!items) return "list";
	const { value, name } = follow(document, items);
	return `list of ${name ?? words(document, value)}`;
}

function limits(schema) {
	const range = (least, most, unit) => {
		if (least === undefined && most === undefined) return "";
		if (most === undefined) return `at least ${least}${unit}`;
		return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
	};
	return [
		range(schema.minimum, schema.maximum, ""),
		range(schema.minLength, schema.maxLength, " characters"),
		range(schema.minItems, schema.maxItems, " items"),
		schema.default === undefined ? "" : `default ${JSON.stringify(schema.default)}`,
	]
		.filter(Boolean)
		.join(", ");
}
