// Brands as cards: logo, palette, name, and how sure their finder is.

import { read } from "../core/api.js";
import { h } from "../core/dom.js";
import { address, go, link, search } from "../core/router.js";
import { ago } from "../core/time.js";
import { number, ownPath } from "../core/words.js";
import { pager } from "../parts/list.js";
import { empty, head } from "../parts/page.js";

const A_PAGE = 24;

export async function show({ query, signal, session }) {
	const [text, offset] = [query.get("query") ?? "", Number(query.get("offset") ?? 0)];
	const page = await read(`/brands${search({ query: text, limit: A_PAGE, offset })}`, { signal });
	const to = change => address("brands", { query: text, ...change });
	const field = h("input", {
		type: "search",
		placeholder: "Part of a name",
		"aria-label": "Find brands by name",
		value: text,
	});
	const find = event => (event.preventDefault(), go(to({ query: field.value.trim() })));
	const mayAdd = session.may("write");
	const add = h("a.button.button-main", { href: address("try", "brands.extract") }, "Read a site");
	return [
		head("Brands", { note: `${number(page.total_count)} in all`, actions: mayAdd && add }),
		h("form.filters", { role: "search", on: { submit: find } }, field),
		page.data.length === 0
			? empty(
					text ? "No brand has that in its name." : "No brands yet.",
					"A brand comes from a web site: ",
					link("read one", "try", "brands.extract"),
					".",
				)
			: h("ul.cards", page.data.map(card)),
		pager(
			page.has_more && to({ offset: offset + A_PAGE }),
			offset > 0 && to({ offset: Math.max(0, offset - A_PAGE) }),
			"Newer",
		),
	];
}

function card(brand) {
	const dna = brand.brand_dna ?? {};
	const ground = dna.logo?.ground === "dark" ? "#1b2326" : "#ffffff";
	const fonts = [dna.fonts?.heading?.family, dna.fonts?.body?.family].filter(Boolean);
	return h(
		"li.card",
		h(
			"div.card-logo",
			{ style: { background: ground } },
			brand.logo_url
				? h("img", { src: ownPath(brand.logo_url), alt: "", loading: "lazy" })
				: h("span", { style: { color: brand.primary_hex ?? "#56626a" } }, brand.name.slice(0, 1)),
		),
		h(
			"div.strip",
			(dna.color_palette ?? []).map(hex => h("span", { title: hex, style: { background: hex } })),
		),
		h("h2", link(brand.name, "brands", brand.id)),
		h("p.muted", brand.domain),
		h(
			"p.muted.card-foot",
			[...new Set(fonts)].join(", ") || "system fonts",
			" · ",
			ago(brand.updated_at),
		),
	);
}
