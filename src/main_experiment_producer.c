/* SPDX-License-Identifier: MIT */
#include "conf/args.h"
#include "experiment_producer.h"
#include "program.h"

int
main(int argc, char **argv)
{
	struct options *o = options_new();
	struct err err = {""};
	bool ok;

	program_begin("experiment-producer");
	options_set_verb(o, VERB_EXPERIMENT_PRODUCER);
	ok = args_parse(o, argc, argv, &err) && options_settle(o, &err);
	return program_run(o, ok ? NULL : err.text, experiment_producer);
}
