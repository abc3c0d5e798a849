"""Stores of files that rows of a loan database refer to: a folder of this machine, or an S3 bucket. The only code of Lethe that deletes
files of a lender; deletion is called by `run.files` alone, and packages for persons read.

A reference is a lender's value and is not trusted: it leads into the store it is bound to or nowhere. Nothing is deleted by following a
symbolic link, and what is gone already is success. No message names a file.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from governance.adapters.s3_versions import object_versions
from governance.errors import FileRefused, FileStoreUnavailable, LetheError
from governance.ports import Content, Examined

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

_PIECE = 1 << 20
_GONE = Examined(0, None, None)
_MISSING = {"NoSuchKey", "404", "NoSuchVersion", "NotFound"}
_DENIED = {"AccessDenied", "AllAccessDisabled", "InvalidRequest", "403", "Forbidden"}


class LocalFiles:
    """Files below a folder: a path relative to it, or an absolute one, or a `file://` address of one that lies in it."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._folder = name, folder

    def examine(self, reference: str) -> Examined:
        """See the port. Also refused: what is no regular file, and a file with another name by a hard link, under which it would stay."""
        with self._opened(reference) as file:
            if file is None:
                return _GONE
            if os.fstat(file.fileno()).st_nlink > 1:
                raise FileRefused(f"{self._name}: a file with another name, under which its content would stay")
            return Examined(1, *_digest(file))

    @contextmanager
    def reading(self, reference: str) -> Iterator[Content | None]:
        """See the port."""
        with self._opened(reference) as file:
            yield Content(os.fstat(file.fileno()).st_size, iter(lambda: file.read(_PIECE), b"")) if file is not None else None

    def delete(self, reference: str) -> None:
        """See the port."""
        with self._place(reference) as found:
            if found is None:
                return
            folder, name = found
            try:
                if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                    raise FileRefused(f"{self._name}: something else than a file")
                os.unlink(name, dir_fd=folder)
                os.fsync(folder)
            except FileNotFoundError:
                return
            except PermissionError:
                raise FileRefused(f"{self._name}: no right to delete a file") from None

    @contextmanager
    def _opened(self, reference: str) -> Iterator[BinaryIO | None]:
        """The file, None where there is none. Raises FileRefused for what is no regular file."""
        with self._place(reference) as found:
            if found is None:
                yield None
                return
            folder, name = found
            try:
                handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            except FileNotFoundError:
                yield None
                return
            except OSError:
                raise FileRefused(f"{self._name}: a symbolic link, or a file that cannot be read") from None
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                os.close(handle)
                raise FileRefused(f"{self._name}: something else than a file")
            with os.fdopen(handle, "rb") as file:
                yield file

    @contextmanager
    def _place(self, reference: str) -> Iterator[tuple[int, str] | None]:
        """The open folder in which the file lies, and its name there; None where a folder on the way is not there. No link is followed."""
        *folders, name = self._steps(reference)
        try:
            handles = [os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)]
        except OSError:
            raise FileStoreUnavailable(f"{self._name}: the folder {self._folder} is not there, or cannot be read") from None
        try:
            for step in folders:
                try:
                    handles.append(os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handles[-1]))
                except FileNotFoundError:
                    yield None
                    return
                except OSError:
                    raise FileRefused(f"{self._name}: a symbolic link on the way, or a folder that cannot be read") from None
            yield handles[-1], name
        finally:
            for handle in handles:
                os.close(handle)

    def _steps(self, reference: str) -> tuple[str, ...]:
        path = PurePosixPath(reference.removeprefix("file://"))
        if path.is_absolute():
            if not path.is_relative_to(self._folder):
                raise FileRefused(f"{self._name}: a path outside of the store's folder")
            path = path.relative_to(self._folder)
        if not path.parts or ".." in path.parts or "\0" in reference or "://" in reference.removeprefix("file://"):
            raise FileRefused(f"{self._name}: a path outside of the store's folder, or none")
        return path.parts


class S3Files:
    """Objects of a bucket: `s3://bucket/key`, or the key alone. In a bucket with versions every one of them goes, delete markers too."""

    def __init__(self, name: str, client: S3Client, bucket: str) -> None:
        self._name, self._client, self._bucket = name, client, bucket

    def examine(self, reference: str) -> Examined:
        """See the port. Size and digest are those of the newest version that has a content."""
        key = self._key(reference)
        with self._translated():
            versions, newest = object_versions(self._client, self._bucket, key)
            found = self._newest(key, newest)
            if found is None:
                return Examined(len(versions), None, None) if versions else _GONE
            return Examined(max(len(versions), 1), *_digest(found["Body"]))  # type: ignore[arg-type]

    @contextmanager
    def reading(self, reference: str) -> Iterator[Content | None]:
        """See the port; also of an object that was deleted while a version of it stays, for that is still held."""
        key = self._key(reference)
        with self._translated(denied=FileStoreUnavailable):  # all the files would be missing
            found = self._newest(key, object_versions(self._client, self._bucket, key)[1])
            yield Content(found["ContentLength"], found["Body"].iter_chunks(_PIECE)) if found is not None else None

    def _newest(self, key: str, version: str | None) -> GetObjectOutputTypeDef | None:
        wanted = {"VersionId": version} if version not in (None, "null") else {}
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key, **wanted)  # type: ignore[arg-type]
        except ClientError as error:
            if _code(error) not in _MISSING:
                raise
            return None

    def delete(self, reference: str) -> None:
        """See the port. Raises FileRefused where a lock or a right keeps a version."""
        key = self._key(reference)
        with self._translated():
            for version in object_versions(self._client, self._bucket, key)[0]:
                self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
            if self._there(key):  # a server that lists no versions
                self._client.delete_object(Bucket=self._bucket, Key=key)
            if self._there(key) or object_versions(self._client, self._bucket, key)[0]:
                raise FileRefused(f"{self._name}: an object that stands although its deletion was answered with success")

    def _there(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _code(error) not in _MISSING:
                raise
            return False
        return True

    def _key(self, reference: str) -> str:
        bucket, _, key = reference.removeprefix("s3://").partition("/") if reference.startswith("s3://") else (self._bucket, "/", reference)
        if bucket != self._bucket or not key or "://" in key:
            raise FileRefused(f"{self._name}: an address outside of the store's bucket, or none")
        return key

    @contextmanager
    def _translated(self, denied: type[LetheError] = FileRefused) -> Iterator[None]:
        where = f"{self._name}: s3://{self._bucket} at {self._client.meta.endpoint_url}"
        try:
            yield
        except ClientError as error:
            if _code(error) in _DENIED:
                raise denied(f"{where}: an object lock or a missing right keeps an object ({_code(error)})") from None
            raise FileStoreUnavailable(f"{where}: {_code(error)}") from None
        except BotoCoreError as error:
            raise FileStoreUnavailable(f"{where}: {type(error).__name__}") from None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def _digest(file: BinaryIO) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while piece := file.read(_PIECE):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()
