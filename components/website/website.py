"""Website: a private bucket, and the CloudFront distribution that alone may read it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import cloudfront, s3

from components.foundation.private_bucket import private_bucket, tls_only_statement

# `CachingOptimized`: what the objects' Cache-Control says, between a second and a year; gzip and
# brotli; nothing of the request but its path reaches S3, so no query can list the bucket.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
PRICE_CLASSES = ("PriceClass_100", "PriceClass_200", "PriceClass_All")
# CloudFront takes certificates of this Region only.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
_CERTIFICATE = re.compile(r"arn:aws:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]+")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")

PAGE_PATHS = (Path(__file__).parent / "functions" / "page_paths.js").read_text(encoding="utf-8")
HSTS_SECONDS = 63_072_000
PERMISSIONS: cloudfront.ResponseHeadersPolicyCustomHeadersConfigItemArgsDict = {
    "header": "Permissions-Policy",
    "value": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "camera", "geolocation", "gyroscope"),
            *("magnetometer", "microphone", "payment", "usb"),
        )
    ),
    "override": True,
}

OTHER_HOSTS_PATH = "/other-hosts.html"
"""An empty page, in which a recording is replayed with what other hosts have: ADR 44."""
# A page of the site frames it and narrows it, to the hosts that the recording names.
OTHER_HOSTS_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline' data: blob: http: https:; "
    "img-src data: blob: http: https:; font-src data: blob: http: https:; frame-src about:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# No cookie of the watcher's goes to those hosts:
# https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Cross-Origin-Embedder-Policy
NO_CREDENTIALS: cloudfront.ResponseHeadersPolicyCustomHeadersConfigItemArgsDict = {
    "header": "Cross-Origin-Embedder-Policy",
    "value": "credentialless",
    "override": True,
}


@dataclass(frozen=True, kw_only=True)
class WebsiteArgs:
    connect_sources: tuple[str, ...]
    """Other origins that its pages may call, as CSP writes them; a page itself may allow fewer."""
    price_class: str = "PriceClass_100"
    """Where in the world CloudFront serves it from."""
    domain: str = ""
    """A domain name of your own, such as `replay.example.com`; empty for CloudFront's."""
    certificate_arn: pulumi.Input[str] = ""
    """The domain's certificate, in us-east-1; empty without a domain."""
    comment: str = ""
    """Label of resources that CloudFront cannot tag, 1 to 128 characters."""

    def __post_init__(self) -> None:
        if self.price_class not in PRICE_CLASSES:
            raise ValueError(
                f"price_class must be one of {', '.join(PRICE_CLASSES)}, got {self.price_class!r}"
            )
        certificate = self.certificate_arn
        if bool(self.domain) == (isinstance(certificate, str) and not certificate):
            raise ValueError("domain and certificate_arn need each other: give both or none")
        if self.domain and not _DOMAIN.fullmatch(self.domain):
            raise ValueError(f"domain must be a name in lower case, got {self.domain!r}")
        if isinstance(certificate, str) and certificate and not _CERTIFICATE.fullmatch(certificate):
            raise ValueError(f"certificate_arn must be of ACM in us-east-1, got {certificate!r}")


class Website(pulumi.ComponentResource):
    """Serves the files of its bucket; a path without a suffix is a page, and gets index.html.

    It depends on no other component, so others may use its URL.
    """

    bucket: s3.Bucket
    """Holds the files: see `SiteFiles`."""
    url: pulumi.Output[str]
    """Without a trailing slash."""
    dns_name: pulumi.Output[str]
    """CloudFront's own name, to which a domain of your own must point."""

    def __init__(
        self, name: str, args: WebsiteArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:Website", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # CloudFront cannot tag these, so no permission can tell one stack's from another's. Each
        # change creates a new one, and the roles need no permission to update: ADR 23.
        replaced = pulumi.ResourceOptions(parent=self, replace_on_changes=["*"])
        # Its content can be built again, so it may always be deleted.
        self.bucket, private = private_bucket(name, force_destroy=True, protect=False, parent=self)
        access = cloudfront.OriginAccessControl(
            name,
            description=args.comment or None,
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=replaced,
        )
        headers = cloudfront.ResponseHeadersPolicy(
            name,
            comment=args.comment or None,
            security_headers_config=security_headers(content_security_policy(args.connect_sources)),
            custom_headers_config={"items": [PERMISSIONS]},
            opts=replaced,
        )
        wider_headers = cloudfront.ResponseHeadersPolicy(
            f"{name}-other-hosts",
            comment=args.comment or None,
            security_headers_config=security_headers(OTHER_HOSTS_POLICY),
            custom_headers_config={"items": [PERMISSIONS, NO_CREDENTIALS]},
            opts=replaced,
        )
        paths = cloudfront.Function(
            name,
            comment=args.comment or None,
            runtime="cloudfront-js-2.0",
            code=PAGE_PATHS,
            publish=True,
            opts=child,
        )
        certificate: cloudfront.DistributionViewerCertificateArgsDict = (
            {
                "acm_certificate_arn": args.certificate_arn,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            }
            if args.domain
            else {"cloudfront_default_certificate": True}
        )
        distribution = cloudfront.Distribution(
            name,
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=args.price_class,
            aliases=[args.domain] if args.domain else [],
            origins=[
                {
                    "origin_id": "files",
                    "domain_name": self.bucket.bucket_regional_domain_name,
                    "origin_access_control_id": access.id,
                }
            ],
            default_cache_behavior={
                "target_origin_id": "files",
                "viewer_protocol_policy": "redirect-to-https",
                "allowed_methods": ["GET", "HEAD"],
                "cached_methods": ["GET", "HEAD"],
                "compress": True,
                "cache_policy_id": CACHING_OPTIMIZED,
                "response_headers_policy_id": headers.id,
                "function_associations": [
                    {"event_type": "viewer-request", "function_arn": paths.arn}
                ],
            },
            ordered_cache_behaviors=[
                {
                    "path_pattern": OTHER_HOSTS_PATH,
                    "target_origin_id": "files",
                    "viewer_protocol_policy": "redirect-to-https",
                    "allowed_methods": ["GET", "HEAD"],
                    "cached_methods": ["GET", "HEAD"],
                    "compress": True,
                    "cache_policy_id": CACHING_OPTIMIZED,
                    "response_headers_policy_id": wider_headers.id,
                }
            ],
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate=certificate,
            opts=child,
        )
        s3.BucketPolicy(
            name,
            bucket=self.bucket.id,
            policy=pulumi.Output.all(self.bucket.arn, distribution.arn).apply(
                lambda arns: read_policy(*arns)
            ),
            # S3 refuses two changes of a bucket's access at once.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[private]),
        )
        self.dns_name = distribution.domain_name
        self.url = distribution.domain_name.apply(lambda own: f"https://{args.domain or own}")
        self.register_outputs({"bucketName": self.bucket.id, "url": self.url})


def security_headers(
    policy: str,
) -> cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgsDict:
    """Return the headers that guard every answer, with this content security policy."""
    return {
        "content_security_policy": {"content_security_policy": policy, "override": True},
        "content_type_options": {"override": True},
        "referrer_policy": {"referrer_policy": "no-referrer", "override": True},
        "strict_transport_security": {
            "access_control_max_age_sec": HSTS_SECONDS,
            "include_subdomains": False,  # other sites under the domain are not ours
            "override": True,
        },
    }


def content_security_policy(connect_sources: tuple[str, ...]) -> str:
    """Return the policy for what pages may load, and from where.

    A recording is replayed in a frame of the page's own, with images and fonts out of its memory,
    and styles of its own. Scripts come from the site alone.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data: blob:",
            connect_directive(connect_sources),
            "frame-src 'self' blob: data: about:",
            "worker-src 'self' blob:",  # rrweb encodes canvas frames in a worker
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def connect_directive(sources: tuple[str, ...]) -> str:
    """Return the directive for the origins that a page may call.

    >>> connect_directive(("https://api.example.com",))
    "connect-src 'self' https://api.example.com"
    """
    return " ".join(("connect-src", "'self'", *sources))


def read_policy(bucket_arn: str, distribution_arn: str) -> str:
    """Return the bucket policy, as JSON, that lets this one distribution read, over TLS.

    ListBucket is never used: without it, S3 answers 403 instead of 404 for a missing object.
    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    cloudfront_only = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution_arn}},
    }
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                tls_only_statement(bucket_arn),
                {**cloudfront_only, "Action": "s3:GetObject", "Resource": f"{bucket_arn}/*"},
                {**cloudfront_only, "Action": "s3:ListBucket", "Resource": bucket_arn},
            ],
        }
    )
