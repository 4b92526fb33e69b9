/* SPDX-License-Identifier: MIT */
/*
 * What is known of a consumer's partition and of its topic: for each one state, and a
 * table that says what follows from what happens. Pure: no call to librdkafka; what is
 * done about it is assign.c's, join.c's and compare.c's.
 */
#ifndef KAFKA_LIFECYCLE_H
#define KAFKA_LIFECYCLE_H

#include <stdbool.h>

/* A partition. Those that are MOVING have a target offset, and what comes of them is passed over. */
enum fetch_state {
	FETCH_NONE,         /* not assigned to us */
	FETCH_LOOKUP,       /* assigned; where it starts is being asked for */
	FETCH_STARTING,     /* given to librdkafka with a start offset; no sign of life yet */
	FETCH_START_MOVING, /* the same, and it is to be read from elsewhere once it lives */
	FETCH_READING,
	FETCH_CAUGHT_UP,    /* reading, and it was at its end once since it started */
	FETCH_MOVING,       /* it is to be read from elsewhere */
	FETCH_RESETTING,    /* its next offset is out of range: it is to be assigned anew, a seek does nothing */
	FETCH_STATES
};

enum fetch_event {
	FETCH_ASSIGNED,
	FETCH_REVOKED,
	FETCH_STARTED,      /* given to librdkafka with a start offset */
	FETCH_CARRIED,      /* given to it once more, as one of a whole assignment that was made for others */
	FETCH_RECORD,
	FETCH_END,
	FETCH_OUT_OF_RANGE, /* its next offset is not there */
	FETCH_MOVE,         /* it is wanted elsewhere */
	FETCH_SOUGHT,       /* it was moved by a seek */
	FETCH_EVENTS
};

enum fetch_state fetch_next(enum fetch_state s, enum fetch_event e);

/* librdkafka has it: started, with or without a sign of life. */
static inline bool
fetch_is_started(enum fetch_state s)
{
	return s >= FETCH_STARTING;
}

/* A record, an end or an error came since it started. */
static inline bool
fetch_lives(enum fetch_state s)
{
	return s >= FETCH_READING;
}

static inline bool
fetch_is_moving(enum fetch_state s)
{
	return s == FETCH_START_MOVING || s == FETCH_MOVING || s == FETCH_RESETTING;
}

/* A topic, by its name: one that was deleted and is there again is another one. */
enum topic_state {
	TOPIC_UNKNOWN, /* nobody has answered yet whether it is there */
	TOPIC_ABSENT,  /* it was not there since we look: when it appears it is younger than we are */
	TOPIC_THERE,
	TOPIC_DOUBTED, /* it may be another one than the one we read: a record of it is being compared */
	TOPIC_GONE,    /* it was there, and the brokers do not know it any more */
	TOPIC_BACK,    /* it was gone and is there: likewise compared */
	TOPIC_STATES
};

enum topic_event {
	TOPIC_SEEN,
	TOPIC_MISSING, /* the brokers know none of that name */
	TOPIC_DOUBT,   /* something happened that happens when a topic is deleted and created again */
	TOPIC_SAME,    /* the record compared is the one that we have read */
	TOPIC_OTHER,   /* it is another one, or the topic ends before it */
	TOPIC_UNCLEAR, /* there was none to be compared: nothing read yet, or it was deleted or compacted away */
	TOPIC_EVENTS
};

enum topic_effect {
	TOPIC_STAYS,    /* nothing is to be done */
	TOPIC_APPEARED, /* its partitions are read from their beginning */
	TOPIC_WENT,
	TOPIC_COMPARE,  /* a record of it is to be compared */
	TOPIC_RETURNED, /* it is the one that was there before */
	TOPIC_RENEWED   /* it is another one: what is known of the one before is dropped */
};

enum topic_state topic_next(enum topic_state s, enum topic_event e, enum topic_effect *effect);

#endif
