//! The page of routes: each needs a key unless it is listed here, and each stands in the book.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::errors;
use crate::server::Server;

const PAGE: &str = include_str!("../../src/http/routes.rs");
const BOOK: &str = include_str!("../../docs/api.md");

/// Paths that nobody needs a key for.
const OPEN: [&str; 9] = [
    "/",
    "/assets/{token}",
    "/healthz",
    "/openapi.json",
    "/readyz",
    "/static/{file}",
    "/static/{room}/{file}",
    "/ui/{page}",
    "/ui/{page}/{id}",
];

/// The paths for clients, each with its methods, as the page has them.
pub(crate) fn routes() -> Vec<(String, Vec<Method>)> {
    let clients = PAGE.split("pub(crate) fn control").next().expect("the page begins with them");
    let paths = clients.split("at(\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let methods = |text: &str| {
        let all = [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE];
        let named = |method: &Method| format!(".{}(", method.as_str().to_lowercase());
        all.into_iter().filter(|method| text.contains(&named(method))).collect()
    };
    paths.map(|(path, rest)| (path.to_owned(), methods(rest))).collect()
}

#[tokio::test]
async fn every_route_asks_for_a_key_unless_it_is_listed() {
    let server = Server::start();
    let anyone = server.client.without_key();
    let routes = routes();
    assert!(routes.len() > 15 && routes.iter().all(|(_, methods)| !methods.is_empty()));
    for (path, methods) in routes {
        let open = OPEN.contains(&path.as_str());
        let path = path.replace("{id}", "x").replace("{name}", "x").replace("{token}", "x");
        let path = path.replace("{room}/", "").replace("{file}", "app.js").replace("{page}", "now");
        for method in methods {
            let answer = anyone.ask(method.clone(), &path, &[], None).await;
            assert_eq!(answer.status != 401, open, "{method} {path}: {}", answer.status);
        }
    }
}

#[test]
fn the_book_has_every_route_and_every_code() {
    let documented: BTreeSet<&str> = BOOK
        .split('`')
        .filter_map(|code| code.split_once(' '))
        .filter(|(method, _)| ["GET", "POST", "PATCH", "DELETE"].contains(method))
        .map(|(_, path)| path)
        .filter(|path| path.starts_with('/'))
        .collect();
    let routes = routes();
    let served: BTreeSet<&str> = routes.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(documented, served);
    for code in errors::codes() {
        assert!(BOOK.contains(&format!("`{code}`")), "`{code}` is not in the book");
    }
}
