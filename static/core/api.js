// Asks the public API, and nothing else. The session's cookie goes along by itself.

/** A refusal, in whichever dialect it came. */
export class Refusal extends Error {
	constructor(status, { code, message, param, request_id: requestId } = {}) {
		super(message ?? `the server answered with ${status}`);
		Object.assign(this, { status, code: code ?? String(status), param, requestId });
	}
}

/** Told of every answer that says that nobody is signed in. */
export const signedOut = new EventTarget();

/** Whether a failure is only that the page was left. */
export const isAbort = error => error?.name === "AbortError";

/** The body of a successful answer. */
export async function ask(method, path, { body, signal, headers } = {}) {
	const response = await send(method, path, { body, signal, headers });
	const text = await response.text();
	return text ? JSON.parse(text) : null;
}

/** `data` of a successful answer in an envelope. */
export async function read(path, options) {
	return (await ask("GET", path, options)).data;
}

/** Sends a request; throws a [`Refusal`] for anything but success. */
export async function send(method, path, { body, signal, headers } = {}) {
	const response = await fetch(`/api/v1${path}`, {
		method,
		signal,
		headers: {
			// Says that this is our own script: another page cannot send it.
			"X-Tidemill-Session": "1",
			...(body === undefined ? {} : { "Content-Type": "application/json" }),
			...headers,
		},
		body: body === undefined ? undefined : JSON.stringify(body),
		cache: "no-store",
	});
	if (response.ok) return response;
	const refusal = new Refusal(response.status, await reason(response));
	if (response.status === 401) signedOut.dispatchEvent(new Event("signedout"));
	throw refusal;
}

async function reason(response) {
	try {
		const { error } = await response.json();
		return typeof error === "string" ? { message: error } : error;
	} catch {
		return undefined;
	}
}

/** Which routes this server answers and this key may ask, from one look at each. */
export async function available(paths) {
	const looks = paths.map(async path => {
		try {
			await ask("GET", path);
			return path;
		} catch (error) {
			return error.status === 400 ? path : null;
		}
	});
	return new Set((await Promise.all(looks)).filter(Boolean));
}
