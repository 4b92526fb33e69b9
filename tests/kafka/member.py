# SPDX-License-Identifier: MIT
"""A consumer of somebody else's in a group, by confluent-kafka: a line "PARTITION OFFSET KEY" a record."""
import signal
import sys

from confluent_kafka import Consumer

brokers, auth, password, topic, group = sys.argv[1:]
running = True


def stop(number, frame):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
consumer = Consumer({
    "bootstrap.servers": brokers,
    "group.id": group,
    "auto.offset.reset": "earliest",
    "security.protocol": "SSL",
    "ssl.ca.location": auth + "/ca.crt",
    "ssl.keystore.location": auth + "/kafka.keystore.pkcs12",
    "ssl.keystore.password": password,
    "ssl.endpoint.identification.algorithm": "none",
})
consumer.subscribe([topic])
while running:
    message = consumer.poll(0.2)
    if message is not None and not message.error():
        print(message.partition(), message.offset(), message.key().decode(), flush=True)
consumer.close()
