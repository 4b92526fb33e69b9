/* SPDX-License-Identifier: MIT */
/* The user's side driven by keys, against a view that holds rows r000, r001 .. */
#include "ui/ui.h"

#include "base/alloc.h"
#include "base/log.h"
#include "base/text.h"
#include "ui/input.h"
#include "ui/screen.h"
#include "ui/ui_state.h"
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOW = 1000 };

struct desk {
	struct ui *ui;
	struct view *spare;
	int rows; /* experiments there are */
	const char *group;
	enum commit_mode commit;
	struct view_store store;
	struct canvas *canvas;
	struct buf text;
};

static void
set_up(struct desk *d, const struct ui_config *config)
{
	*d = (struct desk){.rows = 100, .canvas = canvas_new(24, 80), .spare = xcalloc(1, sizeof(*d->spare))};
	d->ui = ui_new(config);
	ui_resize(d->ui, 24, 80);
}

static void
tear_down(struct desk *d)
{
	ui_free(d->ui);
	view_free(d->spare);
	canvas_free(d->canvas);
	buf_free(&d->text);
}

static bool
row_holds(int64_t i, const char *text)
{
	char id[16];

	snprintf(id, sizeof(id), "r%03d", (int)i);
	return strstr(id, text);
}

/* The next row that holds the text, the cursor as it was when there is none. */
static void
place_found(struct view *v, int rows)
{
	struct view_query *q = &v->query;
	int64_t step = q->find_step < 0 ? -1 : 1;

	for (int64_t i = q->cursor + q->find_step; q->find[0] && i >= 0 && i < rows; i += step)
		if (row_holds(i, q->find)) {
			q->cursor = i;
			v->found = true;
			return;
		}
}

static void
fill(struct desk *d, struct view *v)
{
	struct view_query *q = &v->query;

	v->total = v->matched = d->rows;
	if (q->selected[0] && !q->follow)
		q->cursor = atoi(q->selected + 1);
	if (d->rows == 0)
		return;
	if (q->cursor >= d->rows || q->follow)
		q->cursor = d->rows - 1;
	place_found(v, d->rows);
	if (q->first > q->cursor)
		q->first = q->cursor;
	if (q->first < q->cursor - q->height + 1)
		q->first = q->cursor - q->height + 1;
	v->n = (size_t)(d->rows - q->first < q->height ? d->rows - q->first : q->height);
	v->experiments = arena_alloc(&v->arena, v->n * sizeof(*v->experiments));
	for (size_t i = 0; i < v->n; i++)
		v->experiments[i].id = arena_print(&v->arena, "r%03d", (int)(q->first + (int64_t)i));
}

static void
fill_topics(struct desk *d, struct view *v)
{
	fill(d, v);
	v->head.topics = (struct slice){0};
	v->topics = arena_alloc(&v->arena, (v->n + 1) * sizeof(*v->topics));
	for (size_t i = 0; i < v->n; i++)
		v->topics[i].name = v->experiments[i].id;
}

/* As the engine would. */
static void
answer(struct desk *d)
{
	struct view *v = d->spare;

	view_clear(v);
	ui_query(d->ui, &v->query);
	v->head.cluster = slice_str("fake:9092");
	v->head.topics = slice_str("topic");
	v->head.group = slice_str(d->group);
	v->head.lag = 12345;
	v->head.store = d->store;
	v->head.status = (struct source_status){.link = LINK_UP, .commit = d->commit, .generation = -1, .now = -1};
	if (v->query.kind == VIEW_EXPERIMENTS)
		fill(d, v);
	if (v->query.kind == VIEW_TOPICS)
		fill_topics(d, v);
	d->spare = ui_answer(d->ui, v, NOW);
}

/* KEYS as a script writes them, each answered. */
static unsigned
press(struct desk *d, const char *keys)
{
	unsigned effects = 0, all = 0;

	while (*keys) {
		size_t n = strcspn(keys, " ");

		effects = ui_key(d->ui, input_parse(keys, n), NOW);
		all |= effects;
		if (effects & EFFECT_ASK)
			answer(d);
		keys += n;
		keys += strspn(keys, " ");
	}
	return all;
}

static const char *
screen(struct desk *d)
{
	ui_draw(d->ui, d->canvas, NOW);
	buf_clear(&d->text);
	canvas_dump(d->canvas, &d->text);
	return buf_cstr(&d->text);
}

static void
check_shows(struct desk *d, const char *text)
{
	if (!strstr(screen(d), text))
		fail_msg("\"%s\" is not on the screen:\n%s", text, screen(d));
}

static int64_t
cursor(const struct desk *d)
{
	return d->ui->view->query.cursor;
}

static bool
next_command(struct desk *d, enum command_kind kind, struct command *out)
{
	return ui_command(d->ui, out) && out->kind == kind;
}

static const struct ui_config plain = {.cluster = "fake:9092", .topics = "topic", .interval_ms = 1000};
static const struct ui_config grouped = {.cluster = "fake:9092", .topics = "topic", .group = "g", .interval_ms = 1000};

static const struct ui_config chooser = {.screens = chooser_screens, .cluster = "fake:9092", .interval_ms = 1000};

static void
connecting_is_shown_before_any_answer(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &grouped);
	check_shows(&d, "connecting");
	check_shows(&d, "fake:9092   topic");
	check_shows(&d, "group g");
	check_shows(&d, "lag -");
	tear_down(&d);
}

static void
the_store_and_what_it_lacks_are_told(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &grouped);
	d.store = (struct view_store){.file = slice_str("/data/ru\x1b[2Jn.db"), .records = 1234567};
	answer(&d);
	check_shows(&d, "store ru\\x1b[2Jn.db 1,234,567\n");
	d.store.waiting = 12345;
	d.store.waiting_ms = 900;
	answer(&d);
	check_shows(&d, "1,234,567, 12.3k to write\n");
	d.store.waiting_ms = 7000;
	answer(&d);
	check_shows(&d, "1,234,567, 12.3k to write for 7s\n");
	tear_down(&d);
}

static void
the_cursor_moves(void **state)
{
	struct desk d;
	int64_t page;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	page = (int64_t)d.ui->view->n;
	press(&d, "j j Down k");
	assert_int_equal(cursor(&d), 2);
	press(&d, "PgDn");
	assert_int_equal(cursor(&d), 2 + page);
	press(&d, "Ctrl-U Ctrl-U Up");
	assert_int_equal(cursor(&d), 2 + page - 2 * ((page + 1) / 2) - 1);
	press(&d, "G j");
	assert_int_equal(cursor(&d), 99);
	press(&d, "g k");
	assert_int_equal(cursor(&d), 0);
	tear_down(&d);
}

/* Three keys before the first answer: none is lost. */
static void
keys_overtake_answers(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	view_clear(d.spare);
	ui_key(d.ui, 'j', NOW);
	ui_query(d.ui, &d.spare->query);
	ui_key(d.ui, 'j', NOW);
	ui_key(d.ui, 'j', NOW);
	fill(&d, d.spare);
	d.spare = ui_answer(d.ui, d.spare, NOW);
	assert_int_equal(cursor(&d), 3);
	answer(&d);
	assert_int_equal(cursor(&d), 3);
	tear_down(&d);
}

static void
a_search_goes_on_and_back(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "/ 5");
	check_shows(&d, "search: 5");
	assert_int_equal(cursor(&d), 5);
	press(&d, "Enter");
	assert_int_equal(cursor(&d), 5);
	press(&d, "n n");
	assert_int_equal(cursor(&d), 25);
	press(&d, "N");
	assert_int_equal(cursor(&d), 15);
	press(&d, "/ 9 9");
	assert_int_equal(cursor(&d), 99);
	press(&d, "Esc");
	assert_int_equal(cursor(&d), 15);
	press(&d, "/ x");
	press(&d, "Enter");
	check_shows(&d, "no row holds \"x\"");
	assert_int_equal(cursor(&d), 15);
	tear_down(&d);
}

static void
typing_is_no_command(void **state)
{
	struct desk d;
	struct command c;

	(void)state;
	set_up(&d, &grouped);
	d.group = "g";
	answer(&d);
	assert_int_equal(press(&d, "/ q b e c m ?") & (EFFECT_QUIT | EFFECT_COMMAND), 0);
	assert_false(ui_command(d.ui, &c));
	check_shows(&d, "search: qbecm?");
	press(&d, "Ctrl-C");
	assert_int_equal(press(&d, "q"), EFFECT_QUIT);
	tear_down(&d);
}

static void
a_filter_stays_visible(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "\\ a b Enter");
	check_shows(&d, "filter: ab   100 of 100");
	assert_string_equal(d.ui->view->query.filter, "ab");
	press(&d, "Esc");
	assert_string_equal(d.ui->view->query.filter, "");
	press(&d, "\\ c Esc");
	assert_string_equal(d.ui->view->query.filter, "");
	tear_down(&d);
}

static void
frozen_rows_can_be_walked(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "p");
	assert_false(ui_running(d.ui));
	check_shows(&d, "FROZEN");
	d.rows = 7;
	answer(&d); /* one that was under way */
	assert_int_equal(d.ui->view->matched, 100);
	assert_int_equal(press(&d, "j j"), 0);
	assert_int_equal(cursor(&d), 2);
	press(&d, "G");
	assert_int_equal(cursor(&d), (int64_t)d.ui->view->n - 1);
	press(&d, "r"); /* asks for something else: one new picture */
	assert_int_equal(d.ui->view->matched, 7);
	assert_int_equal(press(&d, "Space"), EFFECT_ASK);
	assert_true(ui_running(d.ui));
	tear_down(&d);
}

static void
a_detail_opens_and_closes(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "j j Enter");
	assert_int_equal(d.ui->view->query.kind, VIEW_EXPERIMENT);
	assert_string_equal(d.ui->view->query.selected, "r002");
	press(&d, "Esc");
	assert_int_equal(d.ui->view->query.kind, VIEW_EXPERIMENTS);
	assert_int_equal(cursor(&d), 2);
	d.rows = 0;
	answer(&d);
	press(&d, "Enter");
	check_shows(&d, "no row to open");
	tear_down(&d);
}

static void
a_topic_is_chosen(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &chooser);
	check_shows(&d, "connecting");
	press(&d, "Enter");
	check_shows(&d, "no row to choose");
	assert_null(strstr(screen(&d), "no group")); /* nothing is read yet */
	answer(&d);
	assert_int_equal(ui_place(d.ui), AT_CHOICE);
	ui_key(d.ui, '\\', NOW);
	ui_key(d.ui, '4', NOW);
	ui_key(d.ui, INPUT_ENTER, NOW);
	assert_int_equal(ui_key(d.ui, INPUT_ENTER, NOW), 0); /* what the filter leaves is not known yet */
	check_shows(&d, "Enter again");
	assert_string_equal(ui_chosen(d.ui), "");
	press(&d, "Esc");
	assert_int_equal(press(&d, "j j Enter") & EFFECT_QUIT, EFFECT_QUIT);
	assert_string_equal(ui_chosen(d.ui), "r002");
	tear_down(&d);
}

static void
no_topic_is_chosen_by_quitting(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &chooser);
	answer(&d);
	press(&d, "b 2");
	check_shows(&d, "there is no screen of that number");
	press(&d, "/ 4 2 Enter 7");
	assert_int_equal(ui_place(d.ui), AT_LOG);
	press(&d, "Tab");
	assert_int_equal(cursor(&d), 42);
	assert_int_equal(press(&d, "q") & EFFECT_QUIT, EFFECT_QUIT);
	assert_string_equal(ui_chosen(d.ui), "");
	tear_down(&d);
}

static void
each_screen_keeps_its_place(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "j j 7");
	assert_int_equal(ui_place(d.ui), AT_LOG);
	press(&d, "1");
	assert_int_equal(cursor(&d), 2);
	for (size_t i = 0; screens[i]; i++)
		press(&d, "Tab");
	assert_int_equal(d.ui->screen_no, 0);
	press(&d, "Shift-Tab");
	assert_null(screens[d.ui->screen_no + 1]);
	press(&d, "x");
	check_shows(&d, "x does nothing here");
	tear_down(&d);
}

static void
help_scrolls_and_closes(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "2 ?"); /* whose list leaves lines to the timeline: that is no matter here */
	check_shows(&d, "this list of keys");
	press(&d, "PgDn");
	assert_int_equal(d.ui->help_state.scroll, ui_body(d.ui).h - 1);
	press(&d, "G");
	check_shows(&d, "commit what is stored, now");
	press(&d, "Esc");
	assert_int_equal(ui_place(d.ui), AT_TABLE);
	tear_down(&d);
}

static void
without_a_group_nothing_is_committed(void **state)
{
	struct desk d;
	struct command c;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "o");
	check_shows(&d, "nothing is committed");
	press(&d, "c");
	check_shows(&d, "nothing is committed");
	press(&d, "m");
	assert_false(ui_command(d.ui, &c));
	press(&d, "b");
	assert_true(next_command(&d, COMMAND_SEEK_BEGINNING, &c));
	press(&d, "e");
	assert_true(next_command(&d, COMMAND_SEEK_END, &c));
	tear_down(&d);
}

static void
a_reset_asks_where_to(void **state)
{
	struct desk d;
	struct command c;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "R");
	check_shows(&d, "without a group nothing is committed");
	tear_down(&d);
	set_up(&d, &grouped);
	d.group = "g";
	answer(&d);
	press(&d, "R");
	check_shows(&d, "reset to (beginning, end, N, -N, @TIME):");
	press(&d, "q Esc");
	assert_false(ui_command(d.ui, &c));
	press(&d, "R Enter");
	assert_false(ui_command(d.ui, &c));
	press(&d, "R - 5 Enter");
	assert_true(next_command(&d, COMMAND_RESET, &c));
	assert_string_equal(c.to, "-5");
	press(&d, "R");
	ui_question(d.ui, "R sets group g to the end", NOW); /* the one before: its prompt is closed */
	check_shows(&d, "R sets group g to the end: y/n");
	press(&d, "y");
	assert_true(next_command(&d, COMMAND_ANSWER, &c));
	assert_true(c.yes);
	tear_down(&d);
}

static void
a_group_that_commits_asks_first(void **state)
{
	struct desk d;
	struct command c;

	(void)state;
	set_up(&d, &grouped);
	d.group = "g";
	d.commit = COMMIT_AUTO;
	answer(&d);
	press(&d, "e");
	check_shows(&d, "e skips 12,345 unread offsets for group g: y/n");
	press(&d, "x n");
	assert_false(ui_command(d.ui, &c));
	press(&d, "e y");
	assert_true(next_command(&d, COMMAND_SEEK_END, &c));
	press(&d, "b Esc");
	assert_false(ui_command(d.ui, &c));
	press(&d, "o");
	assert_true(next_command(&d, COMMAND_POLICY, &c));
	assert_int_equal(c.policy, POLICY_EARLIEST);
	press(&d, "m");
	assert_true(next_command(&d, COMMAND_COMMIT_MODE, &c));
	assert_int_equal(c.commit, COMMIT_EACH);
	check_shows(&d, "150 to 200 a second");
	d.commit = COMMIT_NONE;
	answer(&d);
	press(&d, "e");
	assert_true(next_command(&d, COMMAND_SEEK_END, &c));
	tear_down(&d);
}

static void
read_only_refuses(void **state)
{
	struct ui_config config = grouped;
	struct desk d;
	struct command c;

	(void)state;
	config.read_only = true;
	set_up(&d, &config);
	d.group = "g";
	answer(&d);
	press(&d, "c");
	check_shows(&d, "--read-only: nothing is committed");
	press(&d, "m");
	assert_false(ui_command(d.ui, &c));
	assert_true(ui_question(d.ui, "join?", NOW) & EFFECT_COMMAND);
	assert_true(next_command(&d, COMMAND_ANSWER, &c));
	assert_false(c.yes);
	tear_down(&d);
}

static void
the_engines_question_is_answered(void **state)
{
	struct desk d;
	struct command c;

	(void)state;
	set_up(&d, &grouped);
	answer(&d);
	press(&d, "/ a");
	assert_int_equal(ui_question(d.ui, "group g has members: join", NOW), 0);
	check_shows(&d, "group g has members: join: y/n");
	press(&d, "y");
	assert_true(next_command(&d, COMMAND_ANSWER, &c));
	assert_true(c.yes);
	tear_down(&d);
}

static void
sentences_age_out_and_failures_stay(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	assert_true(ui_due(d.ui) == INT64_MAX);
	ui_say(d.ui, NOTICE_INFO, "said in passing", NOW);
	check_shows(&d, "said in passing");
	assert_true(ui_due(d.ui) > NOW);
	ui_draw(d.ui, d.canvas, ui_due(d.ui));
	assert_null(strstr(screen(&d), "said in passing"));
	ui_ended(d.ui, true, "the feed broke");
	check_shows(&d, "the feed broke");
	press(&d, "j");
	check_shows(&d, "the feed broke");
	assert_string_equal(ui_last_error(d.ui), "the feed broke");
	tear_down(&d);
}

static void
the_interval_has_bounds(void **state)
{
	struct desk d;

	(void)state;
	set_up(&d, &plain);
	answer(&d);
	press(&d, "+");
	assert_int_equal(ui_interval_ms(d.ui), 2000);
	for (int i = 0; i < 10; i++)
		press(&d, "+");
	assert_int_equal(ui_interval_ms(d.ui), 60000);
	for (int i = 0; i < 10; i++)
		press(&d, "-");
	assert_int_equal(ui_interval_ms(d.ui), 200);
	check_shows(&d, "refresh every 0.2 s");
	tear_down(&d);
}

/* Every key the footer may name does something, wherever it stands. */
static void
footers_tell_the_truth(void **state)
{
	struct desk d;

	(void)state;
	for (int i = 0; i < ACTION_COUNT; i++) {
		unsigned effects;
		char before[4096];

		if (!actions[i].label[0] || !(actions[i].places & AT_TABLE))
			continue;
		set_up(&d, &plain);
		answer(&d);
		press(&d, "j j");
		snprintf(before, sizeof(before), "%s", screen(&d));
		effects = press(&d, (char[]){actions[i].keys[0], '\0'});
		if (actions[i].keys[1] == ' ' || !actions[i].keys[1])
			assert_true(effects != 0 || strcmp(before, screen(&d)) != 0);
		tear_down(&d);
	}
}

static void
any_size_and_key_is_survived(void **state)
{
	static const int sizes[] = {0, 1, 2, 7, 8, 9, 39, 40, 80, 300};
	struct desk d;

	(void)state;
	set_up(&d, &grouped);
	d.group = "\x1b[2J\xff\xe6\xb8\xa9";
	answer(&d);
	for (size_t y = 0; y < sizeof(sizes) / sizeof(*sizes); y++)
		for (size_t x = 0; x < sizeof(sizes) / sizeof(*sizes); x++) {
			canvas_resize(d.canvas, sizes[y], sizes[x]);
			ui_resize(d.ui, sizes[y], sizes[x]);
			answer(&d);
			for (int key = 1; key < 0x100; key++)
				if (ui_key(d.ui, key, NOW) & EFFECT_ASK)
					answer(&d);
			ui_key(d.ui, INPUT_ESC, NOW);
			assert_null(strchr(screen(&d), '\x1b'));
		}
	tear_down(&d);
}

/* Kafka's longest topic and the largest number: the whole of it names the row. */
static void
the_longest_name_is_whole(void **state)
{
	char topic[250], expected[ROW_TEXT], name[ROW_TEXT];
	struct partition_row row = {.topic = {topic, 249}, .status.partition = INT32_MAX};
	struct view view = {.query.kind = VIEW_PARTITIONS, .n = 1, .partitions = &row};

	(void)state;
	memset(topic, 't', 249);
	topic[249] = '\0';
	snprintf(expected, sizeof(expected), "%s/%d", topic, INT32_MAX);
	assert_true(ui_row_name(&view, name));
	assert_string_equal(name, expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connecting_is_shown_before_any_answer),
		cmocka_unit_test(the_store_and_what_it_lacks_are_told),
		cmocka_unit_test(the_cursor_moves),
		cmocka_unit_test(keys_overtake_answers),
		cmocka_unit_test(a_search_goes_on_and_back),
		cmocka_unit_test(typing_is_no_command),
		cmocka_unit_test(a_filter_stays_visible),
		cmocka_unit_test(frozen_rows_can_be_walked),
		cmocka_unit_test(a_detail_opens_and_closes),
		cmocka_unit_test(a_topic_is_chosen),
		cmocka_unit_test(no_topic_is_chosen_by_quitting),
		cmocka_unit_test(each_screen_keeps_its_place),
		cmocka_unit_test(help_scrolls_and_closes),
		cmocka_unit_test(without_a_group_nothing_is_committed),
		cmocka_unit_test(a_reset_asks_where_to),
		cmocka_unit_test(a_group_that_commits_asks_first),
		cmocka_unit_test(read_only_refuses),
		cmocka_unit_test(the_engines_question_is_answered),
		cmocka_unit_test(sentences_age_out_and_failures_stay),
		cmocka_unit_test(the_interval_has_bounds),
		cmocka_unit_test(footers_tell_the_truth),
		cmocka_unit_test(the_longest_name_is_whole),
		cmocka_unit_test(any_size_and_key_is_survived),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
