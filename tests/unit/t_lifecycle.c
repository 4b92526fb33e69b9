/* SPDX-License-Identifier: MIT */
/* A partition's and a topic's life: the stories that happen, and every event in every state. */
#include "kafka/lifecycle.h"
#include "unit.h"

#include <stdlib.h>

enum { STEPS = 6 };

struct story {
	const char *name;
	unsigned char events[STEPS], states[STEPS]; /* the state after each event */
};

static void
a_partition_is_read(void **state)
{
	static const struct story stories[] = {
		{"to its end", {FETCH_ASSIGNED, FETCH_STARTED, FETCH_RECORD, FETCH_END, FETCH_RECORD, FETCH_REVOKED},
		 {FETCH_LOOKUP, FETCH_STARTING, FETCH_READING, FETCH_CAUGHT_UP, FETCH_CAUGHT_UP, FETCH_NONE}},
		{"empty", {FETCH_ASSIGNED, FETCH_STARTED, FETCH_END, FETCH_END, FETCH_RECORD, FETCH_RECORD},
		 {FETCH_LOOKUP, FETCH_STARTING, FETCH_CAUGHT_UP, FETCH_CAUGHT_UP, FETCH_CAUGHT_UP, FETCH_CAUGHT_UP}},
		{"moved", {FETCH_ASSIGNED, FETCH_STARTED, FETCH_RECORD, FETCH_MOVE, FETCH_RECORD, FETCH_SOUGHT},
		 {FETCH_LOOKUP, FETCH_STARTING, FETCH_READING, FETCH_MOVING, FETCH_MOVING, FETCH_READING}},
		{"moved before it lives",
		 {FETCH_ASSIGNED, FETCH_MOVE, FETCH_STARTED, FETCH_MOVE, FETCH_SOUGHT, FETCH_END},
		 {FETCH_LOOKUP, FETCH_LOOKUP, FETCH_STARTING, FETCH_START_MOVING, FETCH_START_MOVING, FETCH_MOVING}},
		{"out of range",
		 {FETCH_ASSIGNED, FETCH_STARTED, FETCH_OUT_OF_RANGE, FETCH_SOUGHT, FETCH_STARTED, FETCH_RECORD},
		 {FETCH_LOOKUP, FETCH_STARTING, FETCH_RESETTING, FETCH_RESETTING, FETCH_STARTING, FETCH_READING}},
		{"carried by others' assignment",
		 {FETCH_ASSIGNED, FETCH_STARTED, FETCH_END, FETCH_CARRIED, FETCH_END, FETCH_MOVE},
		 {FETCH_LOOKUP, FETCH_STARTING, FETCH_CAUGHT_UP, FETCH_STARTING, FETCH_CAUGHT_UP, FETCH_MOVING}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		enum fetch_state s = FETCH_NONE;

		for (size_t k = 0; k < STEPS; k++) {
			s = fetch_next(s, (enum fetch_event)stories[i].events[k]);
			if (s != stories[i].states[k])
				fail_msg("%s: state %d after step %zu", stories[i].name, (int)s, k);
		}
	}
}

/* Whatever comes in whatever order: what holds of every state. */
static void
any_event_in_any_state_of_a_partition(void **state)
{
	(void)state;
	for (enum fetch_state s = 0; s < FETCH_STATES; s++) {
		for (enum fetch_event e = 0; e < FETCH_EVENTS; e++) {
			enum fetch_state next = fetch_next(s, e);

			assert_true(next < FETCH_STATES);
			if (s == FETCH_NONE && e != FETCH_ASSIGNED) /* what is not ours stays so */
				assert_int_equal(next, FETCH_NONE);
			if (s != FETCH_NONE && e != FETCH_REVOKED) /* what is ours goes by a revocation only */
				assert_int_not_equal(next, FETCH_NONE);
			if (s == FETCH_LOOKUP && e != FETCH_STARTED && e != FETCH_REVOKED)
				assert_int_equal(next, FETCH_LOOKUP);
			if (fetch_is_moving(s) && (e == FETCH_RECORD || e == FETCH_END)) /* passed over */
				assert_true(fetch_is_moving(next));
			if (fetch_lives(s) && e == FETCH_MOVE)
				assert_true(fetch_is_moving(next));
			if (s == FETCH_RESETTING && e == FETCH_SOUGHT) /* a seek does nothing there */
				assert_int_equal(next, FETCH_RESETTING);
			if (next == FETCH_CAUGHT_UP && e != FETCH_END)
				assert_int_equal(s, FETCH_CAUGHT_UP);
		}
		assert_int_equal(fetch_next(s, FETCH_REVOKED), FETCH_NONE);
		assert_int_equal(fetch_next(s, FETCH_ASSIGNED), FETCH_LOOKUP);
	}
}

/* Events and what follows from each, beginning with nothing known. */
struct topic_story {
	const char *name;
	unsigned char events[STEPS], states[STEPS], effects[STEPS];
};

static void
a_topic_comes_goes_and_comes_back(void **state)
{
	static const struct topic_story stories[] = {
		{"older than we are", {TOPIC_SEEN, TOPIC_SEEN, TOPIC_DOUBT, TOPIC_SEEN, TOPIC_SAME, TOPIC_SEEN},
		 {TOPIC_THERE, TOPIC_THERE, TOPIC_DOUBTED, TOPIC_DOUBTED, TOPIC_THERE, TOPIC_THERE},
		 {TOPIC_STAYS, TOPIC_STAYS, TOPIC_COMPARE, TOPIC_STAYS, TOPIC_STAYS, TOPIC_STAYS}},
		{"younger than we are",
		 {TOPIC_MISSING, TOPIC_MISSING, TOPIC_SEEN, TOPIC_DOUBT, TOPIC_UNCLEAR, TOPIC_MISSING},
		 {TOPIC_ABSENT, TOPIC_ABSENT, TOPIC_THERE, TOPIC_DOUBTED, TOPIC_THERE, TOPIC_GONE},
		 {TOPIC_STAYS, TOPIC_STAYS, TOPIC_APPEARED, TOPIC_COMPARE, TOPIC_STAYS, TOPIC_WENT}},
		{"seen missing", {TOPIC_SEEN, TOPIC_MISSING, TOPIC_MISSING, TOPIC_SEEN, TOPIC_UNCLEAR, TOPIC_SEEN},
		 {TOPIC_THERE, TOPIC_GONE, TOPIC_GONE, TOPIC_BACK, TOPIC_THERE, TOPIC_THERE},
		 {TOPIC_STAYS, TOPIC_WENT, TOPIC_STAYS, TOPIC_COMPARE, TOPIC_RENEWED, TOPIC_STAYS}},
		{"a broker that forgot", {TOPIC_SEEN, TOPIC_MISSING, TOPIC_SEEN, TOPIC_SEEN, TOPIC_SAME, TOPIC_SEEN},
		 {TOPIC_THERE, TOPIC_GONE, TOPIC_BACK, TOPIC_BACK, TOPIC_THERE, TOPIC_THERE},
		 {TOPIC_STAYS, TOPIC_WENT, TOPIC_COMPARE, TOPIC_STAYS, TOPIC_RETURNED, TOPIC_STAYS}},
		{"too fast to be seen", {TOPIC_SEEN, TOPIC_DOUBT, TOPIC_DOUBT, TOPIC_OTHER, TOPIC_SEEN, TOPIC_SEEN},
		 {TOPIC_THERE, TOPIC_DOUBTED, TOPIC_DOUBTED, TOPIC_THERE, TOPIC_THERE, TOPIC_THERE},
		 {TOPIC_STAYS, TOPIC_COMPARE, TOPIC_STAYS, TOPIC_RENEWED, TOPIC_STAYS, TOPIC_STAYS}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		enum topic_state s = TOPIC_UNKNOWN;
		enum topic_effect effect;

		for (size_t k = 0; k < STEPS; k++) {
			s = topic_next(s, (enum topic_event)stories[i].events[k], &effect);
			if (s != stories[i].states[k] || effect != stories[i].effects[k])
				fail_msg("%s: state %d, effect %d at step %zu", stories[i].name, (int)s, (int)effect,
					 k);
		}
	}
}

static void
any_event_in_any_state_of_a_topic(void **state)
{
	(void)state;
	for (enum topic_state s = 0; s < TOPIC_STATES; s++) {
		for (enum topic_event e = 0; e < TOPIC_EVENTS; e++) {
			enum topic_effect effect;
			enum topic_state next = topic_next(s, e, &effect);

			assert_true(next < TOPIC_STATES);
			if (effect == TOPIC_RENEWED || effect == TOPIC_RETURNED || effect == TOPIC_APPEARED)
				assert_int_equal(next, TOPIC_THERE);
			if (effect == TOPIC_RENEWED) /* in doubt we go on */
				assert_true(e == TOPIC_OTHER || (s == TOPIC_BACK && e == TOPIC_UNCLEAR));
			assert_int_equal(effect == TOPIC_COMPARE,
					 next != s && (next == TOPIC_DOUBTED || next == TOPIC_BACK));
			if (e == TOPIC_MISSING)
				assert_true(next == TOPIC_ABSENT || next == TOPIC_GONE);
			if (s == TOPIC_GONE) /* only to be seen brings it back */
				assert_int_equal(next, e == TOPIC_SEEN ? TOPIC_BACK : TOPIC_GONE);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_partition_is_read),
		cmocka_unit_test(any_event_in_any_state_of_a_partition),
		cmocka_unit_test(a_topic_comes_goes_and_comes_back),
		cmocka_unit_test(any_event_in_any_state_of_a_topic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
