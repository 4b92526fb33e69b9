/* SPDX-License-Identifier: MIT */
/* Any bytes as the assignment of a group's member, which another client wrote. */
#include "fuzz.h"

#include "kafka/members.h"

enum { TOPICS = 2, PARTITIONS = 3 };

static struct inquiry *
ask(void)
{
	static const char *const names[TOPICS] = {"lab", "x"};
	struct inquiry *q = inquiry_new(INQUIRY_GROUP, NULL, "g");

	for (int t = 0; t < TOPICS; t++) {
		int number = inquiry_add_topic(q, names[t]);

		for (int32_t p = 0; p < PARTITIONS; p++)
			inquiry_add_spot(q, number, p);
	}
	inquiry_sort(q);
	return q;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size}, name = fuzz_piece(&rest, '\n');
	char client[256] = "";
	struct rd_kafka_group_member_info members[2];
	const struct rd_kafka_group_info group = {.members = members, .member_cnt = 2};
	struct inquiry *q = ask();
	size_t owned = 0;

	memcpy(client, name.p ? name.p : "", name.n < sizeof(client) ? name.n : sizeof(client) - 1);
	for (int i = 0; i < 2; i++) /* halves, so that two may claim one partition */
		members[i] = (struct rd_kafka_group_member_info){
			.member_id = client, .client_id = client, .client_host = client,
			.member_assignment = (void *)(rest.p + (i ? rest.n / 2 : 0)),
			.member_assignment_size = (int)(i ? rest.n - rest.n / 2 : rest.n),
		};
	members_take(q, &group);
	require(q->n_members == 2);
	for (int i = 0; i < 2; i++)
		owned += q->members[i].owns;
	require(owned <= size / 2); /* four bytes each, and read twice */
	for (size_t i = 0; i < q->n_spots; i++)
		require(q->spots[i].member >= -1 && q->spots[i].member < 2);
	inquiry_free(q);
	return 0;
}
