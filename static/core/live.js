// News from the server, by one stream for the whole page and only while somebody looks at it.
//
// A browser opens six connections to an origin for all its tabs together, so a hidden tab gives
// its own back. Shown again, it asks for what came since the last event that it saw.

import { isAbort, send } from "./api.js";

/** How long to wait before asking again, at first and at most, in ms. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

const listeners = new Set();
let lastId;
let open;
let wanted = false;

/** Dispatches `change` when `live.state` does: `live`, `connecting`, `off`. */
export const live = Object.assign(new EventTarget(), { state: "off" });

/** Calls `listener(type, data)` for each event until `signal` fires. */
export function listen(listener, signal) {
	listeners.add(listener);
	signal?.addEventListener("abort", () => listeners.delete(listener));
}

/** Begins to listen, now and whenever the page is visible. */
export function start() {
	wanted = true;
	follow();
}

/** Stops, and forgets what was seen. */
export function stop() {
	wanted = false;
	lastId = undefined;
	open?.abort();
}

document.addEventListener("visibilitychange", () => {
	if (document.visibilityState === "visible") follow();
	else open?.abort();
});

async function follow() {
	if (!wanted || open || document.visibilityState !== "visible") return;
	open = new AbortController();
	let wait = FIRST_WAIT;
	while (!open.signal.aborted) {
		const seen = lastId;
		try {
			tell("connecting");
			await events("/stream", {
				signal: open.signal,
				lastId,
				opened: () => tell("live"),
				event: ({ id, type, data }) => {
					lastId = id ?? lastId;
					publish(type, data);
				},
			});
		} catch (error) {
			if (isAbort(error)) break;
			// Without the route nothing moves by itself; without a session nothing may.
			if (error.status === 404 || error.status === 401 || error.status === 403) break;
		}
		wait = lastId === seen ? Math.min(wait * 2, LONGEST_WAIT) : FIRST_WAIT;
		tell("connecting");
		await pause(wait, open.signal);
	}
	const hidden = open.signal.aborted;
	open = undefined;
	tell("off");
	// Shown again while the last stream was still closing.
	if (hidden) follow();
}

function publish(type, data) {
	for (const listener of listeners) listener(type, data);
}

function tell(state) {
	if (live.state === state) return;
	live.state = state;
	live.dispatchEvent(new Event("change"));
}

function pause(ms, signal) {
	return new Promise(resolve => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
	});
}

/** Reads server-sent events from `path` until they end or `signal` fires. */
export async function events(path, { signal, lastId: since, event, opened }) {
	const headers = { Accept: "text/event-stream" };
	if (since) headers["Last-Event-ID"] = since;
	const response = await send("GET", path, { signal, headers });
	opened?.();
	if (!response.body) return;
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		const blocks = (rest + value).split(/\r?\n\r?\n/);
		rest = blocks.pop();
		for (const block of blocks) {
			const found = parse(block);
			if (found) event(found);
		}
	}
}

/** One event from its lines; `undefined` for a comment. */
function parse(block) {
	const found = { id: undefined, type: "message", data: "" };
	for (const line of block.split(/\r?\n/)) {
		const [, field, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
		if (field === "id") found.id = value;
		if (field === "event") found.type = value;
		if (field === "data") found.data += value;
	}
	if (!found.data) return found.id === undefined ? undefined : { ...found, data: null };
	try {
		return { ...found, data: JSON.parse(found.data) };
	} catch {
		return undefined;
	}
}

/** Does `deed` soon after it is asked for, and not more often than every `ms`. If it fails, what is
    shown stays. */
export function calmly(deed, ms, signal) {
	let timer;
	let last = 0;
	signal?.addEventListener("abort", () => clearTimeout(timer));
	return () => {
		if (timer || signal?.aborted) return;
		const wait = Math.max(0, last + ms - performance.now());
		timer = setTimeout(() => {
			timer = undefined;
			last = performance.now();
			deed().catch(() => null);
		}, wait);
	};
}
