/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what happens in a lab, a step each: records and events of a few experiments in any
 * order, at times that jump, with numbers that are none; what a source says of itself and of its
 * cluster; and keys. Model, measurements and report are told of it and every screen is drawn:
 * counts add up and are never negative, memory is bounded, and no number is shown that is none.
 */
#include "fuzz.h"

#include "base/alloc.h"
#include "base/text.h"
#include "report/page.h"
#include "ui/input.h"
#include "ui/twin.h"
#include "ui/ui.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>

enum { PARTITIONS = 3, EXPERIMENTS_MOST = 5, STEPS_MOST = 2000 };
#define START INT64_C(1795437330000)

struct lab {
	struct slice rest; /* of the input */
	struct model *model;
	struct run run;
	struct ui *ui;
	struct view *view;
	struct canvas *canvas;
	struct source_status status;
	struct partition_status partitions[PARTITIONS];
	int64_t offsets[PARTITIONS];
	int64_t now, time; /* ms; time: of the records */
	int64_t records, repeated, undecodable; /* that the model is to have counted */
	bool counted, told; /* the record taken last was new to the model, to the report */
};

/* ---- what the bytes say ---- */

static int64_t
take_time(struct lab *lab)
{
	uint8_t b = fuzz_byte(&lab->rest);

	if (b == 255)
		return -1;
	if (b >= 252)
		return b == 254 ? LAST_MS : b == 253 ? 0 : START;
	lab->time += b < 200 ? b * 50 : b < 240 ? (b - 220) * 60000 : (b - 246) * 86400000;
	lab->time = lab->time < 0 ? 0 : lab->time > LAST_MS ? LAST_MS : lab->time;
	return lab->time;
}

static double
take_double(struct lab *lab)
{
	static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 1e-300, 0, -1, 2e9, 1e15};
	uint8_t b = fuzz_byte(&lab->rest);

	return b < sizeof(odd) / sizeof(*odd) ? odd[b] : (double)lab->time / 1000 + b - 128;
}

static float
take_temperature(struct lab *lab)
{
	static const float odd[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-40f, 0};
	uint8_t b = fuzz_byte(&lab->rest);

	return b < sizeof(odd) / sizeof(*odd) ? odd[b] : (float)b / 4;
}

static int64_t
take_count(struct lab *lab)
{
	uint8_t b = fuzz_byte(&lab->rest);

	return b == 255 ? -1 : b == 254 ? INT64_C(1) << 55 : b;
}

/* A name: one of few, so that they meet again; the first is null. */
static struct slice
take_name(struct lab *lab)
{
	static const char *const names[] = {NULL, "", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "\x1b[2J\n", "\xff\xfe",
					    "\xe2\x80\xaex", "<b>&\"'", "\xe6\xb8\xa9\xe5\xba\xa6", "lab", "g"};
	static char longest[600];
	uint8_t b = fuzz_byte(&lab->rest);

	if (!longest[0])
		memset(longest, 'x', sizeof(longest) - 1);
	return slice_str(b == 255 ? longest : names[b % (sizeof(names) / sizeof(*names))]);
}

/* ---- records ---- */

static void
take_record(struct lab *lab, struct record *r)
{
	uint8_t where = fuzz_byte(&lab->rest);
	int partition = where % PARTITIONS;

	*r = (struct record){.topic = "lab", .partition = partition, .timestamp = take_time(lab)};
	r->offset = where & 0x80 ? fuzz_byte(&lab->rest) : lab->offsets[partition];
	lab->offsets[partition] = r->offset + 1;
	r->arrived = where & 0x40 ? lab->now : 0;
	r->key = take_name(lab);
	r->value = take_name(lab);
	lab->counted = model_record(lab->model, r, lab->now);
	lab->told = run_record(&lab->run, r);
	lab->records += lab->counted;
	lab->repeated += !lab->counted;
	model_keep(lab->model, r, take_name(lab), where & 0x20, r->value.p ? r->value : slice_str("None"));
}

static void
take_event(struct lab *lab)
{
	struct slice sensors[4];
	struct event e = {0};
	struct record r;

	take_record(lab, &r);
	e.kind = (enum event_kind)(fuzz_byte(&lab->rest) % EVENT_KINDS);
	event_place(&e, &r);
	e.experiment = take_name(lab);
	e.time = take_double(lab);
	e.lower = e.upper = e.temperature = NAN;
	if (e.kind == EVENT_CONFIGURED) {
		e.researcher = take_name(lab);
		e.n_sensors = fuzz_byte(&lab->rest) % 5;
		for (size_t i = 0; i < e.n_sensors; i++)
			sensors[i] = take_name(lab);
		e.sensors = sensors;
		e.lower = take_temperature(lab);
		e.upper = take_temperature(lab);
	} else if (e.kind == EVENT_MEASURED) {
		e.sensor = take_name(lab);
		e.measurement = take_name(lab);
		e.temperature = take_temperature(lab);
	}
	if (lab->counted)
		model_apply(lab->model, &e);
	if (lab->told)
		run_event(&lab->run, &e);
	if (lab->counted && lab->rest.n % 8 == 0)
		model_tampered(lab->model, &e);
}

static void
take_undecodable(struct lab *lab)
{
	struct record r;

	take_record(lab, &r);
	if (lab->counted)
		model_undecodable(lab->model, &r, "\x1b[31mno container");
	lab->undecodable += lab->counted;
	if (lab->told)
		run_undecodable(&lab->run, &r, "no container");
}

/* ---- the source ---- */

static void
take_status(struct lab *lab)
{
	struct partition_status *p = &lab->partitions[fuzz_byte(&lab->rest) % PARTITIONS];
	uint8_t bits = fuzz_byte(&lab->rest);

	p->assigned = bits & 1;
	p->position = take_count(lab);
	p->stored = take_count(lab);
	p->committed = take_count(lab);
	p->low = take_count(lab);
	p->end = take_count(lab);
	p->again = take_count(lab);
	p->watch_committed = take_count(lab);
	lab->status.link = (enum link_state)(bits >> 1 & 3);
	lab->status.at_end = bits & 8;
	lab->status.group_state = (enum group_state)((bits >> 4) % (GROUP_LOST + 1));
	lab->status.playback = (struct playback){.there = bits & 128, .speed = take_double(lab), .at = take_time(lab),
						 .first = START, .last = START + take_count(lab)};
	model_status(lab->model, &lab->status);
}

static void
take_assignment(struct lab *lab)
{
	struct assignment a = {.time = lab->now, .change = (enum assignment_change)(fuzz_byte(&lab->rest) % 3),
			       .generation = fuzz_byte(&lab->rest), .count = 1, .text = "lab[0]"};

	model_assignment(lab->model, &a);
}

static void
take_news(struct lab *lab)
{
	struct news_topic topics[] = {{"lab", PARTITIONS, NULL}, {"other", 1, "not authorized"}};
	struct news_group groups[] = {{"g", "Stable", "range", 2, NULL, true, false},
				      {"x1", NULL, NULL, -1, "hidden", false, true}};
	struct news_member members[] = {{"m-1", "c", "/127.0.0.1", take_count(lab)}};
	struct news_place places[PARTITIONS];
	struct news news = {.topics = topics, .groups = groups, .places = places, .members = members, .group = "g",
			    .n_places = PARTITIONS, .n_members = 1};
	uint8_t bits = fuzz_byte(&lab->rest);

	for (int p = 0; p < PARTITIONS; p++) {
		places[p] = (struct news_place){0, p, take_count(lab), take_count(lab), take_count(lab), -1};
		places[p].member = bits >> p & 1 ? 0 : -1;
	}
	news.kind = (enum news_kind)(bits % 3);
	news.ok = bits & 8;
	news.problem = bits & 16 ? "no broker answered" : NULL;
	news.n_topics = 1 + (bits >> 5 & 1);
	news.n_groups = bits >> 5 & 3 ? 1 + (bits >> 6 & 1) : 0;
	news.committed = bits & 128;
	model_learn(lab->model, &news, lab->now);
}

/* ---- the user ---- */

static void
take_key(struct lab *lab)
{
	/* Without the letters of what check_numbers() looks for: a prompt shows what is typed. */
	static const int keys[] = {
		'?', '/', '\\', '<', '>', 'p', 'r', 'n', 'N', 'j', 'k', 'g', 'G', 'b', 'e', 'o', 'm', 'c', 'R', '+',
		'-', '1', '2', '3', '4', '5', '6', '7', '[', ']', '{', '}', 'P', '(', ')', 'x', 'y', '!', '@', ' ',
		0xe9,
		INPUT_ENTER, INPUT_ESC, INPUT_TAB, INPUT_BACKTAB, INPUT_BACKSPACE, INPUT_UP, INPUT_DOWN, INPUT_PGUP,
		INPUT_PGDN, INPUT_HOME, INPUT_END, INPUT_CTRL('D'), INPUT_CTRL('U'), INPUT_CTRL('L'),
	};
	struct command command;

	ui_key(lab->ui, keys[fuzz_byte(&lab->rest) % (sizeof(keys) / sizeof(*keys))], lab->now - START);
	while (ui_command(lab->ui, &command))
		require(command.kind <= COMMAND_PLAY_SPEED);
}

static void
take_size(struct lab *lab)
{
	static const struct {
		int rows, columns;
	} sizes[] = {{24, 80}, {60, 200}, {8, 40}, {25, 47}, {3, 10}, {1, 1}};
	size_t i = fuzz_byte(&lab->rest) % (sizeof(sizes) / sizeof(*sizes));

	ui_resize(lab->ui, sizes[i].rows, sizes[i].columns);
	canvas_resize(lab->canvas, sizes[i].rows, sizes[i].columns);
}

/* No "nan" and no "inf" but inside of words. */
static void
check_numbers(const char *text)
{
	static const char *const none[] = {"nan", "inf"};

	for (int i = 0; i < 2; i++)
		for (const char *p = text; (p = strstr(p, none[i])) != NULL; p += 3)
			require((p > text && isalpha((unsigned char)p[-1])) || isalpha((unsigned char)p[3]));
}

static void
check_head(const struct lab *lab, const struct view_head *head)
{
	const struct check_sums *sums = &head->checks;

	require(head->records == lab->records && head->repeated == lab->repeated);
	require(head->undecodable == lab->undecodable);
	require(head->experiments >= 0 && head->experiments <= EXPERIMENTS_MOST && head->others >= 0);
	require(head->lag >= -1 && head->watch_lag >= -1 && head->again >= -1 && head->there >= -1);
	require(head->reading >= 0 || isnan(head->reading));
	require(sums->keys >= 0 && sums->others >= 0 && sums->keyless >= 0);
	require(sums->faulty >= 0 && sums->faulty <= sums->keys + sums->others);
	for (int i = 0; i < CHECKS; i++)
		require(sums->counts[i] >= 0);
	require(sums->counts[CHECK_REPEATED] == lab->repeated);
}

static void
check_rows(const struct view *view)
{
	require(view->total >= 0 && view->matched >= 0 && view->matched <= view->total);
	require((int64_t)view->n <= view->matched);
	for (size_t i = 0; view->experiments && i < view->n; i++) {
		const struct experiment_row *x = &view->experiments[i];

		require(x->events >= 0 && x->last >= -1 && x->sensors_seen >= 0);
		require(x->rate >= 0 || isnan(x->rate));
	}
	for (size_t i = 0; view->partitions && i < view->n; i++) {
		const struct partition_row *p = &view->partitions[i];

		require(p->lag >= -1 && p->watch_lag >= -1 && p->records >= 0 && p->experiments >= 0);
		require(isnan(p->share) || (p->share >= 0 && p->share <= 1));
	}
	for (size_t i = 0; view->groups && i < view->n; i++)
		require(view->groups[i].lag >= -1);
}

/* What the engine would fill in. */
static void
print_records(struct view *view)
{
	for (size_t i = 0; view->records && i < view->n; i++) {
		if (!view->records[i].text.p)
			view->records[i].text = slice_str("None");
		view->records[i].value = (struct slice){0};
	}
}

static void
look(struct lab *lab)
{
	struct buf dump = {0};

	view_clear(lab->view);
	ui_query(lab->ui, &lab->view->query);
	model_view(lab->model, lab->view, lab->now);
	check_head(lab, &lab->view->head);
	check_rows(lab->view);
	print_records(lab->view);
	lab->view = ui_answer(lab->ui, lab->view, lab->now - START);
	ui_draw(lab->ui, lab->canvas, lab->now - START);
	canvas_dump(lab->canvas, &dump);
	require(text_valid((struct slice){dump.p, dump.n}));
	check_numbers(buf_cstr(&dump));
	buf_free(&dump);
}

/* ---- steps ---- */

static void
pass_time(struct lab *lab)
{
	uint8_t b = fuzz_byte(&lab->rest);

	lab->now += b < 128 ? b * 100 : b < 250 ? (b - 120) * 10000 : (b - 253) * 86400000; /* the last: back, too */
	lab->now = lab->now < 0 ? 0 : lab->now;
	model_tick(lab->model, lab->now);
}

static void
begin_anew(struct lab *lab)
{
	model_restart(lab->model);
	lab->records = lab->repeated = lab->undecodable = 0;
}

static void
find_differences(struct lab *lab)
{
	struct slice experiment = take_name(lab);

	if (experiment.p)
		model_not_true(lab->model, experiment, fuzz_byte(&lab->rest) % PARTITIONS, take_count(lab));
}

static void
step(struct lab *lab)
{
	switch (fuzz_byte(&lab->rest) % 16) {
	case 0: pass_time(lab); break;
	case 1: take_status(lab); break;
	case 2: take_assignment(lab); break;
	case 3: take_news(lab); break;
	case 4: begin_anew(lab); break;
	case 5: take_size(lab); break;
	case 6: take_undecodable(lab); break;
	case 7: find_differences(lab); break;
	case 8:
	case 9: take_key(lab); break;
	case 10: look(lab); break;
	default: take_event(lab); break;
	}
}

static void
begin(struct lab *lab, struct slice input)
{
	static const struct model_limits limits = {
		.max_experiments = EXPERIMENTS_MOST, .curves = 2, .tail_bytes = 4000,
	};
	static const struct ui_config config = {.cluster = "c", .topics = "lab", .group = "g", .interval_ms = 1000};

	*lab = (struct lab){.rest = input, .model = model_new(&limits), .ui = ui_new(&config),
			    .view = xcalloc(1, sizeof(*lab->view)), .canvas = canvas_new(24, 80), .now = START,
			    .time = START};
	run_init(&lab->run, &limits);
	ui_resize(lab->ui, 24, 80);
	for (int p = 0; p < PARTITIONS; p++)
		lab->partitions[p] = (struct partition_status){
			.topic = "lab", .partition = p, .position = -1, .stored = -1, .committed = -1, .low = -1,
			.end = -1, .watch_committed = -1, .again = -1};
	lab->status = (struct source_status){.partitions = lab->partitions, .n_partitions = PARTITIONS, .now = -1};
}

/* The text twin's line, and the report. */
static void
write_all(struct lab *lab)
{
	const struct page_config config = {"lab.jsonl", 4};
	struct view experiments = {.query = {.kind = VIEW_EXPERIMENTS, .height = 100}};
	struct view partitions = {.query = {.kind = VIEW_PARTITIONS, .height = 100}};
	struct twin *twin = twin_new();
	struct buf text = {0};

	model_view(lab->model, &experiments, lab->now);
	model_view(lab->model, &partitions, lab->now);
	twin_line(&text, &experiments);
	twin_changes(twin, &text, &experiments, &partitions);
	run_finish(&lab->run);
	page_write(&text, &lab->run, &config);
	require(text_valid((struct slice){text.p, text.n}));
	check_numbers(buf_cstr(&text));
	buf_free(&text);
	twin_free(twin);
	arena_free(&experiments.arena);
	arena_free(&partitions.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lab lab;

	require(setlocale(LC_CTYPE, "C.UTF-8"));
	text_set_utf8(true);
	begin(&lab, (struct slice){(const char *)data, size});
	for (int i = 0; lab.rest.n > 0 && i < STEPS_MOST; i++)
		step(&lab);
	look(&lab);
	write_all(&lab);
	ui_free(lab.ui);
	view_free(lab.view);
	canvas_free(lab.canvas);
	run_fini(&lab.run);
	model_free(lab.model);
	return 0;
}
