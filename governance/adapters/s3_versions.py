"""The versions of one object in an S3 bucket. Deletes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_UNKNOWN = {"NotImplemented", "MethodNotAllowed"}


def object_versions(client: S3Client, bucket: str, key: str) -> tuple[list[str], str | None]:
    """Ids of the versions and delete markers of an object, and the newest that has a content; none from a server that lists no versions."""
    found, newest = list[str](), None
    try:
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
            for item in page.get("Versions", []):
                if item["Key"] == key:
                    found.append(item["VersionId"])
                    newest = newest or item["VersionId"]
            found += [item["VersionId"] for item in page.get("DeleteMarkers", []) if item["Key"] == key]
    except ClientError as error:
        if str(error.response.get("Error", {}).get("Code")) not in _UNKNOWN:
            raise
    return found, newest


def content_versions(client: S3Client, bucket: str, key: str) -> list[str]:
    """Ids of the versions of an object that have a content, the newest first."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    return [item["VersionId"] for page in pages for item in page.get("Versions", []) if item["Key"] == key]
