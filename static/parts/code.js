// Words with `code` in them, and blocks of code with a button to copy them.

import { fill, h } from "../core/dom.js";
import { copy } from "./page.js";

/** A sentence whose parts between backticks are set as code. */
export function code(text) {
	return h(
		"span",
		String(text)
			.split("`")
			.map((part, place) => (place % 2 ? h("code", part) : part)),
	);
}

/** A block of code. */
export function block(text) {
	return h("div.block", h("pre", { tabindex: "0" }, text), copy(text));
}

/** Several blocks of which one is shown, `choices` being `[label, text]`. */
export function choice(choices, label) {
	const body = h("div");
	const buttons = choices.map(([name, text], place) =>
		h(
			"button",
			{
				type: "button",
				role: "tab",
				"aria-selected": String(place === 0),
				on: { click: event => pick(event.currentTarget, text) },
			},
			name,
		),
	);
	const pick = (chosen, text) => {
		for (const button of buttons) button.setAttribute("aria-selected", String(button === chosen));
		fill(body, block(text));
	};
	pick(buttons[0], choices[0][1]);
	return h("div", h("div.tabs", { role: "tablist", "aria-label": label }, buttons), body);
}
