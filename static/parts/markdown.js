// Markdown as elements: headings, lists, quotes, code and plain inline marks. What it does not know
// stays as it is written. No text ever becomes markup.

import { h } from "../core/dom.js";

const INLINE =
	/`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_|\[([^\]]+)\]\(([^)\s]+)\)/;

/** The elements of `text`. */
export function markdown(text) {
	const lines = String(text).split("\n");
	const blocks = [];
	while (lines.length > 0) {
		const block = next(lines);
		if (block) blocks.push(block);
	}
	return h("div.prose", blocks);
}

/** Takes one block from the head of `lines`. */
function next(lines) {
	const line = lines.shift();
	if (!line.trim()) return null;
	if (line.startsWith("```")) {
		const code = take(lines, other => !other.startsWith("```"));
		lines.shift();
		return h("pre", { tabindex: "0" }, code.join("\n"));
	}
	const [, marks, title] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
	// The page has its own first heading.
	if (marks) return h(`h${Math.min(marks.length + 1, 6)}`, inline(title));
	if (/^([-*_])\s*(\1\s*){2,}$/.test(line)) return h("hr");
	if (/^\s*([-*+]|\d+[.)])\s/.test(line)) return list([line, ...take(lines, isItem)]);
	if (line.startsWith(">")) {
		const quote = [line, ...take(lines, other => other.startsWith(">"))];
		return h("blockquote", inline(quote.map(part => part.replace(/^>\s?/, "")).join(" ")));
	}
	const rest = take(lines, other => other.trim() && !/^(#|>|```|\s*[-*+]\s)/.test(other));
	return h("p", inline([line, ...rest].join(" ")));
}

const isItem = line => /^\s*([-*+]|\d+[.)])\s|^\s+\S/.test(line);

function take(lines, belongs) {
	const end = lines.findIndex(line => !belongs(line));
	return lines.splice(0, end < 0 ? lines.length : end);
}

/** Items of one list. Deeper ones are lists in the item before them. */
function list(lines) {
	const ordered = /^\s*\d/.test(lines[0]);
	const depth = lines[0].search(/\S/);
	const items = [];
	for (const line of lines) {
		const [, text] = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line) ?? [];
		const deeper = line.search(/\S/) > depth + 1;
		if (text !== undefined && !deeper) items.push({ text, inner: [] });
		else if (text === undefined && items.at(-1).inner.length === 0) {
			items.at(-1).text += ` ${line.trim()}`;
		} else items.at(-1).inner.push(line);
	}
	return h(
		ordered ? "ol" : "ul",
		items.map(({ text, inner }) => h("li", inline(text), inner.length > 0 && list(inner))),
	);
}

function inline(text) {
	const found = INLINE.exec(text);
	if (!found) return text;
	const [whole, code, bold, em, alsoEm, label, url] = found;
	const element = code
		? h("code", code)
		: bold
			? h("strong", inline(bold))
			: label
				? h("a", { href: address(url), target: "_blank", rel: "noreferrer" }, inline(label))
				: h("em", inline(em ?? alsoEm));
	return [text.slice(0, found.index), element, inline(text.slice(found.index + whole.length))];
}

/** An address that can be opened; none for what is no address. */
function address(url) {
	return URL.canParse(url) ? url : null;
}
