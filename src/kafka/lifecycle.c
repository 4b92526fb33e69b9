/* SPDX-License-Identifier: MIT */
#include "kafka/lifecycle.h"

#define NONE FETCH_NONE
#define LOOKUP FETCH_LOOKUP
#define STARTING FETCH_STARTING
#define S_MOVING FETCH_START_MOVING
#define READING FETCH_READING
#define CAUGHT_UP FETCH_CAUGHT_UP
#define MOVING FETCH_MOVING
#define RESETTING FETCH_RESETTING

/* What cannot happen to a state leaves it: librdkafka may tell of what is over. */
static const unsigned char fetch_table[FETCH_EVENTS][FETCH_STATES] = {
	/*                      NONE    LOOKUP    STARTING   S_MOVING   READING    CAUGHT_UP  MOVING     RESETTING */
	[FETCH_ASSIGNED] =     {LOOKUP, LOOKUP,   LOOKUP,    LOOKUP,    LOOKUP,    LOOKUP,    LOOKUP,    LOOKUP},
	[FETCH_REVOKED] =      {NONE,   NONE,     NONE,      NONE,      NONE,      NONE,      NONE,      NONE},
	[FETCH_STARTED] =      {NONE,   STARTING, STARTING,  STARTING,  STARTING,  STARTING,  STARTING,  STARTING},
	[FETCH_CARRIED] =      {NONE,   LOOKUP,   STARTING,  S_MOVING,  STARTING,  STARTING,  S_MOVING,  S_MOVING},
	[FETCH_RECORD] =       {NONE,   LOOKUP,   READING,   MOVING,    READING,   CAUGHT_UP, MOVING,    RESETTING},
	[FETCH_END] =          {NONE,   LOOKUP,   CAUGHT_UP, MOVING,    CAUGHT_UP, CAUGHT_UP, MOVING,    RESETTING},
	[FETCH_OUT_OF_RANGE] = {NONE,   LOOKUP,   RESETTING, RESETTING, RESETTING, RESETTING, RESETTING, RESETTING},
	[FETCH_MOVE] =         {NONE,   LOOKUP,   S_MOVING,  S_MOVING,  MOVING,    MOVING,    MOVING,    RESETTING},
	[FETCH_SOUGHT] =       {NONE,   LOOKUP,   STARTING,  S_MOVING,  READING,   CAUGHT_UP, READING,   RESETTING},
};

enum fetch_state
fetch_next(enum fetch_state s, enum fetch_event e)
{
	return fetch_table[e][s];
}

struct topic_step {
	unsigned char state, effect;
};

#define TO(state, effect) {TOPIC_##state, TOPIC_##effect}

static const struct topic_step topic_table[TOPIC_STATES][TOPIC_EVENTS] = {
	[TOPIC_UNKNOWN] = {
		[TOPIC_SEEN] = TO(THERE, STAYS),       [TOPIC_MISSING] = TO(ABSENT, STAYS),
		[TOPIC_DOUBT] = TO(UNKNOWN, STAYS),    [TOPIC_SAME] = TO(UNKNOWN, STAYS),
		[TOPIC_OTHER] = TO(UNKNOWN, STAYS),    [TOPIC_UNCLEAR] = TO(UNKNOWN, STAYS),
	},
	[TOPIC_ABSENT] = {
		[TOPIC_SEEN] = TO(THERE, APPEARED),    [TOPIC_MISSING] = TO(ABSENT, STAYS),
		[TOPIC_DOUBT] = TO(ABSENT, STAYS),     [TOPIC_SAME] = TO(ABSENT, STAYS),
		[TOPIC_OTHER] = TO(ABSENT, STAYS),     [TOPIC_UNCLEAR] = TO(ABSENT, STAYS),
	},
	[TOPIC_THERE] = {
		[TOPIC_SEEN] = TO(THERE, STAYS),       [TOPIC_MISSING] = TO(GONE, WENT),
		[TOPIC_DOUBT] = TO(DOUBTED, COMPARE),  [TOPIC_SAME] = TO(THERE, STAYS),
		[TOPIC_OTHER] = TO(THERE, RENEWED),    [TOPIC_UNCLEAR] = TO(THERE, STAYS),
	},
	[TOPIC_DOUBTED] = { /* in doubt we go on */
		[TOPIC_SEEN] = TO(DOUBTED, STAYS),     [TOPIC_MISSING] = TO(GONE, WENT),
		[TOPIC_DOUBT] = TO(DOUBTED, STAYS),    [TOPIC_SAME] = TO(THERE, STAYS),
		[TOPIC_OTHER] = TO(THERE, RENEWED),    [TOPIC_UNCLEAR] = TO(THERE, STAYS),
	},
	[TOPIC_GONE] = {
		[TOPIC_SEEN] = TO(BACK, COMPARE),      [TOPIC_MISSING] = TO(GONE, STAYS),
		[TOPIC_DOUBT] = TO(GONE, STAYS),       [TOPIC_SAME] = TO(GONE, STAYS),
		[TOPIC_OTHER] = TO(GONE, STAYS),       [TOPIC_UNCLEAR] = TO(GONE, STAYS),
	},
	[TOPIC_BACK] = { /* it was seen missing: only the same record can tell that it is the same */
		[TOPIC_SEEN] = TO(BACK, STAYS),        [TOPIC_MISSING] = TO(GONE, STAYS),
		[TOPIC_DOUBT] = TO(BACK, STAYS),       [TOPIC_SAME] = TO(THERE, RETURNED),
		[TOPIC_OTHER] = TO(THERE, RENEWED),    [TOPIC_UNCLEAR] = TO(THERE, RENEWED),
	},
};

enum topic_state
topic_next(enum topic_state s, enum topic_event e, enum topic_effect *effect)
{
	*effect = (enum topic_effect)topic_table[s][e].effect;
	return (enum topic_state)topic_table[s][e].state;
}
