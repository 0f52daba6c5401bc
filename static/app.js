// Begins: who is signed in, which pages there are for them, and which one the address names.

import { ask, available, isAbort, read, signedOut } from "./core/api.js";
import { fill, h } from "./core/dom.js";
import { start, stop } from "./core/live.js";
import { place, router } from "./core/router.js";
import { navigation } from "./parts/navigation.js";
import { empty, failure } from "./parts/page.js";
import { signIn } from "./pages/sign-in.js";

/** Every page: its file, and what must be there for it. */
const PAGES = [
	{ name: "now", label: "Now", group: "Watch" },
	{ name: "jobs", label: "Jobs", group: "Watch", one: "job" },
	{ name: "runs", label: "Runs", group: "Watch", one: "run" },
	{ name: "brands", label: "Brands", group: "Made", one: "brand" },
	{ name: "ads", label: "Ads", group: "Made" },
	{ name: "documents", label: "Handoffs & insights", group: "Made", needs: "/projects" },
	{ name: "try", label: "Try it", group: "Work", scope: "write" },
	{ name: "schedules", label: "Schedules", group: "Work" },
	{ name: "webhooks", label: "Webhooks", group: "Work", scope: "keys" },
	{ name: "keys", label: "Keys", group: "Work", scope: "keys" },
	{ name: "reference", label: "API reference", group: "Work", folder: "reference", file: "page" },
];

/** Pages whose second part of the address is not a page of its own. */
const WITH_PART = ["try", "documents", "reference"];

const root = document.getElementById("root");
const main = h("main", { id: "main", tabindex: "-1" });
let session;
let menu;
let leaving = new AbortController();

signedOut.addEventListener("signedout", () => session && welcome());
router.addEventListener("go", show);
begin();

async function begin() {
	try {
		await enter(await read("/session"));
	} catch (error) {
		if (error.status === 401) return welcome();
		const advice = "It does not answer. Is it running? Reload this page when it is.";
		fill(root, h("main.alone", empty("No word from the server.", advice)));
	}
}

/** Shows the form that asks for a key; the reference needs none. */
function welcome() {
	session = undefined;
	leaving.abort();
	stop();
	if (place().page === "reference") return visit();
	document.title = "Sign in · Tidemill";
	fill(root, signIn(enter));
}

/** Shows the reference alone. */
async function visit() {
	document.title = "API reference · Tidemill";
	try {
		const { show } = await import("./reference/page.js");
		fill(root, h("div.alone-wide", await show(place())));
	} catch (error) {
		fill(root, h("main.alone", failure(error)));
	}
}

/** Shows the dashboard to `found`. */
async function enter(found) {
	session = found;
	/** Whether the key may do what a scope is for. */
	found.may = scope => found.scopes.includes(scope);
	const may = PAGES.filter(({ scope }) => !scope || found.may(scope));
	menu = navigation(may.filter(({ needs }) => !needs), found, leave);
	fill(root, menu.element, main);
	start();
	show();
	const there = await available(may.map(({ needs }) => needs).filter(Boolean));
	if (session !== found) return;
	menu.offer(may.filter(({ needs }) => !needs || there.has(needs)));
	menu.mark(place().page);
}

async function leave() {
	await ask("DELETE", "/session").catch(() => null);
	welcome();
}

/** Shows the page that the address names; `event` says that somebody went there. */
async function show(event) {
	if (!session) return;
	leaving.abort();
	leaving = new AbortController();
	const { signal } = leaving;
	const { page: name, id, query } = place();
	const page = PAGES.find(page => page.name === name);
	menu.mark(name);
	if (!page || (id && !page.one && !WITH_PART.includes(name))) {
		return fill(main, empty("There is no such page.", "The menu has those that there are."));
	}
	try {
		const file = page.file ?? (id && page.one ? page.one : page.name);
		const { show } = await import(`./${page.folder ?? "pages"}/${file}.js`);
		if (signal.aborted) return;
		const view = await show({ id, query, signal, session });
		if (signal.aborted) return;
		fill(main, view);
		arrive(page, Boolean(event));
	} catch (error) {
		if (!isAbort(error) && !signal.aborted) fill(main, failure(error));
	}
}

/** Says where we are: in the window's title, and to a screen reader by the focus. */
function arrive(page, went) {
	const title = main.querySelector("h1");
	document.title = `${title?.textContent ?? page.label} · Tidemill`;
	if (went) title?.focus({ preventScroll: true });
	scrollTo(0, 0);
}
