/* SPDX-License-Identifier: MIT */
/* What every unit test includes: cmocka, with the headers it wants first. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

/* assert_float_equal() lets NaN pass. */
#define assert_close(a, b, within) assert_true(fabs((double)(a) - (double)(b)) <= (within))

#endif
