/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include "base/alloc.h"

enum { KEEP_BYTES = 64 << 20 }; /* twice what waits to be written, and its rows */

bool
keep_check(const struct options *o, struct err *err)
{
	size_t files = options_list(o, OPT_STORE)->n;

	if (files > 1)
		err_set(err, "one file is kept: leave out the others");
	else if (files > 0 && options_text(o, OPT_REPLAY))
		err_set(err, "what is kept comes from a cluster: leave out --replay");
	else
		return true;
	return options_blame(o, OPT_STORE, err);
}

bool
keep_open(struct keep *k, const struct options *o, struct cluster *c, const struct cluster_demo *demo, struct err *err)
{
	const struct strings *files = options_list(o, OPT_STORE);
	struct store_config config = {.file = files->n ? files->item[0] : NULL};

	config.topics = cluster_names(c, demo, &config.n_topics);
	if (!config.file || config.n_topics == 0 || !(demo || cluster_kafka(c)->brokers))
		return true; /* what is missing will be said */
	if (options_given(o, OPT_MAX_EXPERIMENTS))
		config.experiments = (size_t)options_integer(o, OPT_MAX_EXPERIMENTS);
	alloc_keep(KEEP_BYTES);
	k->store = store_open(&config, err);
	if (!k->store)
		return false;
	k->keeper = sink_store_keeper(k->store);
	k->sink = sink_store_new(k->store);
	cluster_keep(c, &k->keeper, store_instance(k->store));
	return true;
}

bool
keep_end(struct keep *k, struct err *err)
{
	struct store_place unused;

	err->text[0] = '\0';
	if (k->store)
		store_kept(k->store, true, &unused, 1, err);
	return !err->text[0];
}

void
keep_close(struct keep *k)
{
	sink_store_free(k->sink);
	store_close(k->store);
	*k = (struct keep){0};
}
