// A brand's colours as swatches with their values.

import { h } from "../core/dom.js";

/** The palette of `brand`, the logo beside it. */
export function palette(brand) {
	const dna = brand.brand_dna ?? {};
	const named = Object.entries(dna.colors ?? {}).filter(([, value]) => typeof value === "string");
	const colors = named.length > 0 ? named : (dna.color_palette ?? []).map(hex => ["", hex]);
	const seen = new Set();
	const distinct = colors.filter(([, hex]) => !seen.has(hex) && seen.add(hex));
	return h(
		"ul.palette",
		distinct.slice(0, 8).map(([name, hex]) => color(name, hex)),
	);
}

function color(name, hex) {
	return h(
		"li",
		h("span.color", { style: { background: hex } }),
		h("span", name.replaceAll("_", " ")),
		h("code", hex),
	);
}
