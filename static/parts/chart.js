// The last hour as a chart: what came, what was completed, what failed; drawn in SVG.

import { fill, h, s } from "../core/dom.js";
import { clock } from "../core/time.js";
import { number, rate } from "../core/words.js";

const WIDTH = 960;
const HEIGHT = 200;
const ROOM = { top: 12, right: 8, bottom: 22, left: 40 };

/** A chart that `draw(series)` fills and `series` is as `GET /overview` gives it. */
export function chart() {
	const picture = s("svg.chart", {
		viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
		role: "img",
		preserveAspectRatio: "none",
	});
	const axis = h("div.chart-axis", { "aria-hidden": "true" });
	const told = h("p.chart-told", { "aria-hidden": "true" });
	const box = h("div.chart-box", axis, picture);
	let series;
	const draw = next => {
		series = whole(next);
		fill(picture, marks(series));
		picture.setAttribute("aria-label", summary(series));
		fill(axis, labels(series));
		tell(series.arrived.length - 1, false);
	};
	const tell = (place, pointed) => fill(told, reading(series, place, pointed));
	picture.addEventListener("pointermove", event => {
		const { left, width } = picture.getBoundingClientRect();
		const share = ((event.clientX - left) / width) * WIDTH;
		const part = (share - ROOM.left) / (WIDTH - ROOM.left - ROOM.right);
		const place = Math.round(part * (series.arrived.length - 1));
		const kept = Math.min(Math.max(place, 0), series.arrived.length - 1);
		picture.querySelector(".chart-cursor")?.setAttribute("d", vertical(x(kept, series)));
		tell(kept, true);
	});
	picture.addEventListener("pointerleave", () => {
		picture.querySelector(".chart-cursor")?.setAttribute("d", "");
		tell(series.arrived.length - 1, false);
	});
	return { element: h("figure.figure", told, box), draw };
}

/** Without the tick that has only just begun. */
const whole = series => {
	const cut = name => series[name].slice(0, -1);
	return { ...series, arrived: cut("arrived"), completed: cut("completed"), failed: cut("failed") };
};

/** The highest rate, rounded up to a number that reads well. */
function top(series) {
	const most = Math.max(1, ...series.arrived, ...ended(series)) / series.tick_seconds;
	const size = 10 ** Math.floor(Math.log10(most));
	return [1, 2, 3, 4, 6, 8, 10].map(step => step * size).find(nice => nice >= most);
}

const ended = ({ completed, failed }) => completed.map((count, place) => count + failed[place]);

const x = (place, { arrived }) =>
	ROOM.left + (place / (arrived.length - 1)) * (WIDTH - ROOM.left - ROOM.right);

function marks(series) {
	const highest = top(series) * series.tick_seconds;
	const floor = HEIGHT - ROOM.bottom;
	const y = count => floor - (count / highest) * (floor - ROOM.top);
	const points = counts =>
		counts.map((count, place) => `${x(place, series).toFixed(1)} ${y(count).toFixed(1)}`);
	const completed = points(series.completed);
	const area = `M${x(0, series)} ${floor}L${completed.join("L")}L${WIDTH - ROOM.right} ${floor}Z`;
	const bars = series.failed
		.map((count, place) => count && `M${x(place, series).toFixed(1)} ${floor}V${y(count)}`)
		.filter(Boolean);
	const width = WIDTH - ROOM.right;
	return [
		[0, 0.5, 1].map(part =>
			s("path.chart-grid", { d: `M${ROOM.left} ${y(highest * part)}H${width}` }),
		),
		s("path.chart-completed-area", { d: area }),
		s("path.chart-completed", { d: `M${completed.join("L")}` }),
		s("path.chart-arrived", { d: `M${points(series.arrived).join("L")}` }),
		bars.length > 0 && s("path.chart-failed", { d: bars.join("") }),
		s("path.chart-cursor", { d: "" }),
	];
}

const vertical = at => `M${at.toFixed(1)} ${ROOM.top}V${HEIGHT - ROOM.bottom}`;

function labels(series) {
	const highest = top(series);
	const heights = [1, 0.5, 0].map(part => {
		const at = ROOM.top + (1 - part) * (HEIGHT - ROOM.top - ROOM.bottom);
		const style = { top: `${(at / HEIGHT) * 100}%` };
		return h("span.chart-height", { style }, rate(highest * part));
	});
	const length = series.arrived.length - 1;
	const times = [0, 0.25, 0.5, 0.75, 1].map(part => {
		const at = x(Math.round(part * length), series);
		const ago = Math.round(((1 - part) * length * series.tick_seconds) / 60);
		const style = { left: `${(at / WIDTH) * 100}%` };
		const kind = part === 1 ? "chart-time chart-time-last" : "chart-time";
		return h("span", { class: kind, style }, ago === 0 ? "now" : `−${ago} min`);
	});
	return [heights, times];
}

function reading(series, place, pointed) {
	const { arrived, completed, failed, tick_seconds: seconds, from } = series;
	const part = (kind, name, counts) =>
		h(
			"span",
			{ class: `key key-${kind}` },
			name,
			h("b", ` ${rate(counts[place] / seconds)}`),
			"/s",
		);
	return [
		part("arrived", "arrived", arrived),
		part("completed", "completed", completed),
		part("failed", "failed", failed),
		h("span.muted", pointed ? `at ${clock(from + place * seconds)}` : "now"),
	];
}

function summary({ arrived, completed, failed }) {
	const sum = counts => number(counts.reduce((all, count) => all + count, 0));
	return (
		`The last hour: ${sum(arrived)} jobs arrived, ` +
		`${sum(completed)} were completed, ${sum(failed)} failed.`
	);
}
