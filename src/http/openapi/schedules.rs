//! Schedules: jobs and runs that are submitted again and again.

use serde_json::json;

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, ISO, SCHEDULE};
use crate::http::openapi::operation::{Group, Operation, delete, get, patch, post};
use crate::http::openapi::parameters::{IDEMPOTENCY_KEY, Parameter, path};
use crate::http::openapi::runs::VALIDATE_ONLY;
use crate::http::openapi::schemas::{
    boolean, deleted, envelope, list, members, moment, named, object, or_null, page, uuid,
};

const SCHEDULE_ID: Parameter = path("schedule_id", "id", "The schedule's id.", uuid);

pub(super) fn group() -> Group {
    Group {
        name: "Schedules",
        about: "Jobs and runs that are submitted by a cron expression on the clocks of a place. A \
                job that a firing brings shows `schedule_id` and `scheduled_at` in \
                `payload.input`.",
        operations: vec![list_schedules(), create(), show(), edit(), delete_schedule(), run()],
    }
}

fn list_schedules() -> Operation {
    get("/api/v1/schedules", "list_schedules", "List schedules, newest first")
        .needs(Scope::Read)
        .answers(
            200,
            "All of them.",
            page(named("Schedule"), json!({"has_more": boolean()})),
            examples::list(json!([examples::schedule()])),
        )
}

fn create() -> Operation {
    let of_run = json!({
        "cron": "0 9 * * MON", "time_zone": "America/New_York", "overlap": "queue",
        "run": examples::new_run(),
    });
    let valid = members(
        json!({"valid": {"const": true}, "next_at": or_null(moment()), "upcoming": list(moment())}),
        &["valid", "next_at", "upcoming"],
    );
    let checked = json!({"valid": true, "next_at": ISO, "upcoming": [ISO]});
    post("/api/v1/schedules", "create_schedule", "Make a schedule")
        .about(
            "What it submits is checked here, and keeps at most 64 KiB and no files. An \
             organization has at most 100 schedules.",
        )
        .needs(Scope::Write)
        .takes([VALIDATE_ONLY, IDEMPOTENCY_KEY])
        .reads(named("NewSchedule"), examples::new_schedule())
        .or("run", of_run)
        .answers(
            201,
            "It will fire.",
            envelope("schedule", named("Schedule")),
            examples::envelope("schedule", "completed", examples::whole_schedule()),
        )
        .with(["Location", "Idempotent-Replayed"])
        .answers(
            200,
            "It was only to be checked.",
            envelope("schedule", valid),
            examples::envelope("schedule", "completed", checked),
        )
        .refuses([ErrorCode::ActionDisabled])
}

fn show() -> Operation {
    get("/api/v1/schedules/{id}", "show_schedule", "Show a schedule and its next firings")
        .needs(Scope::Read)
        .takes([SCHEDULE_ID])
        .answers(
            200,
            "The schedule.",
            envelope("schedule", named("Schedule")),
            examples::envelope("schedule", "completed", examples::whole_schedule()),
        )
        .refuses([ErrorCode::ScheduleNotFound])
}

fn edit() -> Operation {
    patch("/api/v1/schedules/{id}", "edit_schedule", "Change, pause or resume a schedule")
        .about(
            "What is not named stays. `cron`, `time_zone` and `is_active` begin anew: what fell \
             due before and has not fired is forgotten.",
        )
        .needs(Scope::Write)
        .takes([SCHEDULE_ID])
        .reads(named("ScheduleEdit"), json!({"is_active": false}))
        .or("cron", json!({"cron": "0 4 * * *"}))
        .answers(
            200,
            "The schedule as it is now.",
            envelope("schedule", named("Schedule")),
            examples::envelope("schedule", "completed", examples::whole_schedule()),
        )
        .refuses([ErrorCode::ScheduleNotFound, ErrorCode::ActionDisabled, ErrorCode::Overloaded])
}

fn delete_schedule() -> Operation {
    delete("/api/v1/schedules/{id}", "delete_schedule", "Delete a schedule")
        .about("What it submitted goes on.")
        .needs(Scope::Write)
        .takes([SCHEDULE_ID])
        .answers(
            200,
            "It fires no more.",
            deleted("schedule"),
            examples::deleted("schedule", SCHEDULE),
        )
        .refuses([ErrorCode::ScheduleNotFound])
}

fn run() -> Operation {
    post("/api/v1/schedules/{id}/run", "run_schedule", "Submit now what a schedule submits")
        .about("Out of turn, also of one that is paused: its own firings stay as they are.")
        .needs(Scope::Write)
        .takes([SCHEDULE_ID])
        .may_read(object(), json!({}))
        .answers(
            202,
            "The job or the run is on disk.",
            json!({"anyOf": [
                envelope("job", members(json!({"job_id": uuid()}), &["job_id"])),
                envelope("run", named("AcceptedRun")),
            ]}),
            examples::accepted_job(),
        )
        .with(["Location", "Retry-After", "Preference-Applied", "Idempotent-Replayed"])
        .answers(
            200,
            "It ended while the client waited (`Prefer`).",
            json!({"anyOf": [envelope("job", named("Job")), envelope("run", named("Run"))]}),
            examples::job_envelope(),
        )
        .with(["Preference-Applied", "Idempotent-Replayed"])
        .enqueues()
        .refuses([
            ErrorCode::ScheduleNotFound,
            ErrorCode::ActionDisabled,
            ErrorCode::UniqueJobExists,
            ErrorCode::JobNotFound,
        ])
}
