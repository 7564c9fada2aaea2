"""The settings of files: where they are kept, and how long. Part of `settings.Settings`."""

from typing import Annotated

import msgspec

from fedi.settings.setting import Setting


class MediaSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where files are kept; without S3_ENABLED in the folder `media` of FEDI_DATA_DIR."""

    s3_enabled: Annotated[
        bool, Setting("S3_ENABLED", "Whether files are kept in an S3 store rather than in a folder.")
    ] = False
    s3_bucket: Annotated[str, Setting("S3_BUCKET", "The bucket.", shown="none; required with S3_ENABLED")] = ""
    aws_access_key_id: Annotated[
        str, Setting("AWS_ACCESS_KEY_ID", "The key of the S3 store.", shown="none; required with S3_ENABLED")
    ] = ""
    aws_secret_access_key: Annotated[
        str,
        Setting("AWS_SECRET_ACCESS_KEY", "The secret of AWS_ACCESS_KEY_ID.", shown="none; required with S3_ENABLED"),
    ] = ""
    s3_region: Annotated[str, Setting("S3_REGION", "The region, which is part of every signature.")] = "us-east-1"
    s3_endpoint: Annotated[
        str | None,
        Setting(
            "S3_ENDPOINT", "The address of the store, with its scheme.", shown="`https://` and S3_HOSTNAME: that of AWS"
        ),
    ] = None
    s3_protocol: Annotated[str, Setting("S3_PROTOCOL", "`https` or `http`: how files are reached by everybody.")] = (
        "https"
    )
    s3_hostname: Annotated[
        str | None,
        Setting("S3_HOSTNAME", "The host in the addresses of files.", shown="that of S3_ENDPOINT, or that of AWS"),
    ] = None
    s3_alias_host: Annotated[
        str | None,
        Setting(
            "S3_ALIAS_HOST",
            "The host, and path if any, at which everybody finds the files: a proxy or CDN before the bucket. Best a "
            "host of its own.",
        ),
    ] = None
    s3_key_prefix: Annotated[str, Setting("S3_KEY_PREFIX", "What every name in the bucket begins with.")] = ""
    s3_permission: Annotated[
        str,
        Setting("S3_PERMISSION", "The ACL of files that everybody may read; `none` sends no ACL at all."),
    ] = "public-read"
    s3_storage_class: Annotated[str | None, Setting("S3_STORAGE_CLASS", "The storage class of what is kept.")] = None
    s3_override_path_style: Annotated[
        bool, Setting("S3_OVERRIDE_PATH_STYLE", "Whether the bucket is part of the host of S3_ENDPOINT.")
    ] = False
    s3_open_timeout: Annotated[int, Setting("S3_OPEN_TIMEOUT", "Seconds to wait for a connection to the store.")] = 5
    s3_read_timeout: Annotated[int, Setting("S3_READ_TIMEOUT", "Seconds to wait for the store's answer.")] = 5
    s3_retry_limit: Annotated[int, Setting("S3_RETRY_LIMIT", "How often a request to the store is tried again.")] = 2
    media_retention: Annotated[
        int,
        Setting(
            "FEDI_MEDIA_CACHE_RETENTION_PERIOD",
            "Days that copies of remote files are kept; they are fetched again when somebody looks. 0 keeps them.",
        ),
    ] = 7
