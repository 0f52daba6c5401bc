//! What every store promises, asked of each store there is.
//!
//! A case is an async function over a [`Subject`]; the list at the bottom runs all of them on
//! each store. `sqlite` holds what only that store promises; `random` compares a store with a
//! simple model under random verbs, and `sim` lets things go wrong around it.

mod activity;
mod assets;
mod audit;
mod brands;
mod cancel;
mod claim;
mod claim_limits;
mod claim_order;
mod dags;
mod enqueue;
mod finish;
mod fixture;
mod history;
mod invariants;
mod keys;
mod listing;
mod model;
mod orgs;
mod plans;
mod prune;
mod queues;
mod random;
mod renew;
mod rescue;
mod run_fixture;
mod runs;
mod schedules;
mod sessions;
mod sharing;
#[path = "../sim/mod.rs"]
mod sim;
mod sqlite;
mod upgrade;
mod webhooks;
mod worker_files;

use std::sync::Arc;

use tempfile::TempDir;
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{Catalog, Store};

/// A store to be asked.
trait Subject: Store + Catalog {}

impl<T: Store + Catalog> Subject for T {}

/// A new `SQLite` store, in a directory that goes when the second value is dropped.
fn sqlite(hooks: WriterHooks) -> (Arc<SqliteStore>, TempDir) {
    let dir = TempDir::new().expect("a directory");
    (reopen(&dir, hooks), dir)
}

/// Opens the `SQLite` store that lies in `dir`.
fn reopen(dir: &TempDir, hooks: WriterHooks) -> Arc<SqliteStore> {
    let runtime = tokio::runtime::Handle::current();
    Arc::new(SqliteStore::open(dir.path(), runtime, hooks).expect("the store opens"))
}

/// Makes a test of each case, once for each store.
macro_rules! on_each_store {
    ($($room:ident: $($case:ident)+;)+) => {
        mod on_sqlite {
            $(mod $room {
                $(#[tokio::test]
                async fn $case() {
                    let (store, _dir) = crate::sqlite(crate::WriterHooks::default());
                    crate::$room::$case(&*store).await;
                })+
            })+
        }
    };
}

on_each_store! {
    enqueue:
        a_job_reads_as_it_was_stored
        a_known_idempotency_key_answers_as_before
        an_idempotency_key_is_forgotten_after_its_time
        keys_of_other_routes_and_organizations_do_not_meet
        a_refused_job_leaves_its_idempotency_key_unused
        an_unfinished_job_holds_its_unique_key
        a_full_queue_refuses_more
        internal_jobs_pass_a_full_queue
        internal_jobs_fill_no_queue
        each_job_of_a_bulk_has_its_own_answer
        an_idle_worker_is_served_in_the_same_write
        who_is_served_hears_whether_others_may_wait
        a_claim_tells_that_delayed_jobs_became_due
        an_idle_worker_gets_no_more_than_a_claim_would_give
        an_idle_worker_gets_the_first_of_a_bulk_by_priority
        files_are_stored_with_their_job;
    claim:
        a_claimed_job_is_in_a_worker_s_hands
        a_claim_takes_no_more_than_its_limit
        only_known_actions_are_claimed
        a_remote_worker_claims_its_organization_s_jobs
        a_delayed_job_is_claimed_when_it_is_due
        no_job_is_claimed_twice
        a_claim_of_nothing_is_delivered_too;
    claim_order:
        lower_priorities_go_first_then_older_jobs
        organizations_take_turns
        who_comes_late_does_not_catch_up
        who_comes_back_starts_now
        a_second_action_gives_no_second_turn
        a_new_action_gives_no_head_start
        who_cannot_be_served_holds_the_time_for_nobody;
    finish:
        an_end_brings_its_worker_the_next_job
        a_completed_job_has_its_result
        what_an_end_tells_is_what_is_stored
        a_failed_job_has_its_error
        a_retried_job_waits_for_its_time
        a_released_attempt_does_not_count
        a_late_finish_writes_nothing
        a_second_finish_writes_nothing
        a_finish_after_a_cancel_writes_nothing
        a_finish_of_a_deleted_job_writes_nothing
        writes_are_applied_with_the_end
        writes_of_a_lost_lease_are_not_applied
        a_brand_may_name_a_file_that_is_written_after_it
        a_large_result_stays_a_reference;
    renew:
        a_renewed_lease_is_not_rescued
        a_renewal_stores_what_was_reported
        a_renewal_hears_of_a_cancel
        a_lost_lease_is_not_renewed
        each_lease_has_its_own_answer;
    claim_limits:
        an_action_has_no_more_than_its_limit
        an_organization_has_no_more_than_its_limit
        who_has_room_takes_turns
        a_new_job_does_not_slip_past_a_limit
        a_token_finds_its_lease_until_another_has_the_job;
    cancel:
        a_queued_job_is_never_run
        a_processing_job_is_taken_from_its_worker
        a_terminal_job_says_so
        each_id_has_its_own_answer
        a_cancelled_job_frees_its_unique_key;
    rescue:
        an_expired_lease_puts_the_job_back
        the_last_attempt_s_loss_ends_the_job
        a_live_lease_is_left_alone
        a_rescue_takes_no_more_than_its_limit
        local_leases_end_at_start;
    prune:
        old_ends_are_pruned
        unfinished_jobs_are_never_pruned
        old_idempotency_keys_are_pruned
        unreferenced_files_are_pruned
        a_prune_takes_no_more_than_its_limit
        a_terminal_job_is_deleted_with_all_it_has
        an_unfinished_job_is_not_deleted
        what_a_brand_shows_outlives_its_job;
    listing:
        jobs_are_listed_newest_first_in_pages
        lists_leave_payloads_out
        internal_jobs_stand_in_no_list
        filters_narrow_the_list
        error_text_is_found_in_any_case
        another_organization_s_jobs_are_unknown
        positions_count_what_goes_before
        depths_count_what_has_not_ended
        the_next_due_moment_is_known
        usage_grows;
    history:
        a_log_is_read_in_order_from_a_place
        a_log_has_a_last_line
        attempts_tell_how_each_ended;
    keys:
        a_key_is_found_by_its_secret
        a_revoked_key_is_refused_at_once
        a_revocation_is_confined_to_its_organization
        keys_are_listed_newest_first
        a_workers_key_belongs_to_no_organization
        a_key_is_seen_to_the_minute
        no_reader_sees_a_key_after_its_revocation
        a_revocation_stands_when_its_caller_goes_away;
    audit:
        every_change_is_told_with_its_author
        what_changed_nothing_is_not_told
        entries_outlive_what_they_are_about
        the_log_is_read_in_pages_and_by_filters
        old_entries_are_pruned_in_portions;
    sessions:
        a_session_is_found_with_its_key_until_it_is_over
        a_session_ends_with_its_key_or_by_itself
        a_key_has_so_many_sessions_and_no_more;
    worker_files:
        a_file_is_kept_under_its_lease_and_within_its_room
        files_of_lost_and_ended_attempts_go;
    queues:
        what_has_not_ended_is_counted_by_organization
        jobs_in_hands_are_shown_to_their_organization;
    orgs:
        an_organization_is_made_once
        organizations_are_listed_oldest_first
        a_rename_takes_a_free_name_only
        an_organization_goes_with_all_it_has
        unfinished_jobs_keep_their_organization
        the_servers_own_work_keeps_no_organization;
    brands:
        an_extraction_stores_a_brand
        a_later_extraction_keeps_what_a_person_set
        brands_are_listed_newest_first
        brands_are_found_by_a_part_of_their_name
        an_edit_stores_its_files
        a_deleted_brand_is_gone
        another_organization_s_brand_is_unknown
        a_brand_knows_its_latest_job;
    assets:
        a_file_is_found_by_id_and_token
        the_same_id_again_changes_nothing
        a_rotated_token_is_another
        a_deleted_file_is_gone
        another_organization_s_file_is_unknown
        a_file_in_use_is_kept
        used_contents_are_those_that_a_row_names;
    sharing:
        a_file_stays_until_the_last_job_that_has_it_is_deleted
        the_same_content_is_one_file_of_an_organization
        a_shared_file_is_listed_with_each_job
        a_file_stays_until_the_last_job_that_has_it_is_pruned
        a_brand_s_end_leaves_a_job_s_file
        a_deleted_file_is_no_job_s
        another_organization_s_file_is_not_shared
        an_organization_goes_with_its_shared_files;
    runs:
        a_run_reads_as_it_was_stored
        a_step_is_due_when_all_it_waits_for_has_completed
        values_pass_into_the_inputs_of_later_steps
        a_value_that_is_missing_fails_the_step
        dependants_of_a_failed_step_never_run
        a_step_is_retried_before_it_fails
        a_step_whose_worker_is_lost_fails_with_its_last_attempt
        a_cancelled_step_fails_its_run
        a_run_is_cancelled_with_all_its_unfinished_steps
        idle_workers_get_what_is_due_in_the_same_write
        a_known_key_answers_a_run_as_before
        a_run_needs_room_for_all_its_steps
        a_run_done_again_takes_over_what_completed
        files_go_on_to_the_step_done_again
        a_step_s_job_goes_only_after_its_run_has_ended
        old_runs_are_pruned_whole
        runs_are_listed_newest_first_in_pages
        another_organization_s_run_is_unknown
        the_jobs_of_a_run_are_listed
        an_organization_goes_with_its_runs;
    webhooks:
        each_kind_of_end_is_told_once
        what_does_not_end_a_client_s_job_is_not_told
        who_did_not_ask_is_not_told
        an_end_under_a_lost_lease_is_not_told
        the_end_of_a_run_is_told_beside_those_of_its_steps
        an_end_that_writes_much_is_told_with_it_all
        a_delivery_is_a_job_that_has_its_event
        deliveries_are_listed_newest_first_in_pages
        deliveries_go_with_their_jobs
        each_change_of_a_webhook_is_in_the_audit_log
        a_webhook_reads_as_it_was_stored_and_edited
        a_secret_that_was_given_up_signs_no_more
        an_endpoint_that_is_gone_is_told_nothing_more
        a_deleted_webhook_leaves_its_jobs_to_find_that_out;
    schedules:
        a_schedule_reads_as_it_was_stored
        a_known_key_answers_a_schedule_as_before
        an_organization_has_so_many_schedules_and_no_more
        schedules_are_due_at_their_moment
        a_firing_happens_once
        a_firing_that_overlaps_is_left_out
        a_firing_replaces_what_the_one_before_brought
        a_run_is_replaced_whole
        a_firing_into_a_full_queue_is_left_out
        an_edit_of_what_was_fired_meanwhile_is_refused
        another_organization_s_schedule_is_unknown
        changes_are_noted_as_their_author_s
        an_organization_goes_with_its_schedules;
    activity:
        a_project_reads_as_it_was_stored
        a_directory_is_granted_to_one_organization
        an_event_stored_again_changes_nothing
        a_selection_takes_what_happened_and_what_stands_open
        events_of_a_lost_lease_are_not_stored
        events_find_their_project_s_organization_only
        each_choice_of_events_is_found_once
        a_known_commit_tells_its_branches
        documents_are_stored_with_their_jobs
        a_document_is_put_away_and_back
        a_project_goes_with_all_it_has
        an_organization_goes_with_its_projects
        old_events_and_documents_are_pruned;
}
