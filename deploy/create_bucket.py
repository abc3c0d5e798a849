"""Create the evidence bucket with Object Lock, or check that the one that is there has it. A job of docker-compose.yml.

    python create_bucket.py LETHE_YAML

Object Lock can only be promised at birth, so a bucket of that name without it is an error, never repaired. No default retention
is set: Lethe names the retention of every object. Whether the server keeps its promise is for the WORM probe to find out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import boto3
import yaml
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def main(settings: Path) -> str | None:
    """What went wrong, in one line, or None."""
    archive = yaml.safe_load(settings.read_text(encoding="utf-8"))["archive"]
    keys = json.loads(Path(archive["credentials"]).read_text(encoding="utf-8"))
    client = boto3.client(
        "s3",
        endpoint_url=archive["endpoint"],
        region_name=archive["region"],
        aws_access_key_id=keys["access_key"],
        aws_secret_access_key=keys["secret_key"],
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, connect_timeout=5),
    )
    bucket = archive["bucket"]
    try:
        if bucket not in {item["Name"] for item in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
        client.get_object_lock_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ObjectLockConfigurationNotFoundError":
            return f"{archive['endpoint']}: the bucket {bucket} exists without Object Lock; name another one in {settings}"
        return f"{archive['endpoint']}: bucket {bucket}: {error.response['Error']['Code']}"
    except BotoCoreError as error:
        return f"{archive['endpoint']}: {type(error).__name__}"
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
