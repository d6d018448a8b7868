"""Website, and SiteFiles that fills it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.website.site_files import FOREVER, MEDIA_TYPES, SiteFiles, SiteFilesArgs, page
from components.website.website import CACHING_OPTIMIZED, PAGE_PATHS, Website, WebsiteArgs
from sandbox.program import PROJECT
from tests.engine import ACCOUNT, SUFFIX, Engine, deploy

SITE = PROJECT / "tests" / "data" / "site"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
DISTRIBUTION_ARN = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1EXAMPLE"
BUCKET_ARN = f"arn:aws:s3:::site{SUFFIX}"
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab"


def website(**more: Any) -> Engine:
    def build() -> None:
        site = Website("site", WebsiteArgs(connect_sources=("https://*.api.example",), **more))
        pulumi.export("url", site.url)

    return deploy(build)


def filled(folder: Path = SITE, **config: str) -> Engine:
    def build() -> None:
        site = Website("site", WebsiteArgs(connect_sources=()))
        args = SiteFilesArgs(
            bucket=site.bucket,
            folder=folder,
            config={"siteUrl": site.url, **config},
            connect_origins=(pulumi.Output.from_input("https://api.example"),),
        )
        SiteFiles("site", args)

    return deploy(build)


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., Path]:
    """Return what writes a folder as a build would."""

    def write(**files: str) -> Path:
        for name, text in {"index.html": "<head></head>", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


# -- the distribution ------------------------------------------------------------------------------


def test_only_this_distribution_reads_the_bucket_and_only_over_tls() -> None:
    engine = website()

    policy = json.loads(engine.inputs("aws:s3/bucketPolicy:BucketPolicy", "site")["policy"])
    by_distribution = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Condition": {"StringEquals": {"AWS:SourceArn": DISTRIBUTION_ARN}},
    }
    assert policy["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [BUCKET_ARN, f"{BUCKET_ARN}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {**by_distribution, "Action": "s3:GetObject", "Resource": f"{BUCKET_ARN}/*"},
        {**by_distribution, "Action": "s3:ListBucket", "Resource": BUCKET_ARN},
    ]
    assert engine.inputs("aws:cloudfront/originAccessControl:OriginAccessControl", "site") == {
        "originAccessControlOriginType": "s3",
        "signingBehavior": "always",
        "signingProtocol": "sigv4",
    }
    block = engine.inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "site")
    assert {name for name, on in block.items() if on is True} == {
        *("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    }


def test_it_is_served_over_https_compressed_and_with_one_function() -> None:
    engine = website()

    distribution = engine.inputs(DISTRIBUTION, "site")
    assert distribution["defaultCacheBehavior"] == {
        "targetOriginId": "files",
        "viewerProtocolPolicy": "redirect-to-https",
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "compress": True,
        "cachePolicyId": CACHING_OPTIMIZED,
        "responseHeadersPolicyId": f"site{SUFFIX}",
        "functionAssociations": [
            {
                "eventType": "viewer-request",
                "functionArn": f"arn:aws:cloudfront::{ACCOUNT}:function/site{SUFFIX}",
            }
        ],
    }
    assert distribution["orderedCacheBehaviors"] == [
        {
            "pathPattern": "/other-hosts.html",
            "targetOriginId": "files",
            "viewerProtocolPolicy": "redirect-to-https",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "compress": True,
            "cachePolicyId": CACHING_OPTIMIZED,
            "responseHeadersPolicyId": f"site-other-hosts{SUFFIX}",
        }
    ]
    assert distribution["origins"] == [
        {
            "originId": "files",
            "domainName": f"site{SUFFIX}.s3.eu-west-1.amazonaws.com",
            "originAccessControlId": f"site{SUFFIX}",
        }
    ]
    assert (distribution["httpVersion"], distribution["priceClass"], distribution["enabled"]) == (
        "http2and3",
        "PriceClass_100",
        True,
    )
    assert engine.inputs("aws:cloudfront/function:Function", "site") == {
        "runtime": "cloudfront-js-2.0",
        "code": PAGE_PATHS,
        "publish": True,
    }


def test_its_headers_let_a_page_do_what_it_needs_and_nothing_else() -> None:
    headers = website().inputs(HEADERS, "site")

    assert headers == {
        "securityHeadersConfig": {
            "contentSecurityPolicy": {
                "contentSecurityPolicy": (
                    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                    "img-src 'self' data: blob:; font-src 'self' data: blob:; "
                    "connect-src 'self' https://*.api.example; "
                    "frame-src 'self' blob: data: about:; "
                    "worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "
                    "frame-ancestors 'none'"
                ),
                "override": True,
            },
            "contentTypeOptions": {"override": True},
            "referrerPolicy": {"referrerPolicy": "no-referrer", "override": True},
            "strictTransportSecurity": {
                "accessControlMaxAgeSec": 63_072_000,
                "includeSubdomains": False,
                "override": True,
            },
        },
        "customHeadersConfig": {
            "items": [
                {
                    "header": "Permissions-Policy",
                    "value": (
                        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), "
                        "magnetometer=(), microphone=(), payment=(), usb=()"
                    ),
                    "override": True,
                }
            ]
        },
    }


def test_the_page_for_other_hosts_runs_no_script_and_sends_no_cookie() -> None:
    headers = website().inputs(HEADERS, "site-other-hosts")

    policy = headers["securityHeadersConfig"]["contentSecurityPolicy"]["contentSecurityPolicy"]
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline' data: blob: http: https:; "
        "img-src data: blob: http: https:; font-src data: blob: http: https:; frame-src about:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    assert headers["securityHeadersConfig"]["referrerPolicy"]["referrerPolicy"] == "no-referrer"
    assert headers["customHeadersConfig"]["items"][-1] == {
        "header": "Cross-Origin-Embedder-Policy",
        "value": "credentialless",
        "override": True,
    }


def test_without_a_domain_it_has_cloudfront_s() -> None:
    engine = website()

    distribution = engine.inputs(DISTRIBUTION, "site")
    assert engine.exports == {"url": "https://d1example.cloudfront.net"}
    assert (distribution["aliases"], distribution["viewerCertificate"]) == (
        [],
        {"cloudfrontDefaultCertificate": True},
    )


def test_a_domain_comes_with_its_certificate() -> None:
    engine = website(domain="replay.example.com", certificate_arn=CERTIFICATE)

    distribution = engine.inputs(DISTRIBUTION, "site")
    assert engine.exports == {"url": "https://replay.example.com"}
    assert distribution["aliases"] == ["replay.example.com"]
    assert distribution["viewerCertificate"] == {
        "acmCertificateArn": CERTIFICATE,
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    }


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"domain": "replay.example.com"}, "domain and certificate_arn need each other"),
        ({"certificate_arn": CERTIFICATE}, "domain and certificate_arn need each other"),
        ({"domain": "https://x.example", "certificate_arn": CERTIFICATE}, "domain must be a name"),
        (
            {"domain": "a.example", "certificate_arn": CERTIFICATE.replace("us-east", "eu-west")},
            "certificate_arn must be of ACM in us-east-1",
        ),
        ({"price_class": "PriceClass_300"}, "price_class must be one of PriceClass_100, "),
    ],
)
def test_what_cloudfront_would_refuse_after_minutes_is_refused_at_once(
    wrong: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        WebsiteArgs(connect_sources=(), **wrong)


# -- the files -------------------------------------------------------------------------------------


def test_there_is_an_object_for_each_file_and_one_for_the_stack_s_values() -> None:
    objects = filled().of_type(OBJECT)

    files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()}
    assert {one["key"] for one in objects.values()} == {*files, "config.json"}
    assert {name: one["key"] for name, one in objects.items()} == {
        f"site/{one['key']}": one["key"] for one in objects.values()
    }
    assert {one["bucket"] for one in objects.values()} == {f"site{SUFFIX}"}


def test_only_hashed_files_are_kept_without_asking() -> None:
    objects = filled().of_type(OBJECT)

    kept = {one["key"]: one["cacheControl"] for one in objects.values()}
    assert kept == {
        "assets/index-5d41402a.css": FOREVER,
        "assets/index-7b52009b.js": FOREVER,
        "config.json": "no-cache",
        "icon.svg": "no-cache",
        "index.html": "no-cache",
        "relay.html": "no-cache",
    }


def test_each_object_has_the_media_type_of_its_suffix() -> None:
    objects = filled().of_type(OBJECT).values()

    assert {one["key"]: one["contentType"] for one in objects} == {
        "assets/index-5d41402a.css": "text/css; charset=utf-8",
        "assets/index-7b52009b.js": "text/javascript; charset=utf-8",
        "config.json": "application/json",
        "icon.svg": "image/svg+xml",
        "index.html": "text/html; charset=utf-8",
        "relay.html": "text/html; charset=utf-8",
    }


def test_what_changed_is_known_by_its_content() -> None:
    script = filled().inputs(OBJECT, "site/assets/index-7b52009b.js")

    content = (SITE / "assets" / "index-7b52009b.js").read_bytes()
    assert script["sourceHash"] == hashlib.sha256(content).hexdigest()
    assert script["source"].path == str(SITE / "assets" / "index-7b52009b.js")


def test_the_stack_s_values_are_what_they_turn_out_to_be() -> None:
    config = filled(region="eu-west-1").inputs(OBJECT, "site/config.json")

    assert json.loads(config["content"]) == {
        "siteUrl": "https://d1example.cloudfront.net",
        "region": "eu-west-1",
    }


def test_a_page_is_uploaded_after_all_that_it_names() -> None:
    engine = filled()

    first = {name for _, name in engine.resource(OBJECT, "site/index.html").depends_on}
    assert first >= {"site/assets/index-7b52009b.js", "site/config.json", "site/icon.svg"}


def test_every_page_says_what_it_calls() -> None:
    engine = filled()

    meta = (
        '<head><meta http-equiv="Content-Security-Policy" '
        "content=\"connect-src 'self' https://api.example\">"
    )
    assert meta in engine.inputs(OBJECT, "site/index.html")["content"]
    assert meta in engine.inputs(OBJECT, "site/relay.html")["content"]


@pytest.mark.parametrize("origin", ["https://a.example/x", "*", '"><script>', "https://a b"])
def test_what_is_no_origin_does_not_get_into_a_page(origin: str) -> None:
    with pytest.raises(ValueError, match=r"^not an origin"):
        page("<head></head>", (origin,))


def test_a_page_without_a_head_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a page of the site has no <head>"):
        page("<p>Hello</p>", ())


def test_a_site_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^there is no built site in .*: build it by `make site`"):
        filled(tmp_path)


def test_a_built_config_would_be_overwritten_so_it_is_refused(built: Callable[..., Path]) -> None:
    with pytest.raises(ValueError, match=r"config\.json is in the way"):
        filled(built(**{"config.json": "{}"}))


def test_a_file_of_an_unknown_kind_is_refused(built: Callable[..., Path]) -> None:
    with pytest.raises(ValueError, match=r"^no media type is known for .*setup\.exe"):
        filled(built(**{"setup.exe": ""}))


def test_every_known_kind_is_taken(built: Callable[..., Path]) -> None:
    folder = built(**{f"assets/x{suffix}": "<head>" for suffix in MEDIA_TYPES})

    objects = filled(folder).of_type(OBJECT).values()

    assert {
        one["key"].removeprefix("assets/x"): one["contentType"]
        for one in objects
        if one["key"].startswith("assets/")
    } == dict(MEDIA_TYPES)
