/* SPDX-License-Identifier: MIT */
/* Gives each file of the corpus named like the program (fuzz_NAME: corpus/NAME)
 * to the fuzzer, one line of TAP a file. */
#include "base/alloc.h"
#include "base/buf.h"
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static bool
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf bytes = {0};
	uint8_t *exact;
	size_t n;

	if (!f)
		return false;
	while ((n = fread(buf_reserve(&bytes, 4096), 1, 4096, f)) > 0)
		bytes.n += n;
	fclose(f);
	exact = xmemdup(bytes.p ? bytes.p : "", bytes.n);
	LLVMFuzzerTestOneInput(exact, bytes.n);
	free(exact);
	buf_free(&bytes);
	return true;
}

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir"), *name = strrchr(argv[0], '_');
	char *folder = argc > 1 ? xstrdup(argv[1])
				: xasprintf("%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name ? name + 1 : "");
	struct dirent **files;
	int n = scandir(folder, &files, is_input, alphasort), failed = n <= 0;

	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("%s/%s", folder, files[i]->d_name);
		bool ok = replay(path);

		printf("%sok %d - %s\n", ok ? "" : "not ", i + 1, files[i]->d_name);
		failed |= !ok;
		free(path);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	free(folder);
	return failed;
}
