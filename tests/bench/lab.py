# SPDX-License-Identifier: MIT
"""A consumer as the course's students write it: confluent-kafka and fastavro, each record printed."""
import io
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from fastavro import reader

brokers, topic, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
consumer = Consumer({"bootstrap.servers": brokers, "group.id": "bench", "enable.auto.commit": False,
                     "check.crcs": False})
partitions = consumer.list_topics(topic, 10).topics[topic].partitions
consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
seen, first = 0, None
while seen < wanted:
    message = consumer.poll(1.0)
    if message is None:
        continue
    first = first or time.monotonic()
    for name, value in message.headers() or []:
        if name == "record_name":
            print(value.decode())
    for record in reader(io.BytesIO(message.value())):
        print(record)
    seen += 1
print(f"records_per_s {seen / (time.monotonic() - first):.0f}", file=sys.stderr)
consumer.close()
