/* SPDX-License-Identifier: MIT */
/*
 * Tests that mostly wait, two dozen side by side: each in a process of its own, with
 * a fixture of its own. One that dies takes no other along. TAP on standard
 * output, in the tests' order.
 */
#ifndef TESTS_KAFKA_APART_H
#define TESTS_KAFKA_APART_H

#include "unit.h"

/* The number of tests that failed. Nothing of librdkafka's may live yet: it bears no fork. */
int apart_run(const struct CMUnitTest *tests, size_t n, CMFixtureFunction setup, CMFixtureFunction teardown);

#endif
