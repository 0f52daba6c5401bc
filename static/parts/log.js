// A job's log, line by line as it is written. Read only while somebody looks.

import { isAbort } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { events } from "../core/live.js";
import { moment } from "../core/time.js";
import { failure } from "./page.js";

/** Lines kept on the page; the oldest give way. */
const MOST_LINES = 1_000;

/** The log of the job `id` until `signal` fires. */
export function log(id, signal) {
	const list = h("ol.log", { role: "log", tabindex: "0", "aria-label": "Log" });
	const note = h("p.muted", "No lines yet.");
	const box = h("div", note, list);
	const seen = { id: undefined, ended: false };
	let open;
	const follow = async () => {
		if (open || seen.ended || signal.aborted || document.visibilityState !== "visible") return;
		open = new AbortController();
		try {
			await events(`/jobs/${id}/events`, {
				signal: open.signal,
				lastId: seen.id,
				event: ({ id, type, data }) => {
					seen.id = id ?? seen.id;
					if (type === "end") seen.ended = true;
					if (type === "log") add(list, note, data);
				},
			});
			seen.ended ||= !list.firstChild;
			if (!list.firstChild) fill(note, "It wrote no lines.");
		} catch (error) {
			if (!isAbort(error)) fill(box, failure(error));
		}
		open = undefined;
	};
	const turn = () => (document.visibilityState === "visible" ? follow() : open?.abort());
	document.addEventListener("visibilitychange", turn, { signal });
	signal.addEventListener("abort", () => open?.abort());
	follow();
	return box;
}

function add(list, note, { at, level, message, attempt }) {
	note.remove();
	const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
	list.append(
		h(
			"li",
			{ class: `log-${level}` },
			h("time", { title: moment(at) }, String(at).slice(11, 19)),
			attempt > 1 && h("span.muted", `#${attempt}`),
			level !== "info" && h("b", level),
			h("span", message),
		),
	);
	while (list.childElementCount > MOST_LINES) list.firstElementChild.remove();
	if (atEnd) list.scrollTop = list.scrollHeight;
}
