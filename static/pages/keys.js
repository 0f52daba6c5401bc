// Keys: made, shown once, revoked.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { ago } from "../core/time.js";
import { button, confirm, copy, entry, field, head, items, panel, say } from "../parts/page.js";

/** What each scope is for. `operator` is given on the command line alone. */
const SCOPES = {
	read: "see jobs, runs, brands, documents",
	write: "post and change them",
	work: "take jobs as a remote worker",
	keys: "make and revoke keys and webhooks",
};

export async function show({ signal, session }) {
	const made = h("div", { role: "status" });
	const list = h("div");
	const load = async () => {
		const { data } = await read("/keys", { signal });
		fill(list, items(data, key => item(key, session, load), "No keys.", "Make one beside this."));
	};
	await load();
	return [
		head("Keys", { note: "A key belongs to one organization and does what its scopes say." }),
		made,
		h(
			"div.columns.columns-keys",
			panel("All keys", { name: "keys" }, list),
			panel("A new key", maker(session, made, load)),
		),
	];
}

function item(key, session, load) {
	const own = key.id === session.key_id;
	const revoke = button("Revoke", async () => {
		const detail = own
			? "It is the one that you are signed in with: you will be signed out."
			: "Whoever uses it is refused from the next request on.";
		if (!(await confirm(`Revoke ${key.name}?`, "Revoke it", { detail }))) return;
		await ask("DELETE", `/keys/${key.id}`);
		say("The key is revoked.");
		await load();
	});
	const used = key.last_used_at ? ["used ", ago(key.last_used_at)] : "never used";
	return h(
		"li",
		{ class: key.revoked_at ? "is-over" : "" },
		h(
			"div",
			h("b", key.name),
			own && h("span.tag", "yours"),
			h(
				"p.muted",
				h("code", `${key.hint}…`),
				` · ${key.scopes.join(", ")} · `,
				key.revoked_at ? ["revoked ", ago(key.revoked_at)] : used,
			),
		),
		!key.revoked_at && revoke,
	);
}

function maker(session, made, load) {
	const name = h("input", { id: "key-name", required: true, maxlength: 100 });
	const given = Object.keys(SCOPES).filter(scope => session.may(scope));
	const boxes = given.map(scope => [
		scope,
		h("input", {
			type: "checkbox",
			id: `scope-${scope}`,
			checked: scope === "read" || scope === "write",
		}),
	]);
	const make = async () => {
		const scopes = boxes.filter(([, box]) => box.checked).map(([scope]) => scope);
		const { data } = await ask("POST", "/keys", { body: { name: name.value.trim(), scopes } });
		fill(made, secret(data));
		name.value = "";
		await load();
	};
	return entry(
		"Make the key",
		make,
		field("Name", name),
		boxes.map(([scope, box]) =>
			h(
				"div.field",
				h("span", box, " ", h("label", { for: box.id }, scope), h("small", ` ${SCOPES[scope]}`)),
			),
		),
	);
}

function secret({ name, key }) {
	return h(
		"div.panel.secret",
		h("p", h("b", `The key ${name}. `), "It is shown only now."),
		h("code.secret-text", { tabindex: "0" }, key),
		copy(key),
	);
}
