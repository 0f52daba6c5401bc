// The OpenAPI document of this server: fetched once, its references followed, its routes listed.

let fetched;

/** The document. It needs no key. */
export function load() {
	fetched ??= fetch("/openapi.json").then(answer => {
		if (answer.ok) return answer.json();
		fetched = undefined;
		throw new Error(`the server answered with ${answer.status}`);
	});
	return fetched;
}

/** What a `$ref` names, with its name; anything else is itself. */
export function follow(document, value) {
	const target = value?.$ref;
	if (!target) return { value };
	const parts = target
		.slice(2)
		.split("/")
		.map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"));
	const found = parts.reduce((at, part) => at?.[part], document);
	return { value: found ?? {}, name: parts.at(-1) };
}

/** All operations by group, each with its method, path and what it can be found by. */
export function groups(document) {
	const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods)
			.filter(([method]) => method !== "head")
			.map(([method, operation]) => describe(document, method, path, operation)),
	);
	return document.tags.map(({ name, description }) => ({
		name,
		about: description,
		operations: operations.filter(({ group }) => group === name).sort(byPath),
	}));
}

const METHODS = ["get", "post", "patch", "delete"];

function byPath(one, other) {
	const order = one.path.localeCompare(other.path);
	return order || METHODS.indexOf(one.method) - METHODS.indexOf(other.method);
}

function describe(document, method, path, operation) {
	const parameters = (operation.parameters ?? []).map(item => follow(document, item).value);
	const responses = Object.entries(operation.responses).map(([status, response]) => {
		const { value } = follow(document, response);
		return { status: Number(status), ...value };
	});
	const answers = responses.filter(({ status }) => status < 400);
	const refusals = responses.filter(({ status }) => status >= 400);
	const words = [
		method,
		path,
		operation.summary,
		operation.description,
		operation.operationId,
		...parameters.map(({ name }) => name),
		...refusals.map(({ description }) => description),
	];
	return {
		id: operation.operationId,
		group: operation.tags[0],
		method,
		path,
		summary: operation.summary,
		about: operation.description,
		scope: operation.security?.[0]?.key?.[0],
		parameters,
		body: operation.requestBody,
		answers,
		refusals,
		words: words.filter(Boolean).join("\n").toLowerCase(),
	};
}
