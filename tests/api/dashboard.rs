//! The dashboard's files: there for anybody, and under a policy that runs nothing else.

use crate::server::Server;

#[tokio::test]
async fn every_view_is_the_one_page_under_a_strict_policy() {
    let server = Server::start();
    let anyone = server.client.without_key();
    for path in ["/", "/ui/jobs", "/ui/runs/x", "/static/app.js", "/static/core/dom.js"] {
        let answer = anyone.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
    for path in ["/static/missing.js", "/static/core/..%2f..%2fCargo.toml", "/ui/a/b/c"] {
        assert_eq!(anyone.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let server = Server::start();
    let first = server.client.get("/static/style.css").await;
    let tag = first.headers["etag"].to_str().expect("text").to_owned();
    assert_eq!(first.headers["content-type"], "text/css; charset=utf-8");
    let again = server.client.read_with("/static/style.css", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    let packed = [("accept-encoding", "gzip")];
    let packed = server.client.read_with("/static/style.css", &packed).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(packed.bytes.len() < first.bytes.len() / 2);
}
