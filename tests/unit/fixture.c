/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "base/alloc.h"

#include <math.h>
#include <stdio.h>

#define S(text) {text, sizeof(text) - 1}

static const int64_t now = FIXTURE_NOW * 1000LL;

static const char hostile[] =
	"\x1b[2J\x1b]0;x\x07\r\n\xff\xe2\x80\xae" "evil\xe2\x80\x8f" "e\xcc\x81 \xe6\xb8\xa9\xe5\xba\xa6";

static const char *const uuids[] = {
	"b58fd3ba-6abf-43fc-ba4d-93134d702a17", "0c9d5b1e-7a55-4f0e-9b1c-2f6f9f1f0a01",
	"77c1a3de-0b0e-4d5c-8d39-51b0c7ce1a52", "e1f0c4d2-93d1-4c88-a1a5-0f4d2a9b7c33",
	"3fa85f64-5717-4562-b3fc-2c963f66afa6", "9b2d8c10-1f3e-4a67-8f21-6f0d9e4b5c77",
	"5d41402a-bc4b-4a76-b971-9d911017c592", "c4ca4238-a0b9-4382-8dcc-509a6f75849b",
	"1679091c-5a88-4faf-8fb5-e6087eb1b2dc", "8f14e45f-ceea-467f-a833-4d7e3c8d9f01",
};

enum { UUIDS = sizeof(uuids) / sizeof(*uuids) };

struct view *
fixture_view(enum view_kind kind)
{
	struct view *view = xcalloc(1, sizeof(*view));
	struct view_head *head = &view->head;

	view->query.kind = kind;
	view->now = now;
	head->cluster = slice_str("localhost:19093");
	head->topics = slice_str("client58");
	head->status.link = LINK_UP;
	head->status.generation = -1;
	head->status.now = -1;
	head->assigned = head->partitions = 16;
	head->reading = NAN;
	head->lag = head->watch_lag = head->watch_committed = head->again = head->there = -1;
	return view;
}

void
fixture_group(struct view *view, enum group_state state, const char *sentence)
{
	view->head.group = slice_str("lab-7");
	view->head.status.group_state = state;
	view->head.status.generation = 3;
	view->head.status.commit = COMMIT_AUTO;
	snprintf(view->head.status.group_sentence, sizeof(view->head.status.group_sentence), "%s", sentence);
}

void
fixture_storing(struct view *view)
{
	struct in_hand *hand = &view->head.status.in_hand;

	view->head.status.commit = COMMIT_EACH;
	view->head.status.storing = true;
	view->head.again = 1203;
	*hand = (struct in_hand){
		.topic = "client58", .partition = 2, .offset = 1217, .since_ms = 4000, .whole_ms = 10000,
	};
	for (size_t i = 0; view->partitions && i < view->n; i++)
		view->partitions[i].status.again = i < 8 ? (int64_t)(150 + i) : -1;
	if (view->partitions)
		view->partitions[2].in_hand = true;
	if (view->partition) {
		view->partition->in_hand = true;
		view->partition->status.again = 155;
	}
	if (view->records)
		view->records[9].in_hand = true;
}

void
fixture_watch(struct view *view)
{
	view->head.watch = slice_str("notifications");
	view->head.watch_lag = 1234;
	for (size_t i = 0; view->partitions && i < view->n; i++) {
		struct partition_row *row = &view->partitions[i];

		row->status.watch_committed = row->status.end - (int64_t)i * 7;
		row->watch_lag = (int64_t)i * 7;
		snprintf(row->status.watch_member, sizeof(row->status.watch_member), "notifier-%zu", i / 8);
		row->owner = slice_str(row->status.watch_member);
	}
	if (view->partition) {
		view->partition->status.watch_committed = 1200;
		view->partition->watch_lag = 34;
		snprintf(view->partition->status.watch_member, sizeof(view->partition->status.watch_member), "%s",
			 "notifier-0");
	}
}

/* ---- experiments ---- */

static void
fill_spark(uint32_t *spark, size_t i)
{
	for (size_t k = 0; k < SPARK_POINTS; k++)
		spark[k] = (uint32_t)((k * (i + 3) * 7 + i) % 23 * (k >= i * 2));
}

static struct experiment_row
experiment_row(size_t i)
{
	static const char *const researchers[] = {"d.landau@uu.nl", "a.turing@uu.nl", "m.curie@uu.nl",
						  "g.hopper@uu.nl"};
	static const enum stage stages[] = {STAGE_CONFIGURED, STAGE_STABILIZING, STAGE_STABILIZING, STAGE_RUNNING,
					    STAGE_RUNNING, STAGE_RUNNING, STAGE_RUNNING, STAGE_TERMINATED,
					    STAGE_TERMINATED, STAGE_UNKNOWN};
	static const double averages[] = {NAN, 16.2, 25.7, 25.98, 27.31, 24.905, 26.5, 26.02, 25.61, 18.3};
	static const enum range_place places[] = {RANGE_UNKNOWN, RANGE_BELOW, RANGE_IN, RANGE_IN, RANGE_ABOVE,
						  RANGE_BELOW, RANGE_IN, RANGE_IN, RANGE_IN, RANGE_UNKNOWN};
	struct experiment_row row = {
		.id = slice_str(uuids[i]),
		.researcher = slice_str(researchers[i % 4]),
		.stage = stages[i],
		.sensors_seen = i == 0 ? 0 : i == 4 ? 2 : 3,
		.sensors_configured = 3,
		.average = averages[i],
		.lower = 25.5,
		.upper = 26.5,
		.place = places[i],
		.rate = i == 0 || i > 6 ? 0 : i == 5 ? 6.2 : 15,
		.expected_rate = 15,
		.events = (int64_t)(i * i * 1234),
		.last = now - (int64_t)(i * i) * 1700,
		.revoked = i == 6,
		.partition = (int32_t)(i * 3 % 16),
	};

	fill_spark(row.spark, i);
	if (row.stage == STAGE_UNKNOWN) {
		row.researcher = (struct slice){0};
		row.sensors_configured = -1;
		row.lower = row.upper = row.expected_rate = NAN;
	}
	return row;
}

void
fixture_experiments(struct view *view)
{
	view->experiments = arena_alloc(&view->arena, UUIDS * sizeof(*view->experiments));
	for (view->n = 0; view->n < UUIDS; view->n++)
		view->experiments[view->n] = experiment_row(view->n);
	view->total = view->matched = UUIDS;
	view->query.sort = SORT_STAGE;
	view->query.cursor = 3;
	view->head.experiments = UUIDS;
	for (size_t i = 0; i < UUIDS; i++)
		view->head.stages[view->experiments[i].stage]++;
	view->head.records = 123456;
	view->head.reading = 61.5;
	view->head.lag = 12;
	view->head.undecodable = 2;
	view->head.last_undecodable = slice_str("client58[3]@17: the sync marker behind block 0 is not the header's");
}

void
fixture_experiment(struct view *view)
{
	enum { POINTS = 40, SENSORS = 3 };
	struct experiment_detail *d = arena_alloc(&view->arena, sizeof(*d));
	struct curve_point *curve = arena_alloc(&view->arena, POINTS * sizeof(*curve));
	struct sensor_row *sensors = arena_alloc(&view->arena, SENSORS * sizeof(*sensors));

	for (int i = 0; i < POINTS; i++) {
		float t = i < 10 ? 16.2f + (float)i * 0.98f : 26 + (float)((i * 37) % 11 - 5) * 0.17f;

		curve[i] = (struct curve_point){now - (POINTS - i) * 1000, t, t, t};
	}
	for (int i = 0; i < SENSORS; i++)
		sensors[i] = (struct sensor_row){slice_str(uuids[5 + i]), 25.4 + i * 0.61, 40, now - 1000};
	d->row = experiment_row(3);
	d->curve = curve;
	d->n_curve = POINTS;
	d->sensors = sensors;
	d->n_sensors = SENSORS;
	d->stages[0] = (struct stage_change){STAGE_CONFIGURED, now - 42000};
	d->stages[1] = (struct stage_change){STAGE_STABILIZING, now - 41000};
	d->stages[2] = (struct stage_change){STAGE_RUNNING, now - 30000};
	d->n_stages = 3;
	d->kinds[EVENT_CONFIGURED] = d->kinds[EVENT_STABILIZATION] = d->kinds[EVENT_STARTED] = 1;
	d->kinds[EVENT_MEASURED] = 120;
	d->complete = 39;
	d->incomplete = 1;
	d->first_offset = 200;
	d->last_offset = 322;
	view->experiment = d;
}

/* ---- partitions ---- */

static const struct assignment timeline[] = {
	{.time = FIXTURE_NOW * 1000LL - 5000, .change = ASSIGNMENT_GOT, .generation = 3, .count = 8, .held = 8,
	 .text = "client58[0..7]"},
	{.time = FIXTURE_NOW * 1000LL - 8000, .change = ASSIGNMENT_REVOKED, .generation = 2, .count = 16, .held = 0,
	 .text = "client58[0..15]"},
	{.time = FIXTURE_NOW * 1000LL - 65000, .change = ASSIGNMENT_GOT, .generation = 2, .count = 16, .held = 16,
	 .text = "client58[0..15]"},
	{.time = FIXTURE_NOW * 1000LL - 95000, .change = ASSIGNMENT_LOST, .generation = 1, .count = 16, .held = 0,
	 .text = "client58[0..15]"},
};

static struct partition_row
partition_row(int i)
{
	struct partition_row row = {
		.topic = slice_str("client58"),
		.status = {
			.partition = i,
			.assigned = i < 8,
			.position = i < 8 ? 1234 + i * 317 : -1,
			.stored = i < 8 ? 1234 + i * 317 : -1,
			.committed = i < 8 ? 1200 + i * 317 : -1,
			.low = i == 3 ? 100 : 0,
			.end = 1234 + i * 317 + (i == 5 ? 4000 : 0),
			.committed_end = -1, .watch_committed = -1, .watch_end = -1, .again = -1,
		},
		.owner = slice_str(i < 8 ? "this exptop" : "consumer-2"),
		.lag = i < 8 ? (i == 5 ? 4034 : 34) : -1,
		.watch_lag = -1,
		.rate = i < 8 ? i * 2.5 : NAN,
		.share = i < 8 ? 0.125 : NAN,
		.records = i < 8 ? 1200 + i : 0,
		.experiments = i < 8 ? i : 0,
	};

	return row;
}

void
fixture_partitions(struct view *view)
{
	view->partitions = arena_alloc(&view->arena, 16 * sizeof(*view->partitions));
	for (view->n = 0; view->n < 16; view->n++)
		view->partitions[view->n] = partition_row((int)view->n);
	view->total = view->matched = 16;
	view->query.sort = SORT_PARTITION;
	view->query.cursor = 2;
	view->head.records = 9628;
	view->head.lag = 4272;
	view->timeline = arena_alloc(&view->arena, sizeof(timeline));
	memcpy(view->timeline, timeline, sizeof(timeline));
	view->n_timeline = sizeof(timeline) / sizeof(*timeline);
}

void
fixture_partition(struct view *view)
{
	view->partition = arena_alloc(&view->arena, sizeof(*view->partition));
	*view->partition = partition_row(5);
	view->timeline = arena_alloc(&view->arena, sizeof(timeline));
	memcpy(view->timeline, timeline, sizeof(timeline));
	view->n_timeline = sizeof(timeline) / sizeof(*timeline);
}

/* ---- records ---- */

static struct slice
record_text(struct view *view, size_t i)
{
	if (i == 4)
		return slice_str("the sync marker behind block 0 is not the header's");
	if (i == 6)
		return slice_str("b'hello, world\\x00'");
	if (i == 7)
		return slice_str("None");
	return arena_print(&view->arena, "{'experiment': '%s', 'sensor': '%s', 'measurement_id': '%s', "
			   "'timestamp': %zu.4386, 'temperature': %.1f}",
			   uuids[i % 3], uuids[5 + i % 3], uuids[9 - i % 4],
			   (size_t)FIXTURE_NOW - 20 + i, 25 + (double)i / 10);
}

static struct record_row
record_row(struct view *view, size_t i)
{
	struct record_row row = {
		.number = 100 + i,
		.topic = slice_str("client58"),
		.partition = (int32_t)(i % 3 * 6),
		.offset = 12340 + (int64_t)i,
		.timestamp = now - 20000 + (int64_t)i * 1038,
		.key = i == 7 ? (struct slice){0} : slice_str(uuids[i % 3]),
		.name = slice_str(i == 0 ? "experiment_configured" : i == 9 ? "experiment_terminated"
								     : "sensor_temperature_measured"),
		.text = record_text(view, i),
		.undecodable = i == 4,
	};

	if (i == 6 || i == 7)
		row.name = (struct slice){0};
	return row;
}

void
fixture_records(struct view *view)
{
	view->records = arena_alloc(&view->arena, 12 * sizeof(*view->records));
	for (view->n = 0; view->n < 12; view->n++)
		view->records[view->n] = record_row(view, view->n);
	view->total = view->matched = 2432;
	view->query.cursor = 2400;
	view->query.first = 2395;
	view->newer = 25;
	view->head.records = 2432;
}

void
fixture_record(struct view *view)
{
	static const char schema[] =
		"{\"type\":\"record\",\"name\":\"sensor_temperature_measured\",\"fields\":[{\"name\":\"experiment\","
		"\"type\":\"string\"},{\"name\":\"range\",\"type\":{\"type\":\"record\",\"name\":"
		"\"temperature_range\",\"fields\":[{\"name\":"
		"\"upper_threshold\",\"type\":\"float\"},{\"name\":\"lower_threshold\",\"type\":\"float\"}]}}]}";
	static const struct record_field fields[] = {
		{0, {0}, S("record sensor_temperature_measured"), {0}},
		{1, S("experiment"), S("string"), S("'b58fd3ba-6abf-43fc-ba4d-93134d702a17'")},
		{1, S("range"), S("record temperature_range"), {0}},
		{2, S("upper_threshold"), S("float"), S("26.5")},
		{2, S("lower_threshold"), S("float"), S("25.5")},
		{1, S("measurement_hash"), S("string"),
		 S("'zAF0tmllLJ1FxuKK.rGZqB8oITxshD93MORpFRRvA5fL7znijKk/IdG5KlT4Aja"
		   "Yzb4wz8V5liA04r5u2vnE2DL0lox7vUsswRanlKqMzan7b18jm5j7o5I7BtcXZD1K'")},
	};
	static const struct record_header headers[] = {
		{S("record_name"), S("sensor_temperature_measured")},
		{S("trace"), {0}},
	};
	static const char bytes[] = "Obj\x01\x04\x16" "avro.schema\x8c\x02{\"type\":\"record\"}\x00\xff\x80tail of it";
	struct record_detail *d = arena_alloc(&view->arena, sizeof(*d));

	d->row = record_row(view, 1);
	d->headers = headers;
	d->n_headers = 2;
	d->fields = fields;
	d->n_fields = sizeof(fields) / sizeof(*fields);
	d->schema = (struct slice){schema, sizeof(schema) - 1};
	d->schema_name = slice_str("sensor_temperature_measured");
	d->codec = slice_str("null");
	d->bytes = (struct slice){bytes, sizeof(bytes) - 1};
	d->row.value_size = d->bytes.n;
	d->by_header = true;
	view->record = d;
}

/* ---- rates ---- */

static void
fill_band(struct rate_band *band, size_t i)
{
	for (size_t k = 0; k < RATE_POINTS; k++)
		band->points[k] = k < i * 5 || (k > 45 && i == 2) ? 0 : (uint32_t)(100 - i * 9 + (k * 7 + i) % 13);
	band->rate = band->points[RATE_POINTS - 1] / (double)RATE_STEP_S;
}

void
fixture_rates(struct view *view)
{
	view->n_bands = RATE_BANDS + 1;
	for (size_t i = 0; i < view->n_bands; i++) {
		view->bands[i].id = i < RATE_BANDS ? slice_str(uuids[i]) : (struct slice){0};
		fill_band(&view->bands[i], i);
		view->total_rate.rate += view->bands[i].rate;
		for (size_t k = 0; k < RATE_POINTS; k++)
			view->total_rate.points[k] += view->bands[i].points[k];
	}
	view->head.records = 12345;
}

/* ---- producers ---- */

/* Producer I: it began at its own second of the last five minutes, and makes more from half of its time on. */
static const double *
producer_points(struct view *view, size_t i)
{
	double *points = arena_alloc(&view->arena, PRODUCER_POINTS * sizeof(*points));
	int from = 60 + (int)i % 5 * 23;

	for (int k = 0; k < PRODUCER_POINTS; k++)
		points[k] = k < from ? NAN : k < (from + PRODUCER_POINTS) / 2 ? 10 : 50;
	return points;
}

static void
fill_producers(struct view *view, size_t n)
{
	double *planned = arena_alloc(&view->arena, PRODUCER_POINTS * sizeof(*planned));

	view->producers = arena_alloc(&view->arena, n * sizeof(*view->producers));
	view->n = n;
	for (size_t i = 0; i < n; i++)
		view->producers[i] = (struct producer_row){
			.name = arena_print(&view->arena, "localhost:%zu", 3001 + i),
			.state = PRODUCER_ANSWERS,
			.since = now - 60000,
			.rate = i % 2 ? 10 : 50,
			.running = 1 + (int64_t)i,
			.events = 856 * (int64_t)(i + 1) * (int64_t)(i + 1),
			.points = producer_points(view, i),
		};
	for (int k = 0; k < PRODUCER_POINTS; k++)
		planned[k] = k < 83 ? NAN : k < 200 ? 30 : 150;
	view->planned = planned;
	view->points_end = now;
	view->head.cluster = slice_str("localhost:3001-3020");
	view->head.topics = (struct slice){0};
	view->head.producers = (struct producers_head){
		.compared = true, .planned_for = true, .answering = (int64_t)n, .produced = 110, .planned = 150,
	};
}

void
fixture_producers(struct view *view)
{
	fill_producers(view, 3);
}

void
fixture_many_producers(struct view *view)
{
	fill_producers(view, 14);
	view->head.producers.planned_for = false;
}

void
fixture_compared(struct view *view)
{
	double *made = arena_alloc(&view->arena, RATE_POINTS * sizeof(*made));
	double *planned = arena_alloc(&view->arena, RATE_POINTS * sizeof(*planned));

	for (int k = 0; k < RATE_POINTS; k++) {
		made[k] = k < 20 ? NAN : view->total_rate.points[k] / (double)RATE_STEP_S * 1.1;
		planned[k] = k < 10 ? NAN : k < 40 ? 60 : 160;
	}
	view->made = made;
	view->planned = planned;
	view->head.producers = (struct producers_head){
		.compared = true, .planned_for = true, .answering = 2, .produced = 123.4, .planned = 160,
	};
}

/* ---- groups and topics ---- */

static const struct group_row groups[] = {
	{.name = S("console-consumer-4711"), .state = S("Empty"), .protocol = S(""), .members = 0, .partitions = 16,
	 .lag = 98304, .consumption = 0, .production = 61.5, .trend = TREND_GROWING, .eta = INFINITY, .at = 1000},
	{.name = S("lab-7"), .state = S("Stable"), .protocol = S("range"), .members = 2, .partitions = 16, .lag = 12,
	 .consumption = 61.2, .production = 61.5, .trend = TREND_KEEPS_UP, .eta = 0, .at = 2000, .ours = true},
	{.name = S("next-generation"), .state = S("Stable"), .members = -1, .partitions = 3, .lag = 1234567,
	 .consumption = 1500, .production = 20, .trend = TREND_DRAINING, .eta = 834.2, .at = 1500},
	{.name = S("notifications"), .state = S("Stable"), .protocol = S("cooperative-sticky"), .members = 12,
	 .partitions = 16, .lag = 4000, .consumption = 61.5, .production = 61.5, .trend = TREND_STEADY,
	 .eta = INFINITY, .at = 0, .watched = true},
	{.name = S("not-asked-yet"), .state = S("PreparingRebalance"), .protocol = S(""), .members = 1,
	 .partitions = -1, .lag = -1, .consumption = NAN, .production = NAN, .eta = NAN, .at = -1},
	{.name = S("of-deleted-topics"), .state = S("Empty"), .protocol = S(""), .members = 0, .partitions = 0,
	 .lag = -1, .consumption = NAN, .production = NAN, .eta = NAN, .at = 1000},
};

enum { GROUPS = sizeof(groups) / sizeof(*groups) };

/* Row I, asked as long ago as its table says less a minute. */
static struct group_row
group_row_at(size_t i)
{
	struct group_row row = groups[i];

	if (row.at >= 0)
		row.at = now - 2500 + row.at;
	if (row.watched)
		row.at = now - 61000;
	return row;
}

void
fixture_groups(struct view *view)
{
	view->groups = arena_alloc(&view->arena, GROUPS * sizeof(*view->groups));
	for (view->n = 0; view->n < GROUPS; view->n++)
		view->groups[view->n] = group_row_at(view->n);
	view->total = view->matched = GROUPS;
	view->surveyed = true;
	view->query.sort = SORT_ID;
	view->query.cursor = 1;
}

void
fixture_group_detail(struct view *view)
{
	static const struct group_member members[] = {
		{S("exptop-1-abc"), S("exptop"), S("/127.0.0.1"), 8, 12},
		{S("rdkafka-2-def"), S("rdkafka"), S("/192.168.178.201"), 8, -1},
	};
	struct group_detail *d = arena_alloc(&view->arena, sizeof(*d));
	struct group_place *places = arena_alloc(&view->arena, 16 * sizeof(*places));

	for (int i = 0; i < 16; i++)
		places[i] = (struct group_place){
			.topic = slice_str("client58"), .partition = i, .committed = 1234 + i * 317 - i % 4,
			.end = 1234 + i * 317, .lag = i % 4, .member = i / 8,
		};
	places[9] = (struct group_place){.topic = slice_str("client58"), .partition = 9, .committed = -1, .end = 17,
					 .lag = -1, .member = 1};
	places[15].member = -1;
	*d = (struct group_detail){.row = group_row_at(1), .asked = true, .members = members, .n_members = 2,
				   .places = places, .n_places = 16, .n_lags = 40, .lags_span = 40000};
	for (size_t i = 0; i < d->n_lags; i++)
		d->lags[i] = (uint32_t)(i % 5 * 61 + 12);
	view->group = d;
	view->surveyed = true;
}

void
fixture_topics(struct view *view)
{
	static const struct topic_row topics[] = {
		{S("client58"), {0}, 16, 123456, 61.5}, {S("client59"), {0}, 16, 0, 0},
		{S("experiment-documents"), {0}, 1, 12, NAN}, {S("huge"), {0}, 2000, 98765432109, 123456},
		{S("private"), S("not allowed to read it: ask for the permission to describe topic private"), -1, -1,
		 NAN},
	};

	view->n = sizeof(topics) / sizeof(*topics);
	view->topics = arena_alloc(&view->arena, sizeof(topics));
	memcpy(view->topics, topics, sizeof(topics));
	view->total = view->matched = (int64_t)view->n;
	view->surveyed = true;
	view->query.sort = SORT_ID;
	view->head.topics = (struct slice){0};
}

/* ---- odd ones ---- */

void
fixture_unknown(struct view *view)
{
	for (size_t i = 0; view->experiments && i < view->n; i++)
		view->experiments[i] = (struct experiment_row){
			.id = slice_str(uuids[i]),
			.sensors_seen = -1,
			.sensors_configured = -1,
			.average = NAN,
			.lower = NAN,
			.upper = NAN,
			.rate = NAN,
			.expected_rate = NAN,
			.events = -1,
			.last = -1,
			.partition = -1,
		};
	for (size_t i = 0; view->partitions && i < view->n; i++)
		view->partitions[i] = (struct partition_row){
			.status = {.partition = (int32_t)i, .position = -1, .stored = -1, .committed = -1, .low = -1,
				   .end = -1, .committed_end = -1, .watch_committed = -1, .watch_end = -1, .again = -1},
			.lag = -1,
			.watch_lag = -1,
			.rate = NAN,
			.share = NAN,
			.records = -1,
			.experiments = -1,
		};
	for (size_t i = 0; view->groups && i < view->n; i++)
		view->groups[i] = (struct group_row){.name = groups[i].name, .members = -1, .partitions = -1, .lag = -1,
						     .consumption = NAN, .production = NAN, .eta = NAN, .at = -1};
	for (size_t i = 0; view->topics && i < view->n; i++)
		view->topics[i] = (struct topic_row){.name = slice_str("t"), .partitions = -1, .offsets = -1,
						     .rate = NAN};
	for (size_t i = 0; view->producers && i < view->n; i++) {
		view->producers[i].state = PRODUCER_UNKNOWN;
		view->producers[i].rate = NAN;
		view->producers[i].running = view->producers[i].events = -1;
	}
	view->head.producers.produced = view->head.producers.planned = NAN;
	for (size_t i = 0; view->records && i < view->n; i++)
		view->records[i] = (struct record_row){.number = i, .partition = -1, .offset = -1, .timestamp = -1};
}

static void
hostile_group(struct view *view, struct slice bad)
{
	struct group_detail *d = view->group;
	struct group_member *member = arena_alloc(&view->arena, sizeof(*member));
	struct group_place *place = arena_alloc(&view->arena, sizeof(*place));

	*member = (struct group_member){bad, bad, bad, INT64_MAX, INT64_MAX};
	*place = (struct group_place){bad, INT32_MAX, INT64_MAX, INT64_MAX, INT64_MAX, 0, true};
	d->row.name = d->row.state = d->row.protocol = d->row.problem = bad;
	d->members = member;
	d->places = place;
	d->n_members = d->n_places = 1;
	d->more_members = d->more_places = 9000;
}

void
fixture_hostile(struct view *view)
{
	struct slice bad = {hostile, sizeof(hostile) - 1};

	view->head.cluster = view->head.topics = bad;
	for (size_t i = 0; view->experiments && i < view->n; i++)
		view->experiments[i].id = view->experiments[i].researcher = bad;
	for (size_t i = 0; view->partitions && i < view->n; i++) {
		view->partitions[i].topic = view->partitions[i].owner = bad;
		snprintf(view->partitions[i].status.problem, sizeof(view->partitions[i].status.problem), "%s", hostile);
	}
	for (size_t i = 0; view->records && i < view->n; i++)
		view->records[i].topic = view->records[i].key = view->records[i].name = view->records[i].text = bad;
	for (size_t i = 0; view->groups && i < view->n; i++)
		view->groups[i].name = view->groups[i].state = view->groups[i].problem = bad;
	for (size_t i = 0; view->topics && i < view->n; i++)
		view->topics[i].name = view->topics[i].problem = bad;
	for (size_t i = 0; view->producers && i < view->n; i++) {
		view->producers[i].name = view->producers[i].problem = bad;
		view->producers[i].state = PRODUCER_FAILS;
		view->producers[i].rate = 1e300;
		view->producers[i].running = view->producers[i].events = INT64_MAX;
		((double *)(uintptr_t)view->producers[i].points)[PRODUCER_POINTS - 1] = 1e300;
	}
	for (size_t i = 0; i < view->n_bands; i++)
		view->bands[i].id = bad;
	for (size_t i = 0; i < view->n_timeline; i++)
		snprintf(view->timeline[i].text, sizeof(view->timeline[i].text), "%s", hostile);
	if (view->experiment)
		view->experiment->row.id = view->experiment->row.researcher = bad;
	if (view->group)
		hostile_group(view, bad);
	if (view->record) {
		view->record->row.topic = view->record->row.key = view->record->row.name = bad;
		view->record->schema = view->record->schema_name = view->record->codec = view->record->problem = bad;
		view->record->bytes = bad;
		view->record->row.value_size = bad.n;
	}
}
