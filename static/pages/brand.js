// A brand: what was found, how sure it is, and where each piece of it was seen.

import { ask, read } from "../core/api.js";
import { h } from "../core/dom.js";
import { address, go, link } from "../core/router.js";
import { ago } from "../core/time.js";
import { ownPath } from "../core/words.js";
import { button, confirm, crumbs, empty, facts, headOf, panel, say } from "../parts/page.js";
import { palette } from "../parts/palette.js";
import { progress } from "../parts/state.js";
import { tree } from "../parts/tree.js";

export async function show({ id, signal, session }) {
	const path = `/brands/${encodeURIComponent(id)}`;
	const brand = await read(path, { signal });
	const dna = brand.brand_dna ?? {};
	const remove = button("Delete", async () => {
		const detail = "Ads that were made with it stay.";
		if (!(await confirm(`Delete ${brand.name}?`, "Delete it", { detail }))) return;
		await ask("DELETE", path);
		say("The brand is deleted.");
		go(address("brands"));
	});
	const use = h(
		"a.button.button-main",
		{ href: address("try", "campaigns.generate") },
		"Make an ad",
	);
	return [
		crumbs(link("Brands", "brands")),
		headOf(brand.name, brand.id, session.may("write") && h("div.head-actions", remove, use)),
		h(
			"div.columns",
			h(
				"div.stack",
				panel("Looks", look(brand, dna), palette(brand)),
				panel(
					"Facts",
					facts([
						["Domain", brand.domain],
						["Slogan", dna.core_slogan],
						["Typography", dna.typography_rules],
						["Pictures", dna.imagen_style_conditioning],
						["Language", dna.language],
						["Tone", (dna.tone ?? []).join(", ")],
						["Read", ago(brand.updated_at)],
					]),
				),
				panel("All of it", tree(dna, { label: "the brand" })),
			),
			panel(
				"Evidence",
				{ note: "what was found where, and how sure it is" },
				evidence(brand.evidence ?? {}),
			),
		),
	];
}

function look(brand, dna) {
	if (!brand.logo_url) return null;
	const background = dna.logo?.ground === "dark" ? "#1b2326" : "#ffffff";
	return h(
		"div.card-logo.card-logo-large",
		{ style: { background } },
		h("img", { src: ownPath(brand.logo_url), alt: `The logo of ${brand.name}` }),
	);
}

function evidence(fields) {
	const names = Object.keys(fields);
	if (names.length === 0) return empty("No evidence is kept.", "A new extraction brings it.");
	return h("ul.evidence", names.map(name => claim(name, fields[name])));
}

function claim(name, { confidence, sources = [], alternatives = [], set_by: by }) {
	const sure = typeof confidence === "number" ? `${Math.round(confidence * 100)} %` : "";
	return h(
		"li",
		h(
			"details",
			h(
				"summary",
				h("b", name.replaceAll("_", " ")),
				h("span.muted", by ? `set by a ${by}` : sure),
				progress(confidence ?? 0, `Confidence in ${name}`),
			),
			sources.map(({ kind, where, snippet, weight }) =>
				h(
					"div.source",
					h("p", h("b", kind), ` ${where ?? ""}`, h("span.tag", `weight ${weight}`)),
					snippet && h("pre", { tabindex: "0" }, snippet),
				),
			),
			sources.length === 0 && h("p.muted", "Nothing was cited."),
			alternatives.length > 0 && tree(alternatives, { label: "the alternatives" }),
		),
	);
}
