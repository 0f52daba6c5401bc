// A form from a JSON Schema: fields for what can be typed, and the whole as JSON for the rest.

import { fill, h } from "../core/dom.js";
import { number } from "../core/words.js";

/** The form of `schema`, filled with `value`. `choices` has options for fields by their name. */
export function form(schema, value, choices = {}) {
	const state = { value: structuredClone(value ?? {}) };
	const body = h("div.fields");
	const text = h("textarea.mono", { rows: 12, "aria-label": "Input as JSON" });
	const fault = h("p.fault", { role: "alert" });
	const changed = new EventTarget();
	const tell = () => changed.dispatchEvent(new Event("change"));
	const fields = () => fill(body, members(schema, state.value, { path: "f", choices, tell }));
	const asJson = () => {
		text.value = JSON.stringify(state.value, null, 2);
		fill(body, text, fault);
	};
	text.addEventListener("input", () => {
		try {
			state.value = JSON.parse(text.value || "{}");
			fill(fault);
			tell();
		} catch (error) {
			fill(fault, `This is no JSON yet: ${error.message}`);
		}
	});
	const toggle = h("button.button.button-quiet", { type: "button" }, "Edit as JSON");
	toggle.addEventListener("click", () => {
		const open = text.isConnected;
		if (open) fields();
		else asJson();
		fill(toggle, open ? "Edit as JSON" : "Edit as a form");
	});
	fields();
	return {
		element: h("div.form", body, toggle),
		changed,
		/** The value, without members that were left empty. */
		value: () => trimmed(state.value) ?? {},
		/** Does `deed`; what is refused for a field is told beside it. */
		async guard(deed) {
			try {
				await deed();
			} catch (error) {
				const name = String(error.param ?? "").replace(/^input\./, "");
				const field = name && body.querySelector(`[data-path="${CSS.escape(`f.${name}`)}"]`);
				const place = field?.parentElement.querySelector(".fault");
				if (!place) throw error;
				fill(place, error.message);
				field.focus();
			}
		},
	};
}

function members(schema, value, at) {
	const required = new Set(schema.required ?? []);
	const names = Object.entries(schema.properties ?? {});
	if (names.length === 0) return h("p.muted", "It takes whatever JSON object.");
	names.sort(([one], [other]) => required.has(other) - required.has(one));
	return names.map(([name, of]) => member(name, of, value, required.has(name), at));
}

function member(name, schema, value, isRequired, { path, choices, tell }) {
	const own = `${path}.${name}`;
	if (schema.type === "object" && schema.properties) {
		value[name] ??= {};
		const inner = members(schema, value[name], { path: own, choices, tell });
		return h("details.field-group", h("summary", name), h("div", inner));
	}
	const set = next => {
		if (next === undefined) delete value[name];
		else value[name] = next;
		tell();
	};
	const id = own.replaceAll(".", "-");
	const field = control(schema, value[name], set, choices[name]);
	Object.entries({ id, "data-path": own, "aria-describedby": `${id}-hint` }).forEach(
		([key, text]) => field.setAttribute(key, text),
	);
	if (isRequired && field.type !== "checkbox") field.required = true;
	const label = h("label", { for: id }, name, isRequired && h("small", " required"));
	const about = h("small", { id: `${id}-hint` }, hint(schema));
	const box = field.type === "checkbox" ? [h("span", field, " ", label)] : [label, field];
	return h("div.field", box, about, h("p.fault", { role: "alert" }));
}

/** The field for a schema; `set` is called with each new value, `undefined` when it is emptied. */
function control(schema, value, set, options) {
	const on = read => ({ input: ({ target }) => set(read(target)) });
	const words = options ?? schema.enum?.map(word => [word, word]);
	if (words) {
		const all = [["", "–"], ...words];
		const chosen = value ?? "";
		return h(
			"select",
			{ on: on(({ value }) => value || undefined) },
			all.map(([word, label]) => h("option", { value: word, selected: word === chosen }, label)),
		);
	}
	if (schema.type === "boolean") {
		return h("input", { type: "checkbox", checked: value === true, on: on(t => t.checked) });
	}
	if (schema.type === "integer" || schema.type === "number") {
		const step = schema.type === "integer" ? 1 : "any";
		const read = target => (target.value === "" ? undefined : target.valueAsNumber);
		const { minimum: min, maximum: max } = schema;
		return h("input", { type: "number", step, min, max, value: value ?? "", on: on(read) });
	}
	if (schema.type === "array" && schema.items?.type === "string") {
		const read = ({ value }) =>
			value
				.split("\n")
				.map(line => line.trim())
				.filter(Boolean);
		return h("textarea", { value: (value ?? []).join("\n"), on: on(read) });
	}
	if (schema.type === "string") {
		const long = (schema.maxLength ?? 0) > 300;
		const read = target => target.value || undefined;
		const type = schema.format === "uri" ? "url" : "text";
		const { maxLength: maxlength } = schema;
		return h(long ? "textarea" : "input", { type, maxlength, value: value ?? "", on: on(read) });
	}
	return json(value, set);
}

function json(value, set) {
	const field = h("textarea.mono", { placeholder: "JSON" });
	field.value = value === undefined ? "" : JSON.stringify(value, null, 2);
	field.addEventListener("input", () => {
		try {
			set(field.value.trim() ? JSON.parse(field.value) : undefined);
			field.setCustomValidity("");
		} catch {
			field.setCustomValidity("This is no JSON yet.");
		}
	});
	return field;
}

function hint({ description, type, items, minimum, maximum, maxLength, format }) {
	const limits = [];
	if (minimum !== undefined && maximum !== undefined) limits.push(`${minimum} to ${maximum}`);
	else if (minimum !== undefined) limits.push(`at least ${minimum}`);
	if (maxLength) limits.push(`up to ${number(maxLength)} characters`);
	if (type === "array" && items?.type === "string") limits.push("one a line");
	if (format === "uuid") limits.push("an id");
	return [description, limits.join(", ")].filter(Boolean).join(" – ");
}

/** Without empty objects and lists. */
function trimmed(value) {
	if (value === null || typeof value !== "object") return value;
	if (Array.isArray(value)) return value.length ? value : undefined;
	const kept = Object.entries(value)
		.map(([name, item]) => [name, trimmed(item)])
		.filter(([, item]) => item !== undefined);
	return kept.length ? Object.fromEntries(kept) : undefined;
}
