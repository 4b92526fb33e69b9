/* SPDX-License-Identifier: MIT */
/*
 * The bodies of the screens as text, drawn from views made by hand, each equal to
 * its file in tests/screen/draw. BLESS=1 rewrites the files; review reads the
 * difference.
 */
#include "base/alloc.h"
#include "base/text.h"
#include "fixture.h"
#include "ui/screen.h"
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum variant { SMALL, LARGE, ASCII, VARIANTS };

static const struct {
	const char *name;
	int h, w; /* what head and footer leave of 80x24 and 200x60 */
	bool utf8;
} variants[VARIANTS] = {
	[SMALL] = {"80x24", 18, 80, true},
	[LARGE] = {"200x60", 54, 200, true},
	[ASCII] = {"ascii", 18, 80, false},
};

struct scene {
	const char *name;
	const struct screen *screen;
	struct view *(*make)(void);
	bool detail;
	int64_t scroll;
	unsigned variants; /* 1 << each */
};

#define ALL (1 << SMALL | 1 << LARGE | 1 << ASCII)
#define ONE (1 << SMALL)
#define TWO (1 << SMALL | 1 << ASCII)

/* ---- scenes ---- */

static struct view *
make(enum view_kind kind, void (*fill)(struct view *))
{
	struct view *view = fixture_view(kind);

	if (fill)
		fill(view);
	return view;
}

#define SCENE(name, kind, fill, ...)                                                                                   \
	static struct view *name(void)                                                                                 \
	{                                                                                                              \
		struct view *view = make(kind, fill);                                                                  \
		__VA_ARGS__;                                                                                           \
		return view;                                                                                           \
	}

SCENE(experiments, VIEW_EXPERIMENTS, fixture_experiments)
SCENE(experiments_topics, VIEW_EXPERIMENTS, fixture_experiments, view->head.topics = slice_str("client58, client59");
      view->experiments[1].topic_no = 1; view->query.sort = SORT_EVENTS; view->query.reverse = true)
SCENE(experiments_unknown, VIEW_EXPERIMENTS, fixture_experiments, fixture_unknown(view))
SCENE(experiments_hostile, VIEW_EXPERIMENTS, fixture_experiments, fixture_hostile(view))
SCENE(experiments_far, VIEW_EXPERIMENTS, fixture_experiments, view->experiments[0].average = -123.456;
      view->experiments[1].average = 12345.678; view->experiments[2].average = -1234567)
SCENE(experiments_below, VIEW_EXPERIMENTS, fixture_experiments, view->query.cursor = 9)
SCENE(experiment, VIEW_EXPERIMENT, fixture_experiment)
SCENE(experiment_new, VIEW_EXPERIMENT, fixture_experiment, view->experiment->n_curve = 0;
      view->experiment->n_sensors = view->experiment->n_stages = 0; view->experiment->row.lower = NAN)
SCENE(experiment_gone, VIEW_EXPERIMENT, NULL)
SCENE(partitions, VIEW_PARTITIONS, fixture_partitions)
SCENE(partitions_group, VIEW_PARTITIONS, fixture_partitions, fixture_group(view, GROUP_MEMBER, ""))
SCENE(partitions_storing, VIEW_PARTITIONS, fixture_partitions, fixture_group(view, GROUP_MEMBER, "");
      fixture_storing(view))
SCENE(partition_storing, VIEW_PARTITION, fixture_partition, fixture_group(view, GROUP_MEMBER, "");
      fixture_storing(view))
SCENE(records_storing, VIEW_RECORDS, fixture_records, fixture_group(view, GROUP_MEMBER, ""); fixture_storing(view))
SCENE(partitions_watch, VIEW_PARTITIONS, fixture_partitions, fixture_watch(view))
SCENE(partitions_problem, VIEW_PARTITIONS, fixture_partitions,
      snprintf(view->partitions[4].status.problem, 128, "not allowed to read this topic"))
SCENE(partitions_unknown, VIEW_PARTITIONS, fixture_partitions, fixture_unknown(view); view->n_timeline = 0)
SCENE(partitions_hostile, VIEW_PARTITIONS, fixture_partitions, fixture_hostile(view))
SCENE(partition, VIEW_PARTITION, fixture_partition, fixture_watch(view);
      snprintf(view->partition->status.problem, 128, "not allowed to read this topic"))
SCENE(partition_gone, VIEW_PARTITION, NULL)
SCENE(records, VIEW_RECORDS, fixture_records)
SCENE(records_follow, VIEW_RECORDS, fixture_records, view->query.follow = true; view->newer = 0;
      view->query.cursor = 2406; view->head.topics = slice_str("client58, client59"))
SCENE(records_unknown, VIEW_RECORDS, fixture_records, fixture_unknown(view))
SCENE(records_hostile, VIEW_RECORDS, fixture_records, fixture_hostile(view))
SCENE(record, VIEW_RECORD, fixture_record)
SCENE(record_bad, VIEW_RECORD, fixture_record,
      view->record->problem = slice_str("block 0 claims 9,000 bytes where 12 are left");
      view->record->n_fields = 0; view->record->schema.p = view->record->schema_name.p = NULL)
SCENE(record_disagree, VIEW_RECORD, fixture_record, view->record->disagree = true;
      view->record->row.name = slice_str("experiment_terminated");
      view->record->schema_name = slice_str("experiment_started"))
SCENE(record_tombstone, VIEW_RECORD, fixture_record, view->record->bytes = (struct slice){0};
      view->record->row.value_size = 0;
      view->record->n_fields = view->record->n_headers = 0; view->record->schema.p = NULL;
      view->record->by_header = false)
SCENE(record_hostile, VIEW_RECORD, fixture_record, fixture_hostile(view))
SCENE(record_gone, VIEW_RECORD, NULL)
SCENE(rates, VIEW_RATES, fixture_rates)
SCENE(rates_quiet, VIEW_RATES, NULL, view->head.records = 3)
SCENE(rates_hostile, VIEW_RATES, fixture_rates, fixture_hostile(view))
SCENE(rates_compared, VIEW_RATES, fixture_rates, fixture_compared(view))
SCENE(rates_compared_unknown, VIEW_RATES, fixture_rates, view->head.producers.compared = true; fixture_unknown(view))

SCENE(producers, VIEW_PRODUCERS, fixture_producers)
SCENE(producers_many, VIEW_PRODUCERS, fixture_many_producers)
SCENE(producers_states, VIEW_PRODUCERS, fixture_producers, view->producers[0].restarts = 2;
      view->producers[1].state = PRODUCER_GONE; view->producers[1].rate = NAN; view->producers[1].restarts = 1;
      view->producers[2].state = PRODUCER_FAILS; view->producers[2].rate = NAN;
      view->producers[2].problem = slice_str("it does not answer within 2 s"))
SCENE(producers_unknown, VIEW_PRODUCERS, fixture_producers, fixture_unknown(view))
SCENE(producers_hostile, VIEW_PRODUCERS, fixture_producers, fixture_hostile(view))
SCENE(producers_looking, VIEW_PRODUCERS, fixture_producers, view->n = 0)

#define NOBODY "no producer answers on localhost:3001-3020, trying each second; start one with experiment-producer " \
	"-b BROKERS --topic TOPIC"

SCENE(producers_none, VIEW_PRODUCERS, fixture_producers, view->n = 0;
      view->head.producers.nobody = slice_str(NOBODY))
SCENE(producers_gone, VIEW_PRODUCERS, fixture_producers, view->head.producers.nobody = slice_str(NOBODY);
      for (int i = 0; i < 3; i++) { view->producers[i].state = PRODUCER_GONE; view->producers[i].rate = NAN; })

SCENE(groups, VIEW_GROUPS, fixture_groups)
SCENE(groups_denied, VIEW_GROUPS, fixture_groups, view->groups[0].problem = slice_str("we may not describe it");
      view->groups[0].members = -1; view->query.sort = SORT_LAG; view->query.reverse = true; view->beyond = 1234)
SCENE(groups_unlisted, VIEW_GROUPS, fixture_groups, view->n = 2;
      view->survey_problem = slice_str("the embedded broker cannot list groups; one whose name is known can be "
				       "described"))
SCENE(groups_unknown, VIEW_GROUPS, fixture_groups, fixture_unknown(view))
SCENE(groups_hostile, VIEW_GROUPS, fixture_groups, fixture_hostile(view))
SCENE(groups_asking, VIEW_GROUPS, NULL)
SCENE(groups_none, VIEW_GROUPS, NULL, view->surveyed = true)
SCENE(groups_failed, VIEW_GROUPS, NULL, view->surveyed = true;
      view->survey_problem = slice_str("no broker answered within 5 s"))
SCENE(groups_recording, VIEW_GROUPS, NULL, view->head.status.link = LINK_OFFLINE)
SCENE(group, VIEW_GROUP, fixture_group_detail)
SCENE(group_asking, VIEW_GROUP, fixture_group_detail, view->group->asked = false; view->group->n_lags = 0)
SCENE(group_new_protocol, VIEW_GROUP, fixture_group_detail,
      view->group->members_problem = slice_str("its protocol is the new one"); view->group->n_members = 0;
      view->group->row.members = -1; view->group->row.protocol.p = NULL;
      for (int i = 0; i < 16; i++) ((struct group_place *)view->group->places)[i].member = -1)
SCENE(group_nothing, VIEW_GROUP, fixture_group_detail,
      view->group->row.partitions = 0; view->group->row.lag = -1; view->group->row.trend = TREND_UNKNOWN;
      view->group->row.eta = view->group->row.consumption = NAN; view->group->n_lags = 0;
      view->group->n_places = view->group->n_members = 0)
SCENE(group_hostile, VIEW_GROUP, fixture_group_detail, fixture_hostile(view))
SCENE(group_gone, VIEW_GROUP, NULL)
SCENE(topics, VIEW_TOPICS, fixture_topics)
SCENE(topics_unknown, VIEW_TOPICS, fixture_topics, fixture_unknown(view))
SCENE(topics_hostile, VIEW_TOPICS, fixture_topics, fixture_hostile(view))
SCENE(topics_none, VIEW_TOPICS, NULL, view->surveyed = true)
SCENE(topics_down, VIEW_TOPICS, NULL, view->head.status.link = LINK_DOWN;
      snprintf(view->head.status.sentence, ERR_TEXT, "no broker answers at localhost:19093"))

#define FAILURE(view, text) snprintf((view)->head.status.sentence, ERR_TEXT, "%s", text)

SCENE(connecting, VIEW_EXPERIMENTS, NULL, view->head.status.link = LINK_CONNECTING; view->head.partitions = 0)
SCENE(down, VIEW_EXPERIMENTS, NULL, view->head.status.link = LINK_DOWN;
      FAILURE(view, "localhost:19093 closed the connection in the SSL handshake: is it a plaintext port? "
		    "Then leave out --auth"))
SCENE(asking, VIEW_EXPERIMENTS, NULL, fixture_group(view, GROUP_ASKING, "its members: consumer-1, consumer-2"))
SCENE(looking, VIEW_EXPERIMENTS, NULL, fixture_group(view, GROUP_LOOKING, ""))
SCENE(declined, VIEW_EXPERIMENTS, NULL, fixture_group(view, GROUP_DECLINED, ""))
SCENE(joining, VIEW_EXPERIMENTS, NULL, fixture_group(view, GROUP_JOINING,
      "waiting for a member that vanished, at most 6 s"); view->head.assigned = 0)
SCENE(lost, VIEW_EXPERIMENTS, NULL, fixture_group(view, GROUP_LOST, ""); view->head.assigned = 0)
SCENE(left_over, VIEW_EXPERIMENTS, NULL, fixture_group(view, GROUP_MEMBER, ""); view->head.assigned = 0)
SCENE(at_end, VIEW_EXPERIMENTS, NULL, view->head.status.at_end = true; view->head.there = 2432)
SCENE(at_end_unknown, VIEW_RATES, NULL, view->head.status.at_end = true)
SCENE(topic_empty, VIEW_RECORDS, NULL, view->head.status.at_end = true; view->head.there = 0)
SCENE(topic_unknown, VIEW_PARTITIONS, NULL, view->head.partitions = view->head.assigned = 0;
      FAILURE(view, "there is no topic client58; the nearest is client59"))
SCENE(reading, VIEW_EXPERIMENTS, NULL)
SCENE(recording_empty, VIEW_EXPERIMENTS, NULL, view->head.status.link = LINK_OFFLINE; view->head.status.at_end = true;
      view->head.cluster = slice_str("run.jsonl"))
SCENE(filtered, VIEW_EXPERIMENTS, NULL, view->total = 50; view->head.records = 1;
      snprintf(view->query.filter, QUERY_TEXT, "xyz"))
SCENE(no_experiment, VIEW_EXPERIMENTS, NULL, view->head.records = 1234; view->head.undecodable = 12;
      view->head.last_undecodable = slice_str("client58[3]@17: the sync marker behind block 0 is not the header's"))
SCENE(empty_hostile, VIEW_EXPERIMENTS, NULL, fixture_hostile(view); view->head.status.link = LINK_DOWN;
      FAILURE(view, "\x1b[31mred\x07"))

static const struct scene scenes[] = {
	{"experiments", &screen_experiments, experiments, .variants = ALL},
	{"experiments-topics", &screen_experiments, experiments_topics, .variants = 1 << LARGE},
	{"experiments-unknown", &screen_experiments, experiments_unknown, .variants = ONE},
	{"experiments-hostile", &screen_experiments, experiments_hostile, .variants = ALL},
	{"experiments-far", &screen_experiments, experiments_far, .variants = ONE},
	{"experiment", &screen_experiments, experiment, .detail = true, .variants = ALL},
	{"experiment-scrolled", &screen_experiments, experiment, .detail = true, .scroll = 12, .variants = ONE},
	{"experiment-new", &screen_experiments, experiment_new, .detail = true, .variants = ONE},
	{"experiment-gone", &screen_experiments, experiment_gone, .detail = true, .variants = ONE},
	{"partitions", &screen_partitions, partitions, .variants = ALL},
	{"partitions-group", &screen_partitions, partitions_group, .variants = ALL},
	{"partitions-storing", &screen_partitions, partitions_storing, .variants = ALL},
	{"partition-storing", &screen_partitions, partition_storing, .detail = true, .variants = TWO},
	{"records-storing", &screen_records, records_storing, .variants = ALL},
	{"partitions-watch", &screen_partitions, partitions_watch, .variants = 1 << SMALL | 1 << LARGE},
	{"partitions-problem", &screen_partitions, partitions_problem, .variants = TWO},
	{"partitions-unknown", &screen_partitions, partitions_unknown, .variants = ONE},
	{"partitions-hostile", &screen_partitions, partitions_hostile, .variants = TWO},
	{"partition", &screen_partitions, partition, .detail = true, .variants = ALL},
	{"partition-gone", &screen_partitions, partition_gone, .detail = true, .variants = ONE},
	{"records", &screen_records, records, .variants = ALL},
	{"records-follow", &screen_records, records_follow, .variants = 1 << LARGE},
	{"records-unknown", &screen_records, records_unknown, .variants = ONE},
	{"records-hostile", &screen_records, records_hostile, .variants = TWO},
	{"record", &screen_records, record, .detail = true, .variants = ALL},
	{"record-scrolled", &screen_records, record, .detail = true, .scroll = 20, .variants = TWO},
	{"record-bad", &screen_records, record_bad, .detail = true, .variants = ONE},
	{"record-disagree", &screen_records, record_disagree, .detail = true, .variants = ONE},
	{"record-tombstone", &screen_records, record_tombstone, .detail = true, .variants = ONE},
	{"record-hostile", &screen_records, record_hostile, .detail = true, .variants = TWO},
	{"record-gone", &screen_records, record_gone, .detail = true, .variants = ONE},
	{"rates", &screen_rates, rates, .variants = ALL},
	{"rates-quiet", &screen_rates, rates_quiet, .variants = ONE},
	{"rates-hostile", &screen_rates, rates_hostile, .variants = TWO},
	{"rates-compared", &screen_rates, rates_compared, .variants = ALL},
	{"rates-compared-unknown", &screen_rates, rates_compared_unknown, .variants = ONE},
	{"producers", &screen_producers, producers, .variants = ALL},
	{"producers-many", &screen_producers, producers_many, .variants = ALL},
	{"producers-states", &screen_producers, producers_states, .variants = TWO},
	{"producers-unknown", &screen_producers, producers_unknown, .variants = ONE},
	{"producers-hostile", &screen_producers, producers_hostile, .variants = TWO},
	{"producers-looking", &screen_producers, producers_looking, .variants = ONE},
	{"producers-none", &screen_producers, producers_none, .variants = TWO},
	{"producers-gone", &screen_producers, producers_gone, .variants = ONE},
	{"groups", &screen_groups, groups, .variants = ALL},
	{"groups-denied", &screen_groups, groups_denied, .variants = 1 << SMALL | 1 << LARGE},
	{"groups-unlisted", &screen_groups, groups_unlisted, .variants = ONE},
	{"groups-unknown", &screen_groups, groups_unknown, .variants = ONE},
	{"groups-hostile", &screen_groups, groups_hostile, .variants = ALL},
	{"groups-asking", &screen_groups, groups_asking, .variants = ONE},
	{"groups-none", &screen_groups, groups_none, .variants = ONE},
	{"groups-failed", &screen_groups, groups_failed, .variants = ONE},
	{"groups-recording", &screen_groups, groups_recording, .variants = ONE},
	{"group", &screen_groups, group, .detail = true, .variants = ALL},
	{"group-scrolled", &screen_groups, group, .detail = true, .scroll = 12, .variants = ONE},
	{"group-asking", &screen_groups, group_asking, .detail = true, .variants = ONE},
	{"group-new-protocol", &screen_groups, group_new_protocol, .detail = true, .variants = ONE},
	{"group-nothing", &screen_groups, group_nothing, .detail = true, .variants = ONE},
	{"group-hostile", &screen_groups, group_hostile, .detail = true, .variants = TWO},
	{"group-gone", &screen_groups, group_gone, .detail = true, .variants = ONE},
	{"topics", &screen_topics, topics, .variants = ALL},
	{"topics-unknown", &screen_topics, topics_unknown, .variants = ONE},
	{"topics-hostile", &screen_topics, topics_hostile, .variants = TWO},
	{"topics-none", &screen_topics, topics_none, .variants = ONE},
	{"topics-down", &screen_topics, topics_down, .variants = ONE},
	{"empty-connecting", &screen_experiments, connecting, .variants = TWO},
	{"empty-down", &screen_experiments, down, .variants = ONE},
	{"empty-asking", &screen_experiments, asking, .variants = ONE},
	{"empty-looking", &screen_experiments, looking, .variants = ONE},
	{"empty-declined", &screen_experiments, declined, .variants = ONE},
	{"empty-joining", &screen_experiments, joining, .variants = ONE},
	{"empty-lost", &screen_experiments, lost, .variants = ONE},
	{"empty-left-over", &screen_experiments, left_over, .variants = ONE},
	{"empty-at-end", &screen_experiments, at_end, .variants = ALL},
	{"empty-at-end-unknown", &screen_rates, at_end_unknown, .variants = ONE},
	{"empty-topic", &screen_records, topic_empty, .variants = ONE},
	{"empty-topic-unknown", &screen_partitions, topic_unknown, .variants = ONE},
	{"empty-reading", &screen_experiments, reading, .variants = ONE},
	{"empty-recording", &screen_experiments, recording_empty, .variants = ONE},
	{"empty-filtered", &screen_experiments, filtered, .variants = ONE},
	{"empty-no-experiment", &screen_experiments, no_experiment, .variants = ONE},
	{"empty-hostile", &screen_experiments, empty_hostile, .variants = TWO},
};

enum { SCENES = sizeof(scenes) / sizeof(*scenes) };

/* ---- drawing and comparing ---- */

static void
draw(const struct scene *scene, struct canvas *c, struct rect area, struct view *view)
{
	struct screen_state state = {.query = view->query, .detail = scene->detail, .scroll = scene->scroll};

	if (scene->detail)
		scene->screen->draw_detail(c, area, view, &state);
	else
		scene->screen->draw(c, area, view, &state);
}

static void
read_file(const char *path, struct buf *out)
{
	FILE *in = fopen(path, "re");
	size_t n;

	while (in && (n = fread(buf_reserve(out, 4096), 1, 4096, in)) > 0)
		out->n += n;
	if (in)
		fclose(in);
}

static void
write_file(const char *path, const struct buf *text)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	assert_int_equal(fwrite(text->p, 1, text->n, out), text->n);
	assert_int_equal(fclose(out), 0);
}

static void
compare(const char *path, struct buf *drawn)
{
	struct buf golden = {0};

	if (getenv("BLESS"))
		write_file(path, drawn);
	read_file(path, &golden);
	if (golden.n != drawn->n || memcmp(golden.p, drawn->p, drawn->n) != 0)
		print_message("%s differs; now it is\n%s", path, buf_cstr(drawn));
	assert_int_equal(golden.n, drawn->n);
	assert_memory_equal(golden.p, drawn->p, drawn->n);
	buf_free(&golden);
}

static void
check(const struct scene *scene, enum variant v)
{
	struct canvas *c = canvas_new(variants[v].h, variants[v].w);
	char *path = xasprintf(GOLDEN "/%s.%s.screen", scene->name, variants[v].name);
	struct view *view = scene->make();
	struct buf text = {0};

	text_set_utf8(variants[v].utf8);
	draw(scene, c, canvas_rect(c), view);
	canvas_dump(c, &text);
	if (v == SMALL) {
		buf_str(&text, "--- styles\n");
		canvas_dump_styles(c, &text);
	}
	compare(path, &text);
	if (!variants[v].utf8)
		for (size_t i = 0; i < text.n; i++)
			assert_true((unsigned char)text.p[i] < 0x80);
	buf_free(&text);
	view_free(view);
	canvas_free(c);
	free(path);
}

static void
scenes_look_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < SCENES; i++)
		for (int v = 0; v < VARIANTS; v++)
			if (scenes[i].variants & (1u << v))
				check(&scenes[i], (enum variant)v);
}

/* Every screen in places from nothing to a bit: nothing is drawn beside them. */
static void
screens_stay_in_their_place(void **state)
{
	(void)state;
	text_set_utf8(true);
	for (size_t i = 0; i < SCENES; i++) {
		struct view *view = scenes[i].make();

		for (int h = -1; h < 14; h += h < 5 ? 1 : 4)
			for (int w = -1; w < 62; w += w < 6 ? 1 : 11) {
				struct canvas *c = canvas_new(20, 70);
				struct rect area = {3, 4, h, w};

				draw(&scenes[i], c, area, view);
				for (int y = 0; y < 20; y++)
					for (int x = 0; x < 70; x++) {
						const struct cell *cell = canvas_cell(c, y, x);
						bool inside = y >= 3 && y < 3 + h && x >= 4 && x < 4 + w;

						if (!inside && (cell->style || strcmp(cell->bytes, " ") != 0))
							fail_msg("%s in %dx%d draws at %d, %d", scenes[i].name, w, h,
								 x - 4, y - 3);
					}
				canvas_free(c);
			}
		view_free(view);
	}
}

static void
a_view_of_another_kind_is_not_drawn(void **state)
{
	struct canvas *c = canvas_new(10, 80);
	struct view *view = records();
	struct screen_state screen_state = {0};
	struct buf text = {0};

	(void)state;
	screen_experiments.draw(c, canvas_rect(c), view, &screen_state);
	screen_partitions.draw(c, canvas_rect(c), view, &screen_state);
	screen_rates.draw(c, canvas_rect(c), view, &screen_state);
	screen_groups.draw(c, canvas_rect(c), view, &screen_state);
	screen_topics.draw(c, canvas_rect(c), view, &screen_state);
	screen_producers.draw(c, canvas_rect(c), view, &screen_state);
	canvas_dump(c, &text);
	assert_string_equal(buf_cstr(&text), "\n\n\n\n\n\n\n\n\n\n");
	buf_free(&text);
	view_free(view);
	canvas_free(c);
}

static void
a_page_says_how_long_it_is(void **state)
{
	struct canvas *c = canvas_new(10, 80);
	struct screen_state screen_state = {.detail = true};
	struct view *view = record();
	int lines = screen_records.draw_detail(c, canvas_rect(c), view, &screen_state);

	(void)state;
	assert_true(lines > 20);
	screen_state.scroll = 15;
	assert_int_equal(screen_records.draw_detail(c, canvas_rect(c), view, &screen_state), lines);
	screen_state.scroll = INT64_MAX;
	assert_int_equal(screen_records.draw_detail(c, canvas_rect(c), view, &screen_state), lines);
	view_free(view);
	canvas_free(c);
}

/* A cursor below what the table has lines for is shown all the same. */
static void
the_cursor_is_always_seen(void **state)
{
	struct canvas *c = canvas_new(6, 80);
	struct screen_state screen_state = {0};
	struct view *view = experiments_below();
	struct buf text = {0};

	(void)state;
	text_set_utf8(false);
	screen_experiments.draw(c, canvas_rect(c), view, &screen_state);
	canvas_dump(c, &text);
	assert_non_null(strstr(buf_cstr(&text), ">8f14e45f"));
	buf_free(&text);
	view_free(view);
	canvas_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenes_look_as_they_should),
		cmocka_unit_test(screens_stay_in_their_place),
		cmocka_unit_test(a_view_of_another_kind_is_not_drawn),
		cmocka_unit_test(a_page_says_how_long_it_is),
		cmocka_unit_test(the_cursor_is_always_seen),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
