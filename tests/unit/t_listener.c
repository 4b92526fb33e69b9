/* SPDX-License-Identifier: MIT */
#include "base/listener.h"

#include "base/slice.h"
#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Ports 3001 (user 1000, listens), 3002 (0), 3003 (both), 3004 (a connection only), cut lines and nonsense. */
static const char table[] =
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	"   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1\n"
	"   1: 00000000000000000000000001000000:0BBA 00000000000000000000000000000000:0000 0A 00000000:00000000 "
	"00:00000000 00000000     0        0 2 1 0 100 0 0 10 0\n"
	"   2: 00000000:0BBB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3\n"
	"   3: 0100007F:0BBB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4\n"
	"   4: 0100007F:0BBC 0100007F:BEEF 01 00000000:00000000 00:00000000 00000000     0        0 5\n"
	"   5: 0100007F:0BB9 0000\n\nnonsense\n"
	"   6: 0100007F:0BBD 00000000:0000 0A 00000000:00000000 00:00000000 00000000    42";

static void
a_port_is_whose_program_listens_there(void **state)
{
	const struct slice text = slice_str(table);
	uid_t owner = 7;

	(void)state;
	assert_int_equal(listener_in(text, 3001, 1000, &owner), LISTENER_OURS);
	assert_int_equal(owner, 7);
	assert_int_equal(listener_in(text, 3001, 0, &owner), LISTENER_OTHERS);
	assert_int_equal(owner, 1000);
	assert_int_equal(listener_in(text, 3002, 0, &owner), LISTENER_OURS);
	assert_int_equal(listener_in(text, 3003, 0, &owner), LISTENER_OTHERS);
	assert_int_equal(listener_in(text, 3003, 1000, &owner), LISTENER_OTHERS);
	assert_int_equal(owner, 0);
	assert_int_equal(listener_in(text, 3004, 1000, &owner), LISTENER_NONE);
	assert_int_equal(listener_in(text, 3005, 1000, &owner), LISTENER_OTHERS);
	assert_int_equal(owner, 42);
	assert_int_equal(listener_in(text, 3006, 1000, &owner), LISTENER_NONE);
}

static void
our_own_are_found_on_this_machine(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	enum listener found;
	uid_t owner;
	char name[32];

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	found = listener_of(ntohs(at.sin_port), &owner);
	assert_true(found == LISTENER_OURS || found == LISTENER_UNKNOWN);
	close(fd);
	listener_name(0, name, sizeof(name));
	assert_true(name[0]);
	listener_name(4000000, name, sizeof(name));
	assert_string_equal(name, "4000000");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_is_whose_program_listens_there),
		cmocka_unit_test(our_own_are_found_on_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
