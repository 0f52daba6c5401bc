// The menu: beside the page where there is room, behind a button where there is none.

import { fill, h } from "../core/dom.js";
import { live } from "../core/live.js";
import { address } from "../core/router.js";

const LIVE = { live: "Live", connecting: "Connecting", off: "Not live" };

/** The menu of `pages`, with who is signed in and the way out. */
export function navigation(pages, session, leave) {
	const list = h("div");
	const state = h("p.menu-live", { role: "status" });
	const tell = () => {
		state.dataset.state = live.state;
		fill(state, h("span.menu-dot"), LIVE[live.state]);
	};
	live.addEventListener("change", tell);
	tell();
	const opener = h(
		"button.button.menu-opener",
		{
			type: "button",
			"aria-expanded": "false",
			"aria-controls": "menu",
			on: { click: () => open(opener.getAttribute("aria-expanded") === "false") },
		},
		"Menu",
	);
	const folded = h("div.menu-folded", { id: "menu" }, list, foot(session, state, leave));
	const open = wanted => {
		opener.setAttribute("aria-expanded", String(wanted));
		folded.classList.toggle("is-open", wanted);
	};
	const element = h(
		"nav.menu",
		{ "aria-label": "Pages" },
		h("div.menu-top", mark(), opener),
		folded,
	);
	element.addEventListener("keydown", event => event.key === "Escape" && open(false));
	const offer = offered => fill(list, groups(offered));
	offer(pages);
	return {
		element,
		offer,
		mark(name) {
			open(false);
			for (const link of list.querySelectorAll("a")) {
				if (link.dataset.page === name) link.setAttribute("aria-current", "page");
				else link.removeAttribute("aria-current");
			}
		},
	};
}

function mark() {
	const picture = h("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 });
	return h("a.menu-mark", { href: "/" }, picture, "Tidemill");
}

function groups(pages) {
	const names = [...new Set(pages.map(({ group }) => group))];
	return names.map(name =>
		h(
			"div.menu-group",
			h("h2", name),
			h(
				"ul",
				pages
					.filter(({ group }) => group === name)
					.map(({ name, label }) =>
						h("li", h("a", { href: address(name), "data-page": name }, label)),
					),
			),
		),
	);
}

function foot(session, state, leave) {
	const { org_name: org, version } = session;
	return h(
		"div.menu-foot",
		state,
		h("p", h("b", org ?? "organization"), h("small", `Tidemill ${version}`)),
		h("button.button.button-quiet", { type: "button", on: { click: leave } }, "Sign out"),
	);
}
