// Numbers, sizes and names in the words of people.

const whole = new Intl.NumberFormat("en");

/** 12345 → 12,345 */
export const number = value => whole.format(value ?? 0);

/** `1 job`, `12 jobs`. */
export const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/** A size in bytes, in the unit that a person would use. */
export function bytes(value) {
	if (value === null || value === undefined) return "–";
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	const step = Math.min(Math.floor(Math.log2(Math.max(value, 1)) / 10), units.length - 1);
	const size = value / 1024 ** step;
	return `${size >= 100 || step === 0 ? Math.round(size) : size.toFixed(1)} ${units[step]}`;
}

/** Jobs per second: `0`, `0.07`, `3.2`, `140`. */
export function rate(perSecond) {
	if (perSecond === 0) return "0";
	if (perSecond >= 1 && Number.isInteger(perSecond)) return number(perSecond);
	if (perSecond >= 100) return number(Math.round(perSecond));
	return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

/** The end of an id: what differs between ids of the same minute. */
export const short = id => String(id ?? "").slice(-8);

/** The path of an own file's URL: the page may stand under another name than the server's. */
export function ownPath(url) {
	try {
		const { pathname } = new URL(url, location.origin);
		return pathname.startsWith("/assets/") ? pathname : url;
	} catch {
		return null;
	}
}
