/* SPDX-License-Identifier: MIT */
/* How many file descriptors there are, asked before a library is used that ends or spins where one is missing. */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

enum {
	DESCRIPTORS_VERB = 3,    /* every verb opens a file or two */
	DESCRIPTORS_CLUSTER = 48 /* the clients of a cluster of a few brokers: for each a connection and a pipe */
};

/* Ends the program with a sentence (base/fatal.h) where no N more can be opened, for WHAT. */
void descriptors_require(int n, const char *what);

#endif
