// Keys: made, shown once, revoked.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { ago } from "../core/time.js";
import { button, confirm, copy, empty, head, panel, say } from "../parts/page.js";

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
		fill(list, table(data, session, load));
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

function table(keys, session, load) {
	if (keys.length === 0) return empty("No keys.", "Make one beside this.");
	return h(
		"ul.items",
		keys.map(key => {
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
						key.revoked_at
							? ["revoked ", ago(key.revoked_at)]
							: key.last_used_at
								? ["used ", ago(key.last_used_at)]
								: "never used",
					),
				),
				!key.revoked_at && revoke,
			);
		}),
	);
}

function maker(session, made, load) {
	const name = h("input", { id: "key-name", required: true, maxlength: 100 });
	const given = Object.keys(SCOPES).filter(scope => session.scopes.includes(scope));
	const boxes = given.map(scope => [
		scope,
		h("input", {
			type: "checkbox",
			id: `scope-${scope}`,
			checked: scope === "read" || scope === "write",
		}),
	]);
	const submit = async event => {
		event.preventDefault();
		const scopes = boxes.filter(([, box]) => box.checked).map(([scope]) => scope);
		try {
			const { data } = await ask("POST", "/keys", { body: { name: name.value.trim(), scopes } });
			fill(made, secret(data));
			name.value = "";
			await load();
		} catch (error) {
			say(error.message, "failed");
		}
	};
	return h(
		"form.form",
		{ on: { submit } },
		h("div.field", h("label", { for: "key-name" }, "Name"), name),
		boxes.map(([scope, box]) =>
			h(
				"div.field",
				h("span", box, " ", h("label", { for: box.id }, scope), h("small", ` ${SCOPES[scope]}`)),
			),
		),
		button("Make the key", null, { kind: "button-main", type: "submit" }),
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
