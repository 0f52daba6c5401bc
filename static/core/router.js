// The address bar: which page is shown, and with which filters. A link is a link; only a plain
// click on one of ours is answered without leaving the page.

import { h } from "./dom.js";

/** Dispatches `go` after each change of the address. */
export const router = new EventTarget();

/** Where we are: the page's name, the id in its path, and the query. */
export function place() {
	const [, , page = "now", id] = location.pathname.split("/").map(decodeURIComponent);
	return { page: page || "now", id, query: new URLSearchParams(location.search) };
}

/** The address of a page, or of one thing on it. */
export function address(page, id, parameters = {}) {
	if (id?.constructor === Object) return address(page, null, id);
	const path = ["", "ui", page, id].filter(part => part != null);
	return path.map(encodeURIComponent).join("/") + search(parameters);
}

/** A link there. */
export const link = (text, ...there) => h("a", { href: address(...there) }, text);

/** A query from those parameters that have a value. */
export function search(parameters) {
	const given = Object.entries(parameters).filter(([, value]) => value !== "" && value != null);
	const text = new URLSearchParams(given).toString();
	return text ? `?${text}` : "";
}

/** Goes there. With `replace` the way back leads past where we were; with `quiet` the page that is
    shown knows already. */
export function go(to, { replace = false, quiet = false } = {}) {
	if (to === location.pathname + location.search) return;
	history[replace ? "replaceState" : "pushState"](null, "", to);
	if (!quiet) router.dispatchEvent(new Event("go"));
}

addEventListener("popstate", () => router.dispatchEvent(new Event("go")));

document.addEventListener("click", event => {
	const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
	const link = event.target.closest?.("a[href]");
	if (!link || !plain || event.defaultPrevented || link.getAttribute("target")) return;
	const to = new URL(link.href.baseVal ?? link.href, location.href);
	if (to.origin !== location.origin || !(to.pathname === "/" || to.pathname.startsWith("/ui/"))) {
		return;
	}
	event.preventDefault();
	go(to.pathname + to.search);
});
