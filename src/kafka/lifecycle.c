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
