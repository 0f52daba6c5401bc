// Asks for a key once and changes it for a cookie that no script can read. The key is forgotten.

import { ask } from "../core/api.js";
import { h } from "../core/dom.js";
import { entry } from "../parts/page.js";

/** The form; `entered(session)` is called when the key was taken. */
export function signIn(entered) {
	const field = h("input", {
		id: "key",
		type: "password",
		autocomplete: "off",
		spellcheck: "false",
		required: true,
		placeholder: "pi_live_…",
		value: offered(),
	});
	const enter = async () => {
		try {
			const headers = { Authorization: `Bearer ${field.value.trim()}` };
			const { data } = await ask("POST", "/session", { headers });
			field.value = "";
			await entered(data);
		} catch (error) {
			field.select();
			throw error.status === 401 ? new Error("This server does not know that key.") : error;
		}
	};
	const form = entry(
		"Sign in",
		enter,
		h("img", { src: "/static/icon.svg", alt: "", width: 44, height: 44 }),
		h("h1", "Tidemill"),
		h("label", { for: "key" }, "API key"),
		field,
	);
	form.className = "sign-in";
	const command = h("code", "tidemill keys create");
	form.append(
		h("p.muted", "The first start of the server prints a key. More are made with ", command, "."),
	);
	const next = field.value ? form.querySelector("button") : field;
	queueMicrotask(() => next.focus());
	return h("main.alone", form);
}

/** A key behind the address's `#key=`, as `tidemill demo --keep` prints it. It is only offered:
    whoever made the link may be somebody else. The address forgets it at once. */
function offered() {
	const key = new URLSearchParams(location.hash.slice(1)).get("key") ?? "";
	if (key) history.replaceState(null, "", location.pathname + location.search);
	return key;
}
