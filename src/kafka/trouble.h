/* SPDX-License-Identifier: MIT */
/*
 * What went wrong with which broker lately, so that one outage is one sentence: not
 * one for each broker that is gone, and not one for each try to reach it. Pure; one
 * owner.
 */
#ifndef KAFKA_TROUBLE_H
#define KAFKA_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TROUBLES = 16, TROUBLE_BROKER = 128, TROUBLE_TEXT = 256 };

struct troubles {
	struct trouble {
		char kind[TROUBLE_TEXT]; /* the sentence without its broker, or as much of it as fits; empty: unused */
		char broker[TROUBLE_BROKER];
		int64_t last, said; /* mono ms; said: 0 when another broker's sentence stood for it */
	} item[TROUBLES];
};

/* The length of the address (HOST:PORT, or some of them) that SENTENCE begins with; 0: with none. */
size_t trouble_broker(const char *sentence);

/* SENTENCE is true at NOW (ms, above 0). Whether it should be said: neither was it true within the last minute, nor
 * was the same said of another broker within the last 10 s. */
bool troubles_news(struct troubles *t, const char *sentence, int64_t now);

#endif
