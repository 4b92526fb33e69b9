/* SPDX-License-Identifier: MIT */
#include "ui/bar.h"

#include "base/units.h"
#include "ui/graph.h"

#include <stdio.h>
#include <string.h>

enum { GAP = 3, FIELDS = 4, WIDEST = 120, NARROW = 72, LONG_MS = 2000, OLD_MS = 5000 };

/* A line of the head: fields at the same places in each line. */
struct line {
	struct canvas *c;
	int y, x, end;
	bool narrow; /* room for two fields only */
	int field, stops[FIELDS + 1];
};

static struct line
line_at(struct canvas *c, struct rect area, int y)
{
	static const int wide[FIELDS + 1] = {0, 34, 55, 76, 100}, narrow[FIELDS + 1] = {0, 56, 100, 100, 100};
	struct line line = {.c = c, .y = area.y + y, .x = area.x + 1, .end = area.x + area.w};
	int w = area.w < WIDEST ? area.w : WIDEST;

	line.narrow = w < NARROW;
	for (int i = 0; i <= FIELDS; i++) /* shares of 100 */
		line.stops[i] = area.x + 1 + (w - 1) * (line.narrow ? narrow : wide)[i] / 100;
	return line;
}

/* LABEL and VALUE at the next stop; the x behind them. */
static int
field(struct line *line, const char *label, enum style style, struct slice value)
{
	int x = line->stops[line->field], end = line->stops[++line->field] - 1;

	x += canvas_text(line->c, line->y, x, end - x, STYLE_DIM, label) + 1;
	return x + canvas_slice(line->c, line->y, x, end - x, style, value);
}

static int
field_count(struct line *line, const char *label, enum style style, int64_t n)
{
	char text[UNITS_TEXT];

	return field(line, label, style, slice_str(units_count(text, n)));
}

/* ---- the first line: what we look at, and whether it answers ---- */

static const struct {
	enum mark mark;
	const char *word;
} links[] = {
	[LINK_CONNECTING] = {MARK_WAIT, "connecting"},
	[LINK_UP] = {MARK_IN, "connected"},
	[LINK_DOWN] = {MARK_BAD, "disconnected"},
	[LINK_OFFLINE] = {MARK_IN, "recording"},
	[LINK_ENDED] = {MARK_IN, "ended"},
};

/* The brokers and the topics; where that is too much, only the first broker and how many more there are. */
static void
draw_names(struct canvas *c, int y, int x, int w, const struct view_head *head)
{
	struct slice cluster = head->cluster, topics = head->topics;
	const char *comma = cluster.p ? memchr(cluster.p, ',', cluster.n) : NULL;
	int more = 0, end = x + w;

	if (comma && (int)(cluster.n + GAP + topics.n) > w) {
		for (size_t i = 0; i < cluster.n; i++)
			more += cluster.p[i] == ',';
		cluster.n = (size_t)(comma - cluster.p);
	}
	x += canvas_slice(c, y, x, end - x, STYLE_HEAD, cluster);
	if (more > 0)
		x += canvas_printf(c, y, x, end - x, STYLE_HEAD, " +%d", more);
	x += GAP;
	canvas_slice(c, y, x, end - x, STYLE_HEAD, topics);
}

static void
draw_name_line(struct canvas *c, struct rect area, const struct bar *bar)
{
	const struct view_head *head = &bar->view->head;
	const char *mark = theme_mark(links[head->status.link].mark), *word = links[head->status.link].word;
	char link[64];
	int x = area.x + 1, end = area.x + area.w - 1;

	canvas_paint(c, (struct rect){area.y, area.x, 1, area.w}, STYLE_HEAD);
	snprintf(link, sizeof(link), "%s %s", mark, word);
	end -= canvas_right(c, area.y, x, end - x, STYLE_HEAD, link) + GAP;
	if (bar->frozen)
		end -= canvas_right(c, area.y, x, end - x, STYLE_MATCH, " FROZEN ") + GAP;
	x += canvas_text(c, area.y, x, end - x, STYLE_HEAD, "exptop") + GAP;
	draw_names(c, area.y, x, end - x, head);
}

/* ---- the lines below: fields ---- */

static void
draw_group_line(struct line line, const struct view_head *head)
{
	bool grouped = head->group.p, commits = grouped && head->status.commit != COMMIT_NONE;

	field(&line, grouped ? "group" : "no", STYLE_STRONG, grouped ? head->group : slice_str("group"));
	if (!line.narrow) {
		field(&line, "policy", STYLE_NORMAL, slice_str(policy_name(head->status.policy)));
		field(&line, "commit", commits ? STYLE_STRONG : STYLE_NORMAL,
		      slice_str(grouped ? commit_mode_name(head->status.commit) : "none"));
	}
	field_count(&line, "lag", STYLE_STRONG, head->lag);
}

static void
draw_reading_line(struct line line, const struct view_head *head)
{
	char rate[UNITS_TEXT];
	struct slice reading;
	int x, w;

	units_rate(rate, head->reading);
	if (head->reading >= 0)
		strcat(rate, "/s");
	reading = slice_str(rate);
	x = field(&line, "reading", STYLE_STRONG, reading);
	if (x < line.x + 15)
		x = line.x + 15;
	w = line.stops[1] - GAP - x;
	graph_spark(line.c, line.y, x + 1, w < SPARK_POINTS ? w : SPARK_POINTS, STYLE_GRAPH, head->spark, SPARK_POINTS);
	field_count(&line, "records", STYLE_NORMAL, head->records);
	line.stops[FIELDS - 1] = line.stops[FIELDS];
	if (!line.narrow)
		field_count(&line, "names checked", STYLE_NORMAL, head->names_checked);
}

/* "store run.db 12,345, 120 to write", and since when if that takes long; of the path the name is enough. */
static void
draw_store(struct line *line, const struct view_store *store)
{
	char records[UNITS_TEXT], waiting[UNITS_TEXT], age[UNITS_TEXT], lag[3 * UNITS_TEXT] = "";
	const char *slash = memrchr(store->file.p, '/', store->file.n);
	struct slice name = store->file;

	if (slash)
		name = (struct slice){slash + 1, (size_t)(store->file.p + store->file.n - slash - 1)};
	if (store->waiting > 0)
		snprintf(lag, sizeof(lag), ", %s to write%s%s", units_short(waiting, store->waiting),
			 store->waiting_ms < LONG_MS ? "" : " for ",
			 store->waiting_ms < LONG_MS ? "" : units_age(age, store->waiting_ms));
	line->x += canvas_text(line->c, line->y, line->x, line->end - line->x, STYLE_DIM, "store") + 1;
	line->x += canvas_slice(line->c, line->y, line->x, line->end - line->x, STYLE_NORMAL, name) + 1;
	units_count(records, store->records);
	line->x += canvas_printf(line->c, line->y, line->x, line->end - line->x, STYLE_NORMAL, "%s%s", records, lag);
	line->x += GAP;
}

static bool
has_extras(const struct view_head *head)
{
	bool without = head->lag >= 0 && head->without > 0;

	return head->store.file.p || head->watch.p || without || head->undecodable > 0 || head->repeated > 0 ||
	       head->not_kept > 0 || head->others > 0 || head->status.note[0];
}

/* " 12s ago" of what is not of now; else nothing. */
static const char *
print_age(char *out, int64_t ms)
{
	char age[UNITS_TEXT];

	if (ms < OLD_MS)
		return strcpy(out, "");
	snprintf(out, 2 * UNITS_TEXT, " %s ago", units_age(age, ms));
	return out;
}

/* " without 2 partitions not committed on" where a lag leaves some out. */
static const char *
print_without(char *out, int64_t lag, int64_t partitions)
{
	char n[UNITS_TEXT];

	if (lag < 0 || partitions <= 0)
		return strcpy(out, "");
	snprintf(out, 2 * UNITS_TEXT + 32, " without %s partition%s not committed on", units_count(n, partitions),
		 partitions == 1 ? "" : "s");
	return out;
}

/* What is there only sometimes: one after the other. */
static void
draw_extras(struct line line, const struct view_head *head)
{
	char n[UNITS_TEXT], age[2 * UNITS_TEXT], without[2 * UNITS_TEXT + 32];

#define EXTRA(style, ...) (line.x += canvas_printf(line.c, line.y, line.x, line.end - line.x, style, __VA_ARGS__) + GAP)
	if (head->store.file.p)
		draw_store(&line, &head->store);
	if (head->watch.p)
		EXTRA(STYLE_NORMAL, "watching %.*s, lag %s%s%s", (int)head->watch.n, head->watch.p,
		      units_count(n, head->watch_lag),
		      print_without(without, head->watch_lag, head->watch_without),
		      print_age(age, head->status.watch_age));
	if (head->lag >= 0 && head->without > 0)
		EXTRA(STYLE_WARN, "lag%s", print_without(without, head->lag, head->without));
	if (head->repeated > 0)
		EXTRA(STYLE_WARN, "repeated %s", units_count(n, head->repeated));
	if (head->not_kept > 0)
		EXTRA(STYLE_DIM, "too fast to keep %s", units_count(n, head->not_kept));
	if (head->others > 0)
		EXTRA(STYLE_WARN, "folded into others %s", units_count(n, head->others));
	if (head->undecodable > 0)
		EXTRA(STYLE_BAD, "undecodable %s", units_count(n, head->undecodable));
	if (head->status.note[0])
		EXTRA(STYLE_WARN, "%s", head->status.note);
	if (head->last_undecodable.p)
		canvas_slice(line.c, line.y, line.x, line.end - line.x, STYLE_DIM, head->last_undecodable);
#undef EXTRA
}

/* ---- the tabs ---- */

/* "12 of 50" and the filter, at the right; where it begins. */
static int
draw_matches(struct canvas *c, int y, struct rect area, const struct bar *bar)
{
	const struct view *view = bar->view;
	const char *filter = bar->state->query.filter;
	int end = area.x + area.w - 1, w = area.w / 2;
	char text[QUERY_TEXT + 64] = "", matched[UNITS_TEXT], total[UNITS_TEXT];

	if (bar->help || bar->state->detail || bar->screen->detail == VIEW_HEAD ||
	    view->query.kind != bar->state->query.kind)
		return end;
	if (filter[0])
		snprintf(text, sizeof(text), "filter: %s   %s of %s", filter, units_count(matched, view->matched),
			 units_count(total, view->total));
	else if (view->total > 0)
		snprintf(text, sizeof(text), "rows %s", units_count(total, view->total));
	return end - canvas_right(c, y, end - w, w, filter[0] ? STYLE_WARN : STYLE_DIM, text);
}

/* The cells all tabs take by their full names. */
static int
tabs_width(const struct screen *const *all)
{
	int w = 0;

	for (size_t i = 0; all[i]; i++)
		w += (int)strlen(all[i]->name) + 4;
	return w;
}

static void
draw_tabs(struct canvas *c, int y, struct rect area, const struct bar *bar)
{
	int x = area.x, end = draw_matches(c, y, area, bar);
	const struct screen *const *all = bar->screens;
	bool names = tabs_width(all) < end - x;

	for (size_t i = 0; all[i] && x < end; i++) {
		bool here = all[i] == bar->screen && !bar->help, named = names || here;

		x += canvas_printf(c, y, x, end - x, here ? STYLE_SELECTED : STYLE_DIM, " %c%s%s ", all[i]->key,
				   named ? " " : "", named ? all[i]->name : "");
	}
	if (bar->help)
		canvas_text(c, y, x, end - x, STYLE_SELECTED, " ? Help ");
}

/* What is read is told only where something is. */
static bool
reads(const struct view_head *head)
{
	return head->topics.p;
}

int
bar_head_height(const struct view *view)
{
	return (reads(&view->head) ? 4 : 2) + has_extras(&view->head);
}

void
bar_draw_head(struct canvas *c, struct rect area, const struct bar *bar)
{
	const struct view_head *head = &bar->view->head;

	draw_name_line(c, area, bar);
	if (reads(head)) {
		draw_group_line(line_at(c, area, 1), head);
		draw_reading_line(line_at(c, area, 2), head);
	}
	if (has_extras(head))
		draw_extras(line_at(c, area, area.h - 2), head);
	draw_tabs(c, area.y + area.h - 1, area, bar);
}

/* ---- footer and status ---- */

/* "j k move": the first key of each action from I on that shares its label; cells it takes. */
static int
draw_keys(struct canvas *c, int y, int x, int w, enum place place, const char *label)
{
	int at = x;

	for (int i = 0; i < ACTION_COUNT; i++)
		if ((actions[i].places & place) && strcmp(actions[i].label, label) == 0) {
			struct slice key = {actions[i].keys, strcspn(actions[i].keys, " ")};

			at += canvas_slice(c, y, at, x + w - at, STYLE_KEY, key) + 1;
		}
	return at - x + canvas_text(c, y, at, x + w - at, STYLE_DIM, label);
}

/* True when an action before I has its label: it was drawn with that one. */
static bool
drawn_before(int i, enum place place)
{
	for (int j = 0; j < i; j++)
		if ((actions[j].places & place) && strcmp(actions[j].label, actions[i].label) == 0)
			return true;
	return false;
}

void
bar_draw_footer(struct canvas *c, int y, int w, enum place place)
{
	struct canvas *nowhere = canvas_new(0, 0);
	int x = 1;

	for (int i = 0; i < ACTION_COUNT; i++) {
		int cells;

		if (!(actions[i].places & place) || !actions[i].label[0] || drawn_before(i, place))
			continue;
		cells = draw_keys(nowhere, 0, 0, 1000, place, actions[i].label);
		if (x + cells > w - 1)
			break;
		x += draw_keys(c, y, x, w - x, place, actions[i].label) + 2;
	}
	canvas_free(nowhere);
}

void
bar_draw_status(struct canvas *c, int bottom, int w, enum style style, const char *sentence)
{
	enum { LINES = 4 };
	struct canvas *nowhere = canvas_new(0, 0);
	int h = canvas_wrap(nowhere, (struct rect){0, 0, LINES, w - 2}, style, slice_str(sentence));

	canvas_blank(c, (struct rect){bottom - h, 0, h, w});
	canvas_wrap(c, (struct rect){bottom - h, 1, h, w - 2}, style, slice_str(sentence));
	canvas_free(nowhere);
}
