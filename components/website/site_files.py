"""SiteFiles: the built site as objects of a website's bucket, and the stack's values beside it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pulumi
from pulumi_aws import s3

from components.website.website import connect_directive

CONFIG = "config.json"
# Their names contain a digest of their content, so a browser may keep them forever.
HASHED = "assets/"
FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

# Not the machine's own table: it must be the same wherever `pulumi up` runs.
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/vnd.microsoft.icon",
        ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
    }
)


@dataclass(frozen=True, kw_only=True)
class SiteFilesArgs:
    bucket: s3.Bucket
    """The website's."""
    folder: Path
    """The build's output: `index.html`, `assets/` with hashed names, and any other files."""
    config: Mapping[str, pulumi.Input[str]]
    """What the site reads as `/config.json`."""
    connect_origins: tuple[pulumi.Input[str], ...]
    """The only other origins that its pages may call."""

    def __post_init__(self) -> None:
        check_built_site(self.folder)
        if (self.folder / CONFIG).exists():
            raise ValueError(f"{self.folder / CONFIG} is in the way: the program writes that file")
        for path in built_files(self.folder):
            if path.suffix not in MEDIA_TYPES:
                raise ValueError(
                    f"no media type is known for {path}: add its suffix to "
                    "components/website/site_files.py, or do not build it"
                )


class SiteFiles(pulumi.ComponentResource):
    """One object a file, so that an update uploads only changed files."""

    def __init__(
        self, name: str, args: SiteFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:SiteFiles", name, None, opts)
        files = {
            path.relative_to(args.folder).as_posix(): path for path in built_files(args.folder)
        }
        others = [
            s3.BucketObjectv2(
                f"{name}/{key}",
                bucket=args.bucket.id,
                key=key,
                source=pulumi.FileAsset(path),
                source_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
                content_type=MEDIA_TYPES[path.suffix],
                cache_control=FOREVER if key.startswith(HASHED) else ASK_FIRST,
                # Pages opened before an update still load files of their own version. They are
                # deleted with the bucket.
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=key.startswith(HASHED)),
            )
            for key, path in files.items()
            if path.suffix != ".html"
        ]
        others.append(
            s3.BucketObjectv2(
                f"{name}/{CONFIG}",
                bucket=args.bucket.id,
                key=CONFIG,
                content=pulumi.Output.json_dumps(dict(args.config), indent=2),
                content_type=MEDIA_TYPES[".json"],
                cache_control=ASK_FIRST,
                opts=pulumi.ResourceOptions(parent=self),
            )
        )
        origins = pulumi.Output.all(*args.connect_origins)
        for key, path in files.items():
            if path.suffix == ".html":
                html = path.read_text(encoding="utf-8")
                s3.BucketObjectv2(
                    f"{name}/{key}",
                    bucket=args.bucket.id,
                    key=key,
                    content=origins.apply(lambda known, html=html: page(html, tuple(known))),
                    content_type=MEDIA_TYPES[".html"],
                    cache_control=ASK_FIRST,
                    # A page refers to the other files: they must exist first.
                    opts=pulumi.ResourceOptions(parent=self, depends_on=others),
                )
        self.register_outputs({})


def check_built_site(folder: Path) -> None:
    """Check that the folder has a page.

    Raises:
        ValueError: It has none; the message says how to build the site.
    """
    if not (folder / "index.html").is_file():
        raise ValueError(
            f"there is no built site in {folder}: build it by `make site`, which runs "
            "`npm run build --workspace site` in web/"
        )


def built_files(folder: Path) -> list[Path]:
    """Return every file under the folder, in a stable order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def page(html: str, origins: tuple[str, ...]) -> str:
    r"""Return the page with a policy that allows calls to these origins only.

    A browser enforces this policy and the one of the response headers: https://www.w3.org/TR/CSP3/#multiple-policies

    >>> page("<head></head>", ("https://api.example",))
    '<head><meta http-equiv="Content-Security-Policy" content="connect-src \'self\' https://api.example"></head>'

    Raises:
        ValueError: It has no head.
    """
    for origin in origins:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", origin):
            raise ValueError(f"not an origin: {origin!r}")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{connect_directive(origins)}">'
    found = re.search(r"<head(\s[^>]*)?>", html)
    if not found:
        raise ValueError(f"a page of the site has no <head>: {html[:80]!r}")
    return html[: found.end()] + policy + html[found.end() :]


def origin_of(url: str) -> str:
    """Return scheme, host and port.

    >>> origin_of("https://abc.execute-api.eu-west-1.amazonaws.com/v1")
    'https://abc.execute-api.eu-west-1.amazonaws.com'
    """
    return "/".join(url.split("/")[:3])
