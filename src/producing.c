/* SPDX-License-Identifier: MIT */
#include "producing.h"

#include "base/alloc.h"
#include "load/serve.h"
#include "program.h"

#include <stdlib.h>

static bool
is_listed(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->item[i], text) == 0)
			return true;
	return false;
}

/* Those that were named, each once. */
static bool
take_addresses(struct producing *p, const struct options *o, struct err *err)
{
	const struct strings *named = options_list(o, OPT_PRODUCER_CONNECTION);

	for (size_t i = 0; i < named->n; i++) {
		if (!scraper_address(named->item[i], err))
			return err_prefix(err, "%s", options_item_origin(o, OPT_PRODUCER_CONNECTION, i));
		if (!is_listed(&p->addresses, named->item[i]))
			strings_add(&p->addresses, named->item[i]);
	}
	return p->addresses.n <= PRODUCERS_MOST ||
	       err_set(err, "--producer-connection was given for %zu producers: at most %d can be looked at",
		       p->addresses.n, PRODUCERS_MOST);
}

static char *
where(const struct producing *p, bool named)
{
	struct buf text = {0};

	if (!named)
		return xasprintf("localhost:%d-%d", SERVE_FIRST_PORT, SERVE_LAST_PORT);
	for (size_t i = 0; i < p->addresses.n; i++)
		buf_addf(&text, "%s%s", i > 0 ? ", " : "", p->addresses.item[i]);
	buf_cstr(&text);
	return text.p;
}

/* The plan of a file; what is wrong with it is printed, all of it. */
static bool
read_plan(struct producing *p, const char *file, struct err *err)
{
	struct buf notes = {0};
	bool good = plan_read(&p->plan, file, &notes, err);

	program_complain_lines(&notes);
	if (!good && notes.n > 0)
		err_set(err, "--plan: %s cannot be used as it is", file);
	buf_free(&notes);
	return good;
}

bool
producing_open(struct producing *p, const struct options *o, bool look, const struct strings *topics,
	       const struct plan *plan, struct err *err)
{
	const char *file = options_text(o, OPT_PLAN);
	struct planned planned = {0};
	bool named;
	char *text;

	if (!take_addresses(p, o, err) || (file && !read_plan(p, file, err)))
		return false;
	if (file || plan)
		forecast_make(&p->forecast, file ? &p->plan : plan);
	planned = forecast_planned(&p->forecast);
	named = p->addresses.n > 0;
	for (int port = SERVE_FIRST_PORT; look && !named && port <= SERVE_LAST_PORT; port++)
		strings_addf(&p->addresses, "localhost:%d", port);
	text = where(p, named);
	p->producers = producers_new((const char *const *)p->addresses.item, p->addresses.n, named, text, &planned);
	free(text);
	if (p->addresses.n > 0)
		p->scraper = scraper_start(&p->addresses, topics, !named, err);
	return p->scraper || p->addresses.n == 0;
}

struct mailbox *
producing_letters(const struct producing *p)
{
	return p->scraper ? scraper_letters(p->scraper) : NULL;
}

bool
producing_close(struct producing *p)
{
	if (!scraper_stop(p->scraper))
		return false;
	producers_free(p->producers);
	forecast_fini(&p->forecast);
	plan_fini(&p->plan);
	strings_clear(&p->addresses);
	return true;
}
