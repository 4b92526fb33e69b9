/* SPDX-License-Identifier: MIT */
#include "load/demo.h"

#include "base/alloc.h"
#include "base/log.h"
#include "kafka/broker.h"
#include "load/demo_json.h"
#include "codec/hash.h"

#include <stdlib.h>

/* The stage `configured` is over in no time on the wire: the demo lets it be seen. */
enum { CONFIGURE_AHEAD_S = 3, FLUSH_MS = 500 };

struct demo {
	char *topic;
	char *brokers;
	struct broker *broker; /* NULL: another's */
	struct plan plan;
	struct emit *emit;
};

static bool
read_plan(struct demo *d, const char *file, struct err *err)
{
	struct buf notes = {0};
	bool ok = file ? plan_read(&d->plan, file, &notes, err)
		       : plan_parse(&d->plan, slice_str(demo_json), "loads/demo.json", &notes, err);
	char *line, *rest = (char *)buf_cstr(&notes);

	while (ok && (line = strsep(&rest, "\n")))
		if (*line)
			log_write(LOG_WARN, "load", "%s", line);
	buf_free(&notes);
	return ok;
}

static bool
start_broker(struct demo *d, struct err *err)
{
	const char *topics[] = {d->topic};

	d->broker = broker_start(1, topics, 1, err);
	if (d->broker)
		d->brokers = xstrdup(broker_bootstrap(d->broker));
	return d->broker != NULL;
}

struct demo *
demo_start(const struct demo_config *config, struct err *err)
{
	struct demo *d = xcalloc(1, sizeof(*d));
	struct kafka_config kafka = config->kafka ? *config->kafka : (struct kafka_config){0};
	struct emit_config emit = {
		.kafka = &kafka,
		.plan = &d->plan,
		.secret_key = hash_default_key,
		.seed = config->seed,
		.configure_ahead_s = CONFIGURE_AHEAD_S,
		.repeat = true,
	};

	emit.topic = d->topic = xstrdup(config->topic ? config->topic : DEMO_TOPIC);
	if (!read_plan(d, config->load_file, err))
		goto fail;
	if (kafka.brokers)
		d->brokers = xstrdup(kafka.brokers);
	else if (!start_broker(d, err))
		goto fail;
	kafka.brokers = d->brokers;
	d->emit = emit_start(&emit, err);
	if (d->emit)
		return d;
fail:
	demo_stop(d);
	return NULL;
}

const char *
demo_brokers(const struct demo *d)
{
	return d->brokers;
}

const struct plan *
demo_plan(const struct demo *d)
{
	return &d->plan;
}

void
demo_counts(struct demo *d, struct emit_counts *out)
{
	emit_counts(d->emit, out);
}

void
demo_stop(struct demo *d)
{
	if (!d)
		return;
	emit_stop(d->emit, FLUSH_MS);
	broker_stop(d->broker);
	plan_fini(&d->plan);
	free(d->brokers);
	free(d->topic);
	free(d);
}
