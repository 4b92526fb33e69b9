/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/descriptors.h"
#include "base/signals.h"
#include "kafka/broker.h"

#include <poll.h>
#include <stdio.h>

static void
wait_for_signal(void)
{
	struct pollfd quit = {.fd = signals_fd(), .events = POLLIN};

	while (!signals_take())
		poll(&quit, 1, -1);
}

int
cmd_broker(const struct options *o)
{
	const struct strings *topics = options_list(o, OPT_TOPIC);
	struct err err = {0};
	struct broker *b;

	descriptors_require(DESCRIPTORS_CLUSTER, "a broker");
	signals_fd();
	b = broker_start(1, (const char *const *)topics->item, topics->n, &err);
	if (!b) {
		cmd_complain(err.text);
		return EXIT_USAGE;
	}
	puts(broker_bootstrap(b));
	if (fflush(stdout) == 0)
		wait_for_signal();
	signals_leave(EXIT_DONE);
	broker_stop(b);
	return EXIT_DONE;
}
