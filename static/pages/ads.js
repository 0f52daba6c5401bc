// Ads: what was made of one prompt side by side, in all its canvases and languages.

import { query as search, read } from "../core/api.js";
import { h } from "../core/dom.js";
import { address } from "../core/router.js";
import { ago } from "../core/time.js";
import { ownPath } from "../core/words.js";
import { empty, head } from "../parts/page.js";

const ACTIONS = [
	"campaigns.generate",
	"campaigns.edit",
	"campaigns.localize_ad",
	"images.generate",
];

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
	const links = [
		["", "all"],
		...ACTIONS.map(name => [
			name,
			name.replace("campaigns.", "").replace("images.generate", "pictures"),
		]),
	];
	return [
		head("Ads", { note: "What was made of a prompt, and of that again." }),
		h(
			"div.filters",
			h(
				"div.segments",
				{ role: "group", "aria-label": "Action" },
				links.map(([name, label]) =>
					h(
						"a",
						{
							href: address("ads", undefined, { action: name }),
							"aria-current": (chosen[0] ?? "") === name ? "true" : undefined,
						},
						label.replaceAll("_", " "),
					),
				),
			),
		),
		jobs.length === 0
			? empty(
					"No ads yet.",
					h("a", { href: address("try", "campaigns.generate") }, "Make one"),
					".",
				)
			: families(jobs).map(family),
		h(
			"div.pager",
			next &&
				h(
					"a.button",
					{ href: address("ads", undefined, { action: chosen[0], cursor: next }) },
					"Older",
				),
		),
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
