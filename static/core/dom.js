// Builds elements. What is given as text becomes a text node and can be nothing else: this file is
// the only way from data to the page, and it knows no markup.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: `h("a.button", { href: "/" }, "Home")`. What it has may be left out; what is in
    it may be texts, nodes, lists of them, or nothing. */
export function h(tag, ...rest) {
	return build(name => document.createElement(name), tag, rest);
}

/** The same for SVG. */
export function s(tag, ...rest) {
	return build(name => document.createElementNS(SVG, name), tag, rest);
}

function build(create, tag, rest) {
	const [name, ...classes] = tag.split(".");
	const element = create(name);
	element.classList.add(...classes);
	const props = rest[0]?.constructor === Object ? rest.shift() : {};
	return dress(element, props, rest);
}

/** Puts `children` in the place of whatever `parent` holds. */
export function fill(parent, ...children) {
	parent.replaceChildren(...nodes(children));
	return parent;
}

function dress(element, props, children) {
	for (const [name, value] of Object.entries(props)) {
		if (value === undefined || value === null || value === false) continue;
		if (name === "on") {
			for (const [event, listener] of Object.entries(value)) {
				element.addEventListener(event, listener);
			}
		} else if (name === "style") {
			// One by one: a style attribute would be refused by the page's policy.
			for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
		} else if (name === "href" || name === "src") {
			if (isHarmless(value)) element.setAttribute(name, value);
		} else if (name === "value" || name === "checked" || name === "indeterminate") {
			element[name] = value;
		} else {
			element.setAttribute(name, value === true ? "" : String(value));
		}
	}
	element.append(...nodes(children));
	return element;
}

function nodes(children) {
	return children
		.flat(Infinity)
		.filter(child => child !== null && child !== undefined && child !== false)
		.map(child => (child instanceof Node ? child : String(child)));
}

/** Whether an address opens a page or a picture, and runs nothing. */
function isHarmless(address) {
	const { protocol } = new URL(address, location.origin);
	return ["http:", "https:", "mailto:"].includes(protocol) || /^data:image\//.test(address);
}

/** Keeps a list of elements in step with a list of items without touching what did not change. */
export class Rows {
	#parent;
	#make;
	#rows = new Map();

	/** `make(item)` gives `{ element, update(item) }`. */
	constructor(parent, make) {
		this.#parent = parent;
		this.#make = make;
	}

	/** Shows these items, told apart by `key`. */
	show(items, key) {
		const wanted = new Set(items.map(key));
		for (const [id, row] of this.#rows) {
			if (!wanted.has(id)) {
				row.element.remove();
				this.#rows.delete(id);
			}
		}
		let before = this.#parent.firstElementChild;
		for (const item of items) {
			const row = this.#row(key(item), item);
			if (row.element === before) before = before.nextElementSibling;
			else this.#parent.insertBefore(row.element, before);
		}
	}

	/** Updates one item, if it is shown; whether it is. */
	update(id, change) {
		const row = this.#rows.get(id);
		if (!row) return false;
		row.item = { ...row.item, ...change };
		row.update(row.item);
		return true;
	}

	#row(id, item) {
		let row = this.#rows.get(id);
		if (row) {
			row.item = item;
			row.update(item);
		} else {
			row = { item, ...this.#make(item) };
			this.#rows.set(id, row);
		}
		return row;
	}
}
