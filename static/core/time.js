// Moments and durations in the words of people. The exact moment is always one hover away.

import { h } from "./dom.js";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const STEPS = [
	[60, 1, "second"],
	[3_600, 60, "minute"],
	[86_400, 3_600, "hour"],
	[86_400 * 30, 86_400, "day"],
	[Infinity, 86_400 * 30, "month"],
];

/** A `<time>` that says how long ago, and keeps saying so. Takes unix seconds or an ISO text. */
export function ago(moment) {
	const at = date(moment);
	if (!at) return h("span.muted", "–");
	const element = h("time", { datetime: at.toISOString(), title: exact.format(at) });
	element.textContent = distance(at);
	return element;
}

/** A date from unix seconds or an ISO text; `null` from nothing. */
export function date(moment) {
	if (moment === null || moment === undefined || moment === "") return null;
	const at = new Date(typeof moment === "number" ? moment * 1000 : moment);
	return Number.isNaN(at.getTime()) ? null : at;
}

/** The exact moment, for people. */
export const moment = at => exact.format(date(at));

/** The span between two moments that are known to the second. */
export function span(from, until) {
	if (!from || !until) return null;
	const seconds = Math.max(0, (date(until) - date(from)) / 1000);
	return seconds < 1 ? "< 1 s" : duration(seconds);
}

/** A clock's time of day. */
export const clock = at =>
	date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

/** A duration in its natural unit: `840 ms`, `2.4 s`, `3 min 20 s`. */
export function duration(seconds) {
	if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
	if (seconds < 0.0005) return "< 1 ms";
	if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	if (seconds < 60) return `${Math.round(seconds)} s`;
	if (seconds < 3_600) return parts(seconds, 60, "min", "s");
	return parts(seconds / 60, 60, "h", "min");
}

function parts(small, size, large, unit) {
	const whole = Math.floor(small / size);
	const rest = Math.round(small - whole * size);
	return rest ? `${whole} ${large} ${rest} ${unit}` : `${whole} ${large}`;
}

function distance(at) {
	const seconds = (at.getTime() - Date.now()) / 1000;
	if (Math.abs(seconds) < 3) return "just now";
	const [, size, unit] = STEPS.find(([end]) => Math.abs(seconds) < end);
	return relative.format(Math.round(seconds / size), unit);
}

// One timer moves every moment on the page.
setInterval(() => {
	if (document.visibilityState !== "visible") return;
	for (const element of document.querySelectorAll("time[datetime]")) {
		const text = distance(new Date(element.dateTime));
		if (element.textContent !== text) element.textContent = text;
	}
}, 1_000);
