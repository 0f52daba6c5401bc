// A brand's colours as swatches with their values.

import { h } from "../core/dom.js";

/** The roles that say most, in the order in which they are shown. */
const ROLES = "primary secondary accent background surface text muted_text link border".split(" ");

/** The palette of `brand`; a colour with several roles is shown by the first. */
export function palette(brand) {
	const { colors = {}, color_palette: plain = [] } = brand.brand_dna ?? {};
	const roles = ROLES.filter(role => typeof colors[role] === "string");
	const names = new Map(roles.toReversed().map(role => [colors[role], role.replace("_", " ")]));
	const shown = new Set([...roles.map(role => colors[role]), ...plain]);
	return h("ul.palette", [...shown].map(hex => color(names.get(hex) ?? "", hex)));
}

function color(name, hex) {
	const ground = h("span.color", { style: { background: hex } });
	return h("li", ground, h("span", name), h("code", hex));
}
