//! Routes: who may call each stands in its handler's signature, and in the document as it is.

use std::collections::BTreeSet;

use crate::paths::crate_paths;
use crate::source::Source;

/// Routes that need no key, each with the reason why.
const OPEN: [&str; 9] = [
    // Its path is a secret of its own.
    "GET /assets/{token}",
    // Supervisors have no key.
    // The dashboard's files hold nothing of anybody's; its page asks for a key.
    "GET /",
    "GET /static/{file}",
    "GET /static/{room}/{file}",
    "GET /ui/{page}",
    "GET /ui/{page}/{id}",
    "GET /healthz",
    "GET /readyz",
    // It tells what every server does alike.
    "GET /openapi.json",
];

/// Routes without a key that are not listed here, and routes of which code and document disagree.
/// `handlers` are the files of the room, `page` is the one with all routes.
pub(crate) fn check(page: &Source, handlers: &[Source], document: &Source) -> Vec<String> {
    let routes: BTreeSet<String> = routes_of(page, handlers).into_iter().collect();
    let described: BTreeSet<String> = described_by(document).into_iter().collect();
    let open = routes.iter().filter_map(|route| route.strip_suffix(": none"));
    let unlisted = open
        .filter(|route| !OPEN.contains(route))
        .map(|route| format!("{route} has no `Authorized` in its signature"));
    let missing = routes.difference(&described).map(|route| format!("not described: {route}"));
    let invented = described.difference(&routes).map(|route| format!("not there: {route}"));
    unlisted.chain(missing).chain(invented).collect()
}

/// The client's routes, each as `METHOD path: scope`.
fn routes_of(page: &Source, handlers: &[Source]) -> Vec<String> {
    let imports = crate_paths(&page.text);
    let (_, body) = page.text.split_once("fn client(").expect("the clients' routes");
    // What it configures besides stands behind it; then come the routes that are not clients'.
    let body = body.split("fn control(").next().unwrap_or_default();
    let body: String = body.split_whitespace().collect();
    let mut routes = Vec::new();
    for chunk in body.split("at(\"").skip(1) {
        let (path, calls) = chunk.split_once("\")").expect("a path");
        for method in ["get", "post", "patch", "delete"] {
            let Some((_, handler)) = calls.split_once(&format!(".{method}(")) else { continue };
            let handler = handler.split(')').next().unwrap_or_default();
            let scope = scope_of(handler, &imports, handlers);
            routes.push(format!("{} {path}: {scope}", method.to_uppercase()));
        }
    }
    routes
}

/// The scope in the signature of `handler`, in small letters; `none` without one.
fn scope_of(handler: &str, imports: &[String], handlers: &[Source]) -> String {
    let (module, function) = handler.rsplit_once("::").expect("a handler in a module");
    let (first, rest) = module.split_once("::").unwrap_or((module, ""));
    let import = imports.iter().find(|path| path.ends_with(&format!("::{first}")));
    let import = import.unwrap_or_else(|| panic!("`{first}` is not imported"));
    let file = format!("src/{import}/{rest}").replace("::", "/");
    let file = file.trim_end_matches('/');
    let names = [format!("{file}.rs"), format!("{file}/mod.rs")];
    let source = handlers.iter().find(|source| names.contains(&source.path));
    let source = source.unwrap_or_else(|| panic!("no file {file}.rs"));
    let (_, signature) = source
        .text
        .split_once(&format!("async fn {function}("))
        .unwrap_or_else(|| panic!("no `{function}` in {}", source.path));
    let signature = signature.split('{').next().unwrap_or_default();
    match signature.split_once("Authorized<") {
        Some((_, scope)) => scope.split('>').next().unwrap_or_default().to_lowercase(),
        None => "none".to_owned(),
    }
}

/// The same as the document's tables say it: routes in the first cell, the scope in the second.
fn described_by(document: &Source) -> Vec<String> {
    let rows = document.text.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|row| {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (routes, scope) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let scope = scope.trim_matches('`');
        let routes = routes.split('`').filter(|text| text.contains(" /"));
        routes.map(move |route| format!("{route}: {scope}")).collect::<Vec<_>>()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "use crate::http::pi::jobs;\nuse crate::http::operations;\n\
        pub fn client(app: &mut C) {\n    app.service(at(\"/jobs\").get(jobs::list)\n\
        .post(jobs::create))\n.service(at(\"/ready\").get(operations::ready));\n}\n";

    fn handlers() -> [Source; 2] {
        [
            Source::sample(
                "src/http/pi/jobs.rs",
                "async fn list(c: Authorized<Read>) {}\n\
                 async fn create(\n c: Authorized<Write>,\n) {}",
            ),
            Source::sample("src/http/operations.rs", "async fn ready() {}"),
        ]
    }

    #[test]
    fn routes_have_their_scopes() {
        let page = Source::sample("src/http/routes.rs", PAGE);
        assert_eq!(
            routes_of(&page, &handlers()),
            ["GET /jobs: read", "POST /jobs: write", "GET /ready: none"]
        );
    }

    #[test]
    fn an_open_route_and_a_disagreement_are_seen() {
        let page = Source::sample("src/http/routes.rs", PAGE);
        let text = "| route | scope |\n| `GET /jobs`, `POST /jobs` | `read` | x |\n\
                    | `GET /ready` | none | y |";
        let document = Source::sample("docs/api.md", text);
        assert_eq!(
            check(&page, &handlers(), &document),
            [
                "GET /ready has no `Authorized` in its signature",
                "not described: POST /jobs: write",
                "not there: POST /jobs: read",
            ]
        );
    }
}
