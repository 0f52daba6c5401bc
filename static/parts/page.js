// What every page is made of: a head, panels, empty states, failures and buttons that act.

import { isAbort } from "../core/api.js";
import { fill, h } from "../core/dom.js";

/** The head of a page: its title, what stands beside it, and what can be done. */
export function head(title, { note, actions } = {}) {
	return h(
		"header.head",
		h("div", h("h1", { tabindex: "-1" }, title), note && h("p.muted", note)),
		actions && h("div.head-actions", actions),
	);
}

/** The head of a thing: its name, and its id to copy. */
export function headOf(name, id, actions) {
	const title = h("div", h("h1", { tabindex: "-1" }, name), h("p.id.mono", id, copy(id)));
	return h("header.head", title, actions);
}

/** The way here. */
export const crumbs = (...links) => h("nav.crumbs", { "aria-label": "Where" }, links);

/** A panel with a title. */
export function panel(title, ...content) {
	const { note, name } = content[0]?.constructor === Object ? content.shift() : {};
	return h(
		"section.panel",
		{ "data-panel": name },
		title && h("h2", title, note && h("small", note)),
		content,
	);
}

/** Nothing to show, and what to do about it. */
export function empty(title, ...advice) {
	return h("div.empty", h("p.empty-title", title), h("p", advice));
}

/** Things below each other; where there are none, what to do about it. */
export const items = (list, make, ...nothing) =>
	list.length ? h("ul.items", list.map(make)) : empty(...nothing);

/** A text that is longer than this gets a line of its own. */
const LONG_FACT = 60;

/** A list of facts. Pairs without a value are left out. */
export function facts(pairs) {
	const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
	return h(
		"dl.facts",
		given.map(([name, value]) =>
			h(value.length > LONG_FACT ? "div.is-long" : "div", h("dt", name), h("dd", value)),
		),
	);
}

/** A failure in words, with the request's id for who looks into the log. */
export function failure(error) {
	return h(
		"div.failure",
		{ role: "alert" },
		h("p", error.message || "It failed."),
		error.requestId && h("p.muted.mono", error.requestId),
	);
}

/** A button. While its deed is done it cannot be pressed again; a failure is told. */
export function button(label, deed, { kind = "", type = "button", title, disabled } = {}) {
	const element = h("button", { type, class: `button ${kind}`, title, disabled }, label);
	if (deed) {
		element.addEventListener("click", async event => {
			if (element.getAttribute("aria-disabled") === "true") return;
			element.setAttribute("aria-disabled", "true");
			try {
				await deed(event);
			} catch (error) {
				if (!isAbort(error)) say(error.message, "failed");
			} finally {
				element.removeAttribute("aria-disabled");
			}
		});
	}
	return element;
}

/** A form whose `deed` is done when it is sent; what is wrong is told in it. */
export function entry(label, deed, ...fields) {
	const fault = h("p.fault", { role: "alert" });
	const send = button(label, null, { kind: "button-main", type: "submit" });
	const submit = async event => {
		event.preventDefault();
		fill(fault);
		send.setAttribute("aria-disabled", "true");
		try {
			await deed(event.target);
		} catch (error) {
			if (!isAbort(error)) fill(fault, error.message);
		} finally {
			send.removeAttribute("aria-disabled");
		}
	};
	return h("form.form", { on: { submit } }, fields, fault, send);
}

/** A control with its label, and what one should know of it. */
export const field = (label, control, hint) =>
	h("div.field", h("label", { for: control.id }, label), control, hint && h("small", hint));

/** A button that puts a text into the clipboard. */
export function copy(text, label = "Copy") {
	return button(
		label,
		async () => {
			await navigator.clipboard.writeText(typeof text === "function" ? text() : text);
			say("Copied.");
		},
		{ kind: "button-quiet" },
	);
}

/** Asks before something that cannot be taken back; whether the answer is yes. */
export function confirm(question, deed, { detail } = {}) {
	return new Promise(resolve => {
		const answer = value => () => (dialog.close(value), resolve(value === "yes"));
		const dialog = h(
			"dialog.dialog",
			{ on: { close: () => (dialog.remove(), resolve(false)) } },
			h("h2", question),
			detail && h("p", detail),
			h(
				"div.dialog-actions",
				h("button.button", { type: "button", on: { click: answer("no") } }, "Keep it"),
				h("button.button.button-danger", { type: "button", on: { click: answer("yes") } }, deed),
			),
		);
		document.body.append(dialog);
		dialog.showModal();
	});
}

/** Tells something in passing, also to a screen reader. */
export function say(text, state = "completed") {
	const box = document.getElementById("said");
	const note = h("p", { class: `said said-${state}` }, text);
	fill(box, note);
	setTimeout(() => note.remove(), state === "failed" ? 8_000 : 3_000);
}
