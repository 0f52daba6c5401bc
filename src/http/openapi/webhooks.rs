//! Webhooks of the caller's organization, and what is delivered to them.

use serde_json::{Value, json};

use crate::domain::key::Scope;
use crate::domain::webhook::EventKind;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, ISO, JOB};
use crate::http::openapi::operation::{Group, Operation, delete, get, patch, post};
use crate::http::openapi::parameters::{CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, path};
use crate::http::openapi::schemas::{
    boolean, count, deleted, envelope, list, members, moment, or_null, page, page_with_cursor,
    text, uuid,
};

const WEBHOOK: &str = "019ad3c2-10aa-7b01-8c4d-5e6f70819a2b";
const DELIVERY: &str = "019ad3c2-10ab-7b02-9d5e-6f708192ab3c";

const WEBHOOK_ID: Parameter = path("webhook_id", "id", "The webhook's id.", uuid);
const DELIVERY_ID: Parameter = path("delivery_id", "delivery", "The delivery's id.", uuid);

pub(super) fn group() -> Group {
    Group {
        name: "Webhooks",
        about: "Endpoints that are told when jobs and runs end, signed for Pi and for Standard \
                Webhooks.",
        operations: vec![list_webhooks(), create(), edit(), remove(), deliveries(), resend()],
    }
}

fn list_webhooks() -> Operation {
    get("/api/v1/webhooks", "list_webhooks", "List webhooks").needs(Scope::Keys).answers(
        200,
        "All of them, without their secrets.",
        page(webhook(), json!({"has_more": boolean()})),
        examples::list(json!([an_example()])),
    )
}

fn settings() -> Value {
    json!({
        "endpoint_url": {"type": "string", "format": "uri"},
        "secret": {"type": "string", "minLength": 8, "maxLength": 500},
        "events": list(json!({"enum": EventKind::ALL})),
    })
}

fn create() -> Operation {
    let body = members(settings(), &["endpoint_url", "secret"]);
    let example = json!({
        "endpoint_url": "https://app.example/hooks",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "events": ["job.completed", "job.failed", "run.completed"],
    });
    post("/api/v1/webhooks", "create_webhook", "Make a webhook")
        .about(
            "Its secret is in no answer. Addresses are public ones under `https`, unless the \
             operator allows others.",
        )
        .needs(Scope::Keys)
        .takes([IDEMPOTENCY_KEY])
        .reads(body, example)
        .answers(
            201,
            "The webhook.",
            envelope("webhook", webhook()),
            examples::envelope("webhook", "completed", an_example()),
        )
        .refuses([ErrorCode::IdempotencyKeyMismatch])
}

fn edit() -> Operation {
    let mut body = settings();
    body["is_active"] = boolean();
    patch("/api/v1/webhooks/{id}", "edit_webhook", "Change a webhook")
        .about("After a new secret both sign for 24 hours.")
        .needs(Scope::Keys)
        .takes([WEBHOOK_ID])
        .reads(members(body, &[]), json!({"is_active": true}))
        .answers(
            200,
            "The webhook as it is now.",
            envelope("webhook", webhook()),
            examples::envelope("webhook", "completed", an_example()),
        )
        .refuses([ErrorCode::WebhookNotFound])
}

fn remove() -> Operation {
    delete("/api/v1/webhooks/{id}", "delete_webhook", "Delete a webhook")
        .needs(Scope::Keys)
        .takes([WEBHOOK_ID])
        .answers(
            200,
            "It is told no more.",
            deleted("webhook"),
            examples::deleted("webhook", WEBHOOK),
        )
        .refuses([ErrorCode::WebhookNotFound])
}

fn deliveries() -> Operation {
    let delivery = json!({
        "object": {"const": "delivery"}, "id": uuid(), "event": {"enum": EventKind::ALL},
        "event_id": text(), "job_id": uuid(), "run_id": uuid(),
        "status": {"enum": ["pending", "delivering", "delivered", "failed"]},
        "attempts": list(attempt()), "max_attempts": count(),
        "next_attempt_at": or_null(moment()), "created_at": moment(), "updated_at": moment(),
    });
    let example = json!({
        "object": "delivery", "id": DELIVERY, "event": "job.completed",
        "event_id": format!("evt_pi_{WEBHOOK}"), "job_id": JOB, "status": "delivered",
        "attempts": [{"attempt": 1, "at": ISO, "response_status": 204, "duration_ms": 38,
                      "error_code": null, "error": null}],
        "max_attempts": 7, "next_attempt_at": null, "created_at": ISO, "updated_at": ISO,
    });
    let path = "/api/v1/webhooks/{id}/deliveries";
    get(path, "list_deliveries", "List what was, or is to be, delivered")
        .needs(Scope::Keys)
        .takes([WEBHOOK_ID, LIMIT, CURSOR])
        .answers(
            200,
            "A page, newest first.",
            page_with_cursor(members(delivery, &["id", "event", "status", "attempts"])),
            examples::last_page(json!([example])),
        )
        .refuses([ErrorCode::WebhookNotFound])
}

fn attempt() -> Value {
    members(
        json!({
            "attempt": count(), "at": moment(), "response_status": or_null(count()),
            "duration_ms": count(), "error_code": or_null(text()), "error": or_null(text()),
        }),
        &["attempt", "at", "response_status", "duration_ms", "error_code", "error"],
    )
}

fn resend() -> Operation {
    let again = json!({
        "object": {"const": "delivery"}, "id": uuid(), "event": {"enum": EventKind::ALL},
        "event_id": text(), "status": {"const": "pending"}, "resend_of": uuid(),
    });
    let required = ["object", "id", "event", "event_id", "status", "resend_of"];
    let example = json!({
        "object": "delivery", "id": WEBHOOK, "event": "job.completed",
        "event_id": format!("evt_pi_{WEBHOOK}"), "status": "pending", "resend_of": DELIVERY,
    });
    let path = "/api/v1/webhooks/{id}/deliveries/{delivery}/resend";
    post(path, "resend_delivery", "Deliver an event once more")
        .needs(Scope::Keys)
        .takes([WEBHOOK_ID, DELIVERY_ID, IDEMPOTENCY_KEY])
        .answers(
            202,
            "The new delivery.",
            envelope("delivery", members(again, &required)),
            examples::envelope("delivery", "queued", example),
        )
        .refuses([
            ErrorCode::WebhookNotFound,
            ErrorCode::DeliveryNotFound,
            ErrorCode::IdempotencyKeyMismatch,
        ])
}

fn webhook() -> Value {
    members(
        json!({
            "object": {"const": "webhook"}, "id": uuid(), "endpoint_url": text(),
            "events": {"type": "array", "items": {"enum": EventKind::ALL}},
            "is_active": boolean(), "has_secret": boolean(), "gone_at": or_null(moment()),
            "previous_secret_until": or_null(moment()), "created_at": moment(),
            "updated_at": moment(),
        }),
        &["object", "id", "endpoint_url", "events", "is_active", "created_at", "updated_at"],
    )
}

fn an_example() -> Value {
    json!({
        "object": "webhook", "id": WEBHOOK, "endpoint_url": "https://app.example/hooks",
        "events": ["job.completed", "job.failed", "run.completed"], "is_active": true,
        "has_secret": true, "gone_at": null, "previous_secret_until": null, "created_at": ISO,
        "updated_at": ISO,
    })
}
