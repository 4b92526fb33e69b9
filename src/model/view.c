/* SPDX-License-Identifier: MIT */
#include "model/view.h"

#include <stdlib.h>

const char *
trend_name(enum trend trend)
{
	static const char *const names[] = {"-", "keeps up", "steady", "growing", "draining"};

	return names[trend];
}

const char *
check_name(enum check check)
{
	static const char *const names[CHECKS] = {
		[CHECK_ORDER] = "out of order",  [CHECK_TIME] = "time back",        [CHECK_TRUTH] = "unlike log",
		[CHECK_TAMPERED] = "tampered",   [CHECK_INCOMPLETE] = "incomplete", [CHECK_LATE] = "late",
		[CHECK_DUPLICATE] = "duplicate", [CHECK_FOREIGN] = "foreign",       [CHECK_OVERDUE] = "overdue",
		[CHECK_MOVED] = "moved",         [CHECK_REPEATED] = "repeated",
	};

	return names[check];
}

const char *
producer_state_name(enum producer_state state)
{
	static const char *const names[] = {"-", "answers", "ended", "gone", "fails", "another user's"};

	return names[state];
}

void
view_clear(struct view *view)
{
	struct view_query query = view->query;
	struct arena arena = view->arena;

	arena_reset(&arena);
	*view = (struct view){.query = query, .arena = arena};
}

void
view_free(struct view *view)
{
	if (!view)
		return;
	arena_free(&view->arena);
	free(view);
}
