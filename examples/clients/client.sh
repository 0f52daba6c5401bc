#!/bin/sh
# A client of Tidemill in sh and curl.
#
#   BASE=http://127.0.0.1:8080 API_KEY=pi_live_… SITE=https://example.com ./client.sh
#
# `ask`, `submit`, `wait_for` and `first` are the parts to copy; below them is a walk through what
# they can do. With `jq` at hand, `first` is better written with it.
set -eu
SITE=${SITE:-https://www.rust-lang.org}

# ask METHOD PATH [curl's arguments …]: prints the body; a refusal is printed too, and is status 22.
# curl asks again after 429, 502, 503 and 504, as Retry-After says; when a connection breaks before
# the answer came, it is asked again here. Both are safe for a GET, and with an Idempotency-Key.
ask() {
    method=$1 path=$2
    shift 2
    for pause in 1 2 4 0; do
        status=0
        curl -sS --fail-with-body --max-time 40 --retry 4 --retry-connrefused \
            -X "$method" "$BASE$path" \
            -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' "$@" ||
            status=$?
        case $status in
            52 | 56) sleep "$pause" ;;
            *) break ;;
        esac
    done
    return "$status"
}

# submit KEY PATH BODY: has something done. The key makes it safe to send twice.
submit() {
    ask POST "$2" -H "Idempotency-Key: $1" -d "$3"
}

# wait_for PATH: prints the job or the run when it has ended. The server answers when it does, or
# after 30 seconds with the state as it is; then it is asked again.
wait_for() {
    while :; do
        answer=$(ask GET "$1?wait_for_completion=true&timeout_seconds=30")
        case $(printf '%s' "$answer" | first status) in
            completed | failed | cancelled) break ;;
        esac
    done
    printf '%s\n' "$answer"
}

# first NAME: the first text of this name in the JSON on standard input.
first() {
    grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4
}

unique() {
    printf '%s-%s-%s' "$(date +%s)" "$$" "$1"
}

# A job: submitted, waited for, its result in hand.
job=$(submit "$(unique brand)" /api/v1/brands/extract "{\"url\": \"$SITE\"}" | first job_id)
answer=$(wait_for "/api/v1/jobs/$job")
echo "brand: $(printf '%s' "$answer" | first brand_id)"

# A request that is wrong is refused at once, and says what would be right.
if ! answer=$(ask POST /api/v1/jobs -d '{"action": "brands.extrakt"}' 2>/dev/null); then
    echo "refused: $(printf '%s' "$answer" | first code) $(printf '%s' "$answer" | first param)"
fi

# A job that cannot be done is accepted, and fails with a reason: this address is private.
job=$(submit "$(unique private)" /api/v1/brands/extract '{"url": "http://192.168.0.1"}' |
    first job_id)
echo "failed: $(wait_for "/api/v1/jobs/$job" | first error_code)"

# The same key and body again is the same job, whoever did not get the first answer.
key=$(unique twice)
one=$(submit "$key" /api/v1/brands/extract "{\"url\": \"$SITE\"}" | first job_id)
two=$(submit "$key" /api/v1/brands/extract "{\"url\": \"$SITE\"}" | first job_id)
[ "$one" = "$two" ] && echo "once: yes"

# Three steps in one request; each takes what it needs from those before.
run=$(submit "$(unique run)" /api/v1/runs "{\"steps\": [
    {\"id\": \"brand\", \"action\": \"brands.extract\", \"input\": {\"url\": \"$SITE\"}},
    {\"id\": \"ad\", \"action\": \"campaigns.generate\", \"depends_on\": [\"brand\"],
     \"input\": {\"prompt\": \"Launch our spring tea\"},
     \"input_map\": {\"brand_id\": \"\$steps.brand.result.brand_id\"}},
    {\"id\": \"french\", \"action\": \"campaigns.localize_ad\", \"depends_on\": [\"ad\"],
     \"input\": {\"target_culture\": \"French urban premium\", \"target_language\": \"fr\"},
     \"input_map\": {\"source_job_id\": \"\$steps.ad.result.job_id\"}}]}" | first run_id)
answer=$(wait_for "/api/v1/runs/$run")
echo "run: $(printf '%s' "$answer" | first status)"
printf '%s' "$answer" | grep -o '"image_url":"[^"]*"' | cut -d '"' -f 4
