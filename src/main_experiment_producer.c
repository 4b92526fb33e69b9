/* SPDX-License-Identifier: MIT */
#include "conf/args.h"
#include "conf/environment.h"
#include "conf/secret.h"
#include "experiment_producer.h"
#include "program.h"

#include <unistd.h>

/* The load is what the command line says, but for what nobody should see there. */
static bool
read_options(struct options *o, int argc, char **argv, struct err *err)
{
	return args_parse(o, argc, argv, err) &&
	       environment_read_option(o, OPT_SECRET_KEY, environ, err) &&
	       environment_read_option(o, OPT_SECRET_KEY_FILE, environ, err) &&
	       options_settle(o, err) && secret_key_read(o, err);
}

int
main(int argc, char **argv)
{
	struct options *o = options_new();
	struct err err = {""};
	bool ok;

	program_begin("experiment-producer");
	options_set_verb(o, VERB_EXPERIMENT_PRODUCER);
	ok = read_options(o, argc, argv, &err);
	return program_run(o, ok ? NULL : err.text, experiment_producer);
}
