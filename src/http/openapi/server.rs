//! The server itself: is it alive, does it take work, what does it count.

use serde_json::json;

use crate::domain::key::Scope;
use crate::http::openapi::operation::{Group, Operation, get};
use crate::http::openapi::schemas::{members, named, object, text};

pub(super) fn group() -> Group {
    Group {
        name: "Server",
        about: "For supervisors and monitoring.",
        operations: vec![healthz(), readyz(), metrics(), openapi()],
    }
}

fn healthz() -> Operation {
    get("/healthz", "healthz", "Is the process alive")
        .answers(
            200,
            "It answers.",
            members(json!({"status": {"const": "ok"}}), &["status"]),
            json!({"status": "ok"}),
        )
        .and_head()
}

fn readyz() -> Operation {
    let ready = json!({"status": "ready", "engine": "ok", "store": "ok", "warnings": []});
    let failing =
        json!({"status": "not_ready", "engine": "ok", "store": "failing", "warnings": []});
    get("/readyz", "readyz", "Does it take work")
        .answers(200, "It takes work.", named("Readiness"), ready)
        .answers(
            503,
            "It stops, cannot read its storage, or lost its workers.",
            named("Readiness"),
            failing,
        )
        .and_head()
}

fn metrics() -> Operation {
    let example = "# HELP tidemill_jobs_enqueued Jobs accepted.\n";
    get("/metrics", "metrics", "Figures for Prometheus").needs(Scope::Operator).answers_as(
        200,
        "OpenMetrics.",
        "application/openmetrics-text",
        text(),
        Some(json!(example)),
    )
}

fn openapi() -> Operation {
    get("/openapi.json", "openapi", "This document").answers_as(
        200,
        "OpenAPI 3.1.",
        "application/json",
        object(),
        None,
    )
}
