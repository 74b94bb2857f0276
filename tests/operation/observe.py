"""Prints what kafka-python sees of a group and its topics, as one line of JSON.

Arguments: bootstrap servers, group id, topics...
"""

import json
import sys

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

servers, group, *topics = sys.argv[1:]
client = {"bootstrap_servers": servers.split(","), "request_timeout_ms": 15_000}


def offsets():
    """Of each partition: start of the log, end, end of what is decided (last stable offset), and the committed offset."""
    every = KafkaConsumer(**client, group_id=group, enable_auto_commit=False)
    decided = KafkaConsumer(**client, isolation_level="read_committed")
    partitions = [
        TopicPartition(topic, number)
        for topic in topics
        for number in sorted(every.partitions_for_topic(topic) or ())
    ]
    starts, ends = every.beginning_offsets(partitions), every.end_offsets(partitions)
    stable = decided.end_offsets(partitions)
    found = [
        {
            "topic": one.topic,
            "partition": one.partition,
            "start": starts[one],
            "end": ends[one],
            "stable": stable[one],
            "committed": every.committed(one),
        }
        for one in partitions
    ]
    every.close(autocommit=False)
    decided.close()
    return found


def members():
    admin = KafkaAdminClient(**client)
    (described,) = admin.describe_consumer_groups([group])
    admin.close()
    return described.members, described.state


found, state = members()
print(json.dumps({"state": state, "members": len(found), "partitions": offsets()}))
