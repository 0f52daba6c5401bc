// Webhooks: who is told of ends, and whether the telling succeeded.

import { ask, read } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { ago, duration } from "../core/time.js";
import { button, confirm, entry, field, head, items, panel, say } from "../parts/page.js";
import { sign } from "../parts/state.js";

const SIGNS = { delivered: "completed", failed: "failed", delivering: "processing" };

export async function show({ signal }) {
	const list = h("div");
	const load = async () => {
		const { data } = await read("/webhooks", { signal });
		const advice = "Name an endpoint beside this; it is told when jobs and runs end.";
		fill(list, items(data, hook => item(hook, load, signal), "Nobody is told.", advice));
	};
	await load();
	return [
		head("Webhooks", { note: "Signed by HMAC, retried for seventeen hours." }),
		h("div.columns.columns-keys", panel("Endpoints", list), panel("A new one", maker(load))),
	];
}

function item(hook, load, signal) {
	const { id, endpoint_url: url, is_active: active, events = [], gone_at: gone } = hook;
	const lost = hook.has_secret === false;
	const change = async body => {
		await ask("PATCH", `/webhooks/${id}`, { body });
		await load();
	};
	const remove = async () => {
		if (!(await confirm("Delete this webhook?", "Delete it"))) return;
		await ask("DELETE", `/webhooks/${id}`);
		await load();
	};
	const box = h("div.deliveries");
	const details = h("details", h("summary", "Deliveries"), box);
	details.addEventListener("toggle", () => details.open && deliveries(id, box, signal));
	return h(
		"li",
		{ class: active ? "" : "is-over" },
		h(
			"div",
			h("b", url),
			gone && h("span.tag", "said 410"),
			lost && h("span.tag", "its secret was lost"),
			h("p.muted", events.join(", "), active ? "" : " · switched off"),
		),
		h(
			"div",
			// Without a secret nothing can be signed: the form below switches it on.
			!lost && button(active ? "Switch off" : "Switch on", () => change({ is_active: !active })),
			" ",
			button("Delete", remove),
		),
		details,
		h("details", { open: lost }, h("summary", "Another secret"), changer(change, lost)),
	);
}

function changer(change, lost) {
	const secret = secretField({ "aria-label": "Another secret" });
	const set = async () => {
		// One whose secret was lost was switched off for that.
		await change({ secret: secret.value, ...(lost && { is_active: true }) });
		say(lost ? "It is switched on." : "For 24 hours both sign.");
	};
	return entry("Set it", set, h("div.field", secret));
}

/** Where a secret is typed. */
function secretField(more) {
	const type = "password";
	const limits = { required: true, minlength: 8, maxlength: 500, autocomplete: "off" };
	return h("input", { type, ...limits, ...more });
}

async function deliveries(hook, box, signal) {
	const path = `/webhooks/${hook}/deliveries`;
	const { data } = await read(`${path}?limit=20`, { signal });
	const again = async id => {
		await ask("POST", `${path}/${id}/resend`, { body: {} });
		say("It is sent again.");
		await deliveries(hook, box, signal);
	};
	const advice = "A delivery shows here when a job of yours ends.";
	fill(box, items(data, one => delivery(one, again), "Nothing was sent yet.", advice));
}

function delivery(
	{ id, event, status, attempts = [], next_attempt_at: next, created_at: at },
	again,
) {
	const last = attempts.at(-1);
	const took = last && duration(last.duration_ms / 1000);
	return h(
		"li",
		h(
			"div",
			sign(SIGNS[status] ?? "queued"),
			" ",
			h("b", event),
			` ${status} `,
			h(
				"span.muted",
				ago(at),
				last && ` · ${last.response_status ?? last.error_code} in ${took}`,
				attempts.length > 1 && ` · ${attempts.length} attempts`,
				next && [" · again ", ago(next)],
			),
			last?.error && h("p.remark-failed", last.error),
		),
		button("Send again", () => again(id), { kind: "button-quiet" }),
	);
}

function maker(load) {
	const url = h("input", { id: "hook-url", type: "url", required: true, placeholder: "https:" });
	const secret = secretField({ id: "hook-secret" });
	const add = async form => {
		const body = { endpoint_url: url.value, secret: secret.value };
		await ask("POST", "/webhooks", { body });
		form.reset();
		await load();
	};
	const hint = "8 to 500 characters. It is never shown again.";
	return entry("Add it", add, field("Address", url), field("Secret", secret, hint));
}
