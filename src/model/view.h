/* SPDX-License-Identifier: MIT */
/*
 * A view: the copied snapshot of just what one screen draws, and the query that
 * asked for it. The UI owns its view and lends it to the engine thread, which
 * fills it and gives it back; no other memory is shared. All slices point into
 * view->arena and hold foreign bytes (the canvas sanitises them).
 *
 * Unknown is -1 for counts, offsets and times, NaN for rates and temperatures.
 */
#ifndef MODEL_VIEW_H
#define MODEL_VIEW_H

#include "base/arena.h"
#include "model/event.h"
#include "model/measure.h"
#include "model/record.h"
#include "model/rule.h"
#include "model/status.h"

enum { SPARK_POINTS = 24, SPARK_STEP_S = 5, RATE_POINTS = 60, RATE_STEP_S = 5, RATE_BANDS = 8 };
enum { PRODUCER_POINTS = 300 /* of a second each */ };
enum { QUERY_TEXT = 128, ROW_TEXT = 272 /* a topic's 249 characters, a slash and a number */ };

enum view_kind {
	VIEW_HEAD, /* only the head: help, log, dialogs */
	VIEW_EXPERIMENTS,
	VIEW_EXPERIMENT, /* detail of the selected one; likewise below */
	VIEW_PARTITIONS,
	VIEW_PARTITION,
	VIEW_RECORDS,
	VIEW_RECORD,
	VIEW_RATES,
	VIEW_GROUPS,
	VIEW_GROUP,
	VIEW_TOPICS,
	VIEW_CHECKS,
	VIEW_CHECK,
	VIEW_PRODUCERS,
	VIEW_KINDS
};

/* Columns that rows can be sorted by; each screen's table names its own. */
enum sort_key {
	SORT_NONE, /* the order of arrival (experiments), number (partitions) */
	SORT_ID,
	SORT_RESEARCHER,
	SORT_STAGE,
	SORT_SENSORS,
	SORT_TEMPERATURE,
	SORT_RATE,
	SORT_EVENTS,
	SORT_AGE,
	SORT_PARTITION,
	SORT_OWNER,
	SORT_POSITION,
	SORT_STORED,
	SORT_COMMITTED,
	SORT_LOW,
	SORT_END,
	SORT_LAG,
	SORT_SHARE,
	SORT_AGAIN,
	SORT_STATE,
	SORT_MEMBERS,
	SORT_CONSUMPTION,
	SORT_PRODUCTION,
	SORT_TREND,
	SORT_ETA,
	SORT_VERDICT, /* worst first */
	SORT_ORDER,
	SORT_TIME,
	SORT_MOVED,
	SORT_TRUTH,
	SORT_TAMPERED,
	SORT_INCOMPLETE,
	SORT_LATE,
	SORT_DUPLICATE,
	SORT_FOREIGN,
	SORT_OVERDUE,
	SORT_REPEATED
};

/*
 * Which rows: the list is filtered, sorted, then a window of `height` rows is
 * placed so that the cursor is in it, moving `first` as little as possible. The
 * cursor follows the row called `selected`; an empty one asks for the row at
 * index `cursor` (clamped). With `find` set the cursor goes to the next row
 * (`find_step` 1, from the cursor's row on: 0 allows the row itself; -1 back)
 * that holds the text.
 */
struct view_query {
	enum view_kind kind;
	char filter[QUERY_TEXT]; /* case-insensitive substring; a leading ! inverts; empty: all */
	enum sort_key sort;
	bool reverse;
	/* An experiment's id, "topic/partition", a record's number, "topic number/key", a name. */
	char selected[ROW_TEXT];
	int64_t cursor, first;
	int height;
	bool follow; /* records: stay at the newest */
	char find[QUERY_TEXT];
	int find_step;
};

/* What is found out about the records of a key, the worst first: by their order (model/order.h),
 * beside the ground truth, of the hashes that were opened, and of the measurements (model/measure.h). */
enum check {
	CHECK_ORDER,
	CHECK_TIME,
	CHECK_TRUTH,
	CHECK_TAMPERED,
	CHECK_INCOMPLETE,
	CHECK_LATE,
	CHECK_DUPLICATE,
	CHECK_FOREIGN,
	CHECK_OVERDUE,
	CHECK_MOVED,
	CHECK_REPEATED,
	CHECKS
};

const char *check_name(enum check check); /* "out of order" .. */

/* Over all keys of this view of the topic. */
struct check_sums {
	int64_t keys;    /* known */
	int64_t others;  /* folded away */
	int64_t faulty;  /* of both: not in order; what is only repeated is in order */
	int64_t keyless; /* records without a key */
	int64_t counts[CHECKS];
	struct measure_counts measured;
	int64_t hashes[4]; /* opened, by their answers (codec/claim.h): samples only, where records come fast */
};

/* How the topic compares with the logs that were given. */
struct truth_state {
	bool given;
	struct slice failure; /* why it is not compared any further; null: it is */
	int64_t differences, lines, waiting; /* waiting: records that came before their line */
	double behind;        /* seconds that the log is behind the topic; NaN unknown */
	struct slice last;    /* difference; null none */
};

/* What is kept of the records beside the screen. */
struct view_store {
	struct slice file;  /* null: nothing is kept */
	int64_t records;    /* in it */
	int64_t waiting;    /* not on the disk yet */
	int64_t waiting_ms; /* .. for so long */
};

/* What producers say they make; all of it unknown where nobody asks them. */
struct producers_head {
	bool compared;     /* they are asked, or there is a plan */
	bool planned_for;  /* there is a plan */
	int64_t answering; /* producers */
	bool ended;        /* all that there were have made their events */
	double produced, planned; /* events/s of the last 10 s */
	struct slice nobody;      /* that none answers, and what to do; null: one does */
	struct slice others;      /* whose programs listen where producers are looked for; null: nobody else's */
};

struct view_head {
	struct slice cluster, topics; /* as the user named them */
	struct slice group;           /* null: no group */
	struct slice watch;           /* null: no group is watched */
	struct source_status status;  /* its partitions are not copied: NULL, 0 */
	size_t assigned, partitions;  /* ours, all */
	double reading;               /* arrival, records/s */
	uint32_t spark[SPARK_POINTS]; /* records that arrived per SPARK_STEP_S, oldest first */
	int64_t lag;                  /* to the group's committed offsets, without a group to our position */
	int64_t without, watch_without; /* partitions that hold something, never committed on: in no lag */
	int64_t watch_lag, watch_committed; /* of the watched group, at the moment that status.watch_age tells */
	int64_t again;                /* offsets that a crash now would read again, of all our partitions */
	int64_t records, repeated, undecodable; /* this view of the topic */
	int64_t names_checked;        /* records whose header was read */
	int64_t not_kept;             /* records the tail skipped because they came too fast */
	int64_t there;                /* offsets in the partitions (end - low), for the empty screen */
	int64_t experiments, others;  /* known; folded away by --max-experiments */
	int64_t stages[STAGES];       /* of those known, by their stage */
	struct check_sums checks;
	struct truth_state truth;
	struct slice last_undecodable; /* "topic[3]@17: REASON", null none */
	struct view_store store;
	struct producers_head producers;
};

struct experiment_row {
	struct slice id, researcher;
	enum stage stage;
	int64_t sensors_seen, sensors_configured;
	double average; /* of the last complete measurement_id, Celsius */
	double lower, upper;
	enum range_place place;
	double rate, expected_rate; /* events/s by record timestamps over 10 s; as configured */
	int64_t events;
	int64_t last; /* record timestamp of the last event, ms */
	uint32_t spark[SPARK_POINTS];
	bool revoked; /* its partition is no longer ours */
	int topic_no;
	int32_t partition;
};

struct curve_point {
	int64_t time; /* ms */
	float average, low, high; /* low and high where minutes were folded */
};

struct sensor_row {
	struct slice id;
	double temperature; /* last read */
	int64_t events, last;
};

struct stage_change {
	enum stage stage;
	int64_t time; /* the event's own timestamp, ms */
};

struct experiment_detail {
	struct experiment_row row;
	const struct curve_point *curve;
	size_t n_curve;
	const struct sensor_row *sensors;
	size_t n_sensors;
	struct stage_change stages[8];
	size_t n_stages;
	int64_t kinds[EVENT_KINDS]; /* events by kind */
	int64_t complete, incomplete; /* measurement_ids */
	int64_t first_offset, last_offset;
};

struct partition_row {
	struct slice topic;
	struct partition_status status; /* its topic pointer is not for use */
	struct slice owner; /* "this exptop", the watched group's member, null unknown */
	int64_t lag, watch_lag;
	double rate;        /* by record timestamps */
	double share;       /* of this view's records, 0..1 */
	int64_t records, experiments;
	bool in_hand;       /* the record that is being processed is one of its */
};

struct record_row {
	uint64_t number; /* of the tail, never reused: the row's identity */
	struct slice topic;
	int32_t partition;
	int64_t offset, timestamp;
	struct slice key, name; /* name: record_name header, else the schema's; null none */
	struct slice text;      /* the value decoded, as consume prints it, cut */
	struct slice value;     /* from model_view() only: its bytes in the tail, until the model changes; null later */
	size_t value_size;      /* bytes of the whole value; a value with less is its beginning */
	bool undecodable;
	bool in_hand;           /* it is being processed, and not committed */
};

struct record_field {
	int depth;
	struct slice name, type, value;
};

struct record_detail {
	struct record_row row;
	const struct record_header *headers;
	size_t n_headers;
	const struct record_field *fields;
	size_t n_fields;
	struct slice schema;  /* JSON, null none */
	struct slice schema_name, codec;
	struct slice bytes;   /* the value as it came, or its beginning: row.value_size says */
	struct slice problem; /* why it could not be decoded, null when it could */
	struct slice hash_answer, hash_why, hash_text; /* of its measurement_hash; null: it has none, or it is ok */
	bool by_header;       /* the header decided the kind */
	bool disagree;        /* header and schema name differ */
};

struct rate_band {
	struct slice id; /* an experiment's, null: all the others together */
	uint32_t points[RATE_POINTS]; /* events per RATE_STEP_S, oldest first */
	double rate;
};

enum trend { TREND_UNKNOWN, TREND_KEEPS_UP, TREND_STEADY, TREND_GROWING, TREND_DRAINING };

const char *trend_name(enum trend trend); /* "growing" ..; "-" for UNKNOWN */

struct group_row {
	struct slice name, state, protocol; /* state and protocol: null unknown */
	struct slice problem;               /* why not all of it is known; null: it is */
	int64_t members, partitions; /* partitions: those it has committed on */
	int64_t lag;
	double consumption, production; /* records/s, NaN unknown (model/pace.h) */
	enum trend trend;
	double eta;   /* seconds until it has caught up, INFINITY never */
	int64_t at;   /* when it was asked what it committed, ms; -1: not yet */
	bool ours, watched;
	bool cut;     /* its name is too long to be asked about */
};

struct group_member {
	struct slice id, client, host;
	int64_t partitions;
	int64_t lag; /* of those it owns; -1 unknown of one */
};

struct group_place {
	struct slice topic;
	int32_t partition;
	int64_t committed, end, lag;
	int member; /* index into members, -1: nobody */
	bool beyond; /* committed is beyond the end: the lag is unknown */
};

enum { GROUP_LAGS = 60 };

struct group_detail {
	struct group_row row;
	bool asked; /* members and places are known, or `members_problem` and row.problem say why not */
	struct slice members_problem;
	const struct group_member *members;
	size_t n_members, more_members; /* more: than are kept */
	const struct group_place *places;
	size_t n_places, more_places;
	uint32_t lags[GROUP_LAGS]; /* oldest first */
	size_t n_lags;
	int64_t lags_span; /* ms from the first to the last */
};

struct topic_row {
	struct slice name;
	struct slice problem; /* why it cannot be read; null: it can */
	int64_t partitions, offsets; /* from low to end, whatever has them: records are no more than that */
	double rate; /* of the end, offsets/s */
};

struct check_row {
	struct slice key; /* may be empty */
	int topic_no;
	struct slice topic; /* null unknown */
	int32_t partition;  /* of the last record */
	int64_t records, last_offset;
	int64_t counts[CHECKS];
};

/* A record that something was found out about, and the one of its key that it was compared with. */
struct finding {
	int32_t partition, after_partition;
	int64_t offset, after; /* after: -1 unknown */
	double back;           /* CHECK_TIME: seconds */
	int64_t time;          /* when it came, ms */
};

struct check_detail {
	struct check_row row;
	const struct measured *measured; /* its experiment's, without ids; NULL: none is known */
	struct finding first[CHECKS], last[CHECKS]; /* of those counted at least once */
};

enum producer_state {
	PRODUCER_UNKNOWN,
	PRODUCER_ANSWERS,
	PRODUCER_ENDED, /* nobody listens, and no experiment was running when it was seen last */
	PRODUCER_GONE,  /* nobody listens: never did, or experiments were running when it was seen last */
	PRODUCER_FAILS,
	PRODUCER_OTHERS /* what listens there belongs to another user, and is not looked at */
};

const char *producer_state_name(enum producer_state state); /* "answers" ..; "-" for UNKNOWN */

struct producer_row {
	struct slice name;
	enum producer_state state;
	int64_t since;       /* in this state, ms */
	struct slice problem; /* null: none */
	double rate;
	int64_t running, events, restarts;
	const double *points; /* PRODUCER_POINTS, events/s, oldest first */
};

struct view {
	struct view_query query; /* what was asked, cursor and first as placed */
	struct arena arena;
	int64_t now; /* what ages count from, ms: the wall clock, or a recording's own time */
	struct view_head head;
	int64_t total, matched; /* rows in all, rows the filter lets through */
	bool found;             /* query.find had a match */
	int64_t newer;          /* records: rows below the cursor's window */
	size_t n;               /* rows in the window, in the array of the kind */
	struct experiment_row *experiments;
	struct partition_row *partitions;
	struct record_row *records;
	struct check_row *checks;
	struct experiment_detail *experiment; /* NULL: no longer there */
	struct partition_row *partition;
	struct record_detail *record;
	struct check_detail *check;
	struct assignment *timeline; /* newest first; partitions screen and detail */
	size_t n_timeline;
	struct rate_band total_rate;
	struct rate_band bands[RATE_BANDS + 1]; /* the busiest, then the others */
	size_t n_bands;
	bool surveyed;        /* groups, topics: an answer came, or `survey_problem` says why none did */
	struct slice survey_problem; /* why the list is not whole; null: it is */
	int64_t beyond;       /* rows that are there and not kept */
	struct group_row *groups;
	struct group_detail *group;
	struct topic_row *topics;
	struct producer_row *producers;
	/* Events/s that producers made and that were planned, NULL: nobody asks them. Of
	 * VIEW_RATES as many and as long as its points, of VIEW_PRODUCERS PRODUCER_POINTS. */
	const double *made, *planned;
	int64_t points_end; /* ms */
};

/* Ready VIEW for another answer to its query: arena and results are emptied. */
void view_clear(struct view *view);
void view_free(struct view *view); /* frees the arena, then VIEW itself */

#endif
