"""Reads a message with Python's own parser and prints what a reader of it sees."""
import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
print(
    json.dumps(
        {
            "type": message.get_content_type(),
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "plain": parts.get("text/plain"),
            "html": parts.get("text/html"),
            "defects": [str(defect) for defect in message.defects],
        }
    )
)
