/* SPDX-License-Identifier: MIT */
/*
 * What a source says about itself: the connection, the group, and where each
 * partition stands. A source fills one on request (engine thread), the model
 * and the views copy what they need. Unknown numbers are -1.
 */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum policy { POLICY_LATEST, POLICY_EARLIEST };
enum commit_mode { COMMIT_NONE, COMMIT_AUTO, COMMIT_EACH };
enum { NAME_TEXT = 256 };

/* What came of a record's own commit. */
enum commit_result {
	COMMIT_LATER, /* none is made in this mode: with the others, or never */
	COMMIT_DONE,
	COMMIT_FAILED
};

enum link_state {
	LINK_CONNECTING, /* no broker has answered yet */
	LINK_UP,
	LINK_DOWN,       /* answered before, or failed: `sentence` says how */
	LINK_OFFLINE,    /* a recording: there is no broker */
	LINK_ENDED       /* the producers that were looked at have ended */
};

enum group_state {
	GROUP_NONE,     /* no group: we assign ourselves */
	GROUP_LOOKING,  /* not joined before we know who is in it */
	GROUP_ASKING,   /* other programs are members: waiting for the user's yes */
	GROUP_DECLINED, /* the user does not want it joined */
	GROUP_JOINING,
	GROUP_MEMBER,   /* an assignment was received (it may be empty) */
	GROUP_LOST      /* fenced or timed out: joining again */
};

struct partition_status {
	const char *topic; /* lives as long as the source */
	int topic_no;
	int32_t partition;
	bool assigned;     /* to us */
	int64_t position;  /* next offset to be read; the four below likewise "next" */
	int64_t stored;    /* applied by us, what a commit now would say */
	int64_t committed; /* by our group (the watched one's stands in watch_committed) */
	int64_t low, end;  /* first offset there, offset after the last */
	int64_t committed_end; /* the end, asked just after `committed` where that is not our own commit */
	int64_t watch_committed, watch_end; /* likewise: one moment of the watched group */
	int64_t again;     /* offsets given to us that a member who starts now would read again */
	char watch_member[64]; /* client id of the watched group's owner; empty unknown */
	char problem[128];     /* empty, or why this partition does not advance */
};

/* The record that is being processed: given out, not yet applied, so never committed. */
struct in_hand {
	char topic[NAME_TEXT]; /* empty: none is in hand */
	int32_t partition;
	int64_t offset;
	int64_t since_ms, whole_ms; /* how long it has been, and will have been, in hand */
};

/* Where a recording that is played stands; times are its own, ms. */
struct playback {
	bool there;    /* there is one with a slider */
	bool indexing; /* its times are not known yet */
	bool paused;
	double speed;  /* INFINITY: as fast as it is taken */
	int64_t first, last, at;
};

struct source_status {
	enum link_state link;
	char sentence[ERR_TEXT];  /* the last thing that went wrong and the way out; empty when all is well */
	char note[128];           /* a lasting remark: "server name not checked" */
	enum group_state group_state;
	char group_sentence[256]; /* what the group is waiting for, when it is */
	int32_t generation;       /* -1 outside a group */
	char member[128];         /* our member id */
	enum policy policy;
	enum commit_mode commit;
	bool storing;             /* each record stays in hand for a while (--store-delay) */
	struct in_hand in_hand;
	int64_t watch_age;        /* ms since the brokers told what the watched group committed; -1: not yet */
	int64_t now;              /* where the source's own time stands (a recording), ms; -1: the wall clock rules */
	struct playback playback;
	bool at_end;              /* every assigned partition has been read to its end */
	struct partition_status *partitions; /* all partitions known of, ours or not; the source's own array */
	size_t n_partitions;
};

const char *policy_name(enum policy p);      /* "latest" .. */
const char *commit_mode_name(enum commit_mode m); /* "none" .. */

/* One line of the assignment timeline. */
enum assignment_change { ASSIGNMENT_GOT, ASSIGNMENT_REVOKED, ASSIGNMENT_LOST };

struct assignment {
	int64_t time; /* wall clock, ms */
	enum assignment_change change;
	int32_t generation; /* -1: no group */
	size_t count;       /* partitions in this change */
	size_t held;        /* partitions held after it */
	char text[192];     /* "topic[0..7]", cut with ".." */
};

#endif
