//! What is a plan, and what is at fault in what is none.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parse(body: &Value) -> Result<Plan, InvalidPlan> {
    Plan::parse(body.as_object().cloned().expect("tests write objects"))
}

fn param(body: &Value) -> String {
    parse(body).expect_err("no plan").param
}

/// A body with these steps.
#[expect(clippy::needless_pass_by_value, reason = "tests write the steps where they are sent")]
fn of(steps: Value) -> Value {
    json!({ "steps": steps })
}

#[test]
fn a_run_of_three_steps_is_a_plan() {
    let plan = parse(&json!({
        "steps": [
            {"id": "extract_brand", "action": "brands.extract", "input": {"url": "http://a.b"}},
            {"id": "generate_base", "action": "campaigns.generate", "depends_on": ["extract_brand"],
             "input": {"prompt": "p", "brand_id": "overridden"},
             "input_map": {"brand_id": "$steps.extract_brand.result.brand_id"}},
            {"id": "localize_fr", "action": "campaigns.localize_ad", "input": null,
             "depends_on": ["generate_base", "generate_base"],
             "input_map": {"source_job_id": "$steps.generate_base.result.job_id",
                           "tone": "$steps.extract_brand.result.brand.tone.0"}},
        ],
        "metadata": {"campaign": 7},
        "something_else": true,
    }))
    .expect("a plan");
    let [extract, generate, localize] = plan.steps.as_slice() else { panic!("three steps") };
    assert_eq!((extract.action.as_str(), extract.given().len()), ("brands.extract", 0));
    assert_eq!(generate.depends_on, [0]);
    assert_eq!(generate.given(), ["brand_id"]);
    assert_eq!(json!(generate.input), json!({"prompt": "p"}), "what is mapped wins");
    assert_eq!(localize.depends_on, [1], "once each");
    assert_eq!(localize.takes[&0]["tone"].to_string(), "brand.tone.0");
    assert_eq!(localize.takes[&1]["source_job_id"].to_string(), "job_id");
    assert_eq!(plan.metadata.map(Value::Object), Some(json!({"campaign": 7})));
}

#[test]
fn a_fault_is_named_by_its_path() {
    let step = |more: Value| {
        let mut step = json!({"id": "b", "action": "noop"});
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            step[name] = value;
        }
        of(json!([{"id": "a", "action": "noop"}, step]))
    };
    let table = [
        (json!({}), "steps"),
        (of(json!([])), "steps"),
        (of(json!("a")), "steps"),
        (of(json!(vec![json!({"id": "a", "action": "noop"}); 11])), "steps"),
        (of(json!([7])), "steps[0]"),
        (step(json!({"id": ""})), "steps[1].id"),
        (step(json!({"id": null})), "steps[1].id"),
        (step(json!({"id": 7})), "steps[1].id"),
        (step(json!({"id": "é".repeat(65)})), "steps[1].id"),
        (step(json!({"id": "a"})), "steps[1].id"),
        (step(json!({"action": null})), "steps[1].action"),
        (step(json!({"input": []})), "steps[1].input"),
        (step(json!({"depends_on": "a"})), "steps[1].depends_on"),
        (step(json!({"depends_on": ["a", 7]})), "steps[1].depends_on[1]"),
        (step(json!({"depends_on": ["a", "c"]})), "steps[1].depends_on[1]"),
        (step(json!({"depends_on": ["a", "b"]})), "steps[1].depends_on[1]"),
        (step(json!({"input_map": "x"})), "steps[1].input_map"),
        (step(json!({"input_map": {"x": 7}})), "steps[1].input_map.x"),
        (step(json!({"input_map": {"x": "$steps.a.x"}})), "steps[1].input_map.x"),
        (step(json!({"input_map": {"x": "$steps.a.result.x"}})), "steps[1].input_map.x"),
        (step(json!({"input_map": {"x": "$steps.b.result.x"}})), "steps[1].input_map.x"),
        (step(json!({"input_map": {"": "$steps.a.result.x"}})), "steps[1].input_map."),
        (
            of(json!([
                {"id": "a", "action": "noop", "depends_on": ["c"]},
                {"id": "b", "action": "noop", "depends_on": ["a"]},
                {"id": "c", "action": "noop", "depends_on": ["b"]},
            ])),
            "steps[1].depends_on[0]",
        ),
    ];
    for (body, expected) in table {
        assert_eq!(param(&body), expected, "{body}");
    }
    assert!(parse(&step(json!({"id": "é".repeat(64)}))).is_ok());
}

#[test]
fn metadata_is_an_object_of_bounded_size() {
    let body =
        |metadata: Value| json!({"steps": [{"id": "a", "action": "x"}], "metadata": metadata});
    assert_eq!(parse(&body(Value::Null)).expect("a plan").metadata, None);
    let frame = json!({"k": ""}).to_string().len();
    let of_size = |bytes: usize| body(json!({"k": "x".repeat(bytes - frame)}));
    assert!(parse(&of_size(MAX_METADATA_BYTES)).is_ok());
    assert_eq!(param(&of_size(MAX_METADATA_BYTES + 1)), "metadata");
    assert_eq!(param(&body(json!("x"))), "metadata");
}

#[test]
fn too_many_mapped_fields_are_refused() {
    let map: Map<String, Value> =
        (0..33).map(|n| (format!("f{n}"), json!("$steps.a.result.x"))).collect();
    let body = of(json!([
        {"id": "a", "action": "noop"},
        {"id": "b", "action": "noop", "depends_on": ["a"], "input_map": map},
    ]));
    assert_eq!(param(&body), "steps[1].input_map");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever depends on whatever: an accepted plan can be worked off step by step, a refused
    /// one cannot.
    #[test]
    fn a_plan_is_accepted_just_when_it_can_be_worked_off(
        graph in (1..=MAX_STEPS).prop_flat_map(|steps| {
            prop::collection::vec(prop::collection::vec(0..steps, 0..3), steps)
        }),
    ) {
        let steps: Vec<Value> = graph
            .iter()
            .enumerate()
            .map(|(step, on)| {
                let on: Vec<String> = on.iter().map(|on| format!("s{on}")).collect();
                json!({"id": format!("s{step}"), "action": "noop", "depends_on": on})
            })
            .collect();
        let mut done = vec![false; graph.len()];
        // Each round does what can be done; as many rounds as there are steps are enough.
        for _ in 0..graph.len() {
            for (step, on) in graph.iter().enumerate() {
                done[step] |= on.iter().all(|on| done[*on]);
            }
        }
        prop_assert_eq!(parse(&of(json!(steps))).is_ok(), done.iter().all(|done| *done));
    }

    /// No text makes the reader panic, and what it accepts it reads as it was written.
    #[test]
    fn any_text_may_be_sent_as_a_reference(text in "(\\$steps\\.a\\.result\\.)?[a-c0.$é]{0,12}") {
        let body = of(json!([
            {"id": "a", "action": "noop"},
            {"id": "b", "action": "noop", "depends_on": ["a"], "input_map": {"x": text}},
        ]));
        if let Ok(plan) = parse(&body) {
            prop_assert_eq!(format!("$steps.a.result.{}", plan.steps[1].takes[&0]["x"]), text);
        }
    }
}
