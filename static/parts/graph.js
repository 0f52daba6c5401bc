// A run's steps as a graph: what waits for what, from left to right where there is room, else from
// the top down. Drawn in SVG; each step is a link.

import { h, s } from "../core/dom.js";
import { address } from "../core/router.js";
import { span } from "../core/time.js";
import { sign, word } from "./state.js";

const BOX = { width: 232, height: 68 };
const GAP = { along: 72, across: 22 };
const MARGIN = 6;

/** The longest name and the longest action that fit into a box, in characters. */
const NAME = 17;
const ACTION = 26;

/** The graph of `run`. `chosen` is the id of the step whose passing-on is shown. */
export function graph(run, { chosen, narrow }) {
	const places = layout(run.steps, narrow);
	const edges = run.steps.flatMap(step =>
		reads(step).map(({ from, fields }) => edge(places, from, step, { fields, narrow, chosen })),
	);
	const boxes = run.steps.map(step =>
		box(run.run_id, step, places.get(step.id), step.id === chosen),
	);
	const [width, height] = extent(places);
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
function layout(steps, narrow) {
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
	const places = new Map();
	for (const { id } of steps) {
		const [along, across] = [depth.get(id), rows.get(id)];
		const place = narrow
			? { x: across * (BOX.width + GAP.across), y: along * (BOX.height + GAP.along * 0.6) }
			: { x: along * (BOX.width + GAP.along), y: across * (BOX.height + GAP.across) };
		places.set(id, { x: place.x + MARGIN, y: place.y + MARGIN });
	}
	return places;
}

function extent(places) {
	const all = [...places.values()];
	return [
		Math.max(...all.map(({ x }) => x)) + BOX.width + MARGIN,
		Math.max(...all.map(({ y }) => y)) + BOX.height + MARGIN,
	];
}

function edge(places, from, step, { fields, narrow, chosen }) {
	const [one, other] = [places.get(from), places.get(step.id)];
	if (!one || !other) return null;
	const start = narrow
		? [one.x + BOX.width / 2, one.y + BOX.height]
		: [one.x + BOX.width, one.y + BOX.height / 2];
	const end = narrow ? [other.x + BOX.width / 2, other.y] : [other.x, other.y + BOX.height / 2];
	const bend = narrow
		? [
				[start[0], (start[1] + end[1]) / 2],
				[end[0], (start[1] + end[1]) / 2],
			]
		: [
				[(start[0] + end[0]) / 2, start[1]],
				[(start[0] + end[0]) / 2, end[1]],
			];
	const path = `M${start}C${bend[0]} ${bend[1]} ${end}`;
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

function box(run, step, { x, y }, isChosen) {
	const picture = sign(step.status);
	for (const [name, value] of Object.entries({ x: 14, y: 14, width: 18, height: 18 })) {
		picture.setAttribute(name, value);
	}
	const label = `Step ${step.id}, ${step.action}, ${word(step.status)}`;
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
		s("rect", { width: BOX.width, height: BOX.height, rx: 10 }),
		picture,
		s("text.step-name", { x: 42, y: 28 }, cut(step.id, NAME)),
		s("text.step-action", { x: 42, y: 49 }, cut(step.action, ACTION)),
		s(
			"text.step-took",
			{ x: BOX.width - 14, y: 28, "text-anchor": "end" },
			span(step.started_at, step.completed_at),
		),
	);
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
