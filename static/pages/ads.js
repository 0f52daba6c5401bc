// Ads: what was made of one prompt side by side, in all its canvases and languages.

import { read } from "../core/api.js";
import { h } from "../core/dom.js";
import { address, link, search } from "../core/router.js";
import { ago } from "../core/time.js";
import { ownPath } from "../core/words.js";
import { pager, segments } from "../parts/list.js";
import { empty, head } from "../parts/page.js";

const ACTIONS = [
	"campaigns.generate",
	"campaigns.edit",
	"campaigns.localize_ad",
	"images.generate",
];

const LABELS = { "campaigns.localize_ad": "localize ad", "images.generate": "pictures" };

/** Jobs that are read whole at once. */
const A_PAGE = 16;

export async function show({ query, signal }) {
	const cursor = query.get("cursor") ?? "";
	const chosen = ACTIONS.filter(action => action === query.get("action"));
	const action = (chosen.length ? chosen : ACTIONS).join(",");
	const filter = search({ action, status: "completed", limit: A_PAGE, cursor });
	const page = await read(`/jobs${filter}`, { signal });
	const jobs = await Promise.all(page.data.map(({ id }) => read(`/jobs/${id}`, { signal })));
	const next = page.next_cursor;
	const kinds = ACTIONS.map(name => [name, LABELS[name] ?? name.split(".")[1]]);
	const to = parameters => address("ads", parameters);
	return [
		head("Ads", { note: "What was made of a prompt, and of that again." }),
		h(
			"div.filters",
			segments("Action", [["", "all"], ...kinds], chosen[0] ?? "", action => to({ action })),
		),
		jobs.length === 0
			? empty(
					"No ads yet.",
					link("Make one", "try", "campaigns.generate"),
					".",
				)
			: families(jobs).map(family),
		pager(next && to({ action: chosen[0], cursor: next })),
	];
}

/** Jobs that were made from each other, as lists; the oldest of each first. */
function families(jobs) {
	const root = job => {
		const source = job.payload?.input?.source_job_id;
		const parent = jobs.find(({ id }) => id === source);
		return parent ? root(parent) : (source ?? job.id);
	};
	return [...Map.groupBy(jobs, root).values()].map(family => family.toReversed());
}

function family(jobs) {
	const first = jobs[0];
	const prompt = first.payload?.input?.prompt ?? first.action;
	return h(
		"section.panel",
		h("h2", prompt, h("small", ago(first.created_at))),
		h("ul.gallery", jobs.flatMap(pictures)),
	);
}

function pictures(job) {
	const result = job.job_result ?? {};
	const all = result.variants?.length ? result.variants : [result];
	const input = job.payload?.input ?? {};
	const label = input.target_culture ?? input.target_language ?? job.action.split(".")[1];
	return all
		.filter(({ image_url: url }) => url)
		.map(one =>
			h(
				"li",
				h(
					"a",
					{ href: address("jobs", job.id) },
					h("img", {
						src: ownPath(one.image_url),
						alt: `${label}, ${one.width} × ${one.height}`,
						width: one.width,
						height: one.height,
						loading: "lazy",
					}),
				),
				h("p", label.replaceAll("_", " ")),
				h("small", `${formatName(one.format)}${one.width} × ${one.height}`),
			),
		);
}

const formatName = format => (typeof format === "string" ? `${format} · ` : "");
