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
	static const char *const names[] = {"out of order", "time back", "moved", "repeated"};

	return names[check];
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
