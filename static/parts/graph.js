// A run's steps as a graph: what waits for what, from left to right where there is room, else from
// the top down. Drawn in SVG; each step is a link.

import { h, s } from "../core/dom.js";
import { address } from "../core/router.js";
import { span } from "../core/time.js";
import { sign, word } from "./state.js";

/** The size of a step's box, in px: it gets narrower where it must. */
const WIDEST = 232;
const NARROWEST = 132;
const HEIGHT = 84;
const MARGIN = 6;

/** The room between boxes that follow each other, where there is much of it and where there is
    little, and between those that stand side by side. */
const ALONG = { wide: 72, tight: 36 };
const ACROSS = 22;

/** How wide a letter of a name and of an action is, about, in px. */
const LETTER = { name: 9, action: 6.8 };

/** Where there is less room than this, a graph stands upright. In px. */
const NARROW = 760;

/** The graph of `run` for so much room, in px. `chosen` is the id of the step that is shown. */
export function graph(run, { chosen, room }) {
	const narrow = room < NARROW;
	const { places, width: boxWidth } = layout(run.steps, narrow, room - 2 * MARGIN);
	const edges = run.steps.flatMap(step =>
		reads(step).map(({ from, fields }) =>
			edge(places, from, step, { fields, narrow, chosen, boxWidth }),
		),
	);
	const boxes = run.steps.map(step =>
		box(run.run_id, step, places.get(step.id), { isChosen: step.id === chosen, boxWidth }),
	);
	const all = [...places.values()];
	const width = Math.max(...all.map(({ x }) => x)) + boxWidth + MARGIN;
	const height = Math.max(...all.map(({ y }) => y)) + HEIGHT + MARGIN;
	return h(
		"div.graph-box",
		{ tabindex: "0", role: "group", "aria-label": "Steps of the run" },
		s("svg.graph", { viewBox: `0 0 ${width} ${height}`, width, height }, edges, boxes),
	);
}

/** The steps that `step` waits for, with how much was passed from them. */
function reads({ depends_on: before, mapped }) {
	const fields = Object.keys(mapped ?? {});
	return before.map(from => ({ from, fields: before.length === 1 ? fields : [] }));
}

/** Each step's box: its column is the longest way to it, its row beside those that it waits for. */
function layout(steps, narrow, room) {
	const depth = new Map();
	const deep = step => {
		if (!depth.has(step.id)) {
			const before = step.depends_on.map(id => steps.find(other => other.id === id));
			depth.set(step.id, before.length ? Math.max(...before.map(deep)) + 1 : 0);
		}
		return depth.get(step.id);
	};
	const columns = [];
	for (const step of steps) (columns[deep(step)] ??= []).push(step);
	const rows = new Map();
	const tallest = Math.max(...columns.map(column => column.length));
	for (const column of columns) {
		const wish = ({ depends_on: before }) =>
			before.reduce((sum, id) => sum + (rows.get(id) ?? 0), 0) / Math.max(before.length, 1);
		column.sort((one, other) => wish(one) - wish(other));
		column.forEach((step, row) => rows.set(step.id, row + (tallest - column.length) / 2));
	}
	const many = narrow ? tallest : columns.length;
	const fits = gap => (room - (many - 1) * gap) / many;
	const gap = !narrow && fits(ALONG.wide) < WIDEST ? ALONG.tight : ALONG.wide;
	const width = Math.min(WIDEST, Math.max(NARROWEST, fits(narrow ? ACROSS : gap)));
	const places = new Map();
	for (const { id } of steps) {
		const [along, across] = [depth.get(id), rows.get(id)];
		const place = narrow
			? { x: across * (width + ACROSS), y: along * (HEIGHT + ALONG.tight) }
			: { x: along * (width + gap), y: across * (HEIGHT + ACROSS) };
		places.set(id, { x: place.x + MARGIN, y: place.y + MARGIN });
	}
	return { places, width };
}

function edge(places, from, step, { fields, narrow, chosen, boxWidth }) {
	const [one, other] = [places.get(from), places.get(step.id)];
	if (!one || !other) return null;
	const start = narrow
		? [one.x + boxWidth / 2, one.y + HEIGHT]
		: [one.x + boxWidth, one.y + HEIGHT / 2];
	const end = narrow ? [other.x + boxWidth / 2, other.y] : [other.x, other.y + HEIGHT / 2];
	const [x, y] = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
	const bend = narrow ? [start[0], y, end[0], y] : [x, start[1], x, end[1]];
	const path = `M${start}C${bend} ${end}`;
	const isChosen = [from, step.id].includes(chosen);
	const passed = fields.length > 0 && `${from} passes ${fields.join(", ")} to ${step.id}`;
	return s(
		"g",
		{ class: `edge edge-${step.status}${isChosen ? " is-chosen" : ""}` },
		passed && s("title", passed),
		s("path", { d: path }),
		s("circle", { cx: end[0], cy: end[1], r: 3 }),
	);
}

function box(run, step, { x, y }, { isChosen, boxWidth }) {
	const picture = sign(step.status);
	for (const [name, value] of Object.entries({ x: 14, y: 14, width: 18, height: 18 })) {
		picture.setAttribute(name, value);
	}
	const label = `Step ${step.id}, ${step.action}, ${word(step.status)}`;
	const took = span(step.started_at, step.completed_at);
	const room = boxWidth - 52;
	return s(
		"a",
		{
			class: `step step-${step.status}${isChosen ? " is-chosen" : ""}`,
			href: address("runs", run, { step: step.id }),
			transform: `translate(${x} ${y})`,
			"aria-label": label,
			"data-step": step.id,
		},
		s("title", label),
		s("rect", { width: boxWidth, height: HEIGHT, rx: 10 }),
		picture,
		s("text.step-name", { x: 42, y: 28 }, cut(step.id, room / LETTER.name)),
		s("text.step-action", { x: 42, y: 48 }, cut(step.action, room / LETTER.action)),
		s("text.step-action", { x: 42, y: 68 }, [word(step.status), took].filter(Boolean).join(", ")),
	);
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
